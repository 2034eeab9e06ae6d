"""Scrapy's downloader and queue, made to keep their word: one request at a time per host, none in another's way."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Coroutine, Generator
from time import monotonic
from typing import Any

from scrapy import Request, Spider
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.pqueues import DownloaderAwarePriorityQueue
from scrapy.utils.asyncio import call_later
from twisted.internet.defer import Deferred, inlineCallbacks

from crawler.fetching.internals import wake_engine
from crawler.fetching.luggage import assign_slot, luggage_of, slot_of

MOST_UNREAD = 8
"""Pages of one host that have come and that its walk has not taken in, from which on nothing more is asked of it."""


class OneAtATime(Downloader):
    """Counts a request as under way from the moment it is taken from the queue, and tells the queue when it has left.

    Scrapy 2.19 counts it when its task first runs. Until then the queue looks free, and without a delay all that waits
    for a host leaves at once, whatever CONCURRENT_REQUESTS_PER_DOMAIN says, each over a connection of its own.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.queue: HostQueue | None = None

    @inlineCallbacks
    def fetch(
        self, request: Request, spider: Spider | None = None
    ) -> Generator[Deferred[Any], Any, Response | Request]:
        """Ask; whatever comes of it, the queue is told when the host is free for the next."""
        result: Response | Request | None = None
        try:
            result = yield super().fetch(request)
            return result
        finally:
            if self.queue is not None:
                self.queue.left(request, has_come=isinstance(result, Response))

    def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)

    async def _download(self, slot: Slot, request: Request) -> Response:
        try:
            return await super()._download(slot, request)
        finally:
            # The delay counts from here: counted from when the last request was begun, a connection that is slow to
            # stand would bring two requests to the server within less. A slow host has its pause as well.
            slot.lastseen = monotonic()


class HostQueue(DownloaderAwarePriorityQueue):
    """Hands out one request of a host at a time, the hosts in turn; none of a host that waits.

    Scrapy's own hands out requests of a busy host where no other has any: up to CONCURRENT_REQUESTS of them then stand
    in one slow host's line, and a host met later finds no room. Here a host holds one place, and a pop costs the same
    whatever the number of hosts.
    """

    def __init__(self, crawler: Crawler, *args: Any, **kwargs: Any) -> None:
        super().__init__(crawler, *args, **kwargs)
        assert crawler.engine is not None
        downloader = crawler.engine.downloader
        assert isinstance(downloader, OneAtATime)
        downloader.queue = self
        self._free: OrderedDict[str, None] = OrderedDict()
        self._under_way: dict[str, Request] = {}
        self._held: dict[str, float] = {}
        self._unread: Counter[str] = Counter()
        self._count = 0

    def push(self, request: Request) -> None:
        """Put a request in its host's line."""
        host = assign_slot(request)
        super().push(request)
        self._count += 1
        self._offer(host)

    def pop(self) -> Request | None:
        """The first request of the host whose turn it is; None while every host with requests is busy or waits."""
        if not self._free:
            return None
        host, _ = self._free.popitem(last=False)
        line = self.pqueues[host]
        request = line.pop()
        assert request is not None
        if len(line) == 0:
            del self.pqueues[host]
            line.close()
        self._count -= 1
        self._under_way[host] = request
        return request

    def __len__(self) -> int:
        return self._count

    def hold(self, host: str, seconds: float) -> None:
        """Hand out nothing of `host` for so long."""
        self._held[host] = max(monotonic() + seconds, self._held.get(host, 0.0))
        self._free.pop(host, None)

    def withdraw(self, unwanted: Callable[[Request], bool]) -> list[Request]:
        """Take back the requests that are not wanted any more; wait for no host any longer."""
        withdrawn: list[Request] = []
        for host in [*self.pqueues]:
            line = self.pqueues.pop(host)
            kept: list[Request] = []
            while (request := line.pop()) is not None:
                (withdrawn if unwanted(request) else kept).append(request)
                self._count -= 1
            line.close()
            self._free.pop(host, None)
            for request in kept:
                self.push(request)
        for host in [*self._held]:
            self._held[host] = 0.0
            self._wake(host)
        return withdrawn

    def left(self, request: Request, has_come: bool) -> None:
        """A request is no longer under way; `has_come`: with a response, which the spider is handed.

        What a walk makes of a page that nothing leads on from is not waited for, unless it falls behind; of any other
        it is, for what is most urgent may be what it leads to, and reports pay for the columns that come after them.
        """
        host = slot_of(request)
        # A request for robots.txt comes and goes within another's time and was never handed out.
        if self._under_way.get(host) is not request:
            return
        if has_come:
            self._unread[host] += 1
        if not (has_come and luggage_of(request).leads_on):
            del self._under_way[host]
            self._offer(host)

    def taken_in(self, request: Request) -> None:
        """A page was taken in by its walk: what it leads to stands in line."""
        host = slot_of(request)
        self._unread[host] -= 1
        if self._under_way.get(host) is request:
            del self._under_way[host]
        self._wake(host)

    def _offer(self, host: str) -> None:
        if host not in self.pqueues or host in self._under_way or host in self._free:
            return
        if self._unread[host] >= MOST_UNREAD:
            return
        wait = self._held.get(host, 0.0) - monotonic()
        if wait > 0:
            # The requests still stand in the queue, so the engine does not take the run for finished.
            call_later(wait, self._wake, host)
            return
        self._held.pop(host, None)
        self._free[host] = None

    def _wake(self, host: str) -> None:
        """A host has waited: have the engine look at the queue, which by itself it does every five seconds."""
        self._offer(host)
        wake_engine(self.crawler)
