"""Where a record begins: by the version of a WARC, or the line of an ARC; and where the next one does."""

from __future__ import annotations

import re
from typing import IO, Any

_CHUNK = 1 << 18
ARC_LINE = rb"[a-z][a-z0-9+.-]{0,20}:\S{1,2000} \S{1,99} \d{14} \S{1,99} \d{1,15}[ \t]*\r?\n"
_BEGINS = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n|" + ARC_LINE, re.I)
_MARKS = (
    re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n[A-Za-z][A-Za-z0-9-]*[ \t]*:"),
    re.compile(rb"\n(?=" + ARC_LINE + rb")"),
)
"""How a record begins behind one that cannot be read: a WARC's, and an ARC's, with the line end before it."""
OVERLAP = 1 << 12
"""More bytes than the mark has: it may stand across two chunks."""


def begins(head: bytes) -> bool:
    """Whether bytes are the beginning of a record: a WARC's by its version, an ARC's by its line of five words."""
    return _BEGINS.match(head) is not None


def skip_blank(file: IO[bytes], at: int) -> int:
    """The place of the first byte from `at` on that is no line end."""
    file.seek(at)
    while chunk := file.read(_CHUNK):
        rest = chunk.lstrip(b"\r\n")
        if rest:
            return int(file.tell()) - len(rest)
    return int(file.tell())


def is_closed(file: IO[bytes], at: int) -> bool:
    """Whether the two line ends are at `at` that stand behind a record."""
    file.seek(at)
    return file.read(4).startswith((b"\r\n\r\n", b"\n\n"))


def begins_at(file: IO[bytes], at: int) -> bool:
    """Whether a record begins at `at`."""
    file.seek(at)
    return begins(file.read(OVERLAP))


def find_next(file: IO[bytes], at: int, end: int | None = None) -> int | None:
    """Where the next record begins at `at` or behind it, and before `end`; None where there is none."""
    start = max(0, at - 1)  # an ARC's line has a line end before it
    file.seek(start)
    kept = b""
    while chunk := file.read(_CHUNK):
        kept = kept[-OVERLAP:] + chunk
        begin = file.tell() - len(kept)
        place = mark(kept, max(0, at - begin))
        if place is not None:
            return begin + place if end is None or begin + place < end else None
        if end is not None and begin >= end:
            return None
    return None


def mark(content: Any, at: int) -> int | None:
    """Where a record seems to begin in bytes, not before `at`."""
    warc, arc = _MARKS[0].search(content, at), _MARKS[1].search(content, max(0, at - 1))
    places = [match.start() + shift for match, shift in ((warc, 0), (arc, 1)) if match is not None]
    return min(places, default=None)
