"""What a list page says of its further pages, by the first convention that recognises it.

A rule answers also when there is but one page. None counts on beyond what the page states, and an address that it
makes up lies in the list's own directory.
"""

from __future__ import annotations

from typing import Any

from crawler.conventions.controls import controls_of
from crawler.conventions.functions import Functions
from crawler.conventions.paging import Paging, Source
from crawler.conventions.registry import PAGING
from crawler.conventions.signs import look_for
from crawler.words.link import Link
from crawler.words.totals import counted, stated

__all__ = ["read_paging", "stated"]


def read_paging(
    html: str,
    url: str,
    page_no: int,
    links: list[Link],
    first: str | None = None,
    tree: Any = None,
    following: str | None = None,
) -> Paging:
    """What a list page at `url` says of its further pages. Never raises.

    `page_no`: its number in the list, from 1; `first`: the address of the list's first page; `following`: the
    next page's as the answer's headers have it. Addresses that the page itself or its first page have are left out, as
    are those outside the list's directory.
    """
    rows_said, pages_said = stated(html)
    functions = Functions(html, url)
    controls = controls_of(tree, url, links, functions, following)
    source = Source(html, url, page_no, controls, pages_said, first or url, tree, functions)
    paging = next((found for rule in PAGING if (found := rule.read(source)) is not None), Paging())
    if paging.total is None:
        paging.total = rows_said
    if paging.page_count is None:
        paging.page_count = pages_said
    own = {url, first}
    paging.pages = [(number, address) for number, address in paging.pages if address not in own]
    look_for(source, paging)
    if paging.total is None and paging.unresolved is None:
        paging.total = counted(html)
    return paging
