"""The yardstick: a bare Scrapy spider that follows the same links and keeps nothing.

`python -m tests.bench.bare HOME CONCURRENCY` prints how many pages it saw. It parses only what has links to follow.
"""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

PAGING = re.compile(rb"createPageHTML\((\d+), 0,")


class BareSpider(Spider):
    """Home to column to year to district to list to report."""

    name = "bare"
    pages = 0

    def __init__(self, home: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.home = home

    async def start(self) -> AsyncIterator[Any]:
        """The home page."""
        yield Request(self.home, self.walk)

    def walk(self, response: Response) -> Iterator[Request]:
        """Follow the list on a page, and the list's other pages."""
        BareSpider.pages += 1
        for href in response.xpath('//ul[@class="go"]//a/@href').getall():
            yield Request(response.urljoin(href), self.leaf if "/t2" in href else self.walk)
        if paging := PAGING.search(response.body):
            for number in range(1, int(paging[1])):
                yield Request(response.urljoin(f"index_{number}.html"), self.walk)

    def leaf(self, response: Response) -> None:
        """A report: seen, and let go."""
        BareSpider.pages += 1


def main(home: str, concurrency: int) -> None:
    """Crawl and print the number of pages."""
    process = AsyncCrawlerProcess(
        {
            "LOG_LEVEL": "WARNING",
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "COOKIES_ENABLED": False,
            "ROBOTSTXT_OBEY": False,
            "DOWNLOAD_DELAY": 0,
            # Without it Scrapy 2.19 sends all that waits at once, whatever the concurrency: another crawl than ours.
            "DOWNLOADER": "crawler.fetching.downloader.OneAtATime",
            "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
        }
    )
    process.crawl(BareSpider, home=home)
    process.start()
    print(BareSpider.pages)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
