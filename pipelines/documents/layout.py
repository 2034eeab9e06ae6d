"""Tables and paragraphs of a page out of its letters and ruled lines, wherever they come from (PDF, OFD).

The pages of two real reports (洪泽 2023, 淮安 2024) have frames around paragraphs that look like tables of one column,
and tables that go on at the top of the next page, sometimes within a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from crawler.words.text import unspaced
from pipelines.documents.alignment import aligned_tables
from pipelines.documents.items import Item, Paragraph, Table, joined
from pipelines.documents.rows import nearest
from pipelines.marked.document import Cell, tidy

EDGE = 2.0
"""Points within which two lines are one."""
_LONG = 15
"""Letters of a line that may be a full one, where a page has no longer one to compare with."""
_HEADING = re.compile("[一二三四五六七八九十]{1,2}、")
_SHORT = 24
"""Characters of a row across a whole table that is a caption of the form (第二十条第（一）项) and no paragraph."""


@dataclass(slots=True)
class _Line:
    """A line of text outside tables, in points."""

    words: str
    left: float
    right: float
    top: float
    size: float


@dataclass(slots=True)
class _Sheet:
    """What pdfplumber's search for tables looks at of a page."""

    chars: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    bbox: tuple[float, float, float, float] = (0, 0, 0, 0)


def items_of(letters: list[dict[str, Any]], edges: list[dict[str, Any]]) -> list[Item]:
    """Tables and paragraphs from top to bottom. Letters and edges as pdfplumber has them, in points."""
    tables, outside = tables_of(letters, edges)
    lines = [line for line in _lines(outside) if not _PAGE_NUMBER.fullmatch(line.words)]
    items: list[Item] = [*tables, *_paragraphs(lines, sorted(table.top for table in tables))]
    return sorted(items, key=lambda item: item.top)


def tables_of(letters: list[dict[str, Any]], edges: list[dict[str, Any]]) -> tuple[list[Table], list[dict[str, Any]]]:
    """The tables of a page, by the lines that rule them, else by numbers under one another; and the letters outside."""
    from pdfplumber.table import TableFinder

    if not letters:
        return [], []
    finder = TableFinder(_Sheet(letters, [*edges, *_closing(edges)]))  # type: ignore[arg-type]
    tables = [table for grid in finder.tables if (table := _table(grid)) is not None]
    boxes = [(table.top, table.bottom, table.edges[0], table.edges[-1]) for table in tables]
    outside = [letter for letter in letters if not _within(letter, boxes)]
    for table, letters_within in aligned_tables(outside):
        tables.append(table)
        within = {id(letter) for letter in letters_within}
        outside = [letter for letter in outside if id(letter) not in within]
    return tables, outside


def lines_of_letters(letters: list[dict[str, Any]]) -> list[str]:
    """The words of letters line by line, from top to bottom."""
    return [line.words for line in _lines(letters)]


def _lines(letters: list[dict[str, Any]]) -> list[_Line]:
    from pdfplumber.utils.text import chars_to_textmap

    rows = chars_to_textmap(letters, x_tolerance=2).extract_text_lines() if letters else []
    lines = [
        _Line(
            _close(tidy(line["text"]).strip()),
            line["x0"],
            line["x1"],
            line["top"],
            max(char["size"] for char in line["chars"]),
        )
        for line in rows
    ]
    return [line for line in lines if line.words]


def _closing(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines that close a table over or under which the page ends within a row: uprights that no level line closes."""
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    level = [edge for edge in edges if edge["orientation"] == "h"]
    if len(upright) < 3 or not level:
        return []
    left, right = min(edge["x0"] for edge in upright), max(edge["x1"] for edge in upright)
    level_line = {
        "x0": left,
        "x1": right,
        "width": right - left,
        "height": 0,
        "orientation": "h",
        "object_type": "line",
    }
    closing = []
    first, last = min(edge["top"] for edge in upright), max(edge["bottom"] for edge in upright)
    if min(edge["top"] for edge in level) > first + 3 * EDGE:
        closing.append(level_line | {"top": first, "bottom": first})
    if max(edge["bottom"] for edge in level) < last - 3 * EDGE:
        closing.append(level_line | {"top": last, "bottom": last})
    return closing


def _within(letter: dict[str, Any], boxes: list[tuple[float, float, float, float]]) -> bool:
    x, y = (letter["x0"] + letter["x1"]) / 2, (letter["top"] + letter["bottom"]) / 2
    return any(top <= y <= bottom and left <= x <= right for top, bottom, left, right in boxes)


_PAGE_NUMBER = re.compile(r"[-—–－\s]*(?:第\s*)?\d{1,3}(?:\s*页)?[-—–－\s]*")


def _paragraphs(lines: list[_Line], breaks: list[float]) -> list[Paragraph]:
    """Lines put together to paragraphs.

    A new one begins with an indented line, after a line that ends early, where the letters change their size, and
    behind a table.
    """
    if not lines:
        return []
    left, right = min(line.left for line in lines), max(line.right for line in lines)

    def indented(line: _Line) -> bool:
        return line.left > left + 0.9 * line.size

    def full(line: _Line) -> bool:
        return line.right >= right - 2 * line.size and line.right - line.left > _LONG * line.size

    paragraphs = [Paragraph(lines[0].words, lines[0].top, not indented(lines[0]), full(lines[0]))]
    for before, line in pairwise(lines):
        goes_on = full(before) and not indented(line) and abs(before.size - line.size) <= 1
        if goes_on and not any(before.top < at <= line.top for at in breaks):
            paragraphs[-1].words = joined(paragraphs[-1].words, line.words)
            paragraphs[-1].open_end = full(line)
        else:
            paragraphs.append(Paragraph(line.words, line.top, not indented(line), full(line)))
    return paragraphs


_SPREAD = re.compile(r"(?<=[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef]) (?=[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef])")


def _close(words: str) -> str:
    """Words without the gaps that justified lines have between Chinese letters."""
    return _SPREAD.sub("", words)


def _clusters(values: list[float]) -> list[float]:
    """Sorted values, those within EDGE of one another as one."""
    clusters: list[float] = []
    for value in sorted(values):
        if not clusters or value - clusters[-1] > EDGE:
            clusters.append(value)
    return clusters


def _table(grid: Any) -> Table | None:
    """A ruled table; None for a frame around paragraphs. Paragraphs framed with a table are left out of it."""
    columns = _clusters([x for box in grid.cells for x in (box[0], box[2])])
    rows = _clusters([y for box in grid.cells for y in (box[1], box[3])])
    if len(columns) < 3:
        return None
    cells: list[Cell] = []
    for row, extracted in zip(grid.rows, grid.extract(x_tolerance=2), strict=True):
        for box, words in zip(row.cells, extracted, strict=True):
            if box is None:
                continue
            at, begin = nearest(rows, box[1]), nearest(columns, box[0])
            height, breadth = nearest(rows, box[3]) - at, nearest(columns, box[2]) - begin
            cells.append(Cell(_close(words or ""), at, begin, max(height, 1), max(breadth, 1)))
    first, last = _inner_rows(cells, len(columns) - 1, len(rows) - 1)
    kept = [cell for cell in cells if first <= cell.row < last]
    if not kept:
        return None
    for cell in kept:
        cell.row -= first
    return Table(kept, columns, rows[first], rows[last])


def _inner_rows(cells: list[Cell], width: int, height: int) -> tuple[int, int]:
    """From which row to which a table goes without the framed paragraphs over and under it."""
    wide_rows = {cell.row: cell.words for cell in cells if cell.columns == width and cell.rows == 1}

    def is_paragraph(row: int) -> bool:
        words = unspaced(wide_rows.get(row, ""))
        return len(words) > _SHORT or "。" in words or _HEADING.match(words) is not None

    first, last = 0, height
    for row in range(height):
        if row not in wide_rows:
            break
        if is_paragraph(row):
            first = row + 1
    while last > first and is_paragraph(last - 1):
        last -= 1
    return first, last
