"""Reads WARC files of any crawler: each answer and resource with its own time; what is not taken is said, with why."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

from crawler.archive.exchange.addresses import address
from crawler.archive.exchange.digests import holds, key
from crawler.archive.exchange.records import Broken, Piece, pieces, words
from crawler.archive.exchange.warc import CONVERSION_TYPE, METADATA_TYPE, REMAINS
from crawler.records.capture import Context, Kind, Step, steps_of
from crawler.records.page import Remains

MAX_BODY = 64 * 1024 * 1024
"""Bytes of a body; a longer one is said and passed over."""
_OWN = 1024 * 1024
"""Bytes of a metadata record of ours at most."""
RECORD_HEADER = "X-Archive-Record"
"""Stands in the headers of a capture whose status is not out of an answer: the type of the record that it came from."""
_CAPTURES = ("response", "revisit", "resource", "conversion")
_OTHERS = ("request", "metadata", "warcinfo", "continuation")
"""Types that the standard knows beside those (WARC 1.1, 6)."""
_WEB_BEGAN = datetime(1990, 1, 1, tzinfo=UTC)
_CLOCKS = timedelta(days=1)
"""How far the clock of another machine may be ahead of this one's."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the metadata record of our own export says of a capture, beside what the response says itself."""

    portal: str | None
    trail: tuple[Step, ...]
    headers: list[tuple[str, str]]
    context: Context
    links_skipped: dict[str, int]
    last_seen_at: str | None
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """What a revisit says of the record that has its bytes: payload digest, address and time, each empty if unsaid."""

    digest: str
    url: str
    at: str


@dataclass(slots=True)
class Found:
    """One capture, its body without transfer and content codings; None for a revisit, whose body `refers` names.

    `offset`: of the record in its file. `digest`: key of that of the payload as it was sent, as the record says.
    `told`: None for other crawlers. `rendered`: the document that a browser made of an answer; only our own are taken.
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
    told: Told | None = None
    rendered: bool = False
    refers: Reference | None = None
    written: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that is no capture of a page, or none that is taken: its type, with the scheme where that is why."""

    kind: str


@dataclass(slots=True)
class Buried:
    """A tombstone that our own export wrote in the place of a response; `redaction` by the names in REDACTION."""

    url: str
    status: int
    fetched_at: str
    told: Told
    kind: Kind
    media_type: str | None
    length: int
    sha256: str
    remains: Remains
    redaction: dict[str, str | None]


Decode = Callable[[bytes, list[tuple[str, str]], int], bytes]
"""A body without the codings that the headers name, at most so many bytes. Raises an Exception that says why not."""


def read(path: Path, decode: Decode) -> Iterator[Found | Buried | Broken | Passed]:
    waiting: Found | None = None
    for piece in pieces(path):
        entry: Found | Buried | Broken | Passed | None
        entry = piece if isinstance(piece, Broken) else _entry(piece, decode)
        if (
            waiting is not None
            and isinstance(piece, Piece)
            and isinstance(entry, Passed)
            and _speaks_of(piece, waiting)
        ):
            waiting.told = _told(piece)
            entry = Passed(entry.kind) if waiting.told is None else None
        if waiting is not None:
            yield _whole(waiting)
        waiting = entry if isinstance(entry, Found) else None
        if entry is not None and waiting is None:
            yield entry
    if waiting is not None:
        yield _whole(waiting)


def _whole(found: Found) -> Found | Passed:
    """What was found, but a conversion of whose making nothing is said: other programs convert to anything.

    The address of our own export is as the archive had it.
    """
    if found.told is not None:
        found.url = found.written.partition("#")[0]
    return found if found.told is not None or not found.rendered else Passed("conversion")


def _entry(piece: Piece, decode: Decode) -> Found | Buried | Broken | Passed:
    """What a record is: a capture, a tombstone, one that cannot be used, or one that is none."""
    if piece.block_digest == "fails":
        return Broken(piece.offset, piece.url, "the digest of the record is another: it was changed or damaged")
    if not piece.kind:
        return Broken(piece.offset, piece.url, "no WARC-Type: what the record is cannot be told")
    is_answer = piece.value("Content-Type").lower().startswith("application/http")
    if piece.kind not in _CAPTURES:
        if is_answer and piece.kind not in _OTHERS:
            said = piece.kind[:80]
            return Broken(piece.offset, piece.url, f"an HTTP message whose WARC-Type, {said!r}, no standard knows")
        buried = _buried(piece) if piece.kind == "metadata" and piece.value("Content-Type") == METADATA_TYPE else None
        return buried or Passed(piece.kind if re.fullmatch("[a-z-]{1,30}", piece.kind) else "unknown")
    scheme = re.match("([A-Za-z][A-Za-z0-9+.-]{0,30}):", piece.url)
    if scheme is not None and scheme[1].lower() not in ("http", "https") and not is_answer:
        return Passed(f"{piece.kind} of {scheme[1].lower()}:")
    try:
        url = address(piece.url)
    except ValueError as error:
        return Broken(piece.offset, piece.url[:500], f"its address cannot be used: {words(error)}")
    time = time_of(piece.value("WARC-Date"))
    if piece.kind == "conversion":
        return _conversion(piece, url, time)
    if time is None:
        said = piece.value("WARC-Date")[:80]
        return Broken(piece.offset, url, f"no time: WARC-Date is {said!r}, expected a time like 2023-02-01T08:00:00Z")
    for name in ("WARC-Truncated", "WARC-Segment-Number"):
        if said := piece.value(name):
            return Broken(piece.offset, url, f"the record has not the whole body ({name}: {said[:80]})")
    if piece.kind == "resource" and not is_answer:
        kind = piece.value("Content-Type")
        headers = [("Content-Type", kind)] if kind else []
        found = Found(piece.offset, url, 200, [*headers, (RECORD_HEADER, piece.kind)], None, time)
    else:
        if piece.http is None:
            return Broken(piece.offset, url, "no HTTP headers: the record is of another kind")
        if not re.fullmatch("[2-9][0-9][0-9]", piece.http.status):
            return Broken(piece.offset, url, f"no HTTP status of a final answer: {piece.http.status[:80]!r}")
        found = Found(piece.offset, url, int(piece.http.status), piece.http.headers, None, time)
    said, found.written = piece.value("WARC-Payload-Digest"), piece.url
    found.record_id, found.digest = piece.value("WARC-Record-ID"), key(said)
    if piece.kind == "revisit":
        target = piece.value("WARC-Refers-To-Target-URI").strip("<>")
        found.refers = Reference(said, target or url, piece.value("WARC-Refers-To-Date"))
        if found.status == 304:
            # The answer had no body: what stands there is the earlier one, unchanged.
            found.status, found.headers = 200, [*found.headers, (RECORD_HEADER, "revisit of status 304")]
        return found
    return _with_body(piece, found, decode)


def _with_body(piece: Piece, found: Found, decode: Decode) -> Found | Broken:
    """The capture with its body, or why that cannot be had or trusted."""
    sent = piece.read(MAX_BODY + 1)
    if len(sent) > MAX_BODY:
        return Broken(piece.offset, found.url, f"a body of more than {MAX_BODY:,} bytes")
    payload = piece.payload_digest
    try:
        body = decode(sent, found.headers, MAX_BODY)
        if (
            payload == "fails"
            and piece.is_coded
            and any(
                holds(said, plain)
                for said in piece.values("warc-payload-digest")
                for plain in (body, decode(sent, _transfer(found.headers), MAX_BODY))
            )
        ):
            payload = "holds"
    except Exception as error:
        return Broken(piece.offset, found.url, f"the body cannot be read: {words(error)}")
    if piece.block_digest != "holds" and payload != "holds":
        if payload == "fails":
            return Broken(piece.offset, found.url, "the digest of the body is another: it was changed or damaged")
        if "unreadable" in (piece.block_digest, payload):
            return Broken(piece.offset, found.url, "the digest of the record is none, so nothing says that it is whole")
    doubts = [
        f"{name} {words}: {piece.value(name)[:120]!r}"
        for name, verdict in (("WARC-Block-Digest", piece.block_digest), ("WARC-Payload-Digest", payload))
        for words in [_DOUBTS.get(verdict)]
        if words
    ]
    return replace(found, body=body, doubts=tuple(doubts))


_DOUBTS = {
    "unreadable": "is no digest; another one holds",
    "unknown": "is of an unknown algorithm; nothing was checked by it",
}


def _transfer(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() == "transfer-encoding"]


def _conversion(piece: Piece, url: str, at: str | None) -> Found | Passed:
    """A document that our own export may have written: HTML, whole, with its time and digest."""
    body = piece.read(MAX_BODY + 1)
    whole = piece.block_digest == "holds" and piece.payload_digest == "holds" and len(body) <= MAX_BODY
    if piece.value("Content-Type") != CONVERSION_TYPE or at is None or not whole:
        return Passed(piece.kind)
    identifier, digest = piece.value("WARC-Record-ID"), key(piece.value("WARC-Payload-Digest"))
    return Found(piece.offset, url, 200, [], body, at, identifier, digest, rendered=True, written=piece.url)


def time_of(text: str) -> str | None:
    """WARC-Date as the archive writes times: UTC, whole seconds or finer, a trailing Z.

    None for what is no time, names no day (WARC 1.1 allows it), or can be none: before the web, or still to come.
    """
    try:
        at = datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        if not _WEB_BEGAN <= at <= datetime.now(UTC) + _CLOCKS:
            return None
    except (ValueError, OverflowError):
        return None
    return at.isoformat(timespec="microseconds" if at.microsecond else "seconds").replace("+00:00", "Z")


def _speaks_of(piece: Piece, found: Found) -> bool:
    return bool(
        piece.kind == "metadata"
        and found.record_id
        and piece.value("WARC-Refers-To") == found.record_id
        and piece.value("Content-Type") == METADATA_TYPE
    )


def _buried(piece: Piece) -> Buried | None:
    """The tombstone that a metadata record of ours is; None where it is anything else."""
    data = piece.read(_OWN)
    told = _said(data)
    if told is None:
        return None
    try:
        said = json.loads(data)
        redaction = {name: said["redaction"].get(name) for name in REDACTION}
        remains = [said["remains"][name] for name in REMAINS]
        one = Buried(
            said["url"], said["status"], said["fetched_at"], told, said["kind"], said["media_type"], said["length"],
            said["sha256"], Remains(*remains), redaction,
        )  # fmt: skip
        year = remains.pop(REMAINS.index("report_year"))
        right = (
            one.kind in get_args(Kind)
            and all(isinstance(value, str | None) for value in (*redaction.values(), *remains, one.media_type))
            and all(isinstance(redaction[name], str) for name in ("reason", "at"))
            and isinstance(one.remains.attachments, str)
            and isinstance(year, int | None)
            and isinstance(one.status, int)
            and isinstance(one.length, int)
            and re.fullmatch("[0-9a-f]{64}", one.sha256) is not None
            and time_of(one.fetched_at) == one.fetched_at
            and one.url.startswith(("http://", "https://"))
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return one if right else None


def _told(piece: Piece) -> Told | None:
    """What our own metadata record says; None where it is not ours after all."""
    return _said(piece.read(_OWN))


def _said(data: bytes) -> Told | None:
    try:
        said = json.loads(data)
        json.dumps(said, ensure_ascii=False).encode()  # raises ValueError for what is no text
        portal, seen_at, skipped = said["portal"], said["last_seen_at"], said["links_skipped"]
        trail = steps_of(said["trail"])
        headers = [(name, value) for name, value in said["headers"]]
        context, sample = Context(**said["context"]), said.get("sample", False)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    right = (
        isinstance(portal, str | None)
        and isinstance(sample, bool)
        and (seen_at is None or (isinstance(seen_at, str) and time_of(seen_at) == seen_at))
        and isinstance(skipped, dict)
        and all(isinstance(number, int) for number in skipped.values())
        and all(isinstance(part, str) for step in trail for part in (step.label, step.url))
        and all(isinstance(part, str) for pair in headers for part in pair)
        and all(isinstance(getattr(context, field.name), str | int | None) for field in fields(context))
    )
    return Told(portal, trail, headers, context, skipped, seen_at, sample) if right else None


REDACTION = ("reason", "rule", "at", "copy_of", "lifted_at", "lifted_reason")
"""Columns of `redactions` in a tombstone's record."""
