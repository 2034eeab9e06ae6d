"""Between luggage and Scrapy: the request that carries it, and the capture that comes of the response."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.fetching.luggage import Luggage, address_of, luggage_of
from crawler.records.capture import Capture, Step
from crawler.words.posts import sent

Callback = Callable[[Response], Any]
Errback = Callable[[Failure], Any]


def request_of(luggage: Luggage, callback: Callback, errback: Errback) -> Request:
    """The request for what the luggage's way leads to, conditional where the address is known; or, where a page was
    served, to have a browser show that."""
    way, precedent = luggage.way, luggage.precedent
    common: dict[str, Any] = {
        "callback": callback,
        "errback": errback,
        "meta": luggage.meta(),
        "priority": way.priority,
        "dont_filter": True,
    }
    if luggage.original is not None:
        return Request(luggage.original.capture.url, **common)
    if (post := sent(way.url, way.form)) is not None:
        kind = {"Content-Type": post.content_type}
        return Request(post.url, method="POST", body=post.body, headers=kind, **common)
    return Request(way.url, headers=precedent.validators if precedent is not None else None, **common)


def capture_of(response: Response) -> Capture:
    """The response as it came, or the document that a browser made of it."""
    request = response.request
    assert request is not None
    luggage = luggage_of(request)
    assert luggage.answer is not None
    if luggage.original is not None and luggage.rendering is not None:
        headers = [("Content-Type", "text/html; charset=utf-8"), ("X-Rendered-By", luggage.rendering.browser)]
        headers += [("X-Refused-Host", host) for host in luggage.rendering.refused]
        original = luggage.original.capture
        return replace(original, headers=headers, body=response.body, fetched_at=luggage.answer.at, rendered=True)
    return Capture(
        url=address_of(request, response.url),
        status=response.status,
        headers=list(luggage.answer.headers),
        body=response.body,
        fetched_at=luggage.answer.at,
        portal=luggage.profile.id,
        trail=luggage.way.position.trail or (Step("首页", response.url),),
    )
