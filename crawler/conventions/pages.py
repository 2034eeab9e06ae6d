"""What a list page says of its further pages, by the first convention that recognises it.

A rule answers also when there is but one page. None counts on beyond what the page states, and an address that it
makes up lies in the list's own directory.
"""

from __future__ import annotations

import re
from typing import Any

from crawler.conventions.controls import controls_of
from crawler.conventions.paging import Paging, Source
from crawler.conventions.registry import PAGING
from crawler.words.labels import read_label
from crawler.words.link import Link
from crawler.words.totals import stated

__all__ = ["read_paging", "stated"]

_MAX_MODEL = 20_000
"""Characters from the first word of a list's model on that are searched for the rest of it."""
_LIST_MODEL = re.compile(
    r"maxStaticIndex\s*:\s*[\"']?(\d{1,5}).{0,400}?prepage\s*:\s*[\"']?(\d{1,4}).{0,200}?recordCount\s*:\s*[\"']?(\d{1,7})",
    re.S,
)


def read_paging(
    html: str, url: str, page_no: int, links: list[Link], first: str | None = None, tree: Any = None
) -> Paging:
    """What a list page at `url` says of its further pages. Never raises.

    `page_no`: its number in the list, from 1; `first`: the address of the list's first page. Addresses that the page
    itself or its first page have are left out, as are those outside the list's directory.
    """
    rows_said, pages_said = stated(html)
    source = Source(html, url, page_no, controls_of(tree, html, url, links), pages_said, first or url, tree)
    paging = next((found for rule in PAGING if (found := rule.read(source)) is not None), Paging())
    if paging.total is None:
        paging.total = rows_said
    if paging.page_count is None:
        paging.page_count = pages_said
    own = {url, first}
    paging.pages = [(number, address) for number, address in paging.pages if address not in own]
    if not paging.pages and page_no == 1:
        paging.unresolved = _unresolved(source, paging)
    return paging


def _unresolved(source: Source, paging: Paging) -> str | None:
    """Why there must be more pages although no rule leads to them, or None."""
    if paging.page_count is not None and paging.page_count > 1:
        return f"the list has {paging.page_count} pages"
    at = source.html.find("maxStaticIndex")
    model = _LIST_MODEL.search(source.html, at, at + _MAX_MODEL) if at >= 0 else None
    if model and int(model.group(3)) > int(model.group(1)) * int(model.group(2)):
        return f"the list has {model.group(3)} entries, {model.group(2)} a page, the further ones by a script"
    dead = [read_label(link.label) for link in source.links if not link.url]
    numbers = [said.number for said in dead if said.kind == "number"]
    if any(said.kind == "next" for said in dead) and any(number > 1 for number in numbers):
        return f"pages {', '.join(map(str, numbers[:8]))} have no address of their own"
    return None
