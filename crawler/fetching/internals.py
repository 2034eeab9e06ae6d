"""What is used of Scrapy and Twisted that they do not promise, all in one place; the reason for the upper pin.

Scrapy 2.19 is the version that each was tried with. A later one may rename any of them without a word, so
`pyproject.toml` admits none that was not tried. `tests/fetching/test_internals.py` fails where one is gone, and where a
private name is used anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from scrapy.crawler import Crawler
from scrapy.utils.defer import _schedule_coro

INTERNALS: dict[str, str] = {
    "scrapy.utils.defer._schedule_coro": "starts a coroutine from a method that Scrapy calls synchronously (errback, "
    "close_spider); there is no public door",
    "scrapy.core.downloader.Downloader._wait_for_download": "the moment a request is taken from the queue; counted "
    "later, several leave for one host at once",
    "scrapy.core.downloader.Downloader._download": "the moment an answer has come whole, from which the delay counts",
    "scrapy.core.downloader.Slot.transferring": "the requests under way to one host",
    "scrapy.pqueues.DownloaderAwarePriorityQueue.pqueues": "the lines of waiting requests by host, of which a host has "
    "one request out at a time",
    "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler._pool": "the connections, whose protocols are to "
    "read responses as browsers do",
    "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler._contextFactory": "the TLS of connections, by host; "
    "the setting for it is deprecated",
    "twisted.web._newclient.HTTP11ClientProtocol._parser": "the parser of responses, which the protocol makes "
    "by itself",
    "twisted.web._newclient.HTTPClientParser._transferDecoders": "how a body is told to end",
    "twisted.web._newclient.HTTPClientParser._everReceivedData": "whether these are the first bytes of a response",
    "twisted.web._newclient.HTTPParser._partialHeader": "a header line that may go on in the next",
    "twisted.web.client._HTTP11ClientFactory": "makes protocols for a pool",
    "scrapy.core.engine.ExecutionEngine._slot": "wakes the engine when a host may be asked again, which by itself it "
    "notices after five seconds",
}
"""Every private name with its reason."""


def schedule(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine in the loop of the crawl, without waiting for it."""
    _schedule_coro(coroutine)


def when_loop_ends(call: Callable[[], None]) -> None:
    """Have a function called when the loop of the crawl ends, also where a second signal ends it with nothing waited
    for."""
    from twisted.internet import reactor  # Scrapy installs the one of its settings before

    reactor.addSystemEventTrigger("after", "shutdown", call)  # type: ignore[arg-type]


def wake_engine(crawler: Crawler) -> None:
    """Have the engine look at the queue now; nothing where it is closing or not there."""
    slot = crawler.engine._slot if crawler.engine is not None else None
    if slot is not None and slot.closing is None:
        slot.nextcall.schedule()
