"""Numbers of governments as they are drawn and tabled: a figure or a rate, its source, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from crawler.archive.queries.observations import items_in
from crawler.archive.queries.reader import Reader
from crawler.archive.schema.panel import MEASURES, Measure
from crawler.reference import proportions
from crawler.reference.measures import form_of
from crawler.reference.proportions import PARTS, WHOLE, Basis, Rate
from crawler.site.evidence import name_of

BY_NAME: Mapping[str, Measure] = {measure.name: measure for measure in MEASURES}
"""The columns of the panel."""
CASES = tuple(measure.name for measure in MEASURES if measure.unit == "件")
"""Those that count cases, and may be told for so many people."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One number of one government and year.

    `measure`: a column of the panel or a code; `per`: what it is told of; `value`: None with the reason in `lack`.
    `count`: the figure behind a rate; `whole`: what it is a part of. `form`: that states it. `kind`: table, file (a
    table or sentence of an attachment) or sentence, None where nothing is stated. `rows`, `stated`: of how many rows of
    the form it is made, and how many are stated. `is_failed`: whether a check of it does not hold. `key`, `anchor`: the
    report and the figure in its page.
    """

    region_code: str
    region: str
    year: int
    measure: str
    per: Basis
    value: float | None
    lack: str | None
    count: float | None
    whole: float | None
    form: str | None
    kind: str | None
    rows: int
    stated: int
    is_failed: bool
    conflict: int
    sample: int
    change: str | None
    key: str
    anchor: str | None

    @property
    def marks(self) -> tuple[str, ...]:
        """What must be said beside the number: `failed`, `blank`, `conflict`, `sample`."""
        said = {
            "failed": self.is_failed,
            "blank": self.value is not None and self.stated < self.rows,
            "conflict": bool(self.conflict),
            "sample": bool(self.sample),
        }
        return tuple(name for name, holds in said.items() if holds)

    @property
    def evidence(self) -> str:
        """The address of the figure within the site, of the report where no figure is stated."""
        return f"report/{self.key}#{self.anchor}" if self.anchor else f"report/{self.key}"


def bases(name: str, archive: Reader) -> tuple[Basis, ...]:
    """What a measure may be told of: itself; requests processed, of an outcome; people, where a table is here."""
    found: list[Basis] = ["count"]
    if name in PARTS:
        found.append("processed")
    if name in CASES and archive.population.people:
        found.append("people")
    return tuple(found)


def rate(archive: Reader, per: Basis, row: Mapping[str, Any]) -> Rate:
    """The number of a row of `Observations.column` or `Observations.code`, told of `per`."""
    if per == "processed":
        return proportions.share(row["value"], row["form"], row["whole"], row["whole_form"])
    if per == "people":
        return proportions.density(row["value"], archive.population.of(row["region_code"], row["report_year"]))
    return proportions.count(row["value"])


def of_panel(archive: Reader, rows: Sequence[Mapping[str, Any]], names: Iterable[str], per: Basis) -> list[Observation]:
    """Observations of rows of the panel (with `key`), in their order, for each of some columns."""
    measures = [BY_NAME[name] for name in names]
    reports = {row["report_id"] for row in rows}
    wanted = {*measures, BY_NAME[WHOLE]} if per == "processed" else set(measures)
    stated = archive.observations.stated(reports, wanted)
    failed = archive.observations.failed(reports)
    found = []
    for row in rows:
        for measure in measures:
            form = row[f"{measure.name}_source"]
            pair = {
                **{name: row[name] for name in ("region_code", "report_year")},
                "value": row[measure.name],
                "form": form,
                "whole": row[WHOLE],
                "whole_form": row[f"{WHOLE}_source"],
            }
            told = rate(archive, per, pair)
            figures = stated.get((row["report_id"], measure.name, form), []) if form else []
            items = [item for item in items_in(measure, form) if _asks(form, item)] if form else []
            checks = failing(measure, form) | (failing(BY_NAME[WHOLE], form) if per == "processed" else set())
            found.append(
                Observation(
                    row["region_code"],
                    row["region"] or row["region_code"],
                    row["report_year"],
                    measure.name,
                    per,
                    told.value,
                    told.lack,
                    row[measure.name],
                    row[WHOLE] if per == "processed" else None,
                    form,
                    _kind(form, figures),
                    len(items),
                    len({figure["item"] for figure in figures if figure["value"] is not None}),
                    bool(checks & failed.get(row["report_id"], set())),
                    row["conflict"],
                    row["sample"],
                    row["break"],
                    row["key"],
                    _anchor(form, figures),
                )
            )
    return found


def of_code(archive: Reader, rows: Sequence[Mapping[str, Any]], code: str, per: Basis) -> list[Observation]:
    """Observations of rows of the panel (with `key`) that have `value` and `form` of a code, in their order."""
    reports = {row["report_id"] for row in rows}
    stated = archive.observations.figures(reports, code)
    found = []
    for row in rows:
        told = rate(archive, per, row)
        figure = stated.get((row["report_id"], row["form"]))
        figures = [figure] if figure else []
        found.append(
            Observation(
                row["region_code"],
                row["region"] or row["region_code"],
                row["report_year"],
                code,
                per,
                told.value,
                told.lack,
                row["value"],
                None,
                row["form"],
                _kind(row["form"], figures),
                1,
                1,
                False,
                row["conflict"],
                row["sample"],
                row["break"],
                row["key"],
                _anchor(row["form"], figures),
            )
        )
    return found


def failing(measure: Measure, form: str | None) -> set[tuple[str, str]]:
    """The checks of a report, rule and subject, on which a column of the panel rests (sources/forms#sums): sums of its
    rows, of the outcomes, of a group of results; of the annex the sum of its parts; text against table."""
    if form is None:
        return set()
    if form in ("f2014", "narrative"):
        return {(rule, measure.annex) for rule in ("F1", "A7") if measure.annex}
    checks = {("A3", row) for row in measure.rows} | {("A4", cell.rpartition("_")[0]) for cell in measure.cells}
    if measure.name == WHOLE:
        checks |= {("A1", "total"), ("A2", "total")}
    return checks


def _asks(form: str, item: str) -> bool:
    """Whether a form has an item: «other» is one row in 2019 and three in 2021."""
    return item in _items("f2014" if form == "narrative" else form)


@cache
def _items(form: Any) -> frozenset[str]:
    return frozenset(measure.item for measure in form_of(form).measures.values())


def _kind(form: str | None, figures: Collection[Mapping[str, Any]]) -> str | None:
    if form is None:
        return None
    if any(figure["document"] is not None for figure in figures):
        return "file"
    return "sentence" if form == "narrative" else "table"


def _anchor(form: str | None, figures: Sequence[Mapping[str, Any]]) -> str | None:
    """The name of the first figure that states anything; of a total before its parts."""
    if form is None or not figures:
        return None
    best = min(figures, key=lambda figure: (figure["value"] is None, figure["applicant"] not in (None, "total")))
    return name_of(form, best["code"], best["position"])
