"""Writes docs/codebook.md: every measure of every form with label, unit and sum, every check, every method."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from crawler.archive.schema.panel import MEASURES
from crawler.reference.measures import TABLE_FORMS, form_of
from pipelines.statistics.checks import BLANK_AS_0, RULES
from pipelines.statistics.figures import METHODS
from pipelines.statistics.narrative import METHODS as SENTENCE_METHODS

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
    yield _table(("method", "meaning"), [(f"`{name}`", meaning) for name, meaning in METHODS.items()])
    yield "How a figure of the text was found (form `narrative`)."
    yield _table(("method", "meaning"), [(f"`{name}`", meaning) for name, meaning in SENTENCE_METHODS.items()])
    yield "## Checks"
    yield f"Rows of `checks`. «{BLANK_AS_0.strip()}» after a rule: the second pass, in which a blank counts as 0."
    yield _table(("rule", "meaning"), [(f"`{name}`", meaning) for name, meaning in RULES.items()])
    yield "## Panel"
    yield "Columns of the view `panel`, each with its `…_source`."
    yield _table(("column", "meaning", "unit"), [(f"`{m.name}`", m.meaning, m.unit) for m in MEASURES])
    for name in TABLE_FORMS:
        form = form_of(name)
        years = f"{form.first_year} to {form.last_year}" if form.last_year else f"from {form.first_year}"
        yield f"## {name}: {form.name}, report years {years}"
        for table, measures in groupby(form.measures.values(), key=lambda measure: measure.table):
            yield f"### {name} {table}"
            yield _table(
                ("code", "label", "unit", "sums into"),
                [(f"`{m.code}`", m.label, m.unit or "", f"`{m.sums_into}`" if m.sums_into else "") for m in measures],
            )


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows])
