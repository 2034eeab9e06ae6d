"""Every code of a figure once, over all forms: what it means, where it is printed, how far it can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain

from crawler.records.report import Form
from crawler.reference.measures import TABLE_FORMS, Measure, form_of, generations
from crawler.reference.series import Comparable, series_of
from crawler.reference.sums import sums_of

_SECTIONS = {"annex": "annex", "requests": "三", "review_suit": "四"}


@dataclass(frozen=True, slots=True)
class MeasureCode:
    """One code of the forms' tables; where its forms differ, as the newest that has it says.

    `forms`: those that print it, the oldest first; sentences (form `narrative`) state the codes of f2014.
    `section`: 二, 三, 四 or annex; `row`: the place among the section's rows that have numbers, from 1. `unit`: None
    where none is printed. `series`: the question it answers, the first where it answers several; `comparable`: how, in
    all of its forms. `since`, `until`: report years of its forms, `until` None for a form in use.

    `sums`: each sum of the forms whose whole it is, as the codes of the parts (req_total_processed__total is one of
    outcomes and one of applicants). A sum has the parts of every form; those that a report's form lacks have no figure.
    """

    code: str
    item: str
    applicant: str | None
    forms: tuple[Form, ...]
    section: str
    row: int
    label_zh: str
    label_en: str
    unit: str | None
    series: str
    comparable: Comparable
    since: int
    until: int | None
    sums: tuple[tuple[str, ...], ...]


@cache
def measure_codes() -> tuple[MeasureCode, ...]:
    """Every code of f2014, f2019 and f2021 once, in the order in which the forms brought and print them."""
    sums = _sums()
    return tuple(_code(measures, sums.get(code, {})) for code, measures in generations().items())


def _code(measures: tuple[Measure, ...], sums: dict[str, tuple[str, ...]]) -> MeasureCode:
    newest = measures[-1]
    series = series_of(newest.code)
    return MeasureCode(
        code=newest.code,
        item=newest.item,
        applicant=newest.applicant,
        forms=tuple(measure.form for measure in measures),
        section=_SECTIONS.get(newest.table, "二"),
        row=newest.row,
        label_zh=newest.label,
        label_en=newest.english,
        unit=newest.unit,
        series=series.id,
        comparable=series.comparable(newest.code),
        since=form_of(measures[0].form).first_year,
        until=form_of(newest.form).last_year,
        sums=tuple(sums.values()),
    )


def _sums() -> dict[str, dict[str, tuple[str, ...]]]:
    """By the code of a whole the parts of each of its sums, by what is added: `rows` or `applicants`."""
    by_whole: dict[str, dict[str, tuple[str, ...]]] = {}
    for total in chain.from_iterable(map(sums_of, TABLE_FORMS)):
        if len(total.right) == 1:
            kind = "applicants" if total.rule == "A3" else "rows"
            parts = by_whole.setdefault(total.right[0], {})
            parts[kind] = tuple(dict.fromkeys((*parts.get(kind, ()), *total.left)))
    return by_whole
