"""Rates: which counts are parts of which whole, and when a quotient of two figures may be told at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Basis = Literal["count", "processed", "people"]
"""What a number is told of: itself; in a hundred requests processed; for 100,000 people."""
BASES: tuple[Basis, ...] = ("count", "processed", "people")
Lack = Literal["unstated", "whole_unstated", "whole_zero", "forms", "above", "population"]
"""Why there is no rate: the part or the whole is not stated; the whole is 0; the two are of different forms; the part
is negative or more than the whole; the table of people has no such region and year."""

WHOLE = "processed"
"""The series that the outcomes of requests are parts of."""
PARTS = ("granted", "partial", "denied", "not_held", "refused", "other")
"""Outcomes of requests (columns of the panel, series of data/forms/series.toml), in the order of the form."""
PEOPLE = 100_000


@dataclass(frozen=True, slots=True)
class Rate:
    """A number, or why there is none; exactly one of both."""

    value: float | None
    lack: Lack | None = None


def count(number: float | None) -> Rate:
    """A figure as it stands."""
    return Rate(None, "unstated") if number is None else Rate(number)


def share(part: float | None, form: str | None, whole: float | None, whole_form: str | None) -> Rate:
    """How many in a hundred of the whole. `form`, `whole_form`: the forms of one report that state the two: a part of
    one form is no part of a whole of another."""
    if part is None:
        return Rate(None, "unstated")
    if whole is None:
        return Rate(None, "whole_unstated")
    if form != whole_form:
        return Rate(None, "forms")
    if whole == 0:
        return Rate(None, "whole_zero")
    if not 0 <= part <= whole:
        return Rate(None, "above")
    return Rate(100 * part / whole)


def density(number: float | None, people: int | None) -> Rate:
    """How many for PEOPLE people. `people`: of that region in that year."""
    if number is None:
        return Rate(None, "unstated")
    if not people:
        return Rate(None, "population")
    return Rate(PEOPLE * number / people)
