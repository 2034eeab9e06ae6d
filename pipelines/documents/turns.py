"""Whether anything on a page leads to a further page of what is read: the words of a link, or a script that counts.

Most articles have none, and links cost to read: what is cheap to tell is told here first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from lxml import etree

from crawler.conventions.controls import next_in_head
from crawler.records.page import Page
from crawler.words.display import seen_of
from crawler.words.link import words
from crawler.words.pagers import is_next_picture
from crawler.words.relations import next_in_header
from crawler.words.source import PAGERS, Source
from crawler.words.text import squeeze

TURN = re.compile(
    r"\W{0,3}(?:第?(\d{1,3})页?|第[二三四五六七八九十]{1,2}页"
    r"|(?:请?点击)?(?:继续)?(?:阅读|查看|浏览|转到?|到|去|翻)?(?:下一?页|后一?页|次页|尾页|末页|最后一?页)(?:[（(]?\d{1,3}[）)]?)?"
    r"|next(?:page)?|last|继续阅读|(?:请?点击)?(?:查看|阅读|浏览)?(?:余下|剩余)的?(?:全文|内容|部分|正文)?|[>＞»›]{1,2})\W{0,3}",
    re.I,
)
"""Words of a link to a further page of what is read, white space removed; the group is the page's own number."""
_PRESSED = ("a", "area", "button", "option")
_TURNS = re.compile(r"[\d页余剩续>＞»›NnＮｎTtＴｔ]")
"""A sign of which every one of those words has one; looked for first, because it is cheap."""
_NAMED = ("title", "alt", "value")
"""Attributes that say what a link or a picture is called."""
_NAMES: tuple[Any, ...] = tuple(etree.XPath(f"//@{name}", smart_strings=False) for name in _NAMED)
_pictures: Any = etree.XPath("//a//img/@src", smart_strings=False)
_MOST_WORDS = 80
"""Characters of the words of a link to a further page, with their signs and the blanks of the source."""


def may_turn(page: Page) -> bool:
    """Whether a script of a page counts its pages, or anything on it that may be a link is called, by its words, its
    title or its picture's, as one to a further page is. `page.tree` is not None. Never raises."""
    view = seen_of(page)
    if is_called(page.html or "", view.source):
        return True
    if next_in_header(page.capture.headers) is not None or next_in_head(page.tree) is not None:
        return True
    if any(map(is_next_picture, _pictures(page.tree))):
        return True
    scripted = (element for element in view.pressed if element.tag != "button" and element.get("onclick") is not None)
    elements = chain(page.tree.iter(*_PRESSED), scripted)
    # Most pages have no such name on anything: that is told without asking each link.
    named = any(_is_turn(name) for find in _NAMES for name in find(page.tree))
    return any(map(_is_turn, _texts(elements, named)))


def is_called(html: str, source: Source | None) -> bool:
    """Whether a script of a page counts its pages. `source`: the same, None where that is not known."""
    return (source is None or source.may_count_pages) and any(sign in html for sign in PAGERS)


def _texts(elements: Iterable[Any], named: bool) -> Iterator[str]:
    """What elements that may be links are called by: their words, and where anything is `named` so the attributes of
    theirs and their picture's."""
    for element in elements:
        if len(element):
            yield words(element, _MOST_WORDS) or ""
            for picture in islice(element.iter("img"), 1) if named else ():
                yield from _attributes(picture)
        elif text := element.text:
            yield text
        if named:
            yield from _attributes(element)


def _attributes(element: Any) -> Iterator[str]:
    return filter(None, map(element.get, _NAMED))


def _is_turn(text: str) -> bool:
    return len(text) <= _MOST_WORDS and _is_called_turn(text)


@lru_cache(maxsize=8192)
def _is_called_turn(text: str) -> bool:
    """Kept, for the menus of a portal stand on all its pages."""
    return _TURNS.search(text) is not None and TURN.fullmatch(squeeze(text)) is not None
