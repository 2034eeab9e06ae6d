"""What a page's scripts load: lists from an address that is written out, frames that a script sets, scripts of data.

Asked only where the page itself offers nothing, as frames are (sources/pages#lists, sources/pages#scripts).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from urllib.parse import parse_qsl

from crawler.conventions.functions import Functions
from crawler.conventions.loads import MAX_LOADS, included, loaded, parts
from crawler.navigation.emitter import Emitter
from crawler.records.page import Page
from crawler.records.ways import Position
from crawler.words.addresses import join, trap
from crawler.words.posts import posted_form

_DATA_SCRIPT = re.compile(
    r"(?:list|data|nb|nianbao|report|article|news|content|json)\w{0,20}\.(?:js|json)(?:\?|$)", re.I
)


def load(page: Page, position: Position, emitter: Emitter, folders: Iterable[str]) -> None:
    """Follow what the scripts of a page load, on allowed hosts, each once. `folders`: where the column's own lie.

    What comes belongs to the page that loads it: addresses in it are relative to that page.
    """
    where = replace(position, list_url=page.capture.url, page_no=1)
    for url in _addresses(page, tuple(folders)):
        if emitter.allowed(url) and trap(url) is None:
            emitter.emit(url, "script", where, "iframe")


def _addresses(page: Page, folders: tuple[str, ...]) -> Iterator[str]:
    html, own = page.html or "", page.capture.url
    if "<script" not in html and "<SCRIPT" not in html:
        return
    for address, post in loaded(html, Functions(html, own)):
        url = join(own, address)
        if url is not None:
            target, _, query = url.partition("?")
            yield posted_form(target, dict(parse_qsl(query, keep_blank_values=True))) if post else url
    for source in islice(included(html), MAX_LOADS):
        if (url := join(own, source)) is not None:
            yield url
    taken = 0
    for source in parts(html):
        url = join(own, source)
        if url is not None and taken < MAX_LOADS and url.startswith(folders) and _DATA_SCRIPT.search(url):
            taken += 1
            yield url
