"""What Scrapy and Twisted raise when a page cannot be had: the cause in plain words, and the retries it is worth."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from crawler.fetching.captures import NotCapturedError
from crawler.fetching.codings import BrokenCodingError, TooLargeError, TruncatedCodingError
from crawler.fetching.guards import HostNotAllowedError
from crawler.fetching.luggage import address_of, luggage_of
from crawler.fetching.robots import RobotsForbidError, RobotsUnreachableError
from crawler.fetching.tls import HandshakeError, causes_of
from crawler.records.problems import ATTENTION_KINDS, Problem
from crawler.words.text import one_line

TWICE = 2
"""A connection that breaks or hangs is often well a few seconds later; after two more it is the host."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a request failed: `kind` out of PROBLEM_KINDS, the words for it, and how many retries it is worth."""

    kind: str
    words: str
    retries: int = 0


_OURS: tuple[tuple[type[BaseException], str], ...] = (
    (HostNotAllowedError, "host_not_allowed"),
    (NotCapturedError, "not_captured"),
    (RobotsForbidError, "robots"),
    (RobotsUnreachableError, "robots"),
    (TooLargeError, "too_large"),
    (TruncatedCodingError, "truncated"),
    (BrokenCodingError, "bad_coding"),
)
_NAMED: tuple[tuple[str, str, int], ...] = (
    # Names of exception classes, most telling first: Scrapy's own wrap Twisted's, whose names say more.
    ("DNSLookupError", "the host name is not known", 1),
    ("CannotResolveHostError", "the host name is not known", 1),
    ("ConnectionRefused", "the host refuses the connection", TWICE),
    ("SSL", "the TLS handshake failed", 0),
    ("Timeout", "no answer in time", TWICE),
    ("TimedOut", "no answer in time", TWICE),
    ("ConnectionLost", "the connection broke off", TWICE),
    ("ResponseNeverReceived", "the connection broke off before an answer", TWICE),
    ("ConnectError", "no connection could be made", TWICE),
)


_WITHOUT_TLS = "where the portal answers without TLS, write its address with http:// as `home`"


def problems_of(request: Request, error: BaseException) -> list[Problem]:
    """The problem rows for a request that ended in `error`."""
    luggage, cause = luggage_of(request), cause_of(error)
    problem = Problem(cause.kind, address_of(request, request.url), cause.words)
    if luggage.way.position.trail or luggage.host_problem is not None or problem.kind in ATTENTION_KINDS:
        return [problem]
    # One page less is the portal's right; a portal without its home page is nothing at all.
    if isinstance(error, RobotsForbidError):
        return [Problem("host_resting", request.url, "robots.txt forbids the home page; the portal is left alone")]
    return [Problem("trail_broken", request.url, f"the portal was not entered: {problem.detail}"), problem]


def cause_of(error: BaseException) -> Cause:
    """What lies behind an exception of the downloader or of a middleware."""
    for kind_of_error, kind in _OURS:
        if isinstance(error, kind_of_error):
            return Cause(kind, str(error), TWICE if isinstance(error, RobotsUnreachableError) else 0)
    if isinstance(error, HandshakeError):
        return Cause("unreachable", f"the TLS handshake failed ({error}); {_WITHOUT_TLS}")
    if isinstance(error, IgnoreRequest):
        return Cause("unreachable", f"not asked ({_words(error)})")
    names = [type(cause).__name__.lower() for cause in causes_of(error)]
    if any("dataloss" in name for name in names):
        return Cause("truncated", "fewer bytes came than were announced; nothing was kept", TWICE)
    if any("maxsize" in name or "cancelled" in name for name in names):
        return Cause("too_large", "the response is above the size limit; nothing was kept")
    for mark, words, retries in _NAMED:
        if any(mark.lower() in name for name in names) or (mark == "SSL" and _mentions_tls(error)):
            return Cause("unreachable", f"{words} ({_words(error)})", retries)
    return Cause("unreachable", f"no answer ({_words(error)})", TWICE)


def _mentions_tls(error: BaseException) -> bool:
    return any(mark in repr(cause).lower() for cause in causes_of(error) for mark in ("ssl", "tls"))


def _words(error: BaseException) -> str:
    text = one_line(str(error))
    return text[:200] or type(error).__name__
