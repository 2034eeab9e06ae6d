"""The tables in marked words, read in one place: rows of cells with their spans; laying them out is for who asks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pipelines.marked.marks import CELL, CELL_END, ROW, TABLE, TABLE_END

MAX_SPAN_COLUMNS, MAX_SPAN_ROWS = 60, 400
"""Spans beyond these are slips of the pen."""

RawCell = tuple[int, int, str]
"""Columns and rows that a cell covers, and its words with their marks."""
_PLAIN = CELL + CELL
"""Before the words of a cell that covers one field."""


class Parts(NamedTuple):
    """What stands before the first table of marked words, then the rows of each table with what stands behind it."""

    before: str
    tables: list[tuple[list[list[RawCell]], str]]


class Words(str):
    """Marked words that keep their parts: strip asks for the lines, statistics for the grids of the same page."""

    __slots__ = ("parts",)
    parts: Parts


def parts_in(raw: str) -> Parts:
    """The parts of marked words; worked out once for `Words`. Never raises."""
    if not isinstance(raw, Words):
        return _parts_in(raw)
    try:
        return raw.parts
    except AttributeError:
        raw.parts = _parts_in(raw)
        return raw.parts


def _parts_in(raw: str) -> Parts:
    before, *rest = raw.split(TABLE)
    tables = []
    for part in rest:
        inside, _, after = part.partition(TABLE_END)
        tables.append((list(rows_of(inside)), after))
    return Parts(before, tables)


def rows_of(inside: str) -> Iterator[list[RawCell]]:
    """The rows of what stands between TABLE and TABLE_END, each with its cells as written.

    A row without cells is an empty list. Never raises.
    """
    for row in inside.split(ROW)[1:]:
        cells: list[RawCell] = []
        for cell in row.split(CELL_END):
            if cell.startswith(_PLAIN):
                cells.append((1, 1, cell[2:]))
                continue
            pieces = cell.split(CELL, 2)
            if len(pieces) == 2:
                cells.append((1, 1, pieces[1]))
            elif len(pieces) == 3:
                columns, down = spans(pieces[1]) if pieces[1] else (1, 1)
                cells.append((columns, down, pieces[2]))
        yield cells


@lru_cache(maxsize=256)
def spans(text: str) -> tuple[int, int]:
    """`colspan,rowspan` as written in the page; what is no number from 1 up counts as 1."""
    columns, _, rows = text.partition(",")
    return _number(columns, MAX_SPAN_COLUMNS), _number(rows, MAX_SPAN_ROWS)


def _number(text: str, most: int) -> int:
    digits = text.strip()
    return min(max(int(digits), 1), most) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 1
