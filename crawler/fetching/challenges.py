"""Whether a response is a challenge meant for browsers, told before the spider sees it."""

from __future__ import annotations

from scrapy.http import Response

from crawler.records.capture import Capture
from pipelines import derive


def is_challenge(response: Response) -> bool:
    """Whether a response would be recognised as a challenge. Asked of failures only: it costs what reading a page does.

    Such a page is never asked for again, whatever its status: the answer would be the next challenge.
    """
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
    page = derive(Capture(response.url, response.status, headers, response.body, ""), until="recognise")
    return page.kind == "challenge"
