"""What hits of a search are filtered, counted and sorted by: region, year, kind of organ, form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args

from crawler.records.report import Form
from crawler.reference.heirs import heir, within

KINDS = ("government", "government_office", "zone", "department", "township")
"""Kinds of organs in the order of hits of the same year."""
FORMS: tuple[str, ...] = get_args(Form)
_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}
_LAST = 9999
"""A year behind all others."""


class Place(NamedTuple):
    """What reports are filtered, counted and sorted by."""

    region: str | None
    year: int | None
    kind: str | None
    form: str | None


def rank(kind: str | None) -> int:
    """The place of a kind of organ among those of the same year; a kind that is not told stands last."""
    return _RANKS.get(kind or "", len(KINDS))


def _newest(place: Place) -> tuple[Any, ...]:
    return -(place.year or 0), rank(place.kind)


ORDERS: Mapping[str, Callable[[Place], tuple[Any, ...]]] = {
    "relevance": _newest,
    "newest": _newest,
    "oldest": lambda place: (place.year or _LAST, rank(place.kind)),
    "region": lambda place: (heir(place.region) if place.region else "~", *_newest(place)),
}
"""How hits may be sorted: `relevance` has those with all that was asked for in the title before the others. Those of
one place stand as they came."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """What hits must be. `region`: a GB/T 2260 code; a province or prefecture takes in what lies within, a division of
    today those that went into it whole, and one that did the division of today."""

    region: str | None = None
    year: int | None = None
    kind: str | None = None
    form: str | None = None

    def passes(self, place: Place) -> tuple[bool, ...]:
        """Whether a place has each of what is asked for: region, year, kind, form."""
        return (
            not self.region or _is_in(place.region, within(heir(self.region)), within(self.region)),
            self.year is None or place.year == self.year,
            self.kind is None or place.kind == self.kind,
            self.form is None or place.form == self.form,
        )


def _is_in(code: str | None, today: str, asked: str) -> bool:
    return code is not None and (heir(code).startswith(today) or code.startswith(asked))


EVERYTHING = Sieve()
