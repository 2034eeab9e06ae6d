"""Lists that grow where they stand: 加载更多, or more of them whenever the reader has scrolled to the end.

The general form: the word, or the page's own `scroll` function, comes to an address in which the page's number stands
(/nb/more?page=2); what comes is rows and no page, and where those are new, there may be more (sources/pages#scripts).
"""

from __future__ import annotations

import re

from crawler.conventions.paging import Paging, Source
from crawler.conventions.series import PAGE_KEY, queried
from crawler.words.addresses import host_of, join, path_of, trap
from crawler.words.pagers import read_control
from crawler.words.posts import target_of

GROWING = "growing list"
"""The rule's name; what it says of a further page is a guess, unless the list's first page is paged by it."""
_LOADING = re.compile(r"加载|load", re.I)
_WHOLE = re.compile(r"<(?:html|body|head)\b", re.I)


def is_growing(label: str, url: str) -> bool:
    """Whether a word adds to the list in its place, by an address that counts its pages: no page of its own."""
    said = read_control(label)
    return said is not None and said.kind == "more" and bool(_LOADING.search(label)) and _counter(url) is not None


def counts_pages(url: str) -> bool:
    """Whether an address is one of several of a list that differ in the page's number."""
    return _counter(url) is not None


def grown(source: Source) -> Paging | None:
    """The next rows of a list that grows; None where nothing on the page adds to it."""
    following = next((link.url for link in source.links if link.url and is_growing(link.label, link.url)), None)
    if following is None and source.page_no == 1:
        following = _scrolled(source)
    if following is None and source.page_no > 1:
        following = _counted_on(source)
    if following is None or host_of(following) != host_of(source.url) or trap(following) is not None:
        return None
    pages = [(source.page_no + 1, following)]
    if source.page_no == 1 and (counter := _counter(following)) is not None and counter[1] < 2:
        # one by the page's words may be the second page, counted from nought, or the first that stands there already
        pages = [(number + 1, _at(following, counter, number)) for number in (1, 2)]
    return Paging(GROWING, pages)


def _counter(url: str) -> tuple[str, int] | None:
    """The key of a query that counts pages, and its number."""
    counts = ((key, int(value)) for key, value in queried(url).items() if PAGE_KEY.fullmatch(key) and value.isdecimal())
    return next((counter for counter in counts if counter[1] < 1_000), None)


def _scrolled(source: Source) -> str | None:
    """What the page asks for when it is scrolled to its end: the second page of its list, or the one after nought."""
    for handler in source.functions.handlers:
        address = source.functions.handled(handler, {}) if handler.event == "scroll" else None
        url = join(source.url, address) if address else None
        if url is not None and (counter := _counter(url)) is not None and counter[1] <= 2:
            return url
    return None


def _counted_on(source: Source) -> str | None:
    """The address after that of rows that came without a page around them, from elsewhere than the list's own page."""
    counter = _counter(source.url)
    asked_apart = path_of(source.url) != path_of(source.first) or target_of(source.url) != source.url
    if counter is None or counter[1] not in (source.page_no, source.page_no - 1) or not asked_apart:
        return None
    if _WHOLE.search(source.html[:20_000]):
        return None  # a page has controls of its own
    return _at(source.url, counter, counter[1] + 1)


def _at(url: str, counter: tuple[str, int], number: int) -> str:
    """An address with another number of the page."""
    key, held = counter
    return re.sub(rf"(?<=[?&]){re.escape(key)}={held}(?=&|$)", f"{key}={number}", url, count=1)
