"""Writes docs/codebook.md: every measure of every form with its labels, every series, every check, every method."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from crawler.archive.schema.panel import MEASURES
from crawler.reference.measures import TABLE_FORMS, Measure, form_of, generations
from crawler.reference.methods import SENTENCE_METHODS, TABLE_METHODS
from crawler.reference.series import Member, Series, every_series, series_of
from pipelines.statistics.checks import BLANK_AS_0, RULES

PAGE = Path("docs/codebook.md")


def codebook() -> str:
    """The whole page as Markdown."""
    return "\n\n".join(_parts()) + "\n"


def _parts() -> Iterator[str]:
    yield "# Codebook"
    yield "Written by `make docs` out of `data/forms/` and the code; do not edit."
    yield (
        "A figure is a row of `statistics`. `form` says where it stands: in a table of one of the forms below, or, as "
        "`narrative`, in a sentence. Sentences state the measures of f2014, in whatever year."
    )
    yield "## Methods"
    yield "How a figure of a table was found (`statistics.method`); what follows a comma qualifies it."
    yield _table(("method", "meaning"), [(f"`{name}`", meaning) for name, meaning in TABLE_METHODS.items()])
    yield "How a figure of the text was found (form `narrative`)."
    yield _table(("method", "meaning"), [(f"`{name}`", meaning) for name, meaning in SENTENCE_METHODS.items()])
    yield "## Checks"
    yield f"Rows of `checks`. «{BLANK_AS_0.strip()}» after a rule: the second pass, in which a blank counts as 0."
    yield _table(("rule", "meaning"), [(f"`{name}`", meaning) for name, meaning in RULES.items()])
    yield "## Panel"
    yield "Columns of `panel`, each with its `…_source`; each is a series of the same name."
    yield _table(("column", "meaning", "unit"), [(f"`{m.name}`", m.meaning, m.unit) for m in MEASURES])
    yield "## Series"
    yield (
        "A series is one question over the report years, whichever codes the forms gave it; how to ask for one: "
        "`docs/series.md`. The figures of several codes are added. Comparable says how the answer compares with "
        "what the newest form that asks means by it: `same`, `broader` (it counts more), `narrower` (less) or `other` "
        "(something else, or the form does not say). A code that is in none of these is a series of its own, with its "
        "code for a name. 一个系列是历年同一个问题；数个代码的数相加；“可比”说明与最新格式口径的关系。"
    )
    for series in every_series():
        if series.id not in generations():
            yield f"### Series `{series.id}`"
            yield f"{series.label_en} · {series.label_zh} · {series.unit}"
            yield _table(
                ("forms", "codes", "comparable", "why", "说明"), [_answer(member) for member in series.members]
            )
    for name in TABLE_FORMS:
        form = form_of(name)
        years = f"{form.first_year} to {form.last_year}" if form.last_year else f"from {form.first_year}"
        yield f"## {name}: {form.name}, report years {years}"
        for table, measures in groupby(form.measures.values(), key=lambda measure: measure.table):
            yield f"### {name} {table}"
            yield _table(
                ("code", "label", "in English", "unit", "sums into", "series", "comparable"), list(map(_row, measures))
            )


def _answer(member: Member) -> tuple[str, ...]:
    codes = " + ".join(f"`{code}`" for code in member.codes)
    return ", ".join(member.forms), codes, member.comparable, member.why_en, member.why_zh


def _row(measure: Measure) -> tuple[str, ...]:
    series = series_of(measure.code)
    whole = f"`{measure.sums_into}`" if measure.sums_into else ""
    labels = measure.label, measure.english
    return f"`{measure.code}`", *labels, measure.unit or "", whole, *_question(series, measure)


def _question(series: Series, measure: Measure) -> tuple[str, str]:
    """The series of a measure and how it compares in the measure's form; empty where it is a series of its own."""
    member = series.member(measure.form)
    return (f"`{series.id}`", member.comparable) if member and series.id != measure.code else ("", "")


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows])
