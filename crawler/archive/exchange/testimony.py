"""What the metadata records of our own export say: of the capture beside them, or of a tombstone in its place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from typing import Any, get_args

from crawler.archive.exchange.heads import Piece
from crawler.archive.exchange.times import time_of
from crawler.archive.exchange.warc import REMAINS
from crawler.records.capture import Context, Kind, Sent, Step, steps_of
from crawler.records.page import Remains

_LONGEST = 1024 * 1024
"""Bytes of a metadata record of ours at most."""
REDACTION = ("reason", "rule", "at", "copy_of", "lifted_at", "lifted_reason")
"""Columns of `redactions` in a tombstone's record."""


@dataclass(frozen=True, slots=True)
class Testimony:
    """What the metadata record of our own export says of a capture, beside what the response says itself."""

    portal: str | None
    trail: tuple[Step, ...]
    headers: list[tuple[str, str]]
    context: Context
    links_skipped: dict[str, int]
    last_seen_at: str | None
    sample: bool = False
    sent: Sent | None = None
    source: str | None = None


@dataclass(slots=True)
class Tombstone:
    """A tombstone that our own export wrote in the place of a response; `redaction` by the names in REDACTION."""

    url: str
    status: int
    fetched_at: str
    testimony: Testimony
    kind: Kind
    media_type: str | None
    length: int
    sha256: str
    remains: Remains
    redaction: dict[str, str | None]


def buried(piece: Piece) -> Tombstone | None:
    """The tombstone that a metadata record of ours is; None where it is anything else."""
    data = piece.read(_LONGEST)
    testimony = _said(data)
    if testimony is None:
        return None
    try:
        said = json.loads(data)
        redaction = {name: said["redaction"].get(name) for name in REDACTION}
        remains = [said["remains"][name] for name in REMAINS]
        tombstone = Tombstone(
            said["url"], said["status"], said["fetched_at"], testimony, said["kind"], said["media_type"],
            said["length"],
            said["sha256"], Remains(*remains), redaction,
        )  # fmt: skip
        year = remains.pop(REMAINS.index("report_year"))
        right = (
            tombstone.kind in get_args(Kind)
            and all(isinstance(value, str | None) for value in (*redaction.values(), *remains, tombstone.media_type))
            and all(isinstance(redaction[name], str) for name in ("reason", "at"))
            and isinstance(tombstone.remains.attachments, str)
            and isinstance(year, int | None)
            and isinstance(tombstone.status, int)
            and isinstance(tombstone.length, int)
            and re.fullmatch("[0-9a-f]{64}", tombstone.sha256) is not None
            and time_of(tombstone.fetched_at) == tombstone.fetched_at
            and tombstone.url.startswith(("http://", "https://"))
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return tombstone if right else None


def told_by(piece: Piece) -> Testimony | None:
    """What our own metadata record says; None where it is not ours after all."""
    return _said(piece.read(_LONGEST))


def _said(data: bytes) -> Testimony | None:
    try:
        said = json.loads(data)
        json.dumps(said, ensure_ascii=False).encode()  # raises ValueError for what is no text
        portal, seen_at, skipped = said["portal"], said["last_seen_at"], said["links_skipped"]
        trail = steps_of(said["trail"])
        headers = [(name, value) for name, value in said["headers"]]
        context, sample = Context(**said["context"]), said.get("sample", False)
        sent, source = _sent(said.get("request")), said.get("source")
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    right = (
        isinstance(portal, str | None)
        and isinstance(source, str | None)
        and isinstance(sample, bool)
        and (seen_at is None or (isinstance(seen_at, str) and time_of(seen_at) == seen_at))
        and isinstance(skipped, dict)
        and all(isinstance(number, int) for number in skipped.values())
        and all(isinstance(part, str) for step in trail for part in (step.label, step.url))
        and all(isinstance(part, str) for pair in headers for part in pair)
        and all(isinstance(getattr(context, field.name), str | int | None) for field in fields(context))
    )
    return Testimony(portal, trail, headers, context, skipped, seen_at, sample, sent, source) if right else None


def _sent(said: Any) -> Sent | None:
    """The request as our export wrote it, a list of line, headers and address; None for none. Raises ValueError or
    TypeError for anything else."""
    if said is None:
        return None
    line, headers, address = said
    sent = Sent(line, tuple((name, value) for name, value in headers), address)
    if not all(
        isinstance(part, str) for part in (line, address or "", *(part for pair in sent.headers for part in pair))
    ):
        raise TypeError("a request of another shape")
    return sent
