"""慧兰 eportal (Beijing's districts): /eportal/ui?pageId=1841022, pages by javascript:next(N)."""

from __future__ import annotations

import re

from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.conventions.system import PagingRule, System

_EPORTAL_STEP = re.compile(r"javascript:\s*next\s*\(\s*['\"]?(\d{1,5})", re.I)


def eportal(source: Source) -> Paging | None:
    """eportal (Beijing's districts): javascript:next(N) means ?currentPage=N on the same address."""
    if "/eportal/" not in source.url:
        return None
    numbers = [int(found.group(1)) for link in source.links if (found := _EPORTAL_STEP.match(link.href))]
    if not numbers:
        return None
    last = min(max(max(numbers), source.pages_said or 0), MAX_PAGES)
    base = re.sub(r"([?&])currentPage=\d*&?", r"\1", source.url).rstrip("?&")
    mark = "&" if "?" in base else "?"
    pages = [(number, f"{base}{mark}currentPage={number}") for number in range(source.page_no + 1, last + 1)]
    return Paging("eportal next()", pages, None, source.pages_said)


SYSTEM = System(
    name="eportal",
    source="sources/systems#eportal",
    server="eportal",
    marks=(r"/eportal/ui\?pageId=",),
    paging=(PagingRule("eportal next()", "sources/systems#eportal", eportal),),
)
