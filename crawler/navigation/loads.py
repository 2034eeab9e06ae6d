"""What a page's scripts load: lists from an address that is written out, frames that a script sets, scripts of data.

Asked only where the page itself offers nothing, as frames are (sources/pages#lists, sources/pages#scripts); beside a
list what lies in the column's own folders, and scripts that alone fill a box.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

from lxml import etree

from crawler.conventions.functions import Functions
from crawler.conventions.growing import counts_pages
from crawler.conventions.loads import MAX_LOADS, included, loaded, parts
from crawler.conventions.records import NO_LIST
from crawler.navigation.emitter import Emitter
from crawler.navigation.headings import Headings
from crawler.records.page import Page
from crawler.records.ways import Position
from crawler.words.addresses import join, path_of, trap
from crawler.words.labels import read_label
from crawler.words.posts import posted_form

_DATA_SCRIPT = re.compile(
    r"(?:list|data|nb|nianbao|report|article|news|content|json)\w{0,20}\.(?:js|json)(?:\?|$)", re.I
)


_LIBRARY = re.compile(
    r"jquery|bootstrap|layui|vue|swiper|slid|lunbo|common|public|base|main|page|nav|menu|top|foot|head|tabs?\b|float|piao"
    r"|dialog|layer|\.min\.|util|init|config|font|audio|speech|wza|access",
    re.I,
)
"""Names of scripts that do something, and hold no list."""
_CALLED_BACK = re.compile(r"[?&](?:json|js)?(?:_?callback|jsonp|cb)=", re.I)
_feeds: Any = etree.XPath(
    "//link[contains(concat(' ', @rel, ' '), ' alternate ')]"
    "[contains(@type, 'rss+xml') or contains(@type, 'atom+xml')]/@href",
    smart_strings=False,
)
_PLAIN = frozenset({"src", "type", "charset", "language", "async", "defer", "id", "class"})
"""Attributes of a script that say nothing to it."""
_MAX_BOXES = 100
_boxed: Any = etree.XPath(
    "//body//*[self::div or self::ul or self::ol or self::dl or self::td or self::dd or self::table or self::tbody]"
    "[script[@src]][not(*[not(self::script or self::noscript)])]",
    smart_strings=False,
)


def load(page: Page, position: Position, emitter: Emitter, folders: tuple[str, ...], few: bool = True) -> None:
    """Follow what the scripts of a page load, on allowed hosts, each once. `folders`: where the column's own lie.
    `few`: the page offers hardly anything itself.

    What comes belongs to the page that loads it: addresses in it are relative to that page.
    """
    where = replace(position, list_url=page.capture.url, page_no=1)
    for url in _addresses(page, folders, few):
        if emitter.allowed(url) and trap(url) is None:
            emitter.emit(url, "script", where, "iframe")


def _addresses(page: Page, folders: tuple[str, ...], few: bool) -> Iterator[str]:
    html, own = page.html or "", page.capture.url
    if few:
        yield from filter(None, (join(own, href) for href in _feeds(page.tree)[:2]))
    if "<script" not in html and "<SCRIPT" not in html:
        return
    for address, post in loaded(html, Functions(html, own)):
        url = join(own, address)
        if url is not None and (few or (url.startswith(folders) and not counts_pages(url))):
            target, _, query = url.partition("?")
            yield posted_form(target, dict(parse_qsl(query, keep_blank_values=True))) if post else url
    for source in islice(included(html), MAX_LOADS):
        if (url := join(own, source)) is not None:
            yield url
    taken = 0
    boxed = set(_boxed_scripts(page.tree))
    for source in parts(html):
        url = join(own, source)
        if url is None or taken >= MAX_LOADS or NO_LIST.search(url):
            continue
        called_back = few and _CALLED_BACK.search(url)
        fills_box = source in boxed and not _LIBRARY.search(path_of(url))
        if called_back or fills_box or (few and url.startswith(folders) and _DATA_SCRIPT.search(url)):
            taken += 1
            yield url


def _boxed_scripts(tree: Any) -> Iterator[str]:
    """The addresses of scripts that alone fill a box: a service that is asked by a query, or one under words of the
    column (a heading, a year, a group). What else a page has in boxes is its frame's (a footer, news); a script with
    attributes of its own reads its settings there and is a program."""
    headings = Headings()
    for box in islice(_boxed(tree), _MAX_BOXES):
        plain = (one.get("src") for one in box.iterchildren("script") if _PLAIN.issuperset(one.attrib))
        sources = [source for source in plain if source] if not _text(box) else []
        under = bool(sources) and any(map(_is_of_column, headings.over(box, box, box)))
        yield from (source for source in sources if under or "?" in source)


def _is_of_column(label: str) -> bool:
    said = read_label(label)
    return said.kind in ("column", "year", "years", "group", "item") and not said.veto


def _text(box: Any) -> str:
    """What a box says beside its parts."""
    return "".join(text for text in (box.text, *(part.tail for part in box)) if text).strip()
