"""What Scrapy and Twisted raise when a page cannot be had, as problems that name the cause in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy.exceptions import IgnoreRequest

from crawler.items import Problem
from crawler.middlewares import HostNotAllowedError

_CAUSES: tuple[tuple[str, str], ...] = (
    # Names of exception classes, most telling first: Scrapy's own wrap Twisted's, whose names say more.
    ("DNSLookupError", "the host name is not known"),
    ("CannotResolveHostError", "the host name is not known"),
    ("ConnectionRefused", "the host refuses the connection"),
    ("SSL", "the TLS handshake failed"),
    ("OpenSSL", "the TLS handshake failed"),
    ("Timeout", "no answer in time"),
    ("TimedOut", "no answer in time"),
    ("ConnectionLost", "the connection broke off"),
    ("ResponseNeverReceived", "the connection broke off before an answer"),
    ("ConnectError", "no connection could be made"),
)


def problem_of(url: str, error: BaseException) -> Problem:
    """The problem row for a request of `url` that ended in `error`."""
    if isinstance(error, HostNotAllowedError):
        return Problem("host_not_allowed", url, str(error))
    if isinstance(error, IgnoreRequest) and "robots" in str(error).lower():
        return Problem("robots", url, "robots.txt forbids this address")
    names = [type(cause).__name__ for cause in _chain(error)]
    if any("DataLoss" in name for name in names):
        return Problem("truncated", url, "fewer bytes came than Content-Length announced; nothing was kept")
    if any("MaxSize" in name or "Cancelled" in name for name in names):
        return Problem("too_large", url, "the response is above the size limit; nothing was kept")
    for mark, words in _CAUSES:
        if any(mark.lower() in name.lower() for name in names) or (mark == "SSL" and _mentions_tls(error)):
            return Problem("unreachable", url, f"{words} ({_words(error)})")
    return Problem("unreachable", url, f"no answer ({_words(error)})")


def _mentions_tls(error: BaseException) -> bool:
    return any(mark in repr(cause).lower() for cause in _chain(error) for mark in ("ssl", "tls"))


def _words(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text[:200] or type(error).__name__


def _chain(error: BaseException, depth: int = 0) -> Iterator[BaseException]:
    """The error, what it wraps (Twisted's `reasons`), its cause and its context."""
    yield error
    if depth > 5:
        return
    for reason in getattr(error, "reasons", None) or ():
        yield from _chain(getattr(reason, "value", reason), depth + 1)
    for cause in (error.__cause__, error.__context__):
        if cause is not None:
            yield from _chain(cause, depth + 1)
