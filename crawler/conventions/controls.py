"""The controls of a page's pagers, whatever they are made of: links, options, buttons, and what a script does for them.

Each becomes a link whose words say what it does (words/pagers.py) and whose address is what the page writes out: in
href, in data-href and its like, in an option's value, in a script of a few lines (functions.py). A control whose
address is written nowhere stays among them with none, so that the page is known to go on.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from lxml import etree

from crawler.conventions.functions import Functions
from crawler.words.labels import read_label, tidy
from crawler.words.link import Link, words
from crawler.words.pagers import MAX_CONTROL, is_next_picture

MAX_CONTROLS = 600
"""Controls read of one page; a select of 500 pages is the largest that is followed whole."""
_DATA = ("data-href", "data-url", "data-link", "data-src", "_href", "link", "url")
"""Attributes that hold an address for a script which is not on the page."""
_NEXT_CLASSES = frozenset({"next", "nextpage", "page-next", "next-page", "pagenext", "nextbtn", "btn-next", "pg-next"})
_OF_PAGES = re.compile("page|fenye", re.I)
_TALK = frozenset({"number", "next", "last"})

_SCRIPTED = ("onclick", "data-href", "data-url", "data-link", "data-page", "data-pageno", "_href")
"""Attributes of what is no link and turns pages all the same."""
_parts: Any = etree.XPath(
    "|".join(f"//@{name}/parent::*[not(self::a or self::area or self::option)]" for name in _SCRIPTED)
)
_selects: Any = etree.XPath("//select")
_heads: Any = etree.XPath("//link[@rel and @href]", smart_strings=False)


def controls_of(
    tree: Any, url: str, links: list[Link], functions: Functions, following: str | None = None
) -> list[Link]:
    """The page's links with every control of a pager among them, each with its address where one is written out.

    `links`: those of the page in its order (navigation/links.py); `functions`: those of its scripts; `following`: the
    next page's address by what came with the page. The others come after them. Never raises.
    """
    pattern = links[0] if links else Link(tree, "", "", "", url)
    found = [_resolved(link, functions) for link in links if not _within_page(link)]
    if tree is None:
        return found
    if (href := next_in_head(tree) or following) is not None:
        found.append(pattern.another(tree, href, "下一页"))
    clickable = {id(link.element) for link in links}
    for element in islice(_parts(tree), MAX_CONTROLS):
        if id(element) not in clickable:
            label = tidy((words(element, MAX_CONTROL) or element.get("value") or "")[:MAX_CONTROL])
            if read_label(label).kind in _TALK:
                found.append(_resolved(pattern.another(element, "", label, element.get("title") or ""), functions))
    for select in _selects(tree)[:50]:
        found.extend(_options(select, functions, pattern))
    return found


def next_in_head(tree: Any) -> str | None:
    """The address that a page's head calls the next one's, as written; None where none is."""
    links = (link for link in _heads(tree) if "next" in (link.get("rel") or "").lower().split())
    return next((link.get("href") for link in links), None)


def _resolved(link: Link, functions: Functions) -> Link:
    """The link with the address that the page writes out for it, where it has none of its own; what bears only a sign
    of 下一页 (rel, class, aria-label) gets that label."""
    element = link.element
    label = link.label or tidy((element.get("value") or "")[:MAX_CONTROL])
    if read_label(label).kind not in _TALK:
        if not _is_next(element, label):
            return link
        label = "下一页"
    if link.url:
        return link if label == link.label else link.another(element, link.href, label, link.title)
    href = next((told for name in _DATA if (told := element.get(name)) and not told.isdecimal()), None)
    if href is None:
        code = element.get("onclick") or link.href
        href = functions.address(code, dict(element.attrib.items())) if "(" in code or "=" in code else None
    return link.another(element, href or link.href, label, link.title)


def _within_page(link: Link) -> bool:
    """Whether a link leads to a place on the page: a footnote's number, 返回顶部."""
    if link.href[:1] != "#" or len(link.href) < 2 or link.element.get("onclick"):
        return False
    return "page" not in link.href and "/" not in link.href and not link.element.get("data-page")


def _is_next(element: Any, label: str) -> bool:
    """Whether a link without such words is marked as the next page's: by rel, by its class, for those who hear it."""
    rel = element.get("rel")
    if rel is not None and "next" in rel.lower().split():
        return True
    if label:
        return False
    if read_label(tidy(element.get("aria-label") or "")).kind == "next":
        return True
    if any(is_next_picture(picture.get("src") or "") for picture in islice(element.iter("img"), 1)):
        return True
    return not _NEXT_CLASSES.isdisjoint((element.get("class") or "").lower().split())


def _options(select: Any, functions: Functions, pattern: Link) -> list[Link]:
    """The pages that a select offers: 1, 2, 3 … without a gap, the words of the rest being what they like."""
    numbered = []
    for option in islice(select.iter("option"), MAX_CONTROLS):
        label = tidy(words(option, MAX_CONTROL) or "")
        if read_label(label).kind == "number":
            numbered.append((option, label))
    if len(numbered) < 2 or [read_label(label).number for _, label in numbered] != [*range(1, len(numbered) + 1)]:
        return []
    code = select.get("onchange") or ""
    found = []
    for option, label in numbered:
        value = option.get("value") or ""
        href = value
        if not value or value.isdecimal():
            told = {"value": value or str(read_label(label).number)}
            href = (functions.address(code, told) or "") if code else ""
        if href or code or _OF_PAGES.search(f"{select.get('name')} {select.get('id')} {select.get('class')}"):
            found.append(pattern.another(option, href, label))
    return found
