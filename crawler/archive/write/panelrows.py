"""Keeps the table `panel`: a row for each region and year of which a government's report is here.

What changed waits in `panel_waiting` (triggers of the file note it), so that a run that was killed leaves to the next
what it did not come to.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from crawler.archive.file.captures import Whole
from crawler.archive.schema.panel import MEASURES, Measure

_A_STEP = 500
"""Rows between two commits."""
HEAD = ("report_id", "portal", "region_code", "region", "report_year", "organ", "url", "published_on")
_COLUMNS = (
    *HEAD,
    *(column for measure in MEASURES for column in (measure.name, f"{measure.name}_source")),
    "conflict",
    "sample",
)
_INSERT = f"insert or replace into panel ({', '.join(_COLUMNS)}) values ({', '.join('?' * len(_COLUMNS))})"
_FIGURES = """select forms.name, measures.item, measures.applicant, value from figures
    join measures on measures.id = measure join forms on forms.id = form where report_id = ?"""
_TABLES = ("f2021", "f2019")
SOURCES = (*_TABLES, "f2014", "narrative")
"""Best first."""

Stated = Mapping[tuple[str, str], float]
"""By form and item what a report states of it: its total, else the sum over those who asked."""


def refresh(connection: sqlite3.Connection, whole: Whole = nullcontext) -> None:
    """Make the rows anew that wait, within the caller's transaction or in as many as `whole` gives."""
    while waiting := connection.execute(
        "select region_code, report_year from panel_waiting order by 1, 2 limit ?", (_A_STEP,)
    ).fetchall():
        with whole():
            for code, year in waiting:
                _make(connection, code, year)
            for code in dict.fromkeys(row[0] for row in waiting):
                _breaks(connection, code)
            connection.executemany(
                "delete from panel_waiting where region_code = ? and report_year = ?", map(tuple, waiting)
            )


def _make(connection: sqlite3.Connection, code: str, year: int) -> None:
    row = connection.execute(
        f"select {', '.join(HEAD)}, conflict, sample from government_reports where region_code = ? and report_year = ?",
        (code, year),
    ).fetchone()
    connection.execute("delete from panel where region_code = ? and report_year = ?", (code, year))
    if row is None:
        return
    *head, conflict, sample = row
    if sample and connection.execute("select 1 from portals where sample = 0").fetchone() is not None:
        return  # what is made up stands for no region where anything real is held
    values = values_of(stated_of(connection.execute(_FIGURES, (head[0],))))
    connection.execute(_INSERT, (*head, *values, conflict, sample))


def values_of(stated: Stated) -> list[Any]:
    """Value and source of each measure of the panel, in their order."""
    return [value for measure in MEASURES for value in _best(measure, stated)]


def stated_of(rows: Iterable[Sequence[Any]]) -> Stated:
    """What a report states, of its figures: form, item, applicant, value."""
    totals: dict[tuple[str, str], float] = {}
    parts: dict[tuple[str, str], float] = defaultdict(int)
    for form, item, applicant, value in rows:
        if value is None:
            continue
        if applicant is None or applicant == "total":
            totals[form, item] = max(value, totals.get((form, item), value))
        else:
            parts[form, item] += value
    return {**parts, **totals}


def _best(measure: Measure, stated: Stated) -> tuple[float | None, str | None]:
    """Value and source of a column of the panel: the tables, the annex, the text."""
    items = tuple(f"req_{row}" for row in measure.rows) or measure.cells
    for forms in (_TABLES, ("f2014",), ("narrative",)):
        wanted = items if forms is _TABLES else (measure.annex,) if measure.annex else ()
        values = {(form, item): stated[form, item] for form in forms for item in wanted if (form, item) in stated}
        if values:
            return sum(values.values()), next(form for form in SOURCES if any(form == key[0] for key in values))
    return None, None


def _breaks(connection: sqlite3.Connection, code: str) -> None:
    """Say in each row of a region whether its source has another form than that of the year before it."""
    sources = ", ".join(f"{measure.name}_source" for measure in MEASURES)
    before: str | None = None
    for year, noted, *forms in connection.execute(
        f"select report_year, break, {sources} from panel where region_code = ? order by report_year", (code,)
    ).fetchall():
        form = next((source for source in SOURCES if source in forms), None)
        changed = f"{before} → {form}" if before is not None and form is not None and form != before else None
        if changed != noted:
            connection.execute(
                "update panel set break = ? where region_code = ? and report_year = ?", (changed, code, year)
            )
        before = form or before
