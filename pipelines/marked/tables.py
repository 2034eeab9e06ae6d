"""The tables in marked words, read in one place: rows of cells with their spans; laying them out is for who asks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pipelines.marked.marks import CELL, CELL_END, ROW

MAX_SPAN_COLUMNS, MAX_SPAN_ROWS = 60, 400
"""Spans beyond these are slips of the pen."""

RawCell = tuple[int, int, str]
"""Columns and rows that a cell covers, and its words with their marks."""


def rows_of(inside: str, most: int = -1) -> Iterator[list[RawCell]]:
    """The rows of what stands between TABLE and TABLE_END, each with its cells as written, at most `most` of them.

    A row without cells is an empty list. Never raises.
    """
    rows = inside.split(ROW, most + 1 if most >= 0 else -1)
    for row in rows[1 : most + 1] if most >= 0 else rows[1:]:
        cells: list[RawCell] = []
        for cell in row.split(CELL_END):
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
