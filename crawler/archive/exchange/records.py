"""Finds the records of a WARC file, and goes on behind what is damaged, at the next head that can be read.

warcio reads the lines of a head; where a record begins and ends is worked out here, and whether its digests hold, since
warcio's own iterator ends with the first record that it cannot read, and its digests with the first that is none.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from crawler.archive.exchange.beginnings import begins, begins_at, find_next, is_closed, mark, skip_blank
from crawler.archive.exchange.heads import SMALL_HEAD, Damage, Piece, find_answer, judge, piece_at
from crawler.archive.exchange.members import PACKED, Gap, Packed, Stream
from crawler.records.errors import NianbaoError
from crawler.words.text import one_line

_OTHER_KINDS = {
    b"PK\x03\x04": "a ZIP; if it is a WACZ, unpack it and import the WARC files in its folder archive",
    b"BZh": "packed by bzip2; unpack it first",
    b"\xfd7zXZ\0": "packed by xz; unpack it first",
    b"7z\xbc\xaf\x27\x1c": "a 7z; unpack it first",
}


def check(path: Path) -> None:
    """Raise NianbaoError where a file is no WARC (nor an ARC), plain or packed, by its bytes and not by its name."""
    if path.is_dir():
        raise NianbaoError(f"{path} is a folder; expected a WARC file")
    if not path.is_file():
        raise NianbaoError(f"{path} does not exist; expected a WARC file")
    try:
        with path.open("rb") as file:
            head = file.read(SMALL_HEAD)
            if head and _is_packed(file, head) is not None:
                return
    except OSError as error:
        raise NianbaoError(f"{path} cannot be read: {words(error)}") from error
    for magic, kind in _OTHER_KINDS.items():
        if head.startswith(magic):
            raise NianbaoError(f"{path} is not a WARC but {kind}")
    raise NianbaoError(
        f"{path} is not a WARC; expected a file that begins with WARC/1.0 or WARC/1.1, plain or packed by gzip or zstd"
    )


def pieces(path: Path) -> Iterator[Piece | Damage]:
    """The records of a file in their order. Each must have been read, or not, before the next is asked for."""
    check(path)
    with path.open("rb") as file:
        if not _is_packed(file, file.read(SMALL_HEAD)):
            yield from _records(Stream(file))
            return
        with _mapped(file) as view:
            for stream in Packed(view, begins).streams():
                if isinstance(stream, Gap):
                    yield Damage(stream.at, "", stream.why)
                else:
                    yield from _records(stream)


def words(error: Exception) -> str:
    """An exception in one line; what a broken file holds itself is left out."""
    return one_line(str(error)) or type(error).__name__


def _is_packed(file: IO[bytes], head: bytes) -> bool | None:
    """How the records of a file are kept, though the first ones may be damaged; None where it has none."""
    if begins(head):
        return False
    with _mapped(file) as view:
        if Packed(view, begins).first() is not None:
            return True
        return None if PACKED.match(head) or mark(view, 0) is None else False


def _mapped(file: IO[bytes]) -> mmap.mmap:
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _records(stream: Stream) -> Iterator[Piece | Damage]:
    """The records of a plain stream."""
    size = stream.file.seek(0, 2)
    at: int | None = skip_blank(stream.file, 0)
    if stream.resumed and not begins_at(stream.file, at or 0):
        at = find_next(stream.file, at or 0)
    record: Piece | Damage | None = None
    while at is not None and at < size:
        record, at = _record(stream, at, size)
        yield record
    if stream.why and not isinstance(record, Damage) and not (stream.resumed and record is None):
        yield Damage(stream.places[-1][1], "", stream.why)


def _record(stream: Stream, at: int, size: int) -> tuple[Piece | Damage, int | None]:
    """The record at `at`, and where to go on."""
    file, offset = stream.file, stream.place(at)
    piece = piece_at(file, at, size, offset)
    if isinstance(piece, str):
        return Damage(offset, "", stream.why or piece), find_next(file, at + 1)
    if piece.end > size:
        return Damage(offset, piece.url, stream.why or "the record is cut off before its end"), find_next(file, at + 1)
    after = skip_blank(file, piece.end)
    exact = after == size or begins_at(file, after)
    inner = None if exact else _inner(piece)
    if inner is None:
        judge(piece)
    whole = "holds" in (piece.block_digest, piece.payload_digest) and piece.block_digest != "fails"
    if exact and not whole:
        inner = _inner(piece)
    if inner is not None:
        # A head says a length by which the record would hold others.
        return Damage(offset, piece.url, stream.why or "another record begins within the record"), inner
    fails = piece.block_digest == "fails" or (piece.payload_digest == "fails" and not piece.is_coded)
    if not exact and not whole and (fails or not is_closed(file, piece.end)):
        # With line ends behind it the record may be whole, and the next one is broken.
        return Damage(offset, piece.url, stream.why or "the record does not end where it says"), find_next(file, at + 1)
    if stream.why and after > stream.places[-1][0] and (after >= size or (stream.doubtful and not whole)):
        return Damage(offset, piece.url, stream.why), after
    return piece, after


def _inner(piece: Piece) -> int | None:
    """Where a record begins within a block; None where none does, or where the payload itself is a WARC."""
    place = find_next(piece.file, piece.begin, piece.end)
    if place is None or piece.kind not in ("response", "resource"):
        return place
    find_answer(piece)
    return None if place == piece.payload else place
