"""Tables that stand turned by 90° against the form, its columns as rows, or with the rows' names behind the numbers."""

from __future__ import annotations

from dataclasses import replace

from pipelines.statistics.grid import Cell, Grid, Row
from pipelines.statistics.labels import plain
from pipelines.statistics.vocabulary import COMMON, vocabulary

_LEAST = 3
"""Names of one kind in a line from which on it is the form's other direction: results in a column, rows in a row."""


def upright(grid: Grid) -> Grid:
    """The table as the form prints it; each cell keeps the place at which it is printed.

    A row that holds nothing but the name of a group, over the rows of its results, becomes a cell beside each of them.
    """
    if not _is_turned(grid):
        return replace(grid, rows=_labels_first(grid.rows)) if _has_labels_last(grid) else grid
    before, rows = list(grid.before), list[Row]()
    group: Cell | None = None
    for row in grid.rows:
        alone = row.printed[0] if len(row.printed) == 1 else None
        if alone is not None and plain(alone.raw) in vocabulary().groups:
            group = Cell(alone.raw, alone.row, alone.column, 0, 1)
        elif alone is not None and len(row.places) == 1:
            before.append(alone.raw)  # a caption across the table
        elif group is not None:
            group.rows += 1
            rows.append(Row([group, *row]))
        else:
            rows.append(row)
    if len({len(row) for row in rows}) > 1:
        return grid  # a row that lacks a cell would give each of its numbers its neighbour's label
    return replace(grid, rows=_turn(rows), before=before)


def turned(grid: Grid) -> Grid:
    """The table with its columns as rows."""
    return replace(grid, rows=_turn(grid.rows))


def _has_labels_last(grid: Grid) -> bool:
    """Whether the rows' names stand behind their numbers, and none before."""
    names = vocabulary().request_rows
    last = 0
    for row in grid.rows:
        printed = row.printed
        if len(printed) > _LEAST and printed[0].raw.isdecimal() and plain(printed[-1].raw) in names:
            last += 1
        elif len(printed) > 1 and plain(printed[0].raw) in names.keys() - COMMON:
            return False
    return last > _LEAST


def _labels_first(rows: list[Row]) -> list[Row]:
    width = max(map(len, rows))
    return [Row([row[-1], *row[:-1]]) if len(row) == width else row for row in rows]


def _turn(rows: list[Row]) -> list[Row]:
    turned: dict[Cell, Cell] = {}
    lines = []
    for column in range(max(map(len, rows), default=0)):
        line = Row()
        for row in rows:
            cell = row[column] if column < len(row) else None
            if cell is not None and cell not in turned:
                turned[cell] = Cell(cell.raw, cell.row, cell.column, cell.columns, cell.rows)
            line.append(turned[cell] if cell is not None else None)
        lines.append(line)
    return lines


def _is_turned(grid: Grid) -> bool:
    """Whether three results stand below one another and never beside, or three rows' names beside one another."""
    words = vocabulary()
    columns: dict[int, set[str]] = {}
    for row in grid.rows:
        results: dict[str, int] = {}
        labels: set[str] = set()
        for place in row.places:
            if place.cell is None or not place.cell.raw or place.cell.raw.isdecimal():
                continue
            text = plain(place.cell.raw)
            if text in words.results:
                results[words.results[text]] = place.start
            if text not in COMMON and (text in words.request_rows or text in words.article_rows):
                labels.add(text)
        if len(labels) > _LEAST:
            return True
        if len(results) > 1:
            return False
        for result, start in results.items():
            columns.setdefault(start, set()).add(result)
    return any(len(named) >= _LEAST for named in columns.values())
