"""Finds the records of a WARC file, and goes on behind what is damaged, at the next head that can be read.

warcio reads the lines of a head; where a record begins and ends is worked out here, and whether its digests hold, since
warcio's own iterator ends with the first record that it cannot read, and its digests with the first that is none.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from warcio.recordloader import ARC2WARCHeadersParser  # type: ignore[import-untyped]
from warcio.statusandheaders import (  # type: ignore[import-untyped]
    StatusAndHeadersParser,
    StatusAndHeadersParserException,
)

from crawler.archive.exchange.digests import Verdict, judged
from crawler.archive.exchange.members import PACKED, Gap, Packed, Stream
from crawler.records.errors import NianbaoError
from crawler.words.text import one_line

MAX_HEAD = 1 << 20
"""Bytes of a head at most; those of real crawlers come to some thousands."""
_SMALL_HEAD = 1 << 13
_CHUNK = 1 << 18
_ARC_LINE = rb"[a-z][a-z0-9+.-]{0,20}:\S{1,2000} \S{1,99} \d{14} \S{1,99} \d{1,15}[ \t]*\r?\n"
_BEGINS = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n|" + _ARC_LINE, re.I)
_MARKS = (
    re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n[A-Za-z][A-Za-z0-9-]*[ \t]*:"),
    re.compile(rb"\n(?=" + _ARC_LINE + rb")"),
)
"""How a record begins behind one that cannot be read: a WARC's, and an ARC's, with the line end before it."""
_OVERLAP = 1 << 12
"""More bytes than the mark has: it may stand across two chunks."""
_BLANK_LINE = re.compile(rb"\n[ \t\r]*\n")
_LENGTH = re.compile(r"\d{1,15}")
_CONTROL = re.compile(r"[\0-\x08\x0b-\x1f\x7f]")
_ONCE = ("warc-type", "warc-record-id", "warc-date", "warc-target-uri", "content-length")
"""Fields that no head has twice (WARC 1.1, 4); where one has, two heads have run together."""
_WARC = StatusAndHeadersParser(["WARC/"])
_HTTP = StatusAndHeadersParser(["HTTP/"])
_ARC = ARC2WARCHeadersParser()
_OTHER_KINDS = {
    b"PK\x03\x04": "a ZIP; if it is a WACZ, unpack it and import the WARC files in its folder archive",
    b"BZh": "packed by bzip2; unpack it first",
    b"\xfd7zXZ\0": "packed by xz; unpack it first",
    b"7z\xbc\xaf\x27\x1c": "a 7z; unpack it first",
}


@dataclass(slots=True)
class Broken:
    """A record that could not be used: where it begins in the file (-1: not known), its address, and why."""

    offset: int
    url: str
    why: str


@dataclass(slots=True)
class Http:
    """The head of an HTTP answer as kept: status (as written) and headers."""

    status: str
    headers: list[tuple[str, str]]


@dataclass(slots=True)
class Piece:
    """One record, whole by its length. `offset`: of the record in the file, or of the member that it begins in.

    `kind`: its WARC-Type. `http`: the head of the answer in its block; None where there is none. `payload`: where the
    bytes behind that head begin. `block_digest`, `payload_digest`: what the digests in its head say of its bytes.
    """

    kind: str
    head: Any
    offset: int
    url: str
    file: IO[bytes]
    begin: int
    payload: int
    end: int
    http: Http | None = None
    block_digest: Verdict = "none"
    payload_digest: Verdict = "none"

    def value(self, name: str) -> str:
        """A field of the head, empty where it has none."""
        return (self.head.get_header(name) or "").strip()

    def values(self, name: str) -> list[str]:
        """A field of the head as often as it is there, but for empty ones."""
        return [said.strip() for field, said in self.head.headers if field.lower() == name and said.strip()]

    @property
    def is_coded(self) -> bool:
        """Whether the answer names a coding of its body; then the payload digest may be that of the body without it."""
        names = {name.lower() for name, _ in self.http.headers} if self.http else set()
        return not names.isdisjoint({"content-encoding", "transfer-encoding"})

    def read(self, limit: int) -> bytes:
        """The payload, at most so many bytes."""
        self.file.seek(self.payload)
        return self.file.read(min(limit, self.end - self.payload))


def check(path: Path) -> None:
    """Raise NianbaoError where a file is no WARC (nor an ARC), plain or packed, by its bytes and not by its name."""
    if path.is_dir():
        raise NianbaoError(f"{path} is a folder; expected a WARC file")
    if not path.is_file():
        raise NianbaoError(f"{path} does not exist; expected a WARC file")
    try:
        with path.open("rb") as file:
            head = file.read(_SMALL_HEAD)
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


def pieces(path: Path) -> Iterator[Piece | Broken]:
    """The records of a file in their order. Each must have been read, or not, before the next is asked for."""
    check(path)
    with path.open("rb") as file:
        if not _is_packed(file, file.read(_SMALL_HEAD)):
            yield from _records(Stream(file))
            return
        with _mapped(file) as view:
            for stream in Packed(view, begins).streams():
                if isinstance(stream, Gap):
                    yield Broken(stream.at, "", stream.why)
                else:
                    yield from _records(stream)


def begins(head: bytes) -> bool:
    """Whether bytes are the beginning of a record: a WARC's by its version, an ARC's by its line of five words."""
    return _BEGINS.match(head) is not None


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
        return None if PACKED.match(head) or _mark(view, 0) is None else False


def _mapped(file: IO[bytes]) -> mmap.mmap:
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _records(stream: Stream) -> Iterator[Piece | Broken]:
    """The records of a plain stream."""
    size = stream.file.seek(0, 2)
    at: int | None = _skip_blank(stream.file, 0)
    if stream.resumed and not _begins_at(stream.file, at or 0):
        at = _find_next(stream.file, at or 0)
    found: Piece | Broken | None = None
    while at is not None and at < size:
        found, at = _record(stream, at, size)
        yield found
    if stream.why and not isinstance(found, Broken) and not (stream.resumed and found is None):
        yield Broken(stream.places[-1][1], "", stream.why)


def _record(stream: Stream, at: int, size: int) -> tuple[Piece | Broken, int | None]:
    """The record at `at`, and where to go on."""
    file, offset = stream.file, stream.place(at)
    piece = _piece(file, at, size, offset)
    if isinstance(piece, str):
        return Broken(offset, "", stream.why or piece), _find_next(file, at + 1)
    if piece.end > size:
        return Broken(offset, piece.url, stream.why or "the record is cut off before its end"), _find_next(file, at + 1)
    after = _skip_blank(file, piece.end)
    exact = after == size or _begins_at(file, after)
    inner = None if exact else _inner(piece)
    if inner is None:
        _judge(piece)
    whole = "holds" in (piece.block_digest, piece.payload_digest) and piece.block_digest != "fails"
    if exact and not whole:
        inner = _inner(piece)
    if inner is not None:
        # A head says a length by which the record would hold others.
        return Broken(offset, piece.url, stream.why or "another record begins within the record"), inner
    fails = piece.block_digest == "fails" or (piece.payload_digest == "fails" and not piece.is_coded)
    if not exact and not whole and (fails or not _is_closed(file, piece.end)):
        # With line ends behind it the record may be whole, and the next one is broken.
        return Broken(offset, piece.url, stream.why or "the record does not end where it says"), _find_next(
            file, at + 1
        )
    if stream.why and after > stream.places[-1][0] and (after >= size or (stream.doubtful and not whole)):
        return Broken(offset, piece.url, stream.why), after
    return piece, after


def _piece(file: IO[bytes], at: int, size: int, offset: int) -> Piece | str:
    """What the head of the record at `at` says, or why it cannot be read."""
    parsed = _head(_WARC, file, at, size)
    if parsed is None:
        line = _line(file, at)
        if not re.match(_ARC_LINE, line, re.I):
            return "the head of the record cannot be read"
        try:
            parsed = _ARC.parse(BytesIO(line)), at + len(line)
        except ValueError:
            return "the head of the record cannot be read: its date is none"
        if not re.match(rb"https?:", line, re.I):
            # warcio takes every record of an ARC for an HTTP answer; those of DNS are none.
            parsed[0].replace_header("Content-Type", line.decode("latin-1").split()[3])
    head, begin = parsed
    length = (head.get_header("Content-Length") or "").strip()
    if not (length.isascii() and _LENGTH.fullmatch(length)):
        return "the head of the record is cut off or says no length"
    said: dict[str, set[str]] = {name: set() for name in _ONCE}
    for name, value in head.headers:
        said.get(name.lower(), set()).add(value)
        if _CONTROL.search(name + value):
            return "the head of the record is damaged: it has control characters"
    if twice := next((name for name, values in said.items() if len(values) > 1), None):
        return f"the head of the record has two values of {twice}"
    url = (head.get_header("WARC-Target-URI") or "").strip()
    url = url[1:-1].strip() if url.startswith("<") and url.endswith(">") else url
    kind = (head.get_header("WARC-Type") or "").strip().lower()
    end = begin + int(length)
    return Piece(kind, head, offset, url, file, begin, begin, end)


def _judge(piece: Piece) -> None:
    """Find the head of an HTTP answer in the block, and hold the digests against the bytes."""
    is_http = piece.value("Content-Type").lower().startswith("application/http") or re.match("https?:", piece.url, re.I)
    if (piece.kind in ("response", "revisit") and is_http) or (
        piece.kind == "resource" and piece.value("Content-Type").lower().startswith("application/http")
    ):
        _answer(piece)
    # The payload digest of a revisit is that of the record that it refers to; of a request there are two opinions.
    told = piece.values("warc-payload-digest") if piece.kind in ("response", "resource", "conversion") else []
    places = (piece.begin, piece.payload, piece.end)
    piece.block_digest, piece.payload_digest = judged(piece.file, places, piece.values("warc-block-digest"), told)


def _answer(piece: Piece) -> None:
    """The head of the last answer in the block: before it there may be interim ones (RFC 9110 15.2)."""
    at = piece.begin
    while (parsed := _head(_HTTP, piece.file, at, piece.end)) is not None:
        head, at = parsed
        status = head.statusline.partition(" ")[2].lstrip().partition(" ")[0]
        piece.http, piece.payload = Http(status, list(head.headers)), at
        if not re.fullmatch(r"1\d\d", status):
            return


def _head(parser: Any, file: IO[bytes], at: int, end: int) -> tuple[Any, int] | None:
    """The lines of a head, and the place behind them; None where there is none."""
    for limit in (_SMALL_HEAD, MAX_HEAD):
        file.seek(at)
        chunk = file.read(max(0, min(limit, end - at)))
        if _BLANK_LINE.search(chunk) or len(chunk) == end - at:
            break
    else:
        return None
    lines = BytesIO(chunk)
    try:
        head = parser.parse(lines)
    except (StatusAndHeadersParserException, EOFError):
        return None
    return (head, at + lines.tell()) if head.protocol else None


def _line(file: IO[bytes], at: int) -> bytes:
    file.seek(at)
    return file.readline(_OVERLAP)


def _inner(piece: Piece) -> int | None:
    """Where a record begins within a block; None where none does, or where the payload itself is a WARC."""
    found = _find_next(piece.file, piece.begin, piece.end)
    if found is None or piece.kind not in ("response", "resource"):
        return found
    _answer(piece)
    return None if found == piece.payload else found


def _skip_blank(file: IO[bytes], at: int) -> int:
    """The place of the first byte from `at` on that is no line end."""
    file.seek(at)
    while chunk := file.read(_CHUNK):
        left = chunk.lstrip(b"\r\n")
        if left:
            return int(file.tell()) - len(left)
    return int(file.tell())


def _is_closed(file: IO[bytes], at: int) -> bool:
    """Whether the two line ends are at `at` that stand behind a record."""
    file.seek(at)
    return file.read(4).startswith((b"\r\n\r\n", b"\n\n"))


def _begins_at(file: IO[bytes], at: int) -> bool:
    file.seek(at)
    return begins(file.read(_OVERLAP))


def _find_next(file: IO[bytes], at: int, end: int | None = None) -> int | None:
    """Where the next record begins at `at` or behind it, and before `end`; None where there is none."""
    start = max(0, at - 1)  # an ARC's line has a line end before it
    file.seek(start)
    kept = b""
    while chunk := file.read(_CHUNK):
        kept = kept[-_OVERLAP:] + chunk
        begin = file.tell() - len(kept)
        found = _mark(kept, max(0, at - begin))
        if found is not None:
            return begin + found if end is None or begin + found < end else None
        if end is not None and begin >= end:
            return None
    return None


def _mark(content: Any, at: int) -> int | None:
    """Where a record seems to begin in bytes, not before `at`."""
    warc, arc = _MARKS[0].search(content, at), _MARKS[1].search(content, max(0, at - 1))
    places = [match.start() + shift for match, shift in ((warc, 0), (arc, 1)) if match is not None]
    return min(places, default=None)
