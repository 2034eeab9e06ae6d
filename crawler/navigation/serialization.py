"""All that leads on from a page as bytes, so that a page that comes again unchanged need not be read again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from crawler.records.capture import Step
from crawler.records.ways import Next, Position, Ways

_POSITION = tuple(field.name for field in fields(Position))


def packed(ways: Ways) -> bytes:
    """`ways` as bytes for the archive."""
    told = json.dumps(plain(ways), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(told.encode("utf-8", "replace"), 1)


def unpacked(packed_ways: bytes) -> Ways:
    """The ways that `packed` wrote. Raises ValueError, KeyError, TypeError or zlib.error on any other bytes."""
    return restored(json.loads(zlib.decompress(packed_ways)))


def plain(ways: Ways) -> dict[str, Any]:
    """`ways` as lists, strings and numbers, without what was not taken; the order of the list's dates is worked out
    where there are pages to turn, else left out."""
    turns = any(way.why == "paging" for way in ways.next)
    # Hidden state is long, and one and the same for all pages that a page leads to: it is kept once.
    forms = {id(way.form): way.form for way in ways.next if way.form is not None}
    numbers = {key: str(number) for number, key in enumerate(forms)}
    return {
        "next": [
            [way.url, way.label, plain_position(way.position), way.why, way.priority, numbers.get(id(way.form))]
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


def restored(ways: dict[str, Any]) -> Ways:
    """The ways that `plain` wrote. Raises ValueError, KeyError or TypeError on anything else."""
    newest_first = bool(ways["newest_first"])
    forms = ways.get("forms", {})
    steps: dict[tuple[str, str], Step] = {}
    return Ways(
        next=[
            Next(url, label, restored_position(place, steps), why, priority, None if form is None else forms[form])
            for url, label, place, why, priority, form in ways["next"]
        ],
        skipped=ways["skipped"],
        items=ways["items"],
        stated_total=ways["stated_total"],
        stated_pages=ways["stated_pages"],
        paging_rule=ways["paging_rule"],
        problems=[(kind, detail) for kind, detail in ways["problems"]],
        labels=ways["labels"],
        newest_first=lambda: newest_first,
    )


def plain_position(position: Position) -> list[Any]:
    """A position as lists, strings and numbers."""
    return [plain_trail(position.trail), *(getattr(position, name) for name in _POSITION[1:])]


def restored_position(position: list[Any], steps: dict[tuple[str, str], Step] | None = None) -> Position:
    """The position that `plain_position` wrote; `steps`: those made before, for the ways of a page share them."""
    trail, *rest = position
    return Position(restored_trail(trail, steps), *rest)


def plain_trail(trail: Iterable[Step]) -> list[tuple[str, str]]:
    """A trail as pairs of strings."""
    return [(step.label, step.url) for step in trail]


def restored_trail(
    trail: Iterable[tuple[str, str]], steps: dict[tuple[str, str], Step] | None = None
) -> tuple[Step, ...]:
    """The trail that `plain_trail` wrote; `steps` as in `restored_position`."""
    made = {} if steps is None else steps
    return tuple(made.setdefault((label, url), Step(label, url)) for label, url in trail)
