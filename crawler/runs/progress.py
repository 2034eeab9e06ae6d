"""What a person watches while a run goes on: the hosts and what came of them; silent where nobody watches."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.fetching.luggage import luggage_of
from crawler.fetching.state import RunState, state_of
from crawler.words.counts import counted
from crawler.words.hosts import host_key

MOST_HOSTS = 15
"""Rows shown, the hosts asked last first; a run over a hundred districts would fill the screen."""


@dataclass(slots=True)
class Host:
    """What has come from one host; `asking`: a request is under way."""

    pages: int = 0
    bytes: int = 0
    last: str = ""
    asking: bool = False
    at: float = 0.0


class Progress:
    """Pages, bytes and the last page of each host; reports, problems and time of the run. Drawn four times a second."""

    def __init__(self, crawler: Crawler, run: RunState, console: Console | None = None) -> None:
        self.crawler = crawler
        self.run = run
        self.hosts: dict[str, Host] = {}
        self.began = time.monotonic()
        console = console or Console(stderr=True)
        self.live = Live(get_renderable=self.table, console=console, refresh_per_second=4, transient=True)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy, which is told of it only where somebody watches (settings.EXTENSIONS)."""
        extension = cls(crawler, state_of(crawler))
        crawler.signals.connect(extension.begin, signals.spider_opened)
        crawler.signals.connect(extension.asking, signals.request_reached_downloader)
        crawler.signals.connect(extension.came, signals.response_received)
        crawler.signals.connect(extension.end, signals.spider_closed)
        return extension

    def begin(self) -> None:
        """Show the table."""
        self.live.start()

    def asking(self, request: Request) -> None:
        """A request has its turn."""
        host = self._host(request.url)
        host.asking, host.at = True, time.monotonic()

    def came(self, response: Response, request: Request) -> None:
        """Count a response."""
        host = self._host(request.url)
        host.asking = False
        host.pages += 1
        host.bytes += len(response.body)
        luggage = luggage_of(request)
        host.last = luggage.way.label if luggage.purpose in ("page", "rendering") else request.url

    def end(self) -> None:
        """Take the table away; the summary follows."""
        self.live.stop()

    def table(self) -> Table:
        """The state of the run as it stands."""
        value: Any = self.crawler.stats.get_value if self.crawler.stats else lambda name, default: default
        seconds = int(time.monotonic() - self.began)
        table = Table(
            box=None,
            pad_edge=False,
            title_justify="left",
            title=f"{seconds // 60}:{seconds % 60:02}  {counted(value('nianbao/pages', 0), 'page')}, "
            f"{counted(value('nianbao/kind/report', 0), 'report')} ({value('nianbao/reports_new', 0)} new, "
            f"{value('nianbao/reports_changed', 0)} changed), {counted(value('nianbao/problems', 0), 'problem')}",
        )
        table.add_column("host", max_width=32, no_wrap=True)
        table.add_column("pages", justify="right")
        table.add_column("KB", justify="right")
        table.add_column("")
        table.add_column("last", no_wrap=True, overflow="ellipsis")
        shown = sorted(self.hosts.items(), key=lambda entry: -entry[1].at)[:MOST_HOSTS]
        for name, host in sorted(shown):
            state = "resting" if name in self.run.shields.blocked else "asking" if host.asking else "waiting"
            table.add_row(name, f"{host.pages:,}", f"{host.bytes // 1000:,}", state, host.last)
        if len(self.hosts) > len(shown):
            table.add_row(f"and {counted(len(self.hosts) - len(shown), 'more host')}", "", "", "", "")
        return table

    def _host(self, url: str) -> Host:
        return self.hosts.setdefault(host_key(url), Host())
