"""The tables of a page as grids: spans spread both ways, each cell with its place, what stands before each table.

The words come from marked.flatten.marked: one XSLT in C over the whole body; only the cells are walked in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count, islice
from typing import Any, NamedTuple

from crawler.words.text import one_line, squeeze
from pipelines.marked.flatten import marked
from pipelines.marked.marks import BLOCK, PAGE, TABLE
from pipelines.marked.tables import RawCell, parts_in

MAX_CELLS, MAX_ROWS = 100_000, 3000
"""Fields and rows of all grids of a page together; what comes after them is not read. A whole annex has 100 rows."""
_MAX_WIDTH = 120
_BEFORE = 4
"""How many lines before a table may be its caption."""
_HEADING = re.compile(r"[一二三四五六七八九十]{1,2}、")


class Cell:
    """One printed cell: `raw` its words, lines apart by newline; `row`, `column` where it begins, from 1."""

    __slots__ = ("column", "columns", "raw", "row", "rows")

    def __init__(self, raw: str, row: int, column: int, rows: int, columns: int) -> None:
        self.raw, self.row, self.column, self.rows, self.columns = raw, row, column, rows, columns


class Place(NamedTuple):
    """A printed cell in a row: the fields it covers, from `start` up to `end`, counted from 0."""

    cell: Cell | None
    start: int
    end: int


class Row(list["Cell | None"]):
    """The fields of one row by column, a merged cell in each field it covers, None where nothing is printed."""

    __slots__ = ("_places", "_printed")
    _places: list[Place]
    _printed: list[Cell]

    @property
    def places(self) -> list[Place]:
        """The cells of the row, each once."""
        try:
            return self._places
        except AttributeError:
            pass
        if not [cell for cell in self if cell is not None and cell.columns > 1]:
            self._places = list(map(Place, self, count(), count(1)))
            return self._places
        found: list[Place] = []
        start, last = 0, len(self)
        while start < last:
            cell, end = self[start], start + 1
            if cell is not None:
                end = start + cell.columns if cell.columns > 1 else end
                while end > last or (end - start > 1 and self[end - 1] is not cell):
                    end -= 1
            found.append(Place(cell, start, end))
            start = end
        self._places = found
        return found

    @property
    def printed(self) -> list[Cell]:
        """The cells of the row that have words, each once."""
        try:
            return self._printed
        except AttributeError:
            self._printed = [place.cell for place in self.places if place.cell is not None and place.cell.raw]
            return self._printed


@dataclass(slots=True)
class Grid:
    """One table. `rows`: fields by column, a merged cell in each field it covers, None where nothing is printed."""

    number: int
    """Counted in document order from 1."""
    rows: list[Row]
    before: list[str] = field(default_factory=list)
    """The last lines before the table, since the table before it."""
    heading: str = ""
    """The last line before the table that is numbered 一、 二、 三、."""
    cut: bool = False
    """What is read of a page ends here: rows of this table, or tables after it, were not read."""
    place: str = ""
    """Where in a document it stands: «page 3», «sheet «表1»»; empty on a page of HTML."""


def grids_of(element: Any) -> list[Grid]:
    """All tables of an element that hold no other table, in document order. Never raises; [] without any."""
    return grids_in(marked(element)) if element is not None else []


def grids_in(raw: str) -> list[Grid]:
    """The tables in what pipelines.marked.flatten.marked gave."""
    if TABLE not in raw:
        return []
    grids: list[Grid] = []
    heading, left, rows_left = "", MAX_CELLS, MAX_ROWS
    first, tables = parts_in(raw)
    lines, place = _lines(first), _place(first, "")
    for written, after in tables:
        heading = next((line for line in reversed(lines) if _HEADING.match(line)), heading)
        rows = _rows(islice(written, rows_left), left)
        left -= sum(len(row) for row in rows)
        rows_left -= len(rows)
        cut = left <= 0 or rows_left <= 0
        grids.append(Grid(len(grids) + 1, rows, lines[-_BEFORE:], heading, cut, place))
        lines, place = _lines(after), _place(after, place)
        if cut:
            break
    return grids


def _lines(raw: str) -> list[str]:
    return [line for piece in raw.split(BLOCK) if piece and piece[0] != PAGE and (line := squeeze(piece))]


def _place(raw: str, before: str) -> str:
    """The last place that is named in the words between two tables, else the one that held before."""
    at = raw.rfind(PAGE)
    return before if at < 0 else raw[at + 1 :].partition(BLOCK)[0]


@lru_cache(maxsize=8192)
def _words(raw: str) -> str:
    """The words of a cell: white space tidied, its blocks apart by newline."""
    if BLOCK not in raw:
        return one_line(raw)
    return "\n".join(words for piece in raw.split(BLOCK) if (words := one_line(piece)))


def _rows(written: Iterable[list[RawCell]], left: int) -> list[Row]:
    rows: list[Row] = []
    covered: dict[int, tuple[Cell, int]] = {}  # column -> the cell above that covers it and for how many rows more
    for number, cells in enumerate(written, 1):
        line = Row()
        above, covered = covered, {}
        for columns, rows_down, words in cells:
            if above:
                _fall(line, above, covered, len(line))
            if len(line) >= _MAX_WIDTH:
                break
            one = Cell(_words(words), number, len(line) + 1, rows_down, columns)
            if columns == rows_down == 1 and not above:
                line.append(one)
                continue
            for _ in range(columns):
                above.pop(len(line), None)
                if rows_down > 1:
                    covered[len(line)] = (one, rows_down - 1)
                line.append(one)
        if above:
            _fall(line, above, covered, len(line))
            for column in sorted(above):  # what still hangs down beyond the last printed cell
                while len(line) < column:
                    line.append(None)
                _fall(line, above, covered, column)
        rows.append(line)
        left -= len(line)
        if left <= 0:
            break
    return rows


def _fall(
    line: Row,
    above: dict[int, tuple[Cell, int]],
    covered: dict[int, tuple[Cell, int]],
    column: int,
) -> None:
    """Let the cells that hang down from above fill the line from a column on, as far as they stand side by side."""
    while column == len(line) and column in above:
        cell, more = above.pop(column)
        line.append(cell)
        if more > 1:
            covered[column] = (cell, more - 1)
        column += 1
