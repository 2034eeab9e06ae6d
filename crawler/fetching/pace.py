"""How often and after how long what failed is asked again, and when a host is left alone for the rest of a run.

Pure of Scrapy: crawler.fetching.retries tells of each outcome and does as told.

- An address that fails is asked again twice, after 2 and after 8 seconds (NIANBAO_RETRY_WAITS); a name that is not
  known once; a refused TLS handshake or a page above the size limit never.
- The wait is the host's: nothing else is asked of it meanwhile, and no other host waits for it.
- Retry-After is obeyed up to 120 seconds (NIANBAO_MAX_WAIT). A host that asks for more rests for this run.
- Ten addresses in a row that failed with all their retries: the host rests for this run. An answer starts anew. A storm
  of errors so costs 30 requests, however many addresses wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.records.problems import Problem

RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504, *range(520, 527)})
"""Statuses that say nothing of the page: the server, or what stands before it (52x), could not answer now."""
FAILURES_IN_A_ROW = 10
"""A few dead pages of a host that lives are common; ten after one another, each asked thrice, are the host."""


@dataclass(slots=True)
class Patience:
    """What is known of each host's trouble. `waits`: seconds before each retry; `max_wait`: the longest of all."""

    waits: Sequence[float]
    max_wait: float
    resting: dict[str, str] = field(default_factory=dict)
    """Hosts left alone for this run, and why."""
    _failures: Counter[str] = field(default_factory=Counter)

    def answered(self, host: str) -> None:
        """The host answered: what failed before is forgotten."""
        self._failures.pop(host, None)

    def failed(self, host: str, tried: int, most: int, retry_after: float | None = None) -> float | None:
        """Seconds to wait before the address is asked again; None to give it up.

        `tried`: how often it was asked again already; `most`: retries that this kind of failure is worth at all.
        `retry_after`: seconds that the host asks for. Giving up may leave the host `resting`.
        """
        if host in self.resting:
            return None
        if retry_after is not None and retry_after > self.max_wait:
            self.rest(host, f"asks to wait {retry_after:.0f} seconds, more than the {self.max_wait:g} that a run waits")
            return None
        if tried < min(most, len(self.waits)):
            return min(max(self.waits[tried], retry_after or 0), self.max_wait)
        self._failures[host] += 1
        if self._failures[host] >= FAILURES_IN_A_ROW:
            self.rest(host, f"{FAILURES_IN_A_ROW} addresses in a row failed, each after its retries")
        return None

    def rest(self, host: str, why: str) -> None:
        """Leave the host alone for the rest of the run; the first reason counts."""
        self.resting.setdefault(host, why)


def resting_problem(url: str, why: str) -> Problem:
    """The problem row for a host that is left alone from now on."""
    return Problem("host_resting", url, f"{why}; the host is left alone for this run")


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110 10.2.3: seconds or an HTTP date); None for anything else.

    A date that has passed is 0.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    date = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
