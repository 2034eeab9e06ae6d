"""Observations as pictures with what must be said of them: titles, points in words, breaks, rates, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.reference import breaks
from crawler.reference.codes import MeasureCode, measure_codes
from crawler.reference.proportions import WHOLE, Basis
from crawler.site import charts, ticks
from crawler.site.charts import Chart, Entry, Scale, Size, Trace
from crawler.site.language import label, language, word
from crawler.site.observations import BY_NAME, Observation

KINDS = ("table", "file", "sentence")
"""Sources of a number, each with a shape of its own: a circle, a square, a diamond."""
BY_CODE: Mapping[str, MeasureCode] = {measure.code: measure for measure in measure_codes()}

COLUMNS: Mapping[str, str] = {
    "region_code": "GB/T 2260 code of the region",
    "region": "its name",
    "report_year": "the year reported on",
    "measure": "column of `panel`, or code of `measures`",
    "per": "count: the figure itself; processed: in a hundred requests processed; people: for 100,000 people",
    "value": "the number; null: none is told",
    "lack": "why none is told: unstated, whole_unstated, whole_zero, forms (part and whole are of different forms),"
    " above (the part is negative or more than the whole), population (the table of people has no such row)",
    "count": "the figure that a rate is made of",
    "whole": "the figure that it is a part of",
    "form": "the form that states it: narrative, f2014, f2019, f2021",
    "kind": "where it was read: table, file (an attachment), sentence",
    "break": "where the form of the region's year is another than that of its year before: f2014 → f2019",
    "failed": "1: a sum of the report that the number rests on does not hold",
    "rows": "of how many rows of the form the number is made",
    "stated": "how many of these rows are stated",
    "conflict": "how many other texts claim the same organ and year",
    "sample": "1: made up",
    "report": "public id of the report",
    "evidence": "address within the site of the figure the number was read from, the first of several",
}
"""Of the rows that a page's data has for each number that it shows."""


def row(one: Observation) -> dict[str, Any]:
    """An observation under the names of COLUMNS."""
    return {
        **{name: getattr(one, name, None) for name in COLUMNS},
        "report_year": one.year,
        "break": one.change,
        "failed": one.is_failed,
        "sample": bool(one.sample),
        "report": one.key,
        "evidence": f"/{one.evidence}",
    }


def name_of(measure: str) -> str:
    """What a column of the panel or a code is called in the language at hand."""
    if measure in BY_NAME:
        return label("measure", measure)
    code = BY_CODE[measure]
    return code.label_zh if language.get() == "zh" else code.label_en


def unit_of(measure: str) -> str | None:
    """The unit of its counts; None where the forms print none."""
    unit = BY_NAME[measure].unit if measure in BY_NAME else BY_CODE[measure].unit
    return label("unit", unit) if unit else None


def heading(measure: str, per: Basis) -> str:
    """A measure with what it is told of: «Denied, % of requests processed»."""
    if per != "count":
        return word("chart.title." + per, measure=name_of(measure))
    unit = unit_of(measure)
    return word("chart.title.count", measure=name_of(measure), unit=unit) if unit else name_of(measure)


def told(value: float | None, per: Basis) -> str:
    """A number as it is printed; a rate to one decimal, one for people below ten to two."""
    if value is None:
        return word("none")
    if per == "count":
        return ticks.numeral(value)
    return ticks.numeral(value, 2 if per == "people" and value < 10 else 1)


def series_of(measure: str, per: Basis) -> tuple[str, ...]:
    """The series that a number is made of: a line goes on where all of them do."""
    own = measure if measure in BY_NAME else BY_CODE[measure].series
    return (own, WHOLE) if per == "processed" else (own,)


def trace(name: str, colour: int, observations: Iterable[Observation], *, is_muted: bool = False) -> Trace:
    """What is drawn of some observations of one region and measure: those that have a number."""
    drawn = [one for one in observations if one.value is not None]
    series = series_of(drawn[0].measure, drawn[0].per) if drawn else ()
    entries = [
        Entry(
            one.year,
            one.value,
            one.form or "",
            one.kind or "table",
            word("chart.point", name=name, year=one.year, value=told(one.value, one.per), form=label("form", one.form)),
            bool({"failed", "blank"} & set(one.marks)),
        )
        for one in drawn
        if one.value is not None
    ]
    return Trace(name, colour, entries, lambda before, after: breaks.goes_on(series, before, after), is_muted)


def scale(observations: Sequence[Observation]) -> Scale | None:
    """The scale that all of them fit, over the years of all, those without a number too; None where nothing is to be
    drawn."""
    values = [one.value for one in observations if one.value is not None]
    is_whole = all(one.per == "count" for one in observations)
    return Scale.over((one.year for one in observations), values, whole=is_whole)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart in one or more sizes, one of which is shown. `caption`: over it; `address`: within the site, of what it
    is about; `words`: what it shows, for who cannot see it."""

    caption: str
    address: str | None
    words: str
    charts: list[Chart]


def picture(
    caption: str, address: str | None, span: Scale, traces: Sequence[Trace], sizes: Iterable[Size], words: str
) -> Picture:
    """The traces drawn in each of some sizes."""
    return Picture(caption, address, words, [charts.draw(span, traces, size) for size in sizes])


def notes(observations: Sequence[Observation]) -> list[str]:
    """What must be said below: what the numbers are told of, how the forms compare, what marks and lacks mean."""
    drawn = [one for one in observations if one.value is not None]
    found: dict[str, None] = {}
    for per in dict.fromkeys(one.per for one in drawn if one.per != "count"):
        found[word("rate." + per)] = None
    forms = {one.form for one in drawn if one.form}
    if len(forms) > 1:
        found[word("chart.breaks")] = None
    asked = dict.fromkeys(name for one in drawn for name in series_of(one.measure, one.per))
    states: dict[str, set[str]] = {name: set() for name in asked}
    for one in drawn:
        for name in series_of(one.measure, one.per):
            states[name].add(one.form or "")
    for name in asked:
        for series, member in breaks.reasons([name], states[name]):
            zh = language.get() == "zh"
            words = {
                "series": series.label_zh if zh else series.label_en,
                "forms": word("comma").join(label("form", form) for form in member.forms if form in states[name]),
                "comparable": label("comparable", member.comparable),
                "why": member.why_zh if zh else member.why_en,
            }
            found[word("chart.compares", **words)] = None
    for mark in ("failed", "blank"):
        if any(mark in one.marks for one in observations):
            found[word("mark.note." + mark)] = None
    for lack in dict.fromkeys(one.lack for one in observations if one.lack not in (None, "unstated")):
        found[word("lack.note", lack=label("lack", lack))] = None
    return list(found)


def kinds(observations: Iterable[Observation]) -> list[str]:
    """The kinds of sources that are drawn, in the order of KINDS."""
    drawn = {one.kind for one in observations if one.value is not None}
    return [kind for kind in KINDS if kind in drawn]


Titled = Callable[[], str]
"""A title in the language at hand."""
