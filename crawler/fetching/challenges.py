"""What a response is, told before the spider sees it: a challenge meant for browsers, or a page under an odd status."""

from __future__ import annotations

import asyncio
import re

from scrapy import Request
from scrapy.http import Response

from crawler.fetching.captures import capture_of
from crawler.fetching.luggage import luggage_of
from crawler.fetching.state import RunState
from crawler.reading.question import Question
from crawler.records.capture import Context
from crawler.records.page import Page
from crawler.words.addresses import canonical
from crawler.words.text import unspaced
from pipelines.decode.charset import read_text
from pipelines.recognise.marks import WAIT_WORDS, WAITS

_TAG = re.compile("<[^<>]*+>")
_LONGEST_WAIT = 4096
"""Bytes of a page that asks to wait; a longer one is there."""


async def is_challenge(request: Request, response: Response, run: RunState) -> bool:
    """Whether a response would be recognised as a challenge. Asked of failures only: it costs what reading a page does.

    Such a page is never asked for again, whatever its status: the answer would be the next challenge.
    """
    page = await _read(request, response, run)
    return page is not None and page.kind == "challenge"


async def is_answer(request: Request, response: Response, run: RunState) -> bool:
    """Whether a response with a status of failure is not worth asking again: a challenge, a page that is whole, or one
    that is fatal to read."""
    page = await _read(request, response, run)
    return page is None or page.kind == "challenge" or any(problem.kind == "odd_status" for problem in page.problems)


async def asks_to_wait(request: Request, response: Response, run: RunState) -> bool:
    """Whether a response with success is empty, or a page that is not there yet."""
    if response.status not in (200, 202, 203) or len(response.body) > _LONGEST_WAIT:
        return False
    body = response.body.strip()
    # Most pages are told by their bytes: reading one costs what a page costs.
    if body and (body[:1] != b"<" or b"<a " in body.lower()):
        return False
    if body and not WAIT_WORDS.search(unspaced(_TAG.sub("", read_text(body, None)[0]))):
        return False
    page = await _read(request, response, run)
    return page is not None and any(evidence.rule == WAITS for evidence in page.evidence)


async def _read(request: Request, response: Response, run: RunState) -> Page | None:
    """The page of a response as far as its kind; None where a reader was lost over it."""
    capture = capture_of(request, response)
    if run.deaths.of(capture) is not None:
        return None
    profile = luggage_of(request).profile
    context = Context(is_home=canonical(profile.home) == canonical(response.url), trusted_host=True)
    question = Question(capture, context, None, "recognise", None, run.deaths.documents)
    page = (await asyncio.wrap_future(run.desk.submit(question))).page
    run.deaths.learn(page)
    return None if page.death is not None else page
