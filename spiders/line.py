"""The line in which requests wait, as the spider sees it: hosts that rest, walks that stop, pages that are taken in."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.fetching.luggage import luggage_of
from crawler.fetching.state import RunState
from crawler.words.hosts import host_key


class Line:
    """The queue of the downloader (crawler.fetching.downloader), which the engine has once it is open."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @property
    def _queue(self) -> Any:
        assert self._crawler.engine is not None
        downloader: Any = self._crawler.engine.downloader
        return downloader.queue

    def rest(self, url: str) -> None:
        """Ask nothing of an address's host for as long as is waited before a last retry."""
        waits = [float(wait) for wait in self._crawler.settings.getlist("NIANBAO_RETRY_WAITS")]
        self._queue.hold(host_key(url), max(waits, default=0.0))

    def taken_in(self, request: Request) -> None:
        """What came of a request is taken in: its host may be asked again."""
        self._queue.taken_in(request)

    def withdraw(self, run: RunState) -> None:
        """Take back what waits of stopped walks and of abandoned lists, but for one request of each walk.

        That one goes through and is refused by the guard, so that a walk of which nothing is under way is wound up.
        """
        last: set[str] = set()

        def unwanted(request: Request) -> bool:
            luggage = luggage_of(request)
            if not run.walk(luggage.profile).forgoes(luggage.way):
                return False
            first = luggage.profile.id not in last
            last.add(luggage.profile.id)
            return not first

        for request in self._queue.withdraw(unwanted):
            luggage = luggage_of(request)
            run.walk(luggage.profile).itinerary.left(luggage.way)
