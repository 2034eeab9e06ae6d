"""The capture that comes of a response to a request with luggage."""

from __future__ import annotations

from dataclasses import replace

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.fetching.luggage import address_of, luggage_of
from crawler.records.capture import Capture, Step


class NotCapturedError(IgnoreRequest):
    """What answers in the network's place (crawler.fetching.source) has no answer of this address; the message names
    it."""


def capture_of(request: Request, response: Response) -> Capture:
    """The response as it came (`Luggage.answer` is noted), or the document that a browser made of it."""
    luggage = luggage_of(request)
    assert luggage.answer is not None
    if luggage.original is not None and luggage.rendering is not None:
        headers = [("Content-Type", "text/html; charset=utf-8"), ("X-Rendered-By", luggage.rendering.browser)]
        headers += [("X-Refused-Host", host) for host in luggage.rendering.refused]
        original = luggage.original.capture
        return replace(
            original, headers=headers, body=response.body, fetched_at=luggage.answer.at, rendered=True, sent=None
        )
    return Capture(
        url=address_of(request, response.url),
        status=response.status,
        headers=list(luggage.answer.headers),
        body=response.body,
        fetched_at=luggage.answer.at,
        portal=luggage.profile.id,
        trail=luggage.way.position.trail or (Step("首页", response.url),),
        sent=luggage.answer.sent,
        source=luggage.answer.source,
    )
