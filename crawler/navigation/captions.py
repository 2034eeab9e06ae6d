"""What stands beside a link and says what it leads to.

A link that says only what it does (查看, [详细], an icon) is called by the words around it, up to where the next link's
begin: the cell or the span with the title, a card's heading (sources/pages#lists). What stands over a block of places
is told by headings.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from crawler.words.entries import is_organ, is_silent
from crawler.words.labels import read_label, tidy
from crawler.words.link import INLINE, ROWS, words

_MAX_LABEL = 200
_MAX_CARD = 1_200
"""Characters of a card; one that shows an abstract has some three hundred."""
_MAX_ABOVE = 6
_MAX_UNLIKE = 3
"""Silent links of one row that look different: its page, its files."""
_TAGGED = re.compile(r"h[1-6]$")
_ROOF = frozenset({"body", "html"})
_NUMBERED = re.compile(r"[\d.、\s]*$")


def caption(element: Any) -> str:
    """What a silent link is called by the words beside it; "" where nothing there names a report, column, year, organ.

    A row with a link that has words is that link's: the silent one beside it stays silent.
    """
    if before := _before_it(element):
        return before
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


def _before_it(element: Any) -> str:
    """The title that stands alone before what holds a silent link alone: <dt>…</dt><dd>查看</dd>, a paragraph each.

    Only where the row of such pairs begins with a title, for else it stands behind its link.
    """
    at = element
    for _ in range(3):
        above = at.getparent()
        if above is None or above.tag in _ROOF or not is_silent(tidy(words(above, _MAX_LABEL) or " ?")):
            break
        at = above
    before = at.getprevious()
    around = at.getparent()
    if at is element or before is None or around is None or not isinstance(before.tag, str) or _leads(around[0]):
        return ""
    label = tidy(words(before, _MAX_LABEL) or "")
    return label if not _leads(before) and _worth(label) >= _SAYS_REPORT else ""


def _leads(element: Any) -> bool:
    return next(element.iter("a", "area"), None) is not None


_SAYS_REPORT = 8
_WORTH = {"item": 8, "column": 6, "year": 4, "years": 4, "group": 2}


def _worth(label: str) -> int:
    said = read_label(label)
    if is_silent(label) or _NUMBERED.fullmatch(label):
        return 0
    return 3 if said.kind == "other" and is_organ(label) else _WORTH.get(said.kind, 0)


def _alone(element: Any) -> Iterator[Any]:
    """The elements around a link, from the nearest, as long as no other link with words or another address is in
    them."""
    own = element.get("href") or ""
    at = element.getparent()
    for _ in range(_MAX_ABOVE):
        if at is None or at.tag in _ROOF or words(at, _MAX_CARD) is None:
            return
        unlike = 0
        for link in at.iter("a", "area"):
            if link is element:
                continue
            said = words(link, _MAX_LABEL)
            if said is None or not is_silent(tidy(said)):
                return
            if (link.get("href") or "") in ("", "#", own):
                continue
            beside = at.tag in ROWS or _holders(link) & _holders(element)
            if beside and _looks(link) == _looks(element):
                continue
            unlike += 1
            if unlike > _MAX_UNLIKE or not beside or _before(link, element):
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


def _holders(link: Any) -> set[Any]:
    """The element that a link stands in, and where that is its cell the row around it."""
    return set(islice(link.iterancestors(), 2)) - {None}


def _looks(link: Any) -> tuple[str, str | None]:
    """What a reader sees of a silent link: its words, or its picture. Links of a row that look alike are no page and
    file of it: each leads to a report of its own, as those of a table of organs by years do."""
    return tidy(words(link, _MAX_LABEL) or ""), next((at.get("src") for at in link.iter("img")), None)


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
