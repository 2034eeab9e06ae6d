"""Tables and paragraphs of a page out of its letters and ruled lines, wherever they come from (PDF, OFD).

The pages of two real reports (洪泽 2023, 淮安 2024) have frames around paragraphs that look like tables of one column,
and tables that go on at the top of the next page, sometimes within a row.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from crawler.words.text import unspaced
from pipelines.documents.alignment import aligned_tables
from pipelines.documents.rows import nearest
from pipelines.marked.document import Cell, Writer, tidy

_EDGE = 2.0
"""Points within which two lines are one."""
_LONG = 15
"""Letters of a line that may be a full one, where a page has no longer one to compare with."""
_HEADING = re.compile("[一二三四五六七八九十]{1,2}、")
_SHORT = 24
"""Characters of a row across a whole table that is a caption of the form (第二十条第（一）项) and no paragraph."""


@dataclass(slots=True)
class _Table:
    """A table on a page: its cells by fields, and where it stands; `edges` of its columns, in points."""

    cells: list[Cell]
    edges: list[float]
    top: float
    bottom: float
    pages: list[int] = field(default_factory=list)

    def take_on(self, below: _Table) -> None:
        """Let the rows of another table follow."""
        height = max(cell.row + cell.rows for cell in self.cells)
        for cell in below.cells:
            cell.row += height
        self.cells += below.cells


@dataclass(slots=True)
class _Paragraph:
    """`open_start`: it begins without an indent; `open_end`: its last line is full: at a page's edge it may go on."""

    words: str
    top: float
    open_start: bool = False
    open_end: bool = False
    pages: list[int] = field(default_factory=list)

    def take_on(self, below: _Paragraph) -> None:
        """Let the words of the other half follow."""
        self.words = _joined(self.words, below.words)
        self.open_end = below.open_end


@dataclass(slots=True)
class _Line:
    """A line of text outside tables, in points."""

    words: str
    left: float
    right: float
    top: float
    size: float


Item = _Table | _Paragraph


def written(pages: list[tuple[int, list[Item]]], asides: dict[int, list[str]] | None = None) -> str:
    """All pages in order; a table at the end of one and another at the top of the next with its columns are one.

    `asides`: by page the lines that stand over its print (a seal's), which end it. Running heads and feet are left out.
    """
    pages = _without_furniture(pages)
    for (number, before), (_, items) in pairwise(pages):
        if not before or not items:
            continue
        if _took_on(before[-1], items[0]):
            # It goes to where it ends, for the next page may carry it on, and keeps the number of that it began on.
            items[0] = before.pop()
            items[0].pages = [*items[0].pages, number]
    writer = Writer()
    for number, items in pages:
        for item in items:
            writer.place(f"pages {item.pages[0]} to {number}" if item.pages else f"page {number}")
            if isinstance(item, _Paragraph):
                writer.paragraph(item.words)
            else:
                writer.table(item.cells)
        for words in (asides or {}).get(number, ()):
            writer.place(f"page {number}")
            writer.paragraph(words)
    return writer.marked


_FURNITURE_PAGES = 3
"""On as many pages, and on half of all, the same line at the same height is a running head or foot."""


def _without_furniture(pages: list[tuple[int, list[Item]]]) -> list[tuple[int, list[Item]]]:
    """Pages without the lines that stand at the top or the end of most of them, whatever number they bear.

    A page of nothing else keeps them.
    """
    places: Counter[tuple[str, int]] = Counter()
    for _, items in pages:
        places.update({_furniture(item) for item in (*items[:2], *items[-2:]) if isinstance(item, _Paragraph)})
    least = max(_FURNITURE_PAGES, (len(pages) + 1) // 2)
    repeated = {place for place, count in places.items() if count >= least}
    if not repeated:
        return pages
    kept: list[tuple[int, list[Item]]] = []
    for number, items in pages:
        inner = list(items)
        for end in (0, 0, -1, -1):
            if inner and isinstance(item := inner[end], _Paragraph) and _furniture(item) in repeated:
                del inner[end]
        kept.append((number, inner or items))
    return kept


def _furniture(item: _Paragraph) -> tuple[str, int]:
    """A line's words without its numbers, and its height on the page in steps of some points."""
    return re.sub(r"[\d\s]+", "", item.words), round(item.top / 6)


def _took_on(last: Item, first: Item) -> bool:
    """Join what a page begins with to what the one before ends with, where it is the other half of it."""
    if isinstance(last, _Table):
        if not isinstance(first, _Table) or not _same_columns(last, first):
            return False
        last.take_on(first)
        return True
    if isinstance(first, _Table) or not (last.open_end and first.open_start):
        return False
    last.take_on(first)
    return True


def _same_columns(above: _Table, below: _Table) -> bool:
    return len(above.edges) == len(below.edges) and all(
        abs(one - other) < 4 * _EDGE for one, other in zip(above.edges, below.edges, strict=True)
    )


@dataclass(slots=True)
class _Sheet:
    """What pdfplumber's search for tables looks at of a page."""

    chars: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    bbox: tuple[float, float, float, float] = (0, 0, 0, 0)


def items_of(letters: list[dict[str, Any]], edges: list[dict[str, Any]]) -> list[Item]:
    """Tables and paragraphs from top to bottom. Letters and edges as pdfplumber has them, in points."""
    from pdfplumber.table import TableFinder

    if not letters:
        return []
    finder = TableFinder(_Sheet(letters, [*edges, *_closing(edges)]))  # type: ignore[arg-type]
    tables = [table for found in finder.tables if (table := _table(found)) is not None]
    boxes = [(table.top, table.bottom, table.edges[0], table.edges[-1]) for table in tables]
    outside = [letter for letter in letters if not _within(letter, boxes)]
    for found in aligned_tables(outside):
        tables.append(_Table(found.cells, found.edges, found.top, found.bottom))
        taken = {id(letter) for letter in found.letters}
        outside = [letter for letter in outside if id(letter) not in taken]
    lines = [line for line in _lines(outside) if not _PAGE_NUMBER.fullmatch(line.words)]
    items: list[Item] = [*tables, *_paragraphs(lines, sorted(table.top for table in tables))]
    return sorted(items, key=lambda item: item.top)


def lines_of_letters(letters: list[dict[str, Any]]) -> list[str]:
    """The words of letters line by line, from top to bottom."""
    return [line.words for line in _lines(letters)]


def _lines(letters: list[dict[str, Any]]) -> list[_Line]:
    from pdfplumber.utils.text import chars_to_textmap

    found = chars_to_textmap(letters, x_tolerance=2).extract_text_lines() if letters else []
    lines = [
        _Line(
            _close(tidy(line["text"]).strip()),
            line["x0"],
            line["x1"],
            line["top"],
            max(char["size"] for char in line["chars"]),
        )
        for line in found
    ]
    return [line for line in lines if line.words]


def _closing(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines that close a table over or under which the page ends within a row: uprights that no level line closes."""
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    level = [edge for edge in edges if edge["orientation"] == "h"]
    if len(upright) < 3 or not level:
        return []
    left, right = min(edge["x0"] for edge in upright), max(edge["x1"] for edge in upright)
    told = {"x0": left, "x1": right, "width": right - left, "height": 0, "orientation": "h", "object_type": "line"}
    found = []
    first, last = min(edge["top"] for edge in upright), max(edge["bottom"] for edge in upright)
    if min(edge["top"] for edge in level) > first + 3 * _EDGE:
        found.append(told | {"top": first, "bottom": first})
    if max(edge["bottom"] for edge in level) < last - 3 * _EDGE:
        found.append(told | {"top": last, "bottom": last})
    return found


def _within(letter: dict[str, Any], boxes: list[tuple[float, float, float, float]]) -> bool:
    x, y = (letter["x0"] + letter["x1"]) / 2, (letter["top"] + letter["bottom"]) / 2
    return any(top <= y <= bottom and left <= x <= right for top, bottom, left, right in boxes)


_PAGE_NUMBER = re.compile(r"[-—–－\s]*(?:第\s*)?\d{1,3}(?:\s*页)?[-—–－\s]*")


def _paragraphs(lines: list[_Line], breaks: list[float]) -> list[_Paragraph]:
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

    found = [_Paragraph(lines[0].words, lines[0].top, not indented(lines[0]), full(lines[0]))]
    for before, line in pairwise(lines):
        goes_on = full(before) and not indented(line) and abs(before.size - line.size) <= 1
        if goes_on and not any(before.top < at <= line.top for at in breaks):
            found[-1].words = _joined(found[-1].words, line.words)
            found[-1].open_end = full(line)
        else:
            found.append(_Paragraph(line.words, line.top, not indented(line), full(line)))
    return found


def _joined(words: str, more: str) -> str:
    return words + more if words[-1] > "\u2e7f" or more[0] > "\u2e7f" else f"{words} {more}"


_SPREAD = re.compile(r"(?<=[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef]) (?=[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef])")


def _close(words: str) -> str:
    """Words without the gaps that justified lines have between Chinese letters."""
    return _SPREAD.sub("", words)


def _clusters(values: list[float]) -> list[float]:
    """Sorted values, those within _EDGE of one another as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _EDGE:
            found.append(value)
    return found


def _table(found: Any) -> _Table | None:
    """A ruled table; None for a frame around paragraphs. Paragraphs framed with a table are left out of it."""
    columns = _clusters([x for box in found.cells for x in (box[0], box[2])])
    rows = _clusters([y for box in found.cells for y in (box[1], box[3])])
    if len(columns) < 3:
        return None
    cells: list[Cell] = []
    for row, extracted in zip(found.rows, found.extract(x_tolerance=2), strict=True):
        for box, words in zip(row.cells, extracted, strict=True):
            if box is None:
                continue
            at, begin = nearest(rows, box[1]), nearest(columns, box[0])
            down, across = nearest(rows, box[3]) - at, nearest(columns, box[2]) - begin
            cells.append(Cell(_close(words or ""), at, begin, max(down, 1), max(across, 1)))
    first, last = _inner_rows(cells, len(columns) - 1, len(rows) - 1)
    kept = [cell for cell in cells if first <= cell.row < last]
    if not kept:
        return None
    for cell in kept:
        cell.row -= first
    return _Table(kept, columns, rows[first], rows[last])


def _inner_rows(cells: list[Cell], width: int, height: int) -> tuple[int, int]:
    """From which row to which a table goes without the framed paragraphs over and under it."""
    across = {cell.row: cell.words for cell in cells if cell.columns == width and cell.rows == 1}

    def is_paragraph(row: int) -> bool:
        words = unspaced(across.get(row, ""))
        return len(words) > _SHORT or "。" in words or _HEADING.match(words) is not None

    first, last = 0, height
    for row in range(height):
        if row not in across:
            break
        if is_paragraph(row):
            first = row + 1
    while last > first and is_paragraph(last - 1):
        last -= 1
    return first, last
