"""The headings over the blocks of a page: the year or the place that a link in a block leaves out.

A place, an organ or a year in a block has the year or the place that stands over the block or before it: dt, caption,
heading, a tab, the first cell of its row or of its column (sources/pages#lists).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from crawler.words.entries import is_organ
from crawler.words.labels import read_label, tidy
from crawler.words.link import words

_MAX_LABEL = 200
_MAX_ABOVE = 6
_MAX_BEFORE = 4
"""Elements before a block among which its heading stands."""
_HEADING_LABEL = 40
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
        if block not in self._over:
            self._over[block] = list(self._around(block))
        labels = [tidy(text[:_MAX_LABEL]) for text in (*found, *self._over[block])]
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
    """The words of a row before its first link: 和平区：2022年 2021年, or the first cell of a table's row."""
    if row is element:
        return
    if row.tag == "tr":
        cell = next((at for at in row if at.tag in _CELLS), None)
        if cell is not None and next(cell.iter("a"), None) is None:
            yield words(cell, _MAX_LABEL) or ""
        return
    text = row.text or ""
    for at in row:
        if at.tag == "a" or (isinstance(at.tag, str) and next(at.iter("a"), None) is not None):
            break
        text += (words(at, _MAX_LABEL) or "") + (at.tail or "") if isinstance(at.tag, str) else at.tail or ""
    yield text.strip().rstrip("：:")


def _of_column(element: Any, row: Any) -> Iterator[str]:
    """The words at the head of the column of a table that a link's cell stands in."""
    if row.tag != "tr":
        return
    cell = next((at for at in (element, *element.iterancestors()) if at.tag in _CELLS), None)
    table = next(row.iterancestors("table"), None)
    first = next(table.iter("tr"), None) if table is not None else None
    if cell is None or first is None or first is row or cell.getparent() is not row:
        return
    at = [part for part in row if part.tag in _CELLS].index(cell)
    heads = [part for part in first if part.tag in _CELLS]
    if at < len(heads) and next(heads[at].iter("a"), None) is None:
        yield words(heads[at], _MAX_LABEL) or ""


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
