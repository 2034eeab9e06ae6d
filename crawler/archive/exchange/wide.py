"""The figures of a report in one row, a column a measure."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from crawler.archive.exchange.columns import Column, Measures, Row

_FIGURES = (
    "select iif(forms.name = 'narrative', 'text__' || measures.code, measures.code), figures.value from figures"
    " join measures on measures.id = figures.measure join forms on forms.id = figures.form where report_id = ?"
    " order by position"
)


def wide_columns(measures: Measures) -> tuple[Column, ...]:
    """A column for every measure of every form, whatever an archive holds."""
    return tuple(Column(name, "number", label) for name, label in measures)


def wide_rows(
    connection: sqlite3.Connection, reports: str, columns: Sequence[Column], head: Sequence[Column]
) -> Iterator[Row]:
    """A row a report, in the order of the first column.

    `reports`: where they come from, in SQL, with their `id` and all columns of `head`, with which `columns` begin.
    """
    places = {column.name: at for at, column in enumerate(columns) if at >= len(head)}
    heads, figures = connection.cursor(), connection.cursor()
    heads.row_factory = figures.row_factory = None
    names = ", ".join(column.name for column in head)
    for number, *begin in heads.execute(f"select id, {names} from {reports} as reports order by 2"):
        row: list[Any] = [*begin, *[None] * len(places)]
        for name, value in figures.execute(_FIGURES, (number,)):
            if name in places:
                row[places[name]] = value
        yield tuple(row)
