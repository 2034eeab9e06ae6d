"""Styles, pictures and fonts that a page or a style names: what a browser fetches to show it, but for scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawler.words.addresses import join

MOST = 400
"""Addresses of one page or style; a page with more is a gallery."""
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
NAMED = re.compile(
    r"""url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^)"'\s]*))\s*\)|@import\s+(?:"([^"\n]*)"|'([^'\n]*)')""", re.I
)
"""CSS Syntax 3, 4.3.6 and CSS Cascade 4, 2: the two ways in which a style names an address."""
_PICTURES = (
    ("img", "src"), ("img", "srcset"), ("source", "srcset"), ("input", "src"), ("video", "poster"), ("image", "href"),
    ("body", "background"), ("table", "background"), ("td", "background"), ("tr", "background"), ("th", "background"),
)  # fmt: skip
"""Attributes by element that name a picture; those of old pages are in many a portal."""
_LINKS = frozenset({"stylesheet", "icon"})
"""Link types that a browser fetches to show a page."""
_CANDIDATE = re.compile(r"[^\s,][^\s]*[^\s,]|[^\s,]")


def of_page(tree: Any, url: str) -> list[str]:
    """The addresses that the page at `url`, an lxml tree, needs; each once, in their order, at most MOST."""
    base = next((join(url, item.get("href") or "") for item in tree.iter("base") if item.get("href")), None) or url
    return _absolute(_of_tree(tree), base)


def of_style(style: str, url: str) -> list[str]:
    """The addresses that the style at `url` names; each once, in their order, at most MOST."""
    return _absolute(_of_css(style), url)


def as_text(body: bytes) -> str:
    """A style as text: its addresses are ASCII but for a few, and those are in the charset of the country."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def _of_tree(tree: Any) -> Iterator[str]:
    for link in tree.iter("link"):
        if not _LINKS.isdisjoint((link.get("rel") or "").lower().split()):
            yield link.get("href") or ""
    for style in tree.iter("style"):
        yield from _of_css(style.text or "")
    for element, attribute in _PICTURES:
        for item in tree.iter(element):
            value = item.get(attribute) or ""
            yield from _candidates(value) if attribute == "srcset" else [value]
    for item in tree.iter():
        if "url(" in (style := item.get("style") or ""):
            yield from _of_css(style)


def _candidates(srcset: str) -> Iterator[str]:
    """The addresses of a srcset (HTML 4.8.4.2.1), without their widths."""
    for candidate in srcset.split(", "):
        if item := _CANDIDATE.search(candidate.strip()):
            yield item[0]


def _of_css(style: str) -> Iterator[str]:
    for item in NAMED.finditer(_COMMENT.sub(" ", style)):
        yield next((part for part in item.groups() if part), "")


def _absolute(named: Iterator[str], base: str) -> list[str]:
    """What is named as addresses of the web; data: and fragments of the page itself are none."""
    item: dict[str, None] = {}
    for name in named:
        if not name or name.startswith(("#", "data:")):
            continue
        if url := join(base, name):
            item[url.partition("#")[0]] = None
            if len(item) == MOST:
                break
    return list(item)
