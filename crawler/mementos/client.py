"""Asks a web archive: one request at a time, at its own pace, with a contact, and not for ever.

`wayback` (EDGI) keeps such a pace for one archive, and `cdx-toolkit` for two; neither knows a third, or a test's own,
and both keep their pace to themselves. So one client with one pace asks all of them, over httpx.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from crawler.fetching.settings import user_agent
from crawler.mementos.archives import WebArchive

ATTEMPTS = 3
"""How often one thing is asked for where the archive is busy, cuts its answer, or does not answer."""
LONGEST_WAIT = 120.0
"""Seconds of Retry-After that are obeyed; an archive that asks for more is left alone for this run."""
FIRST_WAIT = 10.0
"""Seconds before the second attempt where it names none, then twice as many."""
TIMEOUT = 90.0
"""Seconds; indexes think for long."""
MOST_INDEX, MOST_BODY = 32 << 20, 64 << 20
"""Bytes of an answer: a page of an index, a capture."""
_BUSY = frozenset({429, 502, 503, 504})


class ArchiveRestingError(Exception):
    """The web archive is out of reach, or asks to be left alone: nothing more is asked of it in this run."""


class CutError(Exception):
    """An answer that ends before its time, again and again, or is longer than what is taken."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came, transfer coding undone and content coding not. Names of `headers` as sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """The last value of a header, or nothing."""
        return next((value for key, value in reversed(self.headers) if key.lower() == name), "")


@dataclass(slots=True)
class Clock:
    """The time as a client has it, and how it waits; a test hands in others."""

    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep


class Client:
    """Asks one web archive; may be called by several threads, which wait for each other. `requests`: how many so far.

    `on_request`: called with that number after each.
    """

    def __init__(
        self,
        archive: WebArchive,
        contact: str,
        clock: Clock | None = None,
        on_request: Callable[[int], None] | None = None,
    ) -> None:
        self.archive = archive
        self.requests = 0
        self.resting: str | None = None
        self._clock = clock or Clock()
        self._on_request = on_request or (lambda count: None)
        self._next = 0.0
        self._turn = threading.Lock()
        headers = {"User-Agent": user_agent(contact), "Accept-Encoding": "identity", "Accept": "*/*"}
        self._http = httpx.Client(headers=headers, timeout=TIMEOUT, follow_redirects=False, trust_env=False)

    def close(self) -> None:
        """Let go of its connections."""
        self._http.close()

    def get(self, url: str, headers: dict[str, str] | None = None, most: int = MOST_BODY) -> Reply:
        """The answer to one question, asked again where the archive is busy.

        Raises ArchiveRestingError, now and for all that follows, where it stays busy or out of reach; CutError.
        """
        with self._turn:
            if self.resting is not None:
                raise ArchiveRestingError(self.resting)
            cut = ""
            for attempt in range(ATTEMPTS):
                pause = FIRST_WAIT * 2**attempt
                try:
                    reply = self._ask(url, headers, most)
                    if reply.status not in _BUSY:
                        return reply
                    said, cut = f"it answered {reply.status}", ""
                    pause = _retry_after(reply, pause)
                    if pause > LONGEST_WAIT:
                        said += f" and asks to be left alone for {pause:.0f} s"
                        break
                except (httpx.RemoteProtocolError, httpx.ReadError) as error:
                    said = cut = f"its answer was cut ({error})"
                except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
                    said, cut = f"it is out of reach ({type(error).__name__}: {error})", ""
                if attempt + 1 < ATTEMPTS:
                    self._next = max(self._next, self._clock.now() + pause)
            if cut:
                raise CutError(cut)
            self.resting = f"{self.archive.name}: {said}"
            raise ArchiveRestingError(self.resting)

    def _ask(self, url: str, headers: dict[str, str] | None, most: int) -> Reply:
        pause = self._next - self._clock.now()
        if pause > 0:
            self._clock.wait(pause)
        self._next = self._clock.now() + self.archive.delay
        self.requests += 1
        try:
            with self._http.stream("GET", url, headers=headers) as response:
                parts, length = [], 0
                for part in response.iter_raw():
                    length += len(part)
                    if length > most:
                        raise CutError(f"an answer of more than {most:,} bytes")
                    parts.append(part)
                return Reply(response.status_code, _pairs(response.headers), b"".join(parts))
        finally:
            self._next = max(self._next, self._clock.now() + self.archive.delay)
            self._on_request(self.requests)


def _pairs(headers: httpx.Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw]


def _retry_after(reply: Reply, usual: float) -> float:
    """Seconds that Retry-After asks for (RFC 9110 10.2.3), a number or a date."""
    said = reply.header("retry-after").strip()
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return usual
