"""龙讯 Lonsun: /public/column/ORGAN?type=…&action=…, every organ's columns by number (sources/systems#lonsun).

Type 3 is 年报 in the vendor's code, but sites keep reports under type 4 as well, so a type means no more than that
columns of the same type belong together. Further pages are &pageIndex=N, told by a script (`pageCount:5`) alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.conventions.system import PagingRule, System

_COLUMN = re.compile(r"https?://[^/?#]+/(?:public|content)/column/\d+(?:\?|$)", re.I)
_TYPE = re.compile(r"[?&]type=(\d{1,2})(?:&|$)")
_COUNT = re.compile(r"\bpageCount[\"']?\s*:\s*[\"']?(\d{1,5})")
_TOTAL = re.compile(r"\btotal[\"']?\s*:\s*[\"']?(\d{1,6})")
_INDEX = re.compile(r"([?&])pageIndex=\d*&?")


def same_column(url: str, own: str) -> bool:
    """Whether an address is another organ's column of the same type as the page's own."""
    mine = _type_of(own)
    return mine is not None and _type_of(url) == mine


@lru_cache(maxsize=8192)
def _type_of(url: str) -> str | None:
    """The type of the column at an address; None for what is no column of these or has none."""
    found = _TYPE.search(url) if _COLUMN.match(url) else None
    return found.group(1) if found else None


def page_index(source: Source) -> Paging | None:
    """The pages after this one, as many as the script states."""
    found = _COUNT.search(source.html) if _COLUMN.match(source.url) else None
    if found is None:
        return None
    count = int(found.group(1))
    total = _TOTAL.search(source.html, max(0, found.start() - 300), found.end() + 300)
    base = _INDEX.sub(r"\1", source.url).rstrip("?&")
    base += "&" if "?" in base else "?"
    pages = [(number, f"{base}pageIndex={number}") for number in range(source.page_no + 1, min(count, MAX_PAGES) + 1)]
    return Paging("lonsun pageIndex", pages, int(total.group(1)) if total else None, count)


SYSTEM = System(
    name="Lonsun",
    # /public/column/6601841?type=4&action=rel (安徽), /OpennessContent/show/2277958.html (宁国)
    source="sources/systems#lonsun",
    server="lonsun",
    marks=(r"/public/column/\d+\?|OpennessContent",),
    articles=(r"/public/\d+/\d+\.html", r"/OpennessContent/"),
    addresses=(r"/public/column/\d+\?",),
    paging=(PagingRule("lonsun pageIndex", "sources/systems#lonsun", page_index),),
    siblings=same_column,
)
