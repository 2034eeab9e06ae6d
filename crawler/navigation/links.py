"""The links of a page: where they lead, what they say, and the rows and blocks they stand in.

One pass over the tree; addresses, rows and dates are worked out only when asked for, since of the 400 links of a page
all but a few are told by their words alone.
"""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import Any

from lxml import etree

from crawler.conventions.answers import data_rows
from crawler.records.page import Page
from crawler.records.ways import SKIP_REASONS
from crawler.words.addresses import join
from crawler.words.labels import tidy
from crawler.words.link import Link, words

__all__ = ["SKIP_REASONS", "frames", "page_links", "read_links"]

_clickable: Any = etree.XPath("//*[@onclick][not(self::a or self::area)]", smart_strings=False)
_picture: Any = etree.XPath("string(.//img/@alt)", smart_strings=False)
_frames: Any = etree.XPath("//iframe|//frame", smart_strings=False)

_ONCLICK = re.compile(
    r"(?:location(?:\s*\.\s*href)?\s*=|location\s*\.\s*(?:assign|replace)\s*\(|window\s*\.\s*open\s*\()\s*(?:encodeURI\w*\s*\(\s*)?"
    r"[\"']([^\"']{1,500})[\"'](?!\s*\+)"
)
"""location.href='…' with the address written out; one put together from parts is no address here."""
_CUT = ("…", "...", "..", "．．．")
_MAX_LABEL = 400
MAX_LINKS = 20_000
"""Links read of one page; the largest real one has 700, a list of everything a few thousand."""


def _label(element: Any, title: str) -> str:
    """The words of a link: its text, its title where the text is cut off or missing, else its picture's words."""
    raw = (element.text or "") if len(element) == 0 else words(element, _MAX_LABEL) or ""
    label = tidy(raw[:_MAX_LABEL])
    if title and (not label or label.endswith(_CUT)):
        told = tidy(title[:_MAX_LABEL])
        stem = label.rstrip("….．")
        if told and (not label or stem[:4] == told[:4] or stem in told or len(told) > len(label)):
            return told
    if not label and len(element):
        return tidy(_picture(element)[:_MAX_LABEL])
    return label


def _scripted(element: Any, href: str) -> str:
    """The address written out in a link's onclick or javascript: address, else `href` as it is."""
    if href and href[0] != "#" and href[:11].lower() != "javascript:":
        return href
    told = _ONCLICK.search((element.get("onclick") or href)[:1000])
    return told.group(1) if told else href


def read_links(tree: Any, base_url: str, charset: str | None = None) -> list[Link]:
    """All links of a tree in the order of the page; after them what is no link and has onclick="location.href='…'".

    `base_url`: the page's address; a `base` element goes before it. `charset`: of queries (query_charset).
    A link without an address of its own (href="#",
    javascript:) is kept with `url` "", because its words still say what the page has. Never raises.
    """
    base = base_url
    for element in tree.iter("base"):
        if element.get("href"):
            base = join(base_url, element.get("href")) or base_url
            break
    links = []
    clickable = [element for element in _clickable(tree) if _ONCLICK.search(element.get("onclick")[:1000])]
    for element in islice(chain(tree.iter("a", "area"), clickable), MAX_LINKS):
        href = element.get("href") or ""
        if not href or href[0] == "#" or href[0] in "jJ":
            href = _scripted(element, href)
        title = element.get("title") or element.get("alt") or ""
        links.append(Link(element, href, _label(element, title), title, base, charset))
    return links


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
    """The links of a page, those that stand in its data or are a service's answer (answers.py) included."""
    url = page.capture.url
    charset = query_charset(page)
    links = read_links(page.tree, url, charset) if page.tree is not None else []
    if page.html:
        rows = data_rows(page.html)
        if rows is not None:
            links.extend(read_links(rows, base or url, charset))
    return links


def frames(tree: Any, base_url: str) -> list[tuple[str, bool]]:
    """Absolute addresses of frames that may hold content, each with True where it is a `frame` of a frameset.

    Left out: hidden ones and those whose address names a counter, weather, a player, a map or a share bar.
    """
    found = []
    for element in _frames(tree)[:50]:
        url = join(base_url, element.get("src") or element.get("data-src") or "")
        style = (element.get("style") or "").replace(" ", "").lower()
        tiny = element.get("width") in ("0", "1") or element.get("height") in ("0", "1")
        if url is None or tiny or "display:none" in style or _WIDGET.search(url):
            continue
        found.append((url, element.tag == "frame"))
    return found


_WIDGET = re.compile(
    r"weather|tianqi|count|stat(?:s|istics)?[./?]|login|video|player|/map|baidu|qrcode|share|weibo|search|banner|header?\.|foot|top\.|bottom\.|calendar",
    re.I,
)
