"""The headings over the blocks of a page: the year or the place that a link in a block leaves out.

A place, an organ or a year in a block has the year or the place that stands over the block or before it: dt, caption,
heading, a tab, the first cell of its row or of its column (sources/pages#lists).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile
from typing import Any

from lxml import etree

from crawler.words.entries import is_organ
from crawler.words.labels import read_label, tidy
from crawler.words.link import ROWS, words

_MAX_LABEL = 200
_MAX_ABOVE = 6
_MAX_BEFORE = 4
"""Elements before a block among which its heading stands."""
_HEADING_LABEL = 40
_MAX_SPAN = 100
"""Rows above among which a cell may stand that reaches down."""
_MAX_HEADS = 4
"""Rows at the top of a table that may be heads of its columns."""
_CELLS = frozenset({"td", "th"})
_TAGGED = re.compile(r"h[1-6]$")
_ROOF = frozenset({"body", "html"})
_TAB_NAMES = (("", "href"), ("", "data-target"), ("#", "data-id"), ("#", "aria-controls"))
"""Attributes by which a tab names its panel, and what they leave out of `#` and the panel's id."""
_tabs: Any = etree.XPath(
    "|".join(
        f"{step}/parent::*[self::a or self::li or self::span or self::button or self::div]"
        for step in ("//@href[starts-with(., '#')]", "//@data-target", "//@data-id", "//@aria-controls")
    ),
    smart_strings=False,
)


class Headings:
    """The headings over the blocks of a page; each block is looked at once."""

    def __init__(self) -> None:
        self._over: dict[Any, list[str]] = {}
        self._tabs: dict[Any, dict[str, Any]] = {}

    def over(self, element: Any, row: Any, block: Any) -> list[str]:
        """What stands over a link or before it and says a year, a place, an organ or a column's name, nearest first."""
        found = [*_in_row(element, row), *_of_column(element, row)]
        if row.tag == "dd":
            found += _terms(row)
        # Links side by side in one element have that for their row: what stands over it stands over them.
        for holder in (block,) if row.tag in ROWS or row is element else (row, block):
            if holder not in self._over:
                self._over[holder] = list(self._around(holder))
            found += self._over[holder]
        labels = [tidy(text[:_MAX_LABEL].strip().rstrip("：:")) for text in found]
        return list(dict.fromkeys(label for label in labels if 2 <= len(label) <= _HEADING_LABEL and says(label)))

    def _around(self, block: Any) -> Iterator[str]:
        """The headings over a block, nearest first: caption, dt, headings and short lines before it, the tab it belongs
        to."""
        at = block
        for _ in range(_MAX_ABOVE):
            if at is None or at.tag in _ROOF:
                return
            if at.tag == "table":
                yield from (words(part, _MAX_LABEL) or "" for part in at.iter("caption"))
            for part in list(at)[:1]:
                if isinstance(part.tag, str) and (_TAGGED.match(part.tag) or part.tag in ("dt", "legend", "summary")):
                    yield words(part, _MAX_LABEL) or ""
            if at is not block and at.tag in ROWS and at.text and at.text.strip():
                yield at.text  # 2022年 <ul>…</ul>, within an item of an outer list
            if at.get("id"):
                yield from self._tab_for(at)
            yield from _tab_at(at)
            for count, before in enumerate(at.itersiblings(preceding=True)):
                if count >= _MAX_BEFORE:
                    break
                text = words(before, _MAX_LABEL) if isinstance(before.tag, str) and not _leads(before) else None
                if text and text.strip():
                    yield text
                    if _TAGGED.match(before.tag) or says(tidy(text)):
                        break
                elif isinstance(before.tag, str) and _leads(before):
                    break  # another block with links stands between
            at = at.getparent()

    def _tab_for(self, panel: Any) -> Iterator[str]:
        """The words of the tab that names a panel by its id."""
        root = panel.getroottree().getroot()
        named = self._tabs.get(root)
        if named is None:
            named = self._tabs[root] = {}
            for tab in _tabs(root):
                for mark, attribute in _TAB_NAMES:
                    if (name := tab.get(attribute)) is not None:
                        named.setdefault(mark + name, tab)
        tab = named.get(f"#{panel.get('id')}")
        if tab is not None:
            yield words(tab, _MAX_LABEL) or ""


def says(label: str) -> bool:
    """Whether a heading's words tell a year, a place, an organ or a column of reports."""
    return read_label(label).kind in ("year", "column", "item", "group") or is_organ(label)


def _in_row(element: Any, row: Any) -> Iterator[str]:
    """The words of a row before its first link: 和平区：2022年 2021年; of a table's row the cells before the link's,
    nearest first."""
    if row is element:
        return
    if row.tag == "tr":
        cell = next((at for at in (element, *element.iterancestors()) if at.getparent() is row), None)
        for before in cell.itersiblings(*_CELLS, preceding=True) if cell is not None else ():
            if next(before.iter("a"), None) is None:
                yield words(before, _MAX_LABEL) or ""
        yield from _spanning(row)
        return
    text = row.text or ""
    for at in row:
        if at.tag == "a" or (isinstance(at.tag, str) and next(at.iter("a"), None) is not None):
            break
        text += (words(at, _MAX_LABEL) or "") + (at.tail or "") if isinstance(at.tag, str) else at.tail or ""
    yield text.strip().rstrip("：:")


def _spanning(row: Any) -> Iterator[str]:
    """The words of the first cells of rows above that reach down to this one: a year over the rows of its places."""
    for distance, above in enumerate(islice(row.itersiblings("tr", preceding=True), _MAX_SPAN), 1):
        cell = next(above.iterchildren(*_CELLS), None)
        span = (cell.get("rowspan") or "") if cell is not None else ""
        if cell is not None and span.isdecimal() and len(span) < 4 and int(span) > distance:
            if next(cell.iter("a"), None) is None:
                yield words(cell, _MAX_LABEL) or ""
            return


def _of_column(element: Any, row: Any) -> Iterator[str]:
    """The words at the heads of the column that a link's cell stands in, nearest first; of a table, or of elements in
    rows that are alike.

    Counted from the right, since what a cell above or before spans is left out at the left: groups, names of organs.
    """
    table = next(row.iterancestors("table"), None) if row.tag == "tr" else None
    if table is not None:
        heads = list(islice(takewhile(lambda at: at is not row, table.iter("tr")), _MAX_HEADS))
        cell = next((at for at in (element, *element.iterancestors()) if at.getparent() is row), None)
    else:
        cell = next((at for at in (element, *islice(element.iterancestors(), 2)) if _is_cell(at)), None)
        row = cell.getparent() if cell is not None else row
        heads = [at for at in list(row.itersiblings(preceding=True))[-1:] if len(at) == len(row)]
    if cell is None or cell.tag in ("li", "dd"):
        return
    behind = _width(cell.itersiblings())
    for head in reversed(heads):
        if next(head.iter("a"), None) is not None:
            continue
        at = 0
        for part in reversed(head):
            at += _width([part])
            if at > behind:
                yield words(part, _MAX_LABEL) or ""
                break


def _is_cell(element: Any) -> bool:
    """Whether an element that is no table's stands in a row of others, and that row behind one that has as many."""
    row = element.getparent()
    if row is None or len(row) < 3 or row.tag in (*_ROOF, "ul", "ol", "tr"):
        return False
    first = next(iter(list(row.itersiblings(preceding=True))[-1:]), None)
    return first is not None and first.tag == row.tag and len(first) == len(row)


def _width(cells: Iterable[Any]) -> int:
    """Columns that cells take."""
    spans = (cell.get("colspan") or "1" for cell in cells if isinstance(cell.tag, str))
    return sum(int(span) if span.isdecimal() and len(span) < 4 else 1 for span in spans)


def _terms(row: Any) -> Iterator[str]:
    """The dt before a dd."""
    for at in row.itersiblings(preceding=True):
        if at.tag == "dt":
            yield words(at, _MAX_LABEL) or ""
            return


def _leads(element: Any) -> bool:
    return any((link.get("href") or "#")[0] != "#" for link in element.iter("a"))


def _tab_at(panel: Any) -> Iterator[str]:
    """The words of the tab at the same place in a row of tabs before the panels, or before what holds them."""
    around = panel.getparent()
    if around is None:
        return
    first = list(panel.itersiblings(preceding=True))[-2:]
    beside = [(before, [at for at in before.itersiblings() if at.tag == panel.tag]) for before in first]
    alike = [part for part in around if part.tag == panel.tag]
    above = [(before, alike) for before in islice(around.itersiblings(preceding=True), 2)]
    for before, panels in (*beside, *above):
        if not isinstance(before.tag, str) or not 2 <= len(panels) <= 60 or panel not in panels:
            continue
        tabs = next((row for row in before.iter() if len(row) == len(panels)), None)
        if tabs is not None and not _leads(tabs):
            yield words(tabs[panels.index(panel)], _MAX_LABEL) or ""
            return
