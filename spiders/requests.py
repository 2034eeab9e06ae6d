"""The request that carries luggage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.fetching.luggage import Luggage
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
