"""From the source of a page to its one tree: libxml2's, and what is put right after it."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

_DEEP = 2000
"""Fewer tags than this cannot nest beyond what libxml2 takes (2,048 levels with huge_tree)."""
_BLOCK_TAG = re.compile(
    r"</?(?:div|table|tbody|thead|tr|td|th|ul|ol|li|dl|dt|dd|section|article|center|blockquote)\b[^<>]*>", re.I
)
_INLINE_TAG = re.compile(r"</?(?:span|font|b|strong|i|em|u|o:p)\b[^<>]*>", re.I)


def encoded(text: str) -> bytes:
    """A source in UTF-8, as the parser is given it; what no Unicode has is a question mark."""
    return text.encode("utf-8", "replace")


def parse(text: str, raw: bytes) -> tuple[Any, str | None]:
    """The tree of a page, or None where there is no element; and how it was come by where the first reading failed.

    `raw`: the text in UTF-8. Never raises.
    """
    tree, too_deep = _parse_once(text, raw)
    if not too_deep:
        return tree, None
    # Few pages are so deep, and the second parser takes 50 ms to import.
    from pipelines.decode import second

    flattened = _INLINE_TAG.sub("", _BLOCK_TAG.sub("<p>", text))
    flat = _parse_once(flattened, encoded(flattened))[0]
    other = second.second_reading(text)
    if second.better(flat, other):
        return other, "the text and tables are those of a second parser"
    limit = f" (beyond {second.MAX_SOURCE:,} characters or {second.MAX_TAGS:,} tags no second parser is asked)"
    return flat, "the text was read from a flattened copy" + (limit if other is None else "")


def _parse_once(text: str, raw: bytes) -> tuple[Any, bool]:
    # huge_tree: 2,048 levels instead of 256, where libxml2 gives up on the rest of the page; pages with an unclosed
    # <font> in every paragraph go beyond 256.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, remove_comments=True)
    try:
        tree = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError):
        return None, False
    if tree is not None:
        _gather_roots(tree)
    deep = text.count("<") > _DEEP and any(
        entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log
    )
    return tree, deep


def _gather_roots(tree: Any) -> None:
    """Bring what stands after an early `</html>` into the one tree: libxml2 hangs it beside the root, unseen.

    Pages put together from includes have two `</html>`, the article often after the first (sources/pages#body).
    """
    strays = [root for root in tree.itersiblings() if isinstance(root.tag, str)]
    if not strays:
        return
    body = tree.find("body")
    target = body if body is not None else tree
    for stray in strays:
        for element in (stray, *stray.iterchildren("body", "head")):
            element.tag = "div"
        target.append(stray)
