"""The sums that the forms state (sources/forms#sums): A1 to A4 of the tables since 2019, F1 of the annex of 2014."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from crawler.records.report import Form
from crawler.reference.measures import StatisticalForm, form_of

_FRAME = frozenset({"new_received", "carried_in", "total_processed", "carried_out"})
"""Rows of section 三 that are no outcomes."""


@dataclass(frozen=True, slots=True)
class Sum:
    """`left` and `right` must add up to the same; `right` is one code, the whole, but for A1."""

    rule: str
    subject: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@cache
def sums_of(form: Form) -> tuple[Sum, ...]:
    """Every sum of one form in the order of the rules; KeyError for `narrative`, which has no table."""
    printed = form_of(form)
    return (*_of_annex(printed), *_of_requests(printed), *_of_reviews(printed))


def _of_annex(form: StatisticalForm) -> Iterator[Sum]:
    for whole in form.annex:
        parts = tuple(row.code for row in form.annex if form.measures[row.code].sums_into == whole.code)
        if parts:
            yield Sum("F1", whole.code, parts, (whole.code,))


def _of_requests(form: StatisticalForm) -> Iterator[Sum]:
    columns = [column.code for column in form.request_columns]
    outcomes = [row.code for row in form.request_rows if row.code not in _FRAME]
    for column in columns:
        flow = [f"req_{row}__{column}" for row in ("new_received", "carried_in", "total_processed", "carried_out")]
        yield Sum("A1", column, (flow[0], flow[1]), (flow[2], flow[3]))
    for column in columns:
        yield Sum("A2", column, tuple(f"req_{row}__{column}" for row in outcomes), (f"req_total_processed__{column}",))
    for row in form.request_rows:
        parts = tuple(f"req_{row.code}__{column}" for column in columns if column != "total")
        yield Sum("A3", row.code, parts, (f"req_{row.code}__total",))


def _of_reviews(form: StatisticalForm) -> Iterator[Sum]:
    for group in form.groups:
        parts = tuple(f"{group.code}_{result.code}" for result in form.results if result.code != "total")
        yield Sum("A4", group.code, parts, (f"{group.code}_total",))
