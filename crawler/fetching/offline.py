"""A walk over captures in the network's place: what an archive or a WARC file holds is answered, nothing is asked.

Scrapy runs as ever, so that the walk, its guards and all that follows from a page are the same. What concerns only
hosts that are really asked is left out: names and robots.txt are not looked up, nothing is asked again, nobody waits.
"""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Response

from crawler.fetching.guards import HostGuard, Politeness
from crawler.fetching.luggage import Answer, Rendering, address_of, luggage_of, note, slot_of
from crawler.fetching.state import state_of
from crawler.records.capture import RENDERED

_CODINGS = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})
"""Headers that no longer hold of a body as it is kept."""
_MADE_BY, _REFUSED = "x-rendered-by", "x-refused-host"


class Captures(BaseDownloadHandler):
    """Download handler that answers every request out of the run's source."""

    async def download_request(self, request: Request) -> Response:
        """The answer as it once came, with its own time. Raises NotCapturedError where there is none.

        What the archive that is written into has in a later capture is answered as not modified: an older one does not
        take its place. But where the portal of then is walked, its own pages answer.
        """
        luggage = luggage_of(request)
        source = state_of(self.crawler).source
        assert source is not None
        shown = luggage.original is not None
        address = address_of(request, request.url)
        if source.past:
            note(request, precedent=None)
        precedent = luggage_of(request).precedent
        capture = await source.answer(
            luggage.original.capture.url + RENDERED if luggage.original is not None else address, luggage.leads_on
        )
        if not shown and precedent is not None and precedent.answered_at >= capture.fetched_at:
            note(request, answer=Answer(precedent.answered_at, ()))
            return Response(request.url, status=304, request=request)
        note(request, answer=Answer(capture.fetched_at, tuple(capture.headers), None, capture.source))
        if shown:
            refused = tuple(value for name, value in capture.headers if name.lower() == _REFUSED)
            note(request, rendering=Rendering(capture.header(_MADE_BY) or "a browser", (), refused))
        headers: dict[str, list[str]] = {}
        for name, value in capture.headers:
            if name.lower() not in _CODINGS:
                headers.setdefault(name, []).append(value)
        return Response(request.url, capture.status, headers=headers, body=capture.body, request=request)


class Guard(HostGuard):
    """The profile's hosts hold for captures as well; no name is looked up."""

    async def _judge(self, host: str, private: bool) -> None:
        pass


class Haste(Politeness):
    """Nobody is asked, and nobody waits."""

    def process_request(self, request: Request) -> None:
        """Name the request's slot, without a delay."""
        super().process_request(request)
        assert self.crawler.engine is not None
        self.crawler.engine.downloader.per_slot_settings[slot_of(request)]["delay"] = 0


def settings() -> dict[str, Any]:
    """Scrapy's settings for a walk over captures: no handler that could ask anybody is left."""
    here = "crawler.fetching.offline"
    handlers = dict.fromkeys(("http", "https"), f"{here}.Captures")
    return {
        "DOWNLOAD_HANDLERS": handlers | dict.fromkeys(("data", "file", "ftp", "s3")),
        "DOWNLOADER_MIDDLEWARES": {
            f"{here}.Guard": 20,
            f"{here}.Haste": 30,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        },
        "DOWNLOAD_DELAY": 0,
        "NIANBAO_RETRY_WAITS": "0",
    }
