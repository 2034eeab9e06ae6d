"""How many pages a list has by the page's own figures: in hidden fields, in a pager's box, in an object of a script.

They are for a script that turns the pages, and say that there are more where no rule finds them.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from lxml import etree

from crawler.conventions.paging import Paging, Source

_MAX_FIELDS = 500
_MAX_AROUND = 120
"""Characters beside a number of pages among which that of the page stands."""
_PAGER_SIZES = (
    ("data-total", "data-count", "data-totalcount", "data-total-count"),
    ("data-pagesize", "data-size", "data-page-size", "data-limit"),
)
_PAGES_KEY = re.compile(r"total_?pages?|pages?_?(?:count|total)|(?:max|last)_?page", re.I)
_OBJECT = re.compile(r"\b(?:pages|totalPages?|page_?[cC]ount)[\"']?\s*:\s*[\"']?(\d{1,5})\b")
_BESIDE_PAGES = re.compile(
    r"[\"']?(?:page_?(?:no|num|size|index)|cur(?:rent)?(?:_?page)?|total)\w{0,8}[\"']?\s*:", re.I
)
_hidden: Any = etree.XPath("//input[@type='hidden' or @type='HIDDEN'][@value]", smart_strings=False)
_totals: Any = etree.XPath("//@data-total/.. | //@data-count/.. | //@data-totalcount/.. | //@data-total-count/..")


def said_by_field(source: Source, paging: Paging) -> str | None:
    """A hidden field with the number of pages, or a pager's box with the numbers of entries and of those on a page."""
    if source.page_no > 1 or source.tree is None:
        return None
    for field in islice(_hidden(source.tree), _MAX_FIELDS):
        name, value = field.get("name") or field.get("id") or "", field.get("value")
        if _PAGES_KEY.fullmatch(name) and value.isdecimal() and 1 < int(value[:6]) < 100_000:
            return f"a field {name!r} says {value} pages"
    for box in islice(_totals(source.tree), _MAX_FIELDS):
        total, size = (next((box.get(name) for name in names if box.get(name)), "") for names in _PAGER_SIZES)
        if total.isdecimal() and size.isdecimal() and 0 < int(size[:6]) < int(total[:7]):
            return f"a pager's box says {total} entries, {size} a page"
    return None


def said_by_object(source: Source, paging: Paging) -> str | None:
    """An object of a script that says the number of pages beside that of the page: {pageNum: 1, pages: 3}."""
    for said in _OBJECT.finditer(source.html) if source.page_no == 1 and source.tree is not None else ():
        around = source.html[max(0, said.start() - _MAX_AROUND) : said.end() + _MAX_AROUND]
        if int(said[1]) > 1 and _BESIDE_PAGES.search(around.replace(said[0], "")):
            return f"a script says {said[1]} pages"
    return None
