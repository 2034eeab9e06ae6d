"""robots.txt as RFC 9309 has it: what counts as one, what follows where there is none, and what the host asks of us."""

from __future__ import annotations

from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from crawler.fetching.challenges import is_challenge
from crawler.fetching.luggage import Luggage, luggage_of, note
from crawler.fetching.state import state_of
from crawler.words.hosts import host_key

PRODUCT = "nianbao"
"""The name that a robots.txt calls this program by (RFC 9309 2.2.1), the first word of its user agent."""
MOST_BYTES = 500 * 1024
"""RFC 9309 2.5: at least so much must be read; what comes after is not."""
LONGEST_DELAY = 60.0
"""Seconds. A Crawl-delay beyond a minute is a typing error more often than a wish; a run would take weeks."""


class RobotsForbidError(IgnoreRequest):
    """robots.txt forbids the address."""


class RobotsUnreachableError(IgnoreRequest):
    """The server fails on robots.txt, so nothing may be asked of the host (RFC 9309 2.3.1.4)."""


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
        """Raise RobotsForbidError; where the rules cannot be had RobotsUnreachableError, or what the network said."""
        if luggage_of(request).purpose == "robots":
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            # Until the rules are here, whatever goes wrong is their trouble (crawler.fetching.retries).
            note(request, lacks_rules=True)
            rules = Protego.parse(await self._text(f"{site}/robots.txt", luggage_of(request)))
            note(request, lacks_rules=False)
            self._rules[site] = rules
            self._slow_down(host_key(request.url), rules.crawl_delay(PRODUCT))
        if not self._rules[site].can_fetch(request.url, PRODUCT):
            raise RobotsForbidError("robots.txt forbids this address")

    async def _text(self, url: str, luggage: Luggage) -> str:
        """The rules at `url`, asked for in the time of the request with this luggage; "" where there are none. Raises
        RobotsUnreachableError."""
        request = Request(url, callback=NO_CALLBACK, meta=luggage.aside("robots").meta())
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(request)
        except IgnoreRequest:
            # More than five redirects, or a redirect off the profile's hosts: as if there were none (2.3.1.2).
            return ""
        if response.status >= 500 or response.status == 429:
            if await is_challenge(request, response, state_of(self.crawler)):
                # It says nothing of rules; the page itself will be challenged, and the host left alone for that.
                return ""
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


def rules_in(body: bytes) -> str:
    """The text of a robots.txt as far as it is read; "" for a page that is sent in its place.

    Many portals answer any address with their home page or a polite "not found" and status 200. A file may be served
    as text/html, so its beginning decides, not its type.
    """
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"<", b"{"):
        return ""
    if len(body) > MOST_BYTES:
        # The last line may be cut in the middle, where `Disallow: /a` would become `Disallow: /`.
        body = body[:MOST_BYTES].rpartition(b"\n")[0]
    return body.decode("utf-8-sig", "replace")
