"""Scrapy's download handler, over TLS as each host has it and with responses read as browsers read them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Response

from crawler.fetching.luggage import luggage_of
from crawler.fetching.responses import NOTE, Factory, reads_whole
from crawler.fetching.tls import Leniency

_LOST = "dataloss"
"""Scrapy's flag of a response that is shorter than was announced."""


class Lenient:
    """What is added to a handler of Scrapy's."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)  # type: ignore[call-arg]
        handler: Any = self
        handler._pool._factory = Factory
        self._leniency = handler._contextFactory = Leniency()

    async def download_request(self, request: Request) -> Response:
        """The response, with notes of what was lenient. Raises ResponseDataLossError for one that is not whole,
        HandshakeError where no TLS came about, and what Scrapy raises."""
        if luggage_of(request).original is not None:
            shown: Response = await super().download_request(request)  # type: ignore[misc]
            return shown
        request.meta["download_fail_on_dataloss"] = False
        response = await self._asked(request)
        if _LOST in response.flags:
            if not reads_whole(response.body, response.headers.get("Content-Encoding")):
                raise ResponseDataLossError
            response.headers.appendlist(NOTE, "fewer bytes than were announced; whole by its own end")
        return response

    async def _asked(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        host, port = parts.hostname or "", parts.port or 443
        while True:
            try:
                response: Response = await super().download_request(request)  # type: ignore[misc]
            except Exception as error:
                if parts.scheme == "https" and self._leniency.failed(host, port, error):
                    continue
                raise
            if parts.scheme == "https" and (told := self._leniency.answered(host, port)) is not None:
                response.headers.appendlist(NOTE, told)
            return response


class Handler(Lenient, HTTP11DownloadHandler):
    """The handler of http and https (setting DOWNLOAD_HANDLERS)."""
