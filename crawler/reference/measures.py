"""The statistical forms as data/forms states them: measures with labels, unit and sums, and words that name them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from crawler.records.report import Form

TABLE_FORMS: tuple[Form, ...] = ("f2014", "f2019", "f2021")


@dataclass(frozen=True, slots=True)
class Word:
    """One row, column or block of a form: the end of a code, the label as printed, in English, its other wordings."""

    code: str
    label: str
    english: str
    variants: tuple[str, ...] = ()
    unit: str | None = None
    block: str | None = None
    """The block a row of section 三 stands in; the measure that a row of the annex stands under."""
    signed: bool = False
    """The number may be negative: 本年增/减."""
    grouped: bool = False
    """Under the heading that stands over several: 法人或其他组织, 行政诉讼."""


@dataclass(frozen=True, slots=True)
class Caption:
    """One item of article 20 (section 二): its columns and rows; a measure is code_row_column."""

    code: str
    label: str
    english: str
    columns: tuple[Word, ...]
    rows: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure that the form asks for. `sums_into`: its whole (sources/forms#sums), «⊂» before it for a part only.

    `row`: the place of its row among those of its section that have numbers, from 1 (section 四 has one row).
    """

    form: Form
    table: str
    code: str
    item: str
    applicant: str | None
    label: str
    english: str
    unit: str | None
    row: int
    sums_into: str | None = None


@dataclass(frozen=True, slots=True)
class StatisticalForm:
    """One form: the words by which its tables are read, and its measures by code in printed order."""

    id: Form
    name: str
    first_year: int
    last_year: int | None
    captions: tuple[Caption, ...]
    request_group: Word | None
    request_columns: tuple[Word, ...]
    request_blocks: tuple[Word, ...]
    request_rows: tuple[Word, ...]
    subtotals: tuple[str, ...]
    review_group: Word | None
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
            Caption(entry["code"], entry["label"], entry["english"], _words(entry["columns"]), _words(entry["rows"]))
            for entry in data.get("article20", ())
        ),
        request_group=_word(requests.get("group")),
        request_columns=_words(requests.get("columns", ())),
        request_blocks=_words(requests.get("blocks", ())),
        request_rows=_words(requests.get("rows", ())),
        subtotals=tuple(requests.get("subtotals", ())),
        review_group=_word(reviews.get("group")),
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


@lru_cache(maxsize=1)
def generations() -> dict[str, tuple[Measure, ...]]:
    """By code its measure in each form that has it, the oldest form first; codes in the order in which they came."""
    by_code: dict[str, tuple[Measure, ...]] = {}
    for form in map(form_of, TABLE_FORMS):
        for code, measure in form.measures.items():
            by_code[code] = (*by_code.get(code, ()), measure)
    return by_code


def _words(entries: Any) -> tuple[Word, ...]:
    return tuple(Word(**{**entry, "variants": tuple(entry.get("variants", ()))}) for entry in map(_known, entries))


def _word(entry: dict[str, Any] | None) -> Word | None:
    return None if entry is None else _words([entry])[0]


def _known(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "sums_into"}


def _measures(form: StatisticalForm, sums: dict[str, str | None]) -> Iterator[Measure]:
    """Every measure of the form in printed order."""
    for place, row in enumerate(form.annex, start=1):
        yield Measure(
            form.id, "annex", row.code, row.code, None, row.label, row.english, row.unit, place, sums[row.code]
        )
    yield from _of_article20(form)
    yield from _of_requests(form)
    yield from _of_reviews(form)


def _of_article20(form: StatisticalForm) -> Iterator[Measure]:
    rows = ((caption, row) for caption in form.captions for row in caption.rows)
    for place, (caption, row) in enumerate(rows, start=1):
        for column in caption.columns:
            code = f"{caption.code}_{row.code}_{column.code}"
            label, english = _joined(caption, row, column)
            yield Measure(form.id, caption.code, code, code, None, label, english, column.unit, place)


def _of_requests(form: StatisticalForm) -> Iterator[Measure]:
    blocks = {block.code: block for block in form.request_blocks}
    for place, row in enumerate(form.request_rows, start=1):
        label, english = row.label, row.english
        if row.block is not None:
            block = blocks[row.block]
            label = f"{block.label} {label}"
            english = f"{block.english}: {english[:1].lower()}{english[1:]}"
        for column in form.request_columns:
            heads = _joined(form.request_group if column.grouped else None, column)
            item = f"req_{row.code}"
            labels = f"{label} × {heads[0]}", f"{english} × {heads[1]}"
            code = f"{item}__{column.code}"
            yield Measure(form.id, "requests", code, item, column.code, *labels, "件", place, row.block)


def _of_reviews(form: StatisticalForm) -> Iterator[Measure]:
    for group in form.groups:
        for result in form.results:
            code = f"{group.code}_{result.code}"
            total = None if result.code == "total" else f"{group.code}_total"
            label, english = _joined(form.review_group if group.grouped else None, group, result)
            yield Measure(form.id, "review_suit", code, code, None, label, english, "件", 1, total)


def _joined(*words: Word | Caption | None) -> tuple[str, str]:
    """The labels of some words in one, as printed and in English."""
    parts = [word for word in words if word is not None]
    return " / ".join(word.label for word in parts), " / ".join(word.english for word in parts)
