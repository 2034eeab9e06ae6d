"""A WARC file as a source of answers: what stands for each address in it, the bodies spooled to disk."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from crawler.archive.exchange.addresses import address
from crawler.archive.exchange.digests import digest_of, key
from crawler.archive.exchange.heads import Damage
from crawler.archive.exchange.intake import Decode, Reference, WarcCapture, read
from crawler.archive.exchange.times import time_of
from crawler.records.capture import RENDERED, Capture
from crawler.records.errors import NianbaoError

_IN_MEMORY = 1 << 24


@dataclass(frozen=True, slots=True)
class _Kept:
    """One answer: its head, and where its body stands in the spool."""

    status: int
    headers: tuple[tuple[str, str], ...]
    at: str
    begin: int
    length: int

    @property
    def rank(self) -> tuple[bool, str]:
        """What stands for an address: the newest, but a refusal only where nothing else ever came."""
        return self.status not in (403, 429) and self.status < 500, self.at


class Spool:
    """The answers of a WARC file by address, a rendered document under its page's address and RENDERED.

    `broken`: records that could not be used.
    """

    def __init__(self, path: Path, decode: Decode, most: int | None = None) -> None:
        """Read all of it. Raises NianbaoError where it is no WARC, or its bodies come to more than `most` bytes."""
        self._path, self._most = path, most
        self.broken = 0
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 -- open until `close`
        self._kept: dict[str, _Kept] = {}
        self._bodies: dict[str, tuple[int, int]] = {}
        self._places: dict[tuple[str, str | None], tuple[int, int]] = {}
        waiting = []
        for entry in read(path, decode):
            if isinstance(entry, Damage):
                self.broken += 1
            elif isinstance(entry, WarcCapture) and not self._take(entry):
                waiting.append(entry)
        # What a revisit refers to may come later than it.
        self.broken += sum(not self._take(entry) for entry in waiting)

    def addresses(self) -> list[str]:
        """Every address that has an answer."""
        return list(self._kept)

    def get(self, url: str) -> Capture:
        """What stands for an address. Raises KeyError."""
        kept = self._kept[url]
        self._file.seek(kept.begin)
        body = self._file.read(kept.length)
        rendered = url.endswith(RENDERED)
        return Capture(url.removesuffix(RENDERED), kept.status, [*kept.headers], body, kept.at, rendered=rendered)

    def close(self) -> None:
        """Let go of the bodies."""
        self._file.close()

    def _take(self, capture: WarcCapture) -> bool:
        """Keep an answer; False for a revisit whose bytes are not there."""
        place = self._keep(capture) if capture.refers is None else self._place(capture.refers)
        if place is None:
            return False
        headers = capture.testimony.headers if capture.testimony is not None else capture.headers
        self._places[capture.url, capture.fetched_at] = place
        if capture.digest:
            self._bodies.setdefault(capture.digest, place)
        where = capture.url + (RENDERED if capture.rendered else "")
        kept = _Kept(capture.status, tuple(headers), capture.fetched_at, *place)
        if where not in self._kept or self._kept[where].rank <= kept.rank:
            self._kept[where] = kept
        return True

    def _keep(self, capture: WarcCapture) -> tuple[int, int]:
        body = capture.body or b""
        digest = digest_of(body)
        if digest not in self._bodies:
            begin = self._file.seek(0, 2)
            if self._most is not None and begin + len(body) > self._most:
                raise NianbaoError(f"{self._path.name} unpacks to more than {self._most:,} bytes; expected fewer")
            self._bodies[digest] = (begin, len(body))
            self._file.write(body)
        return self._bodies[digest]

    def _place(self, refers: Reference) -> tuple[int, int] | None:
        place = self._bodies.get(key(refers.digest))
        if place is not None or refers.digest:
            return place
        try:
            return self._places.get((address(refers.url), time_of(refers.at)))
        except ValueError:
            return None
