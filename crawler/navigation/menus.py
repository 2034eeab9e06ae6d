"""Names of the column in a menu that lead nowhere by themselves, and what opens under them."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from crawler.records.ways import Ways
from crawler.words.labels import FULL_NAME, read_label
from crawler.words.link import Link

_ROUTE = re.compile(r"#!?/|javascript:(?!\s*void)[\w$.\s]{1,60}\(", re.I)
"""What a script makes of a click: a route of a page that it builds itself, or a call."""
_MAX_ENTRIES = 200
"""Links of a menu's item among which those under its own are looked for."""


def tell_names(links: list[Link], ways: Ways) -> None:
    """Note names of the column that no address stands behind: neither theirs, nor that of one of the same name, nor
    that of an entry under them in the menu."""
    named = {link.label for link in links if link.url}
    menus: dict[Any, bool] = {}
    for link in links:
        said = read_label(link.label)
        if link.url or said.kind != "column" or said.rank > FULL_NAME or link.label in named:
            continue
        code = link.href if _ROUTE.match(link.href) else f"javascript:{link.element.get('onclick') or ''}"
        if _ROUTE.match(code) and not _opens(link.element, menus):
            named.add(link.label)
            detail = f"{link.label!r} is a link without an address, {code[:120]!r}; `browser = true` may follow it"
            ways.problems.append(("trail_broken", detail))


def _opens(element: Any, menus: dict[Any, bool]) -> bool:
    """Whether a link opens the entries of a menu that stand under it: in its own item, or in what follows it and is of
    another kind (dt and dd, a heading and its list). `menus`: what is known of items."""
    item = element.getparent()
    if item is None:
        return False
    if item.tag == "li":
        if item not in menus:
            menus[item] = sum(1 for entry in islice(item.iter("a"), _MAX_ENTRIES) if entry.get("href")) > 1
        return menus[item]
    for at in (element, item):
        below = at.getnext()
        links = islice(below.iter("a"), _MAX_ENTRIES) if below is not None and below.tag not in ("a", at.tag) else ()
        if any(entry.get("href") for entry in links):
            return True
    return False
