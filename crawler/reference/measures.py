"""The statistical forms as data/forms states them: measures with label, unit and sums, and the words that name them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from crawler.records.report import Form

TABLE_FORMS: tuple[Form, ...] = ("f2014", "f2019", "f2021")


@dataclass(frozen=True, slots=True)
class Word:
    """One row, column or block of a form: the end of a code, the label as printed and its other wordings."""

    code: str
    label: str
    variants: tuple[str, ...] = ()
    unit: str | None = None
    block: str | None = None
    """The block a row of section 三 stands in; the measure that a row of the annex stands under."""
    signed: bool = False
    """The number may be negative: 本年增/减."""
    grouped: bool = False
    """A column under 法人或其他组织."""


@dataclass(frozen=True, slots=True)
class Caption:
    """One item of article 20 (section 二): its columns and rows; a measure is code_row_column."""

    code: str
    label: str
    columns: tuple[Word, ...]
    rows: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure that the form asks for. `sums_into`: its whole (sources/forms#sums), «⊂» before it for a part only."""

    form: Form
    table: str
    code: str
    item: str
    applicant: str | None
    label: str
    unit: str | None
    sums_into: str | None = None


@dataclass(frozen=True, slots=True)
class StatisticalForm:
    """One form: the words by which its tables are read, and its measures by code in printed order."""

    id: Form
    name: str
    first_year: int
    last_year: int | None
    captions: tuple[Caption, ...]
    request_columns: tuple[Word, ...]
    request_blocks: tuple[Word, ...]
    request_rows: tuple[Word, ...]
    subtotals: tuple[str, ...]
    groups: tuple[Word, ...]
    results: tuple[Word, ...]
    annex: tuple[Word, ...]
    headings: dict[str, tuple[str, ...]]
    measures: dict[str, Measure]


@lru_cache(maxsize=8)
def form_of(form: Form) -> StatisticalForm:
    """The form of that name, read once; KeyError for `narrative`, which has no table."""
    if form not in TABLE_FORMS:
        raise KeyError(form)
    data = tomllib.loads(resources.files("crawler.data.forms").joinpath(f"{form}.toml").read_text("utf-8"))
    requests, reviews = data.get("requests", {}), data.get("reviews", {})
    read = StatisticalForm(
        id=form,
        name=data["name"],
        first_year=data["first_year"],
        last_year=data.get("last_year"),
        captions=tuple(
            Caption(entry["code"], entry["label"], _words(entry["columns"]), _words(entry["rows"]))
            for entry in data.get("article20", ())
        ),
        request_columns=_words(requests.get("columns", ())),
        request_blocks=_words(requests.get("blocks", ())),
        request_rows=_words(requests.get("rows", ())),
        subtotals=tuple(requests.get("subtotals", ())),
        groups=_words(reviews.get("groups", ())),
        results=_words(reviews.get("results", ())),
        annex=_words(entry for entry in data.get("annex", ()) if "code" in entry),
        headings={key: tuple(words) for key, words in data.get("headings", {}).items()},
        measures={},
    )
    sums = {entry["code"]: entry.get("sums_into") for entry in data.get("annex", ()) if "code" in entry}
    for measure in _measures(read, sums):
        read.measures[measure.code] = measure
    return read


def _words(entries: Any) -> tuple[Word, ...]:
    return tuple(Word(**{**entry, "variants": tuple(entry.get("variants", ()))}) for entry in map(_known, entries))


def _known(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "sums_into"}


def _measures(form: StatisticalForm, sums: dict[str, str | None]) -> list[Measure]:
    """Every measure of the form in printed order; labels joined from head, row and column."""
    measures = [
        Measure(form.id, "annex", row.code, row.code, None, row.label, row.unit, sums[row.code]) for row in form.annex
    ]
    for caption in form.captions:
        for row in caption.rows:
            for column in caption.columns:
                code = f"{caption.code}_{row.code}_{column.code}"
                label = f"{caption.label} / {row.label} / {column.label}"
                measures.append(Measure(form.id, caption.code, code, code, None, label, column.unit))
    blocks = {block.code: block.label + " " for block in form.request_blocks}
    for row in form.request_rows:
        for column in form.request_columns:
            over = "法人或其他组织 / " if column.grouped else ""
            label = f"{blocks.get(row.block or '', '')}{row.label} × {over}{column.label}"
            item = f"req_{row.code}"
            code = f"{item}__{column.code}"
            measures.append(Measure(form.id, "requests", code, item, column.code, label, "件", row.block))
    for group in form.groups:
        for result in form.results:
            code = f"{group.code}_{result.code}"
            total = None if result.code == "total" else f"{group.code}_total"
            over = "" if group.code == "review" else "行政诉讼 / "
            label = f"{over}{group.label} / {result.label}"
            measures.append(Measure(form.id, "review_suit", code, code, None, label, "件", total))
    return measures
