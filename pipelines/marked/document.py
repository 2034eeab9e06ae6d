"""What a reader gives, and what readers share: the marks of paragraphs, tables and places, limits, spans."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crawler.words.text import one_line
from pipelines.marked.marks import BLOCK, CELL, CELL_END, PAGE, ROW, TABLE, TABLE_END

MAX_CELLS = 100_000
"""Cells of all tables of a document together; a sheet with a million empty rows is none of a report's."""
MAX_WORDS = 5_000_000
"""Characters of a document; the longest report seen has 60,000."""


class UnreadableError(Exception):
    """A document that cannot be read; the words say why, for a problem row."""


@dataclass(slots=True)
class Document:
    """A document as read. `format`: see records.media.FORMATS. `marked`: its words with the marks of marked.flatten.

    `pages`: pages of a PDF or OFD, sheets of a workbook, 0 where the format has none. `empty_pages`: those without any
    words: scans. `problems`: what could not be read of it, a sentence each.
    """

    format: str
    marked: str = ""
    pages: int = 0
    empty_pages: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """A line that OCR made out: where, its words, and how sure the model is, from 0 to 1."""

    place: str
    text: str
    confidence: float


@dataclass(slots=True)
class Cell:
    """A cell of a table by its fields: words, row and column from 0, and how far it reaches."""

    words: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


class Writer:
    """Puts down paragraphs and tables in their order. Raises UnreadableError beyond the limits."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = self._cells = 0

    def place(self, name: str) -> None:
        """What follows stands there: «page 3», «sheet 表1»."""
        self._put(f"{BLOCK}{PAGE}{tidy_line(name)}{BLOCK}")

    def paragraph(self, words: str) -> None:
        """One paragraph; its line breaks are kept as breaks between paragraphs."""
        self._put(BLOCK + BLOCK.join(tidy(words).split("\n")) + BLOCK)

    def table(self, cells: Iterable[Cell]) -> None:
        """A table by its cells, in any order; fields that no cell covers are empty."""
        by_row: dict[int, list[Cell]] = {}
        covered: set[tuple[int, int]] = set()
        for cell in cells:
            self._cells += cell.rows * cell.columns
            if self._cells > MAX_CELLS:
                raise UnreadableError(f"tables of more than {MAX_CELLS:,} cells")
            by_row.setdefault(cell.row, []).append(cell)
            covered |= {
                (cell.row + down, cell.column + across) for down in range(cell.rows) for across in range(cell.columns)
            }
        if not by_row:
            return
        height = 1 + max(row for row, _ in covered)
        width = 1 + max(column for _, column in covered)
        if height * width > MAX_CELLS:
            raise UnreadableError(f"a table of more than {MAX_CELLS:,} fields")
        parts = [TABLE]
        for row in range(height):
            line = by_row.get(row, [])
            line += [Cell("", row, column) for column in range(width) if (row, column) not in covered]
            parts.append(ROW)
            for cell in sorted(line, key=lambda one: one.column):
                spans = f"{cell.columns},{cell.rows}" if cell.columns > 1 or cell.rows > 1 else ""
                parts += (CELL, spans, CELL, BLOCK.join(tidy(cell.words).split("\n")), CELL_END)
        self._put("".join([*parts, TABLE_END]))

    def include(self, marked: str) -> None:
        """What another reader gave."""
        self._put(marked)

    @property
    def marked(self) -> str:
        """All of it."""
        return "".join(self._parts)

    def _put(self, words: str) -> None:
        self._length += len(words)
        if self._length > MAX_WORDS:
            raise UnreadableError(f"more than {MAX_WORDS:,} characters")
        self._parts.append(words)


def merged(matrix: Sequence[Sequence[tuple[object, str] | None]]) -> list[Cell]:
    """The cells of a matrix in which a merged cell stands in each field it covers: equal first elements, one cell."""
    found: dict[object, Cell] = {}
    for row, line in enumerate(matrix):
        for column, one in enumerate(line):
            if one is None:
                continue
            key, words = one
            cell = found.get(key)
            if cell is None:
                found[key] = Cell(words, row, column)
            else:
                cell.rows = max(cell.rows, row - cell.row + 1)
                cell.columns = max(cell.columns, column - cell.column + 1)
    return list(found.values())


_MARKS = {ord(mark): None for mark in (BLOCK, TABLE, TABLE_END, ROW, CELL, CELL_END, PAGE)}
_RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code))
    for first, last in ((0x2E80, 0x2FDF), (0xF900, 0xFAFF))
    for code in range(first, last + 1)
}
"""Radicals and compatibility forms that PDF fonts give for ordinary letters (⼀ for 一): the only ones made ordinary,
since NFKC as a whole would also change the punctuation."""
_CONTROL = dict.fromkeys((*range(9), 11, 14, *range(16, 32), 127), " ")
_TIDY = _CONTROL | _RADICALS | _MARKS | {0x0C: "\n", 0x0D: "\n", 0x0F: None}


def tidy(words: str) -> str:
    """Words without our own marks, control characters and halves of surrogate pairs, lines apart by newline."""
    words = words.replace("\r\n", "\n").translate(_TIDY)
    return words.encode("utf-8", "replace").decode("utf-8") if not words.isascii() else words


def tidy_line(words: str) -> str:
    """Words on one line, tidied."""
    return one_line(tidy(words))
