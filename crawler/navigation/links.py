"""The links of a page: where they lead, what they say, and the rows and blocks they stand in.

One pass over the tree; addresses, rows and dates are worked out only when asked for, since of the 400 links of a page
all but a few are told by their words alone.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from lxml import etree

from crawler.conventions.answers import data_rows
from crawler.conventions.functions import Functions
from crawler.conventions.loops import written_by_loops
from crawler.navigation.captions import caption
from crawler.navigation.clicks import bound, clickable, scripted
from crawler.records.page import Page
from crawler.records.ways import SKIP_REASONS
from crawler.words.addresses import is_file, join
from crawler.words.display import seen_of
from crawler.words.entries import CUT, is_silent
from crawler.words.folders import is_nested
from crawler.words.labels import tidy
from crawler.words.link import Link, words

__all__ = ["SKIP_REASONS", "frames", "page_links", "read_links"]

_pictures: Any = etree.XPath(".//img/@alt|.//img/@title|.//*/@aria-label", smart_strings=False)
_frames: Any = etree.XPath("//iframe|//frame|//object[@data]|//embed[@src]", smart_strings=False)

_MAX_LABEL = 400
MAX_LINKS = 20_000
"""Links read of one page; the largest real one has 700, a list of everything a few thousand."""
_MAX_SILENT = 2_000
"""Links without words of their own that are looked at more closely; a home page has a hundred pictures."""


def _label(element: Any, title: str) -> str:
    """The words of a link: its text, its title where the text is cut off or missing, else its picture's words.

    A title may stand on the link, on the row around a cut text, or on a span within.
    """
    raw = (element.text or "") if len(element) == 0 else words(element, _MAX_LABEL) or ""
    label = tidy(raw[:_MAX_LABEL]) or (tidy(element.get("value") or "") if element.tag == "input" else "")
    if not title and label.endswith(CUT):
        title = _title_near(element)
    if title and (not label or label.endswith(CUT)):
        told = tidy(title[:_MAX_LABEL])
        stem = label.rstrip("….．")
        if told and (not label or stem[:4] == told[:4] or stem in told or len(told) > len(label)):
            return told
    if not label and len(element):
        return next((told for text in _pictures(element) if (told := tidy(text[:_MAX_LABEL]))), "")
    return label or tidy((element.get("aria-label") or "")[:_MAX_LABEL])


def _title_near(element: Any) -> str:
    """The title of an element within the link, or of one of the two around it."""
    within = next((told for at in islice(element.iter(), 20) if (told := at.get("title"))), None)
    if within:
        return str(within)
    return next((told for at in islice(element.iterancestors(), 2) if (told := at.get("title"))), "") or ""


def read_links(
    tree: Any,
    base_url: str,
    functions: Functions | None = None,
    charset: str | None = None,
    pressed: list[Any] | None = None,
) -> list[Link]:
    """All links of a tree in the order of the page; after them what is no link and leads on when it is clicked.

    `base_url`: the page's address; a `base` element goes before it. `functions`: those of the page's scripts.
    `charset`: of queries (query_charset). `pressed`: what is no link and may be clicked, where known (`Seen`). A link
    without an address of its own (href="#", javascript:) is kept with `url` "", because its words still say what
    the page has. A link that says nothing is called by what stands beside it (captions.py). Never raises.
    """
    base = base_url
    for element in tree.iter("base"):
        if element.get("href"):
            base = join(base_url, element.get("href")) or base_url
            break
    functions = functions or Functions("", base)
    links = []
    handled = bound(tree, functions)
    for element in islice(tree.iter("a", "area"), MAX_LINKS):
        href = element.get("href") or element.get("xlink:href") or ""
        if not href or href[0] == "#" or href[0] in "jJ":
            href = scripted(element, href, functions, handled)
        links.append(_link(element, href, base, charset))
    for element, href in islice(clickable(tree, functions, pressed, handled), max(0, MAX_LINKS - len(links))):
        links.append(_link(element, href, base, charset))
    for link in islice((link for link in links if is_silent(link.label)), _MAX_SILENT):
        link.label = caption(link.element) or link.label
    return links


def _link(element: Any, href: str, base: str, charset: str | None) -> Link:
    title = element.get("title") or element.get("alt") or ""
    return Link(element, href, _label(element, title), title, base, charset)


def query_charset(page: Page) -> str | None:
    """The codec that browsers put the queries of a page's links in: its charset; None for UTF-8.

    A page of nothing but ASCII is in any charset, and says itself in which.
    """
    used = page.charset
    if used == "utf-8" and page.capture.body.isascii() and _GB.match(page.charset_declared or ""):
        return "gb18030"
    return None if used is None or used.startswith("utf") else used


_GB = re.compile(r"gb[k\d]", re.I)


def page_links(page: Page, base: str | None = None) -> list[Link]:
    """The links of a page, those that stand in its data or scripts or are a service's answer (answers.py) included."""
    url = page.capture.url
    functions = Functions(page.html or "", url)
    charset = query_charset(page)
    links = []
    if page.tree is not None:
        links = read_links(page.tree, url, functions, charset, seen_of(page).pressed)
    if page.html:
        rows = data_rows(page.html, functions)
        if rows is not None:
            links.extend(read_links(rows, base or url, functions, charset))
        if written := written_by_loops(page.html, functions):
            links.extend(read_links(etree.HTML(f"<div>{written}</div>"), base or url, functions, charset))
    return links


def frames(tree: Any, base_url: str) -> list[tuple[str, bool]]:
    """Absolute addresses of frames that may hold content, each with True where it is a `frame` of a frameset.

    Left out: hidden ones and those whose address names a counter, weather, a player, a map or a share bar. The frames
    of a frameset are the page, and none of them is left out: the menu may stand in top.html.
    """
    found = []
    for element in _frames(tree)[:50]:
        source = element.get("src") or element.get("data-src") or element.get("data") or ""
        url = join(base_url, source)
        style = (element.get("style") or "").replace(" ", "").lower()
        tiny = element.get("width") in ("0", "1") or element.get("height") in ("0", "1")
        frameset = element.tag == "frame"
        if url is None or is_nested(url) or "display:none" in style or (not frameset and (tiny or _WIDGET.search(url))):
            continue
        if element.tag in ("object", "embed") and (is_file(url) or _PLAYED.search(url)):
            continue  # a document is a report's, and what is played is none
        found.append((url, frameset))
    return found


_PLAYED = re.compile(r"\.(?:swf|mp\d|flv|wmv|svg|webp|js)(?:\?|$)", re.I)
_WIDGET = re.compile(
    r"weather|tianqi|count|stat(?:s|istics)?[./?]|login|video|player|/map|baidu|qrcode|share|weibo|search|banner|header?\.|foot|top\.|bottom\.|calendar",
    re.I,
)
