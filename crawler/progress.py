"""A line that a person watches while a run goes on; silent where standard error is no terminal."""

from __future__ import annotations

from typing import Any, Self

from rich.console import Console
from rich.status import Status
from scrapy import signals
from scrapy.crawler import Crawler


class Progress:
    """Pages, reports and problems so far, and where the last page came from."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.status = Status("starting", console=Console(stderr=True))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy, which is told of it only where somebody watches (settings.EXTENSIONS)."""
        extension = cls(crawler)
        crawler.signals.connect(extension.begin, signals.spider_opened)
        crawler.signals.connect(extension.show, signals.response_received)
        crawler.signals.connect(extension.end, signals.spider_closed)
        return extension

    def begin(self) -> None:
        """Show the line."""
        self.status.start()

    def show(self, response: Any) -> None:
        """Renew the line after a response."""
        value = self.crawler.stats.get_value
        self.status.update(
            f"{value('nianbao/pages', 0)} pages, {value('nianbao/kind/report', 0)} reports "
            f"({value('nianbao/reports_new', 0)} new), {value('nianbao/problems', 0)} problems  {response.url[:80]}"
        )

    def end(self) -> None:
        """Take the line away."""
        self.status.stop()
