"""Finds the records of a WARC file, and goes on behind what is damaged: at the next gzip member, or the next `WARC/1.`.

A gzip file is read member by member, whether each holds one record, as the standard asks (annex D), or one holds all.
warcio reads a record's head and checks its digests; where a record begins and ends is worked out here, since warcio's
own iterator ends with the first record that it cannot read.
"""

from __future__ import annotations

import mmap
import re
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
from warcio.recordloader import ArcWarcRecordLoader  # type: ignore[import-untyped]

from crawler.errors import NianbaoError

MAX_MEMBER = 1 << 33
"""Bytes that one gzip member may unpack to, on disk; a file of one member is as long as all its records."""
_IN_MEMORY = 1 << 24
_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b\x08"
_STARTS = (b"WARC/", b"filedesc://")
_FIRST = re.compile(rb"WARC/\d\.\d+\s*\n|filedesc://")
_NEXT = re.compile(rb"(?<=[\n\0])WARC/1\.\d\r?\n")
"""How a record begins behind one that cannot be read; ARC has no such mark."""
_OVERLAP = 16
"""More bytes than the mark has: it may stand across two chunks."""


@dataclass(slots=True)
class Broken:
    """A record that could not be used: where it begins in the file (-1: not known), its address, and why."""

    offset: int
    url: str
    why: str


@dataclass(slots=True)
class Piece:
    """One record, its stream at the beginning of the block. `offset`: of the record, or of its gzip member."""

    record: Any
    offset: int


def check(path: Path) -> None:
    """Raise NianbaoError where a file does not begin like a WARC (or an ARC, which warcio reads as well)."""
    if path.is_dir():
        raise NianbaoError(f"{path} is a folder; expected a WARC file")
    if not path.is_file():
        raise NianbaoError(f"{path} does not exist; expected a WARC file")
    try:
        with path.open("rb") as file:
            kind = _kind(file)
    except OSError as error:
        raise NianbaoError(f"{path} cannot be read: {words(error)}") from error
    if kind is None:
        raise NianbaoError(f"{path} is not a WARC; expected a file that begins with WARC/1.0 or WARC/1.1, or its gzip")


def _kind(file: IO[bytes]) -> Literal["plain", "packed"] | None:
    """How the records of a file are kept, though its first one may be damaged; None where it has none."""
    head = file.read(_CHUNK)
    file.seek(0)
    if not head.startswith(_GZIP) and (_FIRST.match(head) or _NEXT.search(head)):
        return "plain"
    if not head:
        return None
    with _mapped(file) as view:
        return "packed" if _next_member(view, 0) is not None else None


def pieces(path: Path) -> Iterator[Piece | Broken]:
    """The records of a file in their order. Each must have been read, or not, before the next is asked for."""
    check(path)
    with path.open("rb") as file:
        yield from _members(file) if _kind(file) == "packed" else _records(file)


def _mapped(file: IO[bytes]) -> mmap.mmap:
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def words(error: Exception) -> str:
    """An exception in one line; what a broken file holds itself is left out."""
    return " ".join(str(error).split()) or type(error).__name__


def _members(file: IO[bytes]) -> Iterator[Piece | Broken]:
    size = file.seek(0, 2)
    with _mapped(file) as view:
        at: int | None = 0
        while at is not None and at < size:
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as plain:
                end, why = _unpack(view, at, plain)
                plain.seek(0)
                yield from _records(plain, at, why)
            if why:
                at = _next_member(view, at + 1)
            elif view[end : end + 3] == _GZIP or not view[end : end + _CHUNK].strip(b"\0\r\n"):
                at = end
                if view[end : end + 3] != _GZIP:
                    return
            else:
                at = _next_member(view, end)
                yield Broken(end, "", f"{(at or size) - end:,} bytes that are no record")


def _unpack(view: mmap.mmap, at: int, plain: Any) -> tuple[int, str]:
    """Unpack the member at `at`; where it ends, and why it could not be unpacked to its end."""
    stream = zlib.decompressobj(wbits=31)
    size, begun = 0, at
    try:
        while not stream.eof:
            chunk = view[at : at + _CHUNK]
            if not chunk:
                return at, "the file ends within the record"
            at += len(chunk)
            part = stream.decompress(chunk)
            size += len(part)
            if size > MAX_MEMBER:
                return begun, f"a gzip member of more than {MAX_MEMBER:,} bytes"
            plain.write(part)
    except zlib.error as error:
        return begun, f"the gzip member is damaged ({words(error)})"
    return at - len(stream.unused_data), ""


def _next_member(view: mmap.mmap, at: int) -> int | None:
    """Where the next gzip member begins that unpacks to a record; None where there is none."""
    while (at := view.find(_GZIP, at)) >= 0:
        try:
            if zlib.decompressobj(wbits=31).decompress(view[at : at + _CHUNK], 16).startswith(_STARTS):
                return at
        except zlib.error:
            pass
        at += 1
    return None


def _records(file: Any, base: int | None = None, why: str = "") -> Iterator[Piece | Broken]:
    """The records of a plain stream. `base`: where it stands in the file, where that is not the place in the stream.

    `why`: the stream breaks off for this reason, and so does the record that reaches its end.
    """
    size = file.seek(0, 2)
    at: int | None = _skip_blank(file, 0)
    if why and at == size:
        yield Broken(base or 0, "", why)
    while at is not None and at < size:
        offset = at if base is None else base
        file.seek(at)
        try:
            record = ArcWarcRecordLoader(verify_http=False).parse_record_stream(file, check_digests=True)
        except (ArchiveLoadFailed, EOFError, ValueError, AttributeError, TypeError) as error:
            yield Broken(offset, "", why or f"the head of the record cannot be read ({type(error).__name__})")
            at = _find_next(file, at)
            continue
        head = record.rec_headers
        url = (head.get_header("WARC-Target-URI") or "").strip("<>")
        if not (head.get_header("Content-Length") or "").strip().isdigit() or not hasattr(record.raw_stream, "limit"):
            yield Broken(offset, url, why or "the head of the record is cut off or says no length")
            at = _find_next(file, at)
            continue
        here = file.tell()
        end = here + record.raw_stream.limit
        after = _skip_blank(file, end)
        if end > size or (why and after >= size):
            yield Broken(offset, url, why or "the record is cut off before its end")
            at = _find_next(file, at)
        elif after == end < size and not _begins(file, after):
            # Behind a record there are line ends: without them its length is wrong, with them the next one is broken.
            yield Broken(offset, url, "the record does not end where it says")
            at = _find_next(file, at)
        else:
            file.seek(here)
            yield Piece(record, offset)
            at = after


def _skip_blank(file: Any, at: int) -> int:
    """The place of the first byte from `at` on that is no line end."""
    file.seek(at)
    while chunk := file.read(_CHUNK):
        left = chunk.lstrip(b"\r\n")
        if left:
            return int(file.tell()) - len(left)
    return int(file.tell())


def _begins(file: Any, at: int) -> bool:
    """Whether a record begins at `at`: a WARC's by its version, an ARC's by an address and four more words."""
    file.seek(at)
    line = file.readline(_CHUNK)
    return line.startswith(_STARTS) or (b"://" in line[:20] and len(line.rsplit(b" ", 4)) == 5)


def _find_next(file: Any, at: int) -> int | None:
    """Where the next record begins after one at `at`; None where there is none."""
    file.seek(at + 1)
    kept = b""
    while chunk := file.read(_CHUNK):
        kept = kept[-_OVERLAP:] + chunk
        if found := _NEXT.search(kept):
            return int(file.tell() - len(kept) + found.start())
    return None
