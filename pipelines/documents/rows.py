"""Rows of a table by the edges of their columns, as Word's formats tell them (DOC, RTF), put down as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.marked.document import Cell, Writer

_NEAR = 40
"""Twentieths of a point within which two edges of columns are one."""


@dataclass(slots=True)
class Row:
    """A row of a table: the words of its cells; edges of its columns; (joined to the left, joined to above) by cell.

    Where edges or joins are empty the cells stand side by side.
    """

    words: list[str]
    edges: list[int] = field(default_factory=list)
    joins: list[tuple[bool, bool]] = field(default_factory=list)


def put_rows(writer: Writer, rows: list[Row]) -> None:
    """A table; one of one column is a frame around paragraphs."""
    if all(len(row.words) <= 1 for row in rows):
        for row in rows:
            for words in row.words:
                writer.paragraph(words)
        return
    edges: list[int] = []
    for edge in sorted(edge for row in rows for edge in row.edges):
        if not edges or edge - edges[-1] > _NEAR:
            edges.append(edge)
    cells: list[Cell] = []
    above: dict[int, Cell] = {}
    for number, row in enumerate(rows):
        before, above = above, {}
        last: Cell | None = None
        for place, words in enumerate(row.words):
            begin, end = place, place + 1
            left = up = False
            if row.edges:
                begin, end = nearest(edges, row.edges[place]), nearest(edges, row.edges[place + 1])
                left, up = row.joins[place]
            if left and last is not None:
                last.columns = max(end - last.column, last.columns)
                continue
            if up and begin in before:
                last = before[begin]
                last.rows += 1
            else:
                last = Cell(words, number, begin, 1, max(end - begin, 1))
                cells.append(last)
            above[begin] = last
    writer.table(cells)


def nearest(edges: Sequence[float], value: float) -> int:
    """Which of the edges is nearest to a value, by its place."""
    return min(range(len(edges)), key=lambda at: abs(edges[at] - value))
