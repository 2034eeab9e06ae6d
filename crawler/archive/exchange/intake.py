"""Reads WARC files of any crawler: each answer and resource with its own time; what is not taken is said, with why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crawler.archive.exchange import testimony
from crawler.archive.exchange.addresses import address
from crawler.archive.exchange.digests import holds, key
from crawler.archive.exchange.heads import Damage, Piece
from crawler.archive.exchange.records import pieces, words
from crawler.archive.exchange.testimony import Testimony, Tombstone
from crawler.archive.exchange.times import time_of
from crawler.archive.exchange.warc import CONVERSION_TYPE, METADATA_TYPE

MAX_BODY = 64 * 1024 * 1024
"""Bytes of a body; a longer one is said and passed over."""
RECORD_HEADER = "X-Archive-Record"
"""Stands in the headers of a capture whose status is not out of an answer: the type of the record that it came from."""
_CAPTURES = ("response", "revisit", "resource", "conversion")
_OTHERS = ("request", "metadata", "warcinfo", "continuation")
"""Types that the standard knows beside those (WARC 1.1, 6)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a revisit says of the record that has its bytes: payload digest, address and time, each empty if unsaid."""

    digest: str
    url: str
    at: str


@dataclass(slots=True)
class WarcCapture:
    """One capture, its body without transfer and content codings; None for a revisit, whose body `refers` names.

    `offset`: of the record in its file. `digest`: key of that of the payload as it was sent, as the record says.
    `testimony`: None for other crawlers. `rendered`: the document that a browser made of an answer; only our own are
    taken.
    `written`: the address as it stands in the record. `doubts`: what in the head could not be read or checked, though
    the record was taken.
    """

    offset: int
    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes | None
    fetched_at: str
    record_id: str = ""
    digest: str = ""
    testimony: Testimony | None = None
    rendered: bool = False
    refers: Reference | None = None
    written: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Omission:
    """A record that is no capture of a page, or none that is taken: its type, with the scheme where that is why.

    `url`: of an answer that the record was made of, or goes on with; None: what it is need not have one. `offset`: of
    the record in its file.
    """

    kind: str
    offset: int = 0
    url: str | None = None


Decode = Callable[[bytes, list[tuple[str, str]], int], bytes]
"""A body without the codings that the headers name, at most so many bytes. Raises an Exception that says why not."""


def read(path: Path, decode: Decode) -> Iterator[WarcCapture | Tombstone | Damage | Omission]:
    waiting: WarcCapture | None = None
    for piece in pieces(path):
        entry: WarcCapture | Tombstone | Damage | Omission | None
        entry = piece if isinstance(piece, Damage) else _entry(piece, decode)
        if (
            waiting is not None
            and isinstance(piece, Piece)
            and isinstance(entry, Omission)
            and _speaks_of(piece, waiting)
        ):
            waiting.testimony = testimony.told_by(piece)
            entry = Omission(entry.kind) if waiting.testimony is None else None
        if waiting is not None:
            yield _whole(waiting)
        waiting = entry if isinstance(entry, WarcCapture) else None
        if entry is not None and waiting is None:
            yield entry
    if waiting is not None:
        yield _whole(waiting)


def _whole(capture: WarcCapture) -> WarcCapture | Omission:
    """What was found, but a conversion of whose making nothing is said: other programs convert to anything.

    The address of our own export is as the archive had it.
    """
    if capture.testimony is not None:
        capture.url = capture.written.partition("#")[0]
    if capture.testimony is not None or not capture.rendered:
        return capture
    return Omission("conversion", capture.offset, capture.url)


def _entry(piece: Piece, decode: Decode) -> WarcCapture | Tombstone | Damage | Omission:
    """What a record is: a capture, a tombstone, one that cannot be used, or one that is none."""
    if piece.block_digest == "fails":
        return Damage(piece.offset, piece.url, "the digest of the record is another: it was changed or damaged")
    if not piece.kind:
        return Damage(piece.offset, piece.url, "no WARC-Type: what the record is cannot be told")
    is_answer = piece.value("Content-Type").lower().startswith("application/http")
    if piece.kind not in _CAPTURES:
        if is_answer and piece.kind not in _OTHERS:
            said = piece.kind[:80]
            return Damage(piece.offset, piece.url, f"an HTTP message whose WARC-Type, {said!r}, no standard knows")
        if piece.kind == "continuation":
            return Omission(piece.kind, piece.offset, _spelled(piece.url))
        ours = piece.kind == "metadata" and piece.value("Content-Type") == METADATA_TYPE
        buried = testimony.buried(piece) if ours else None
        return buried or Omission(piece.kind if re.fullmatch("[a-z-]{1,30}", piece.kind) else "unknown")
    scheme = re.match("([A-Za-z][A-Za-z0-9+.-]{0,30}):", piece.url)
    if scheme is not None and scheme[1].lower() not in ("http", "https") and not is_answer:
        return Omission(f"{piece.kind} of {scheme[1].lower()}:")
    try:
        url = address(piece.url)
    except ValueError as error:
        return Damage(piece.offset, piece.url[:500], f"its address cannot be used: {words(error)}")
    time = time_of(piece.value("WARC-Date"))
    if piece.kind == "conversion":
        return _conversion(piece, url, time)
    if time is None:
        said = piece.value("WARC-Date")[:80]
        return Damage(piece.offset, url, f"no time: WARC-Date is {said!r}, expected a time like 2023-02-01T08:00:00Z")
    for name in ("WARC-Truncated", "WARC-Segment-Number"):
        if said := piece.value(name):
            return Damage(piece.offset, url, f"the record has not the whole body ({name}: {said[:80]})")
    if piece.kind == "resource" and not is_answer:
        kind = piece.value("Content-Type")
        headers = [("Content-Type", kind)] if kind else []
        capture = WarcCapture(piece.offset, url, 200, [*headers, (RECORD_HEADER, piece.kind)], None, time)
    else:
        if piece.http is None:
            return Damage(piece.offset, url, "no HTTP headers: the record is of another kind")
        if not re.fullmatch("[2-9][0-9][0-9]", piece.http.status):
            return Damage(piece.offset, url, f"no HTTP status of a final answer: {piece.http.status[:80]!r}")
        capture = WarcCapture(piece.offset, url, int(piece.http.status), piece.http.headers, None, time)
    said, capture.written = piece.value("WARC-Payload-Digest"), piece.url
    capture.record_id, capture.digest = piece.value("WARC-Record-ID"), key(said)
    if piece.kind == "revisit":
        target = piece.value("WARC-Refers-To-Target-URI").strip("<>")
        capture.refers = Reference(said, target or url, piece.value("WARC-Refers-To-Date"))
        if capture.status == 304:
            # The answer had no body: what stands there is the earlier one, unchanged.
            capture.status, capture.headers = 200, [*capture.headers, (RECORD_HEADER, "revisit of status 304")]
        return capture
    return _with_body(piece, capture, decode)


def _spelled(url: str) -> str:
    """An address as captures have it; one that is none as it is written."""
    try:
        return address(url)
    except ValueError:
        return url[:500]


def _with_body(piece: Piece, capture: WarcCapture, decode: Decode) -> WarcCapture | Damage:
    """The capture with its body, or why that cannot be had or trusted."""
    sent = piece.read(MAX_BODY + 1)
    if len(sent) > MAX_BODY:
        return Damage(piece.offset, capture.url, f"a body of more than {MAX_BODY:,} bytes")
    payload = piece.payload_digest
    try:
        body = decode(sent, capture.headers, MAX_BODY)
        if (
            payload == "fails"
            and piece.is_coded
            and any(
                holds(said, plain)
                for said in piece.values("warc-payload-digest")
                for plain in (body, decode(sent, _transfer(capture.headers), MAX_BODY))
            )
        ):
            payload = "holds"
    except Exception as error:
        return Damage(piece.offset, capture.url, f"the body cannot be read: {words(error)}")
    if piece.block_digest != "holds" and payload != "holds":
        if payload == "fails":
            return Damage(piece.offset, capture.url, "the digest of the body is another: it was changed or damaged")
        if "unreadable" in (piece.block_digest, payload):
            return Damage(
                piece.offset, capture.url, "the digest of the record is none, so nothing says that it is whole"
            )
    doubts = [
        f"{name} {words}: {piece.value(name)[:120]!r}"
        for name, verdict in (("WARC-Block-Digest", piece.block_digest), ("WARC-Payload-Digest", payload))
        for words in [_DOUBTS.get(verdict)]
        if words
    ]
    return replace(capture, body=body, doubts=tuple(doubts))


_DOUBTS = {
    "unreadable": "is no digest; another one holds",
    "unknown": "is of an unknown algorithm; nothing was checked by it",
}


def _transfer(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() == "transfer-encoding"]


def _conversion(piece: Piece, url: str, at: str | None) -> WarcCapture | Omission:
    """A document that our own export may have written: HTML, whole, with its time and digest."""
    body = piece.read(MAX_BODY + 1)
    whole = piece.block_digest == "holds" and piece.payload_digest == "holds" and len(body) <= MAX_BODY
    if piece.value("Content-Type") != CONVERSION_TYPE or at is None or not whole:
        return Omission(piece.kind, piece.offset, url)
    identifier, digest = piece.value("WARC-Record-ID"), key(piece.value("WARC-Payload-Digest"))
    return WarcCapture(piece.offset, url, 200, [], body, at, identifier, digest, rendered=True, written=piece.url)


def _speaks_of(piece: Piece, capture: WarcCapture) -> bool:
    return bool(
        piece.kind == "metadata"
        and capture.record_id
        and piece.value("WARC-Refers-To") == capture.record_id
        and piece.value("Content-Type") == METADATA_TYPE
    )
