"""What a response is, told before the spider sees it: a challenge meant for browsers, or a page under an odd status."""

from __future__ import annotations

from scrapy.http import Response

from crawler.portals.profile import Profile
from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.words.addresses import canonical
from crawler.words.text import unspaced
from pipelines import derive
from pipelines.decode.stage import read_text
from pipelines.recognise.marks import WAIT_WORDS
from pipelines.recognise.stage import WAITS

_LONGEST_WAIT = 4096
"""Bytes of a page that asks to wait; a longer one is there."""


def is_challenge(response: Response) -> bool:
    """Whether a response would be recognised as a challenge. Asked of failures only: it costs what reading a page does.

    Such a page is never asked for again, whatever its status: the answer would be the next challenge.
    """
    return _read(response).kind == "challenge"


def is_answer(response: Response, profile: Profile | None) -> bool:
    """Whether a response with a status of failure is not worth asking again: a challenge, or a page that is whole."""
    page = _read(response, profile)
    return page.kind == "challenge" or any(problem.kind == "odd_status" for problem in page.problems)


def asks_to_wait(response: Response) -> bool:
    """Whether a response with success is empty, or a page that is not there yet."""
    if response.status not in (200, 202, 203) or len(response.body) > _LONGEST_WAIT:
        return False
    body = response.body.strip()
    # Most pages are told by their bytes: reading one costs what a page costs, and may be fatal.
    if body and (body[:1] != b"<" or b"<a " in body.lower()):
        return False
    if body and not WAIT_WORDS.search(unspaced(read_text(body, None)[0])):
        return False
    return any(evidence.rule == WAITS for evidence in _read(response).evidence)


def _read(response: Response, profile: Profile | None = None) -> Page:
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
    is_home = profile is not None and canonical(profile.home) == canonical(response.url)
    capture = Capture(response.url, response.status, headers, response.body, "")
    return derive(capture, Context(is_home=is_home, trusted_host=profile is not None), until="recognise")
