"""Scrapy's downloader, made to keep its word of one request at a time."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.http import Response
from twisted.internet.defer import Deferred


class OneAtATime(Downloader):
    """Counts a request as under way from the moment it is taken from the queue.

    Scrapy 2.19 counts it when its task first runs. Until then the queue looks free, and without a delay all that waits
    for a host leaves at once, whatever CONCURRENT_REQUESTS_PER_DOMAIN says, each over a connection of its own.
    """

    def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)
