"""A second reading of a page that is nested deeper than libxml2 reads: by BeautifulSoup, whose parser has no depth.

Met where nothing is closed: every paragraph opens a `<div>` or `<font>` inside the one before (sources/pages#body). The
first reading of such a page is of a flattened copy, which keeps every word and loses the tables. Here wrappers beyond
`DEPTH` are left out, their content kept, so that tables, rows and links stand where they stood.
"""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PreformattedString, Tag
from lxml import etree

from crawler.words.text import unspaced

MAX_SOURCE, MAX_TAGS = 1_000_000, 20_000
"""Characters and tags of a source that is read twice: BeautifulSoup takes 1 ms for some 20 tags and, where nothing is
closed, looks through all open ones at each end tag. A larger page keeps its first reading."""
DEPTH, _DEEPEST = 200, 1000
"""Levels beyond which a wrapper is left out; and beyond which whatever it is."""
_ENDS = {"td": ("tr",), "th": ("tr",), "tr": ("table", "tbody", "thead", "tfoot")}
"""What a cell or row stands in: one that is opened within another ends it (HTML standard, 13.2.6.4.14 and 15)."""
_KEPT = frozenset({*_ENDS, "table", "tbody", "thead", "tfoot", "caption", "a", "img", "br", "script", "style"})
_INLINE = frozenset({"span", "font", "b", "strong", "i", "em", "u", "a", "img"})
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.A)
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_texts: Any = etree.XPath("//text()[not(parent::script or parent::style)]", smart_strings=False)
_cells: Any = etree.XPath("count(//table[not(.//table)]//td | //table[not(.//table)]//th)")
_links: Any = etree.XPath("count(//a[@href])")


def second_reading(text: str) -> Any:
    """The tree of a source; None above the limits. Never raises on wild input."""
    if len(text) > MAX_SOURCE or text.count("<") > MAX_TAGS:
        return None
    try:
        soup = BeautifulSoup(text, "html.parser")
    except (ValueError, AssertionError, RecursionError):
        return None
    root = etree.Element("html")
    body = etree.SubElement(root, "body")
    # What is still to be put down, the next last: a node of the soup, the element it goes into, how deep that is.
    left: list[tuple[Any, Any, int]] = [(node, body, 2) for node in reversed(soup.contents)]
    while left:
        node, parent, depth = left.pop()
        if isinstance(node, Tag):
            inside, deeper = _put(node, parent, depth)
            left += [(one, inside, deeper) for one in reversed(node.contents)]
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString | Comment):
            _write(parent, str(node))
    return root


def better(first: Any, second: Any) -> bool:
    """Whether a second reading keeps more: not a character of text less, and more cells of tables or more links."""
    if second is None:
        return False
    if first is None:
        return True
    characters = [len(unspaced("".join(_texts(tree)))) for tree in (first, second)]
    kept = [(_cells(tree), _links(tree)) for tree in (first, second)]
    return characters[1] >= characters[0] and all(b >= a for a, b in zip(*kept, strict=True)) and kept[1] != kept[0]


def _put(tag: Tag, parent: Any, depth: int) -> tuple[Any, int]:
    """Where a tag's content goes, and how deep that is; one that is left out leaves the edge of a paragraph."""
    name = tag.name.lower().rpartition(":")[2]
    if name in ("html", "body", "head") or not _NAME.fullmatch(name):
        return parent, depth
    if depth >= _DEEPEST or (depth >= DEPTH and name not in _KEPT):
        if name not in _INLINE:
            etree.SubElement(parent, "br")
        return parent, depth
    element = etree.SubElement(_home(parent, name), name)
    for key, value in tag.attrs.items():
        if _NAME.fullmatch(key):
            element.set(key, _NO_TEXT.sub("", " ".join(value) if isinstance(value, list) else str(value)))
    return element, depth + 1


def _home(parent: Any, name: str) -> Any:
    """The row of a cell, the table of a row, found upwards within the one table; else where it stands in the source."""
    above = parent
    while name in _ENDS and above is not None and above.tag != "body":
        if above.tag in _ENDS[name]:
            return above
        if above.tag == "table":
            break
        above = above.getparent()
    return parent


def _write(parent: Any, words: str) -> None:
    words = _NO_TEXT.sub("", words)
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + words
    else:
        parent.text = (parent.text or "") + words
