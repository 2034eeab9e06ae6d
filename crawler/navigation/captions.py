"""What stands beside a link and says what it leads to: the row of a silent link, the heading over a block of places.

A link that says only what it does (查看, [详细], an icon) is called by the words around it, up to where the next link's
begin: the cell or the span with the title, a card's heading. A place, an organ or a year in a block has the year or the
place that stands over the block or before it: dt, caption, heading, a tab, the first cell of its row or of its column
(sources/pages#lists).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawler.words.entries import is_organ, is_silent
from crawler.words.labels import read_label, tidy
from crawler.words.link import INLINE, ROWS, words

_MAX_LABEL = 200
_MAX_CARD = 1_200
"""Characters of a card; one that shows an abstract has some three hundred."""
_MAX_ABOVE = 6
_MAX_BEFORE = 4
"""Elements before a block among which its heading stands."""
_HEADING_LABEL = 40
_CELLS = frozenset({"td", "th"})
_TAGGED = re.compile(r"h[1-6]$")
_ROOF = frozenset({"body", "html"})
_NUMBERED = re.compile(r"[\d.、\s]*$")


def caption(element: Any) -> str:
    """What a silent link is called by the words beside it; "" where nothing there names a report, column, year, organ.

    A row with a link that has words is that link's: the silent one beside it stays silent.
    """
    best, worth = "", 0
    for holder in _alone(element):
        for heading, text in _pieces(holder):
            label = tidy(text[:_MAX_LABEL])
            told = _worth(label) + heading if label else 0
            if told > worth:
                best, worth = label, told
        if worth >= _SAYS_REPORT:
            break
    return best if worth > 1 else ""


_SAYS_REPORT = 8
_WORTH = {"item": 8, "column": 6, "year": 4, "years": 4, "group": 4}


def _worth(label: str) -> int:
    said = read_label(label)
    if is_silent(label) or _NUMBERED.fullmatch(label):
        return 0
    return 2 if said.kind == "other" and is_organ(label) else _WORTH.get(said.kind, 0)


def _alone(element: Any) -> Iterator[Any]:
    """The elements around a link, from the nearest, as long as no other link with words or another address is in
    them."""
    own = element.get("href") or ""
    at = element.getparent()
    for _ in range(_MAX_ABOVE):
        if at is None or at.tag in _ROOF or words(at, _MAX_CARD) is None:
            return
        for count, link in enumerate(at.iter("a", "area")):
            if link is element:
                continue
            said = words(link, _MAX_LABEL)
            if count > 3 or said is None or not is_silent(tidy(said)):
                return
            if (link.get("href") or "") not in ("", "#", own):
                beside = at.tag in ROWS or link.getparent() is element.getparent()
                if not beside or _before(link, element):
                    return
        yield at
        if at.tag in ROWS:
            return
        at = at.getparent()


def _before(link: Any, element: Any) -> bool:
    """Whether another silent link of the row goes first: the page goes before a file of it, else the first one."""
    files = [
        bool(re.search(r"\.(?:pdf|docx?|wps|ofd|xlsx?|zip|rar)$", at.get("href") or "", re.I)) for at in (link, element)
    ]
    if files[0] != files[1]:
        return files[1]
    return next(at for at in link.getroottree().getroot().iter("a", "area") if at in (link, element)) is link


def _pieces(holder: Any) -> Iterator[tuple[bool, str]]:
    """The words of an element piece by piece, as blocks and cells part them; True for those of a heading."""
    current: list[str] = []
    heading = False
    for event, at in _walk(holder):
        if not isinstance(at.tag, str):
            continue
        if (event and at.tag not in INLINE) or _TAGGED.match(at.tag):
            if current:
                yield heading, "".join(current)
            current, heading = [], False
        if event:
            heading = heading or bool(_TAGGED.match(at.tag))
            if at.tag not in ("a", "script", "style", "button") and at.text and at.text.strip():
                current.append(at.text)
            told = at.get("title") if at.tag not in ("a", "img") else None
            if told:
                yield False, told
        if not event and at is not holder and at.tail and at.tail.strip():
            if at.tag in ("a", "br") or at.tag not in INLINE or _TAGGED.match(at.tag):
                if current:
                    yield heading, "".join(current)
                current = []
                heading = False
            current.append(at.tail)
    if current:
        yield heading, "".join(current)


def _walk(holder: Any) -> Iterator[tuple[bool, Any]]:
    """Each element twice, when it is come to (True) and when it is left; at most two hundred."""
    stack: list[tuple[bool, Any]] = [(True, holder)]
    for _ in range(400):
        if not stack:
            return
        begun, at = stack.pop()
        yield begun, at
        if begun:
            stack.append((False, at))
            if at.tag not in ("script", "style"):
                stack.extend((True, child) for child in reversed(at))


class Headings:
    """The headings over the blocks of a page; each block is looked at once."""

    def __init__(self) -> None:
        self._over: dict[Any, list[str]] = {}

    def over(self, element: Any, row: Any, block: Any) -> list[str]:
        """What stands over a link or before it and says a year, a place, an organ or a column's name, nearest first."""
        found = [*_in_row(element, row), *_of_column(element, row)]
        if row.tag == "dd":
            found += _terms(row)
        if block not in self._over:
            self._over[block] = list(_over(block))
        labels = [tidy(text[:_MAX_LABEL]) for text in (*found, *self._over[block])]
        return list(dict.fromkeys(label for label in labels if 2 <= len(label) <= _HEADING_LABEL and says(label)))


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


def _over(block: Any) -> Iterator[str]:
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
            yield from _tabs_for(at)
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


def _leads(element: Any) -> bool:
    return any((link.get("href") or "#")[0] != "#" for link in element.iter("a"))


def _tabs_for(panel: Any) -> Iterator[str]:
    """The words of the tab that names a panel by its id."""
    name = panel.get("id")
    for tab in panel.getroottree().getroot().iter("a", "li", "span", "button", "div"):
        named = {tab.get("href"), tab.get("data-target"), f"#{tab.get('data-id')}", f"#{tab.get('aria-controls')}"}
        if f"#{name}" in named:
            yield words(tab, _MAX_LABEL) or ""
            return


def _tab_at(panel: Any) -> Iterator[str]:
    """The words of the tab at the same place in a row of tabs before the panels, or before what holds them."""
    around = panel.getparent()
    if around is None:
        return
    beside = [(before, list(before.itersiblings(panel.tag))) for before in panel.itersiblings(preceding=True)]
    above = [
        (before, [part for part in around if part.tag == panel.tag]) for before in around.itersiblings(preceding=True)
    ]
    for before, panels in (*beside[-2:], *above[:2]):
        if not isinstance(before.tag, str) or not 2 <= len(panels) <= 60 or panel not in panels:
            continue
        tabs = next((row for row in before.iter() if len(row) == len(panels)), None)
        if tabs is not None and not _leads(tabs):
            yield words(tabs[panels.index(panel)], _MAX_LABEL) or ""
            return
