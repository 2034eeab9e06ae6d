"""robots.txt as RFC 9309 has it: what counts as one, what follows where there is none, and what the host asks of us."""

from __future__ import annotations

from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.hosts import host_key
from crawler.middlewares import HostNotAllowedError

PRODUCT = "nianbao"
"""The name that a robots.txt calls this program by (RFC 9309 2.2.1), the first word of its user agent."""
MOST_BYTES = 500 * 1024
"""RFC 9309 2.5: at least so much must be read; what comes after is not."""
LONGEST_DELAY = 60.0
"""Seconds. A Crawl-delay beyond a minute is a typing error more often than a wish; a run would take weeks."""


class RobotsForbidError(IgnoreRequest):
    """robots.txt forbids the address."""


class RobotsUnreachableError(IgnoreRequest):
    """robots.txt could not be had, so nothing may be asked of the host (RFC 9309 2.3.1.4)."""


class Robots:
    """Asks each host's robots.txt once, over the host's own slot and so as politely as any page, and obeys it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._rules: dict[str, Protego] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise RobotsForbidError, or RobotsUnreachableError; the next request of the host then asks anew."""
        if request.meta.get("for_robots"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            rules = Protego.parse(await self._text(f"{site}/robots.txt"))
            self._rules[site] = rules
            self._slow_down(host_key(request.url), rules.crawl_delay(PRODUCT))
        if not self._rules[site].can_fetch(request.url, PRODUCT):
            raise RobotsForbidError("robots.txt forbids this address")

    async def _text(self, url: str) -> str:
        """The rules at `url`; "" where there are none. Raises RobotsUnreachableError."""
        request = Request(url, callback=NO_CALLBACK, meta={"for_robots": True})
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(request)
        except IgnoreRequest:
            # More than five redirects, or a redirect off the profile's hosts: as if there were none (2.3.1.2).
            return ""
        except Exception as error:
            raise RobotsUnreachableError(f"robots.txt could not be had: {error}") from error
        if response.status >= 500 or response.status == 429:
            if is_html(response.body):
                # A challenge, or an error page for any address; the page itself will show which.
                return _unless_error(response)
            raise RobotsUnreachableError(f"robots.txt answers with status {response.status}")
        return rules_in(response.body) if response.status == 200 else ""

    def _slow_down(self, host: str, crawl_delay: float | None) -> None:
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        delay = min(crawl_delay or 0.0, LONGEST_DELAY)
        settings: dict[str, Any] = downloader.per_slot_settings.get(host, {})
        if delay > settings.get("delay", 0.0):
            settings["delay"] = delay
            if host in downloader.slots:
                downloader.slots[host].delay = delay
