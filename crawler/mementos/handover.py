"""Hands addresses to a web archive for keeping, and understands what it answers: Save Page Now's manners.

It answers with the capture (302 or 200, Location or Content-Location), or with a job and says later what came of that,
in JSON or within a page. `savepagenow` asks one such endpoint, has no pace, and knows no jobs.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urljoin

from crawler.mementos.client import Client, CutError, Reply
from crawler.records.submissions import Submission
from crawler.words.mementos import stamp_of, time_of
from crawler.words.text import one_line

MOST = 1 << 20
"""Bytes of an answer."""
_CAPTURE = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/(?=\w+:|\w+\.)")
_JOB = re.compile(rb"spn2-[0-9a-f]{8,64}")
_JOB_NAME = re.compile(r"[\w-]{1,100}")
_REFUSING = re.compile(
    r"robots?(?:access|\.txt|\b)|administrativeaccess|blocked|excluded|no-access|invalid-url|filesize-limit|unauthorized",
    re.I,
)
"""In what it says of an error: it will not take this address another time either."""
_ERROR = "x-archive-wayback-runtime-error"
_JSON = {"Accept": "application/json, text/html;q=0.9"}
_STARS = frozenset({400, 403, 405, 410, 451})
"""Statuses with which an address is refused."""


class ClosedError(Exception):
    """The web archive takes nothing without an account; the message says so."""


def hand_over(client: Client, portal: str, url: str, at: str) -> Submission:
    """Hand in an address; `at`: UTC, now. Raises ArchiveRestingError; ClosedError."""
    save = client.archive.save
    assert save is not None
    submission = Submission(client.archive.name, portal, url, at, "failed")
    where = save.address.replace("{url}", quote(url, safe="%/:=&?~+!$,;'@()*[]"))
    try:
        return _understood(client, submission, client.get(where, _JSON, MOST), where)
    except CutError as error:
        return replace(submission, detail=str(error))


def look_after(client: Client, submission: Submission) -> Submission:
    """What came of a job; as it was where the web archive is still at work. Raises ArchiveRestingError; ClosedError."""
    save = client.archive.save
    assert save is not None
    if save.status is None or submission.job is None:
        return submission
    where = save.status.replace("{job}", submission.job)
    try:
        reply = client.get(where, _JSON, MOST)
    except CutError:
        return submission
    if reply.status == 404:
        return replace(submission, outcome="failed", status=404, job=None, detail="the job is not known there any more")
    return _understood(client, submission, reply, where)


def _understood(client: Client, submission: Submission, reply: Reply, where: str) -> Submission:
    if reply.status == 401:
        raise ClosedError(f"{submission.source}: it takes nothing without an account (it answered 401)")
    submission = replace(submission, status=reply.status)
    said = _object(reply.body)
    place = reply.header("content-location") or reply.header("location")
    capture = _CAPTURE.search(place)
    if reply.status < 400 and capture is not None:
        return replace(
            submission, outcome="archived", memento=urljoin(where, place), memento_at=time_of(capture[1]), detail=None
        )
    error = reply.header(_ERROR) or _said(said)
    if said.get("status") == "success" and (at := time_of(str(said.get("timestamp", "")))) is not None:
        memento = client.archive.replay.replace("{timestamp}", stamp_of(at)).replace("{url}", submission.url) or None
        return replace(submission, outcome="archived", memento=memento, memento_at=at, detail=None)
    if reply.status < 400 and said.get("status") != "error" and (job := _job(said, reply.body)) is not None:
        return replace(submission, outcome="pending", job=job, detail=None)
    if error or reply.status >= 400:
        words = error or one_line(reply.body[:300].decode("utf-8", "replace"))[:120]
        is_final = _REFUSING.search(words) is not None or reply.status in _STARS
        detail = f"it answered {reply.status}: {words}"
        return replace(submission, outcome="refused" if is_final else "failed", job=None, detail=detail)
    led = f" and led to {place}" if place else ""
    return replace(submission, outcome="failed", detail=f"it answered {reply.status}{led}, and named no capture")


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object of an answer; empty where it is none."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _said(said: dict[str, Any]) -> str:
    """What an answer in JSON says of an error; nothing where it says of none."""
    if said.get("status") != "error" and ("job_id" in said or "message" not in said):
        return ""
    words = [str(said[name]) for name in ("status_ext", "message", "exception") if said.get(name)]
    return one_line(": ".join(words))[:200] or "error"


def _job(said: dict[str, Any], body: bytes) -> str | None:
    job = said.get("job_id")
    if isinstance(job, str) and _JOB_NAME.fullmatch(job):
        return job
    match = None if said else _JOB.search(body)
    return None if match is None else match[0].decode()
