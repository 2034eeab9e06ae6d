"""The head of a record, and that of the answer in it: what they say, and whether the digests in them hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from warcio.recordloader import ARC2WARCHeadersParser  # type: ignore[import-untyped]
from warcio.statusandheaders import (  # type: ignore[import-untyped]
    StatusAndHeadersParser,
    StatusAndHeadersParserException,
)

from crawler.archive.exchange.beginnings import ARC_LINE, OVERLAP
from crawler.archive.exchange.digests import Verdict, judged

MAX_HEAD = 1 << 20
"""Bytes of a head at most; those of real crawlers come to some thousands."""
SMALL_HEAD = 1 << 13
_BLANK_LINE = re.compile(rb"\n[ \t\r]*\n")
_LENGTH = re.compile(r"\d{1,15}")
_CONTROL = re.compile(r"[\0-\x08\x0b-\x1f\x7f]")
_ONCE = ("warc-type", "warc-record-id", "warc-date", "warc-target-uri", "content-length")
"""Fields that no head has twice (WARC 1.1, 4); where one has, two heads have run together."""
_WARC = StatusAndHeadersParser(["WARC/"])
_HTTP = StatusAndHeadersParser(["HTTP/"])
_ARC = ARC2WARCHeadersParser()


@dataclass(slots=True)
class Damage:
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


def piece_at(file: IO[bytes], at: int, size: int, offset: int) -> Piece | str:
    """What the head of the record at `at` says, or why it cannot be read."""
    parsed = _head(_WARC, file, at, size)
    if parsed is None:
        line = _line(file, at)
        if not re.match(ARC_LINE, line, re.I):
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


def judge(piece: Piece) -> None:
    """Find the head of an HTTP answer in the block, and hold the digests against the bytes."""
    is_http = piece.value("Content-Type").lower().startswith("application/http") or re.match("https?:", piece.url, re.I)
    if (piece.kind in ("response", "revisit") and is_http) or (
        piece.kind == "resource" and piece.value("Content-Type").lower().startswith("application/http")
    ):
        find_answer(piece)
    # The payload digest of a revisit is that of the record that it refers to; of a request there are two opinions.
    payload_digests = (
        piece.values("warc-payload-digest") if piece.kind in ("response", "resource", "conversion") else []
    )
    places = (piece.begin, piece.payload, piece.end)
    piece.block_digest, piece.payload_digest = judged(
        piece.file, places, piece.values("warc-block-digest"), payload_digests
    )


def find_answer(piece: Piece) -> None:
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
    for limit in (SMALL_HEAD, MAX_HEAD):
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
    return file.readline(OVERLAP)
