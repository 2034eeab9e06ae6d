"""Where a line over the years breaks: what the form of one year asks is not what the form of the next does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from crawler.records.report import Form
from crawler.reference.measures import TABLE_FORMS, form_of
from crawler.reference.series import Comparable, Member, Series, every_series


@dataclass(frozen=True, slots=True)
class Change:
    """A report year from which another form is to be used."""

    year: int
    form: Form


@cache
def changes() -> tuple[Change, ...]:
    """The changes of form, the oldest first: 2014, 2019, 2021."""
    return tuple(Change(form_of(form).first_year, form) for form in TABLE_FORMS)


@cache
def by_id() -> dict[str, Series]:
    """Every series by its id."""
    return {series.id: series for series in every_series()}


def goes_on(series: Iterable[str], before: str, after: str) -> bool:
    """Whether a line may be drawn from a year of one form to a year of the other, for a number made of some series: all
    of them must ask the same there. Their members compare with the newest form, so two that are `broader` need not
    compare with each other, but the codes of one member do."""
    return before == after or all(_same(by_id()[name], before, after) for name in series)


def _same(series: Series, before: str, after: str) -> bool:
    members = [series.member(cast(Form, form)) for form in (before, after)]
    if None in members:
        return False
    comparable: set[Comparable] = {member.comparable for member in members if member is not None}
    return comparable == {"same"} or (members[0] == members[1] and "other" not in comparable)


def reasons(series: Sequence[str], forms: Collection[str]) -> Iterator[tuple[Series, Member]]:
    """What must be said of a line with values of these forms: the members that are not `same`."""
    for name in series:
        for member in by_id()[name].members:
            if member.comparable != "same" and set(member.forms) & set(forms):
                yield by_id()[name], member
