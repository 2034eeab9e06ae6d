"""The yardsticks: bare Scrapy spiders that follow the same links and keep nothing.

`python -m tests.bench.bare equal|plain HOME CONCURRENCY` prints how many pages it saw. It parses only what has links to
follow. `equal` is set up as nianbao is, `plain` as `scrapy startproject` and `genspider` do it, but for the delay.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from crawler.fetching import settings

PAGING = re.compile(rb"createPageHTML\((\d+), 0,")
_SETTING = re.compile(r"^([A-Z_]+) = ([^$\n]+)$", re.M)
_OURS = ("crawler.", "pipelines.", "spiders")
"""Values that name code of ours: no part of a yardstick."""


class BareSpider(Spider):
    """Home to column to year to district to list to report."""

    name = "bare"
    pages = 0

    def parse(self, response: Response) -> Iterator[Request]:
        """Follow the list on a page, and the list's other pages."""
        BareSpider.pages += 1
        for href in response.xpath('//ul[@class="go"]//a/@href').getall():
            yield Request(response.urljoin(href), self.leaf if "/t2" in href else self.parse)
        if paging := PAGING.search(response.body):
            for number in range(1, int(paging[1])):
                yield Request(response.urljoin(f"index_{number}.html"), self.parse)

    def leaf(self, response: Response) -> None:
        """A report: seen, and let go."""
        BareSpider.pages += 1


def equal(concurrency: int) -> dict[str, Any]:
    """Every setting of nianbao's that names no code of its own, so that both fetch alike.

    The limits on bodies, the log, the tasks for a callback's output and all that is switched off are among them.
    """
    found = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    found = {
        name: value
        for name, value in found.items()
        if not name.startswith("NIANBAO_") and not any(words in repr(value) for words in _OURS)
    }
    # Without it Scrapy 2.19 sends all that waits at once, whatever the concurrency: another crawl than ours.
    found["DOWNLOADER"] = settings.DOWNLOADER
    return found | {"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency}


def plain() -> dict[str, Any]:
    """The settings that `scrapy startproject` writes, but for the delay: the portal is the bench's own."""
    template = Path(scrapy.__file__).parent / "templates" / "project" / "module" / "settings.py.tmpl"
    found = {name: ast.literal_eval(value) for name, value in _SETTING.findall(template.read_text("utf-8"))}
    found = {name: value for name, value in found.items() if "$" not in repr(value)}
    return found | {"DOWNLOAD_DELAY": 0}


def main(kind: str, home: str, concurrency: int) -> None:
    """Crawl and print the number of pages."""
    process = AsyncCrawlerProcess(equal(concurrency) if kind == "equal" else plain())
    process.crawl(BareSpider, start_urls=[home])
    process.start()
    print(BareSpider.pages)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
