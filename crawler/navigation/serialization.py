"""All that leads on from a page as bytes, so that a page that comes again unchanged need not be read again."""

from __future__ import annotations

import json
import zlib
from dataclasses import fields
from typing import Any

from crawler.records.capture import Step
from crawler.records.ways import Next, Position, Ways

_POSITION = tuple(field.name for field in fields(Position))


def packed(ways: Ways) -> bytes:
    """`ways` as bytes; the order of the list's dates is worked out where there are pages to turn, else left out."""
    turns = any(way.why == "paging" for way in ways.next)
    # Hidden state is long, and one and the same for all pages that a page leads to: it is kept once.
    forms = {id(way.form): way.form for way in ways.next if way.form is not None}
    numbers = {key: str(number) for number, key in enumerate(forms)}
    told = {
        "next": [
            [way.url, way.label, _told(way.position), way.why, way.priority, numbers.get(id(way.form))]
            for way in ways.next
        ],
        "forms": dict(zip(numbers.values(), forms.values(), strict=True)),
        "skipped": ways.skipped,
        "items": ways.items,
        "stated_total": ways.stated_total,
        "stated_pages": ways.stated_pages,
        "paging_rule": ways.paging_rule,
        "problems": ways.problems,
        "labels": ways.labels,
        "newest_first": turns and ways.newest_first(),
    }
    return zlib.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), 1)


def unpacked(packed_ways: bytes) -> Ways:
    """The ways that `packed` wrote. Raises ValueError, KeyError, TypeError or zlib.error on any other bytes."""
    told = json.loads(zlib.decompress(packed_ways))
    newest_first = bool(told["newest_first"])
    forms = told.get("forms", {})
    return Ways(
        next=[
            Next(url, label, _position(place), why, priority, None if form is None else forms[form])
            for url, label, place, why, priority, form in told["next"]
        ],
        skipped=told["skipped"],
        items=told["items"],
        stated_total=told["stated_total"],
        stated_pages=told["stated_pages"],
        paging_rule=told["paging_rule"],
        problems=[(kind, detail) for kind, detail in told["problems"]],
        labels=told["labels"],
        newest_first=lambda: newest_first,
    )


def _told(position: Position) -> list[Any]:
    trail = [(step.label, step.url) for step in position.trail]
    return [trail, *(getattr(position, name) for name in _POSITION[1:])]


def _position(told: list[Any]) -> Position:
    trail, *rest = told
    return Position(tuple(Step(label, url) for label, url in trail), *rest)
