"""An element as plain text: paragraphs on lines, a table row on one line with its cells separated by tabs.

The tree is walked by one XSLT in C (a Python walk costs five times as much, sources/measurements#text-of-a-tree) that
writes the text with markers for blocks and cells; the markers are then read in Python. Inline elements never add a
space or a break, so Word's spans do not split words or numbers. What is struck out and the notes of ruby are left out,
digits of raised marks become raised digits (m², 17¹), so that none of them is part of a number beside it
(sources/obstacles#characters-beside-numbers).
"""

from __future__ import annotations

import re
from copy import deepcopy
from functools import lru_cache
from typing import Any

from lxml import etree

from crawler.words.hidden import conceals
from crawler.words.text import one_line
from pipelines.marked.marks import BLOCK, PAGE, TABLE
from pipelines.marked.stylesheet import PRE, PRE_END, TRANSFORM
from pipelines.marked.tables import RawCell, Words, parts_in

_styled: Any = etree.XPath("descendant-or-self::*[@hidden or @style]", smart_strings=False)
_hidden_marks: Any = etree.XPath("descendant-or-self::*/@hidden", smart_strings=False)
_styles: Any = etree.XPath("descendant-or-self::*/@style", smart_strings=False)
_all_texts: Any = etree.XPath("descendant::text()[not(parent::script or parent::style)]", smart_strings=False)
_INLINE = frozenset({"span", "font", "a", "b", "i", "em", "strong", "small", "u"})
_MAX_HIDDEN = 300
"""Characters of an element that is not displayed; a longer one is a tab of the page, which a reader can open."""


def _unseen(element: Any) -> bool:
    """Whether an element's own mark-up hides it or strikes it out."""
    return element.get("hidden") is not None or _conceals(element.get("style") or "")


def _conceals(style: str) -> bool:
    return "line-through" in style or conceals(style)


_RAISED = re.compile("vertical-align\\s*:\\s*super")


def _differs(style: str) -> bool:
    return "super" in style or _conceals(style)


def _displayed(element: Any) -> Any:
    """The element, or a copy of it without the elements of less than 300 characters that are hidden or struck out, in
    which those that a style raises are `sup`."""
    # Values first, as in words.hidden.
    if not _hidden_marks(element) and not any(map(_differs, set(_styles(element)))):
        return element
    copy = deepcopy(element)
    copy.tail = None
    for one in _styled(copy):
        if not (one.get("hidden") is not None or _differs(one.get("style") or "")) or not _is_short(one):
            continue
        if _RAISED.search(one.get("style") or "") and one.tag in _INLINE:
            one.tag = "sup"
        if _unseen(one):
            one.clear(keep_tail=True)
            one.tag = "template"
    return copy


def _is_short(element: Any) -> bool:
    """Whether an element has less than 300 characters, in fewer than as many elements; of another no more is read."""
    size = 0
    for number, inner in enumerate(element.iter()):
        size += len(inner.text or "") + (len(inner.tail or "") if inner is not element else 0)
        if size >= _MAX_HIDDEN or number >= _MAX_HIDDEN:
            return False
    return True


_BLANKS = re.compile(r"\s+")
_HAN = re.compile("[\u2e80-\uffee]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_SENTENCE_GAP = re.compile("(?<=[。；！？])[\u3000\xa0 ]{2,}+(?=\\S)")
"""Two ideographic spaces after the end of a sentence are the indent of a new paragraph (text pasted on one line)."""

_MAX_FIELDS = 100_000
"""Fields of a table that are laid out by its spans: a few cells can claim millions. Below, each cell is one field."""
_LONG_CELL = 600
"""A cell longer than this many characters is a page laid out by a table."""


def marked(element: Any) -> Words:
    """The words of an element with its blocks, tables, rows and cells apart by the marks above. Never raises."""
    if element is None:
        return Words()
    try:
        raw = str(TRANSFORM(_displayed(element)))
    except (etree.XSLTApplyError, etree.XMLSyntaxError, UnicodeError, ValueError):
        raw = BLOCK.join(_all_texts(element))
    if PRE in raw:
        raw = _preformatted(raw)
    return Words(_INVISIBLE.sub("", raw) if _INVISIBLE.search(raw) else raw)


def _preformatted(raw: str) -> str:
    """The words with every line of preformatted text a block of its own."""
    pieces = []
    depth = 0
    for piece in _PRE_EDGE.split(raw):
        if piece == PRE:
            depth += 1
        elif piece == PRE_END:
            depth = max(depth - 1, 0)
        else:
            pieces.append(piece.replace("\n", BLOCK) if depth else piece)
    return "".join(pieces)


_PRE_EDGE = re.compile(f"([{PRE}{PRE_END}])")


def flatten(element: Any) -> list[str]:
    """The lines of an element: one a paragraph or table row, never empty, cells of a row separated by tabs.

    A table that holds another table, has one column or a cell longer than 600 characters is layout: its cells are
    paragraphs. Spans keep the grid: a cell's text stands in its first field, the others are empty. Never raises.
    """
    return lines_of(marked(element))


def lines_of(raw: str) -> list[str]:
    """The lines of what `marked` gave; see flatten."""
    if "\u3000\u3000" in raw:
        apart = _SENTENCE_GAP.sub(lambda gap: BLOCK if "\u3000\u3000" in gap[0] else gap[0], raw)
        raw = apart if apart != raw else raw  # what was not changed keeps its parts
    if TABLE not in raw:
        return _paragraphs(raw)
    before, tables = parts_in(raw)
    lines = _paragraphs(before)
    for rows, after in tables:
        lines += _table(rows)
        lines += _paragraphs(after)
    return lines


def _wrapped(blanks: re.Match[str]) -> str:
    """A space, or nothing for a line wrapped in the source beside a Chinese character."""
    words, start, end = blanks.string, blanks.start(), blanks.end()
    return "" if "\n" in blanks[0] and (_HAN.match(words, start - 1) or _HAN.match(words, end)) else " "


def _paragraphs(raw: str) -> list[str]:
    """The paragraphs between block markers, white space tidied, empty ones dropped."""
    lines = []
    for piece in raw.split(BLOCK):
        if piece.startswith(PAGE):
            continue
        words = piece.split()
        if len(words) > 1:
            if "\n" in piece:
                words = _BLANKS.sub(_wrapped, piece.strip()).split()
            lines.append(" ".join(words))
        elif words:
            lines.append(words[0])
    return lines


@lru_cache(maxsize=2048)
def _cell_text(raw: str) -> str:
    """A cell on one line: breaks between Chinese characters vanish, others become a space; tabs never survive."""
    raw = raw.strip(_CELL_ENDS)
    if BLOCK not in raw and "\n" not in raw:
        return one_line(raw)
    pieces = _paragraphs(raw)
    text = pieces[0] if pieces else ""
    for piece in pieces[1:]:
        text += piece if text[-1] > "\u2e7f" or piece[0] > "\u2e7f" else " " + piece
    return text


_CELL_ENDS = BLOCK + " \t\r\n\xa0\u3000"


def _table(written: list[list[RawCell]]) -> list[str]:
    """The rows of one table; the paragraphs of its cells where it is layout."""
    rows = [cells for cells in written if cells]
    width = max(map(len, rows), default=0)
    if width <= 1 or any(len(cell[2]) > _LONG_CELL for row in rows for cell in row):
        return [line for row in rows for cell in row for line in _paragraphs(cell[2])]
    grid = _grid(rows)
    return ["\t".join(row) for row in grid] if any(any(row) for row in grid) else []


def _grid(rows: list[list[RawCell]]) -> list[list[str]]:
    """Rows with spans laid out: every row holds a field for each column that it reaches."""
    grid: list[list[str]] = []
    covered: dict[int, int] = {}  # column -> further rows that a cell above still covers
    fields = 0
    for cells in rows:
        line: list[str] = []
        if fields > _MAX_FIELDS:
            cells, covered = [(1, 1, raw) for _, _, raw in cells], {}
        above, covered = covered, {}
        for colspan, rowspan, raw in [*cells, (0, 1, "")]:
            while above and (left := above.pop(len(line), 0)):
                if left > 1:
                    covered[len(line)] = left - 1
                line.append("")
            if rowspan > 1:
                covered.update((len(line) + offset, rowspan - 1) for offset in range(colspan))
            if colspan:
                line.append(_cell_text(raw))
                line.extend("" for _ in range(colspan - 1))
        grid.append(line)
        fields += len(line)
    return grid
