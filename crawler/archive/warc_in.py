"""Reads WARC files of any crawler: each HTTP response with its own time, what is broken said and passed over."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b32encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from crawler.archive.exports.warc import CONVERSION_TYPE, METADATA_TYPE, REMAINS
from crawler.archive.warc_records import Broken, Piece, pieces, words
from crawler.items import RENDERED, Context, Kind, Remains, Step

MAX_BODY = 64 * 1024 * 1024
"""Bytes of a body; a longer one is said and passed over."""
_OWN = 1024 * 1024
"""Bytes of a metadata record of ours at most."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the metadata record of our own export says of a capture, beside what the response says itself."""

    portal: str | None
    trail: tuple[Step, ...]
    headers: list[tuple[str, str]]
    context: Context
    links_skipped: dict[str, int]
    last_seen_at: str | None


@dataclass(slots=True)
class Found:
    """One response, its body without transfer and content codings.

    `digest`: of the payload as it was sent, as the record says. `told`: None for other crawlers. `rendered`: the
    document that a browser made of a response; only our own are taken.
    """

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    fetched_at: str
    record_id: str = ""
    digest: str = ""
    told: Told | None = None
    rendered: bool = False


@dataclass(slots=True)
class Buried:
    """A tombstone that our own export wrote in the place of a response: `redaction` with its reason, rule, at, copy_of,
    lifted_at and lifted_reason."""

    url: str
    status: int
    fetched_at: str
    told: Told
    kind: Any
    media_type: str | None
    length: int
    sha256: str
    remains: Remains
    redaction: dict[str, str | None]


Look = Callable[[str, str, str], bytes | None]
"""The body of an earlier capture by its payload digest, address and time; None where there is none."""
Decode = Callable[[bytes, list[tuple[str, str]], int], bytes]
"""A body without the codings that the headers name, at most so many bytes. Raises an Exception that says why not."""


def read(path: Path, look: Look, decode: Decode) -> Iterator[Found | Buried | Broken]:
    """Responses, revisits and tombstones of a WARC in the order of the file.

    Raises NianbaoError for what is no WARC at all.
    """
    waiting: Found | None = None
    for piece in pieces(path):
        if waiting is not None:
            if isinstance(piece, Piece) and _speaks_of(piece.record, waiting):
                waiting.told = _told(piece.record)
                yield from _whole(waiting)
                waiting = None
                continue
            yield from _whole(waiting)
            waiting = None
        one = piece if isinstance(piece, Broken) else _one(piece.record, look, decode, piece.offset)
        if isinstance(one, Found):
            waiting = one
        elif one is not None:
            yield one
    if waiting is not None:
        yield from _whole(waiting)


def _whole(found: Found) -> Iterator[Found]:
    """What was found, but a conversion of whose making nothing is said: other programs convert to anything."""
    if found.told is not None or not found.rendered:
        yield found


def _one(record: Any, look: Look, decode: Decode, offset: int) -> Found | Buried | Broken | None:
    """A response or revisit as it is, why it cannot be used, or None for records of other types."""
    head = record.rec_headers
    if record.rec_type == "metadata" and (head.get_header("Content-Type") or "") == METADATA_TYPE:
        return _buried(record)
    if record.rec_type not in ("response", "revisit", "conversion"):
        return None
    url, at = (head.get_header("WARC-Target-URI") or "").strip("<>"), head.get_header("WARC-Date") or ""
    if not url.startswith(("http://", "https://")):
        return None
    if record.rec_type == "conversion":
        return _conversion(record, url, _time(at))
    if record.http_headers is None:
        return Broken(offset, url, "no HTTP headers: the record is of another kind")
    if head.get_header("WARC-Truncated"):
        return Broken(offset, url, f"the crawler cut the record off ({head.get_header('WARC-Truncated')[:80]})")
    status = record.http_headers.get_statuscode()
    if not (status.isascii() and status.isdigit() and len(status) == 3):
        return Broken(offset, url, f"no HTTP status: {record.http_headers.statusline[:80]!r}")
    time = _time(at)
    if time is None:
        return Broken(offset, url, f"no time: WARC-Date is {at[:80]!r}")
    headers = [(name, value) for name, value in record.http_headers.headers]
    digest = (head.get_header("WARC-Payload-Digest") or "").lower()
    body: bytes | None
    if record.rec_type == "revisit":
        target, then = head.get_header("WARC-Refers-To-Target-URI"), head.get_header("WARC-Refers-To-Date")
        body = look(digest, target or url, then or "")
        if body is None:
            return Broken(offset, url, "a revisit of bytes that are neither in this file nor in the archive")
    else:
        body = record.raw_stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            return Broken(offset, url, f"a body of more than {MAX_BODY:,} bytes")
        if any("block" in problem for problem in record.digest_checker.problems):
            return Broken(offset, url, "the digest of the record is another: it was changed or damaged")
        try:
            body = decode(body, headers, MAX_BODY)
        except Exception as error:
            return Broken(offset, url, f"the body cannot be read: {words(error)}")
    return Found(url, int(status), headers, body, time, head.get_header("WARC-Record-ID") or "", digest)


def _conversion(record: Any, url: str, at: str | None) -> Found | None:
    """A document that our own export may have written: HTML, whole, with its time and digest."""
    head = record.rec_headers
    if (head.get_header("Content-Type") or "") != CONVERSION_TYPE or at is None:
        return None
    body = record.raw_stream.read(MAX_BODY + 1)
    if len(body) > MAX_BODY or record.digest_checker.problems:
        return None
    identifier, digest = head.get_header("WARC-Record-ID") or "", (head.get_header("WARC-Payload-Digest") or "").lower()
    return Found(url, 200, [], body, at, identifier, digest, rendered=True)


def _time(text: str) -> str | None:
    """WARC-Date as the archive writes times: UTC, whole seconds or finer, a trailing Z."""
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at.isoformat(timespec="microseconds" if at.microsecond else "seconds").replace("+00:00", "Z")


def _speaks_of(record: Any, found: Found) -> bool:
    head = record.rec_headers
    return bool(
        record.rec_type == "metadata"
        and found.record_id
        and head.get_header("WARC-Refers-To") == found.record_id
        and (head.get_header("Content-Type") or "") == METADATA_TYPE
    )


def _buried(record: Any) -> Buried | None:
    """The tombstone that a metadata record is; None where it is anything else."""
    data = record.raw_stream.read(_OWN)
    told = _said(data)
    try:
        said = json.loads(data)
        redaction = {name: said["redaction"].get(name) for name in REDACTION}
        remains = [said["remains"][name] for name in REMAINS]
        one = Buried(
            said["url"].removesuffix(RENDERED), said["status"], said["fetched_at"], told or _NOTHING, said["kind"],
            said["media_type"], said["length"], said["sha256"], Remains(*remains), redaction,
        )  # fmt: skip
        year = remains.pop(REMAINS.index("report_year"))
        right = (
            told is not None
            and one.kind in get_args(Kind)
            and all(isinstance(value, str | None) for value in (*redaction.values(), *remains, one.media_type))
            and all(isinstance(redaction[name], str) for name in ("reason", "at"))
            and isinstance(one.remains.attachments, str)
            and isinstance(year, int | None)
            and isinstance(one.status, int)
            and isinstance(one.length, int)
            and re.fullmatch("[0-9a-f]{64}", one.sha256) is not None
            and _time(one.fetched_at) == one.fetched_at
            and one.url.startswith(("http://", "https://"))
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if right and said["url"].endswith(RENDERED):
        one.url += RENDERED
    return one if right else None


def _told(record: Any) -> Told | None:
    """What our own metadata record says; None where it is not ours after all."""
    return _said(record.raw_stream.read(_OWN))


def _said(data: bytes) -> Told | None:
    try:
        said = json.loads(data)
        json.dumps(said, ensure_ascii=False).encode()  # raises ValueError for what is no text
        portal, seen_at, skipped = said["portal"], said["last_seen_at"], said["links_skipped"]
        trail = tuple(Step(step["label"], step["url"]) for step in said["trail"])
        headers = [(name, value) for name, value in said["headers"]]
        context = Context(**said["context"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    right = (
        isinstance(portal, str | None)
        and (seen_at is None or (isinstance(seen_at, str) and _time(seen_at) == seen_at))
        and isinstance(skipped, dict)
        and all(isinstance(number, int) for number in skipped.values())
        and all(isinstance(part, str) for step in trail for part in (step.label, step.url))
        and all(isinstance(part, str) for pair in headers for part in pair)
        and all(isinstance(getattr(context, field.name), str | int | None) for field in fields(context))
    )
    return Told(portal, trail, headers, context, skipped, seen_at) if right else None


REDACTION = ("reason", "rule", "at", "copy_of", "lifted_at", "lifted_reason")
_NOTHING = Told(None, (), [], Context(), {}, None)


def digest_of(body: bytes) -> str:
    """The payload digest as crawlers write it, in small letters."""
    return "sha1:" + b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode().lower()
