"""Whether a response is a challenge meant for browsers, told before the spider sees it."""

from __future__ import annotations

from scrapy.http import Response

from crawler.records.page import Capture, Context
from pipelines.guard import decoded, guarded
from pipelines.recognise.stage import recognise


def is_challenge(response: Response) -> bool:
    """Whether a response would be recognised as a challenge. Asked of failures only: it costs what reading a page does.

    Such a page is never asked for again, whatever its status: the answer would be the next challenge.
    """
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
    page = decoded(Capture(response.url, response.status, headers, response.body, ""), Context())
    guarded(recognise, page)
    return page.kind == "challenge"
