"""Figures of the rows of the standard tables, and which one counts where a measure is met more than once."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.records.report import Figure, Form, Place
from crawler.reference.measures import form_of
from crawler.words.text import years_in
from pipelines.statistics import article20, requests
from pipelines.statistics.figures import Found, figure_of, place_of
from pipelines.statistics.grid import Grid

OTHER_YEAR = "other year"
"""The method of a figure out of a table that is about another year."""
_PROSE = re.compile("[，。；,;%％比较]")
"""In a line before a table: a sentence, not the table's caption."""

Seen = dict[str, list[Figure]]
"""Every figure met of each measure, by code."""

Line = requests.Line | article20.Entry


def other_year(grid: Grid, year: int | None) -> bool:
    """True if the lines right before a table, or a row across all of it, name another year and not this one."""
    if year is None:
        return False
    captions = [line for line in grid.before[-2:] if len(line) <= 40 and not _PROSE.search(line)]
    for row in grid.rows[:2]:
        if len(row.places) == 1 and row.printed:
            captions.append(row.printed[0].raw)
    years = [found for caption in captions for found in years_in(caption)]
    return bool(years) and year not in years


def put_row(
    found: Found, seen: Seen, form: Form, prefix: str, codes: list[str | None], line: Line, method: str, late: bool
) -> None:
    """Add the figures of one row to `seen`: `codes` under `prefix` for each of its heads, in order; `late`: of another
    year. Problem: `table_unread`."""
    measures = form_of(form).measures
    table, label = line.table, line.label
    for code, head, cell in zip(codes, line.heads, line.cells.cells, strict=True):
        if code is None or (measure := measures.get(whole := prefix + code)) is None:
            continue
        if cell is None:
            found.problem(
                "table_unread",
                f"table {line.table} «{line.label}»: no telling which number stands under which header",
            )
            place = Place(None, table, None, None, label, head.label)
            figure = figure_of(found, form, whole, None, place, "ambiguous")
        else:
            raw = cell.raw
            if raw.isdecimal() and raw.isascii() and len(raw) < 9 and (raw == "0" or raw[0] != "0"):
                # nearly all cells
                place = Place(None, table, cell.row, cell.column, label, head.label)
                unit = measure.unit or _header_unit(head.label)
                figure = Figure(form, whole, measure.item, measure.applicant, int(raw), raw, unit, place, method)
            else:
                place = place_of(table, cell, label, head.label)
                figure = figure_of(found, form, whole, raw, place, method, _header_unit(head.label))
        seen.setdefault(whole, []).append(of_other_year(found, figure) if late else figure)


@lru_cache(maxsize=256)
def _header_unit(label: str) -> str | None:
    return "万元" if "万元" in label else "元" if "元" in label else None


def of_other_year(found: Found, figure: Figure) -> Figure:
    """The figure of a table about another year, without its value. Problem: `table_other_year`."""
    found.problem("table_other_year", figure.evidence.split(",")[0])
    return _without_value(figure, OTHER_YEAR)


def _without_value(figure: Figure, method: str, place: Place | None = None) -> Figure:
    return Figure(
        figure.form, figure.code, figure.item, figure.applicant, None, figure.raw, figure.unit, place or figure.place,
        method,
    )  # fmt: skip


def settle(found: Found, seen: Seen) -> None:
    """One figure for each measure: that on which all tables agree, else none."""
    for code, figures in seen.items():
        found.cells.update((figure.place.table, figure.place.row, figure.place.column) for figure in figures)
        if len(figures) == 1 or len({figure.value for figure in figures}) == 1:
            found.figures.append(figures[0])
            continue
        places_named = " and ".join(figure.evidence for figure in figures)
        found.problem("table_unread", f"{len(figures)} tables of one kind in the report do not agree")
        found.figures.append(_without_value(figures[0], "ambiguous", Place(f"{code}: {places_named}")))
