"""The annex 《政府信息公开情况统计表》 of report years 2014 to 2018: a label, a unit and a number in each row."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from crawler.records.report import Figure, Place
from crawler.words.text import squeeze
from pipelines.statistics.annexcolumn import number_column
from pipelines.statistics.annexlabels import annex_words, code_of, is_of_publishing, places_of
from pipelines.statistics.cellvalue import is_value, read_cell
from pipelines.statistics.figures import MAX_COUNT, Found, figure_of, in_one, place_of
from pipelines.statistics.grid import Cell, Grid, Row
from pipelines.statistics.labels import nearest, plain
from pipelines.statistics.tablefigures import OTHER_YEAR, of_other_year, other_year
from pipelines.statistics.turned import turned

_LEAST = 5
"""A table with fewer rows of the form than this is no annex."""
_SIGNED = re.compile("电话|日期|填报|审核|负责人|联系")
"""Rows under the table that say who filled it in."""
UNITS = frozenset(
    {"件", "条", "次", "篇", "个", "人", "人次", "万元", "元", "份", "家", "场", "期", "宗", "项", "件次"}
)


def read_annex(found: Found, grid: Grid, year: int | None) -> bool:
    """Read a table if it is the annex, whole or a part of it; True if it was one.

    Its number column is found by the heading: the only one, else the one of the report's year or 统计数, else the
    total; columns of other years and 累计 never. Rows of no form are kept under no code, their label as printed.
    """
    at = _second_half(grid)
    if at is not None:
        left = read_annex(found, replace(grid, rows=[Row(row[:at]) for row in grid.rows]), year)
        right = read_annex(found, replace(grid, rows=[Row(row[at:]) for row in grid.rows]), year)
        return left or right
    if sum(any(places_of(cell.raw) for cell in row.printed[:3]) for row in grid.rows) < _LEAST:
        if not stands_across(grid):
            return False
        if len({len(row) for row in grid.rows if len(row.printed) > 1}) > 1:
            # a row that lacks a cell would give each of its numbers its neighbour's label
            found.problem(
                "table_unread", f"table {grid.number}: measures beside one another, and rows of unlike length"
            )
            return False
        return read_annex(found, turned(grid), year)
    labels = {number: _label_of(row) for number, row in enumerate(grid.rows)}
    known = {number for number, cell in labels.items() if cell is not None and places_of(cell.raw)}
    if len(known) < _LEAST or len({plain(cell.raw) for n in known if (cell := labels[n])}) < _LEAST:
        return False
    column, heading, method = number_column(grid, labels, known, year)
    if column is None:
        found.problem("table_unread", f"table {grid.number}: {method}")
    _rows(found, grid, labels, column, heading, method, other_year(grid, year))
    return True


def _second_half(grid: Grid) -> int | None:
    """The field from which on the other half of a table stands beside the first, where rows name two measures each with
    numbers between."""
    starts = Counter[int]()
    for row in grid.rows:
        words = [place for place in row.places if place.cell and place.cell.raw and not place.cell.raw.isdecimal()]
        named = [place for place in words if place.cell and places_of(place.cell.raw)]
        if len(named) > 1 and any(
            place.cell and place.cell.raw and is_value(place.cell.raw)
            for place in row.places
            if named[0].end <= place.start < named[1].start
        ):
            starts[named[1].start] += 1
    at, rows = max(starts.items(), key=lambda item: item[1], default=(0, 0))
    return at if rows >= _LEAST else None


def stands_across(grid: Grid) -> bool:
    """Whether the measures of the annex stand beside one another, over their numbers."""
    return any(sum(bool(places_of(cell.raw)) for cell in row.printed) >= _LEAST for row in grid.rows)


def _label_of(row: Row) -> Cell | None:
    """The cell that says what a row is about: the last before the unit and the numbers that has words."""
    units = annex_words().headings["unit"]
    best: Cell | None = None
    for place in row.places[:5]:
        cell = place.cell
        if cell is None or not cell.raw:
            continue
        text = plain(cell.raw)
        if places_of(cell.raw):
            return cell
        if text in UNITS or text in units or (is_value(cell.raw) and best is not None):
            break
        if not is_value(cell.raw):
            best = cell
    return best


def _rows(
    found: Found, grid: Grid, labels: dict[int, Cell | None], column: int | None, heading: str, method: str, late: bool
) -> None:
    words = annex_words()
    block: str | None = None
    seen = {figure.code: at for at, figure in enumerate(found.figures) if figure.code and figure.form == "f2014"}
    begun = False
    lengths = Counter(map(len, grid.rows))
    usual = max(lengths, key=lengths.__getitem__)
    for number, row in enumerate(grid.rows):
        label = labels[number]
        if label is None:
            continue
        text = plain(label.raw)
        code = code_of(label.raw, block)
        if code is None and begun:
            open_ = {name: own for name in words.rows if (own := code_of(name, block)) is not None and own not in seen}
            code = nearest(text, open_)
            if code is not None and code.startswith("disc_via_") and not is_of_publishing(label.raw):
                code = None
        if code in ("review_total", "suit_total"):
            block = code
        begun = begun or code is not None
        if not begun:
            continue
        cell = row[column] if column is not None and column < len(row) else None
        if cell is label:
            cell = None
        if code is None:
            _local(found, grid, row, label, cell, heading, method)
            continue
        if cell is not None and not cell.raw and len(row.places) == 1:  # a caption across the table
            continue
        if len(row) > usual and cell is not None and _elsewhere(row, label, cell):
            found.problem(
                "table_unread", f"table {grid.number}, «{in_one(label.raw)}»: a cell more than other rows have"
            )
            cell = None
        if cell is None:
            place = Place(None, grid.number, number + 1, None, in_one(label.raw))
            figure = figure_of(found, "f2014", code, None, place, "ambiguous")
        else:
            place = Place(None, grid.number, number + 1, cell.column, in_one(label.raw), heading)
            figure = figure_of(found, "f2014", code, cell.raw, place, method, _unit(row))
        _put(found, seen, of_other_year(found, figure) if late else figure)


def _put(found: Found, seen: dict[str, int], figure: Figure) -> None:
    """Add a figure; one that differs from what is there of its measure leaves none, but where one is another year's."""
    code = figure.code or ""
    at = seen.setdefault(code, len(found.figures))
    if at == len(found.figures):
        found.figures.append(figure)
        return
    own = found.figures[at]
    if own.method == OTHER_YEAR:
        found.figures[at] = figure
    elif figure.method != OTHER_YEAR:
        found.problem("table_unread", f"table {figure.place.table}: «{figure.place.row_label}» stands twice")
        if figure.value != own.value:
            found.figures[at] = replace(own, value=None, method="ambiguous")


def _elsewhere(row: Row, label: Cell, cell: Cell) -> bool:
    """Whether a number stands in another cell than the one under the heading."""
    behind = [other for other in row.printed if other.column > label.column and other is not cell]
    return any(is_value(other.raw) for other in behind)


def _unit(row: Row) -> str | None:
    return next((text for cell in row if cell is not None and (text := squeeze(cell.raw)) in UNITS), None)


def _local(found: Found, grid: Grid, row: Row, label: Cell, cell: Cell | None, heading: str, method: str) -> None:
    """A row that the form does not have: kept verbatim under no code, unless it is a heading or a footer."""
    if cell is None or _SIGNED.search(label.raw):
        return
    said = read_cell(cell.raw)
    if said.value is None:
        return
    name = in_one(label.raw)
    place = place_of(grid.number, cell, name, heading)
    unit = said.unit or _unit(row)
    value = said.value if 0 <= said.value < MAX_COUNT else None
    if value is None:
        found.problem("figure_implausible", f"«{name}»: {place.in_words(in_one(cell.raw))}")
        method += ", implausible"
    found.figures.append(Figure("f2014", None, name, None, value, in_one(cell.raw), unit, place, method))
