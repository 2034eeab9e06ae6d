"""更多 beside a list: the page shows the first rows, and the whole list is behind that word (sources/pages#lists).

Beside a list of news stands the same word. It is the list's where it lies inside the column, next to the list's rows;
or where the box that holds it holds rows of the list, and of no other.
"""

from __future__ import annotations

import re
from typing import Any

from crawler.conventions.growing import is_growing
from crawler.conventions.registry import is_article
from crawler.navigation.rows import Entry
from crawler.words.addresses import is_root, trap
from crawler.words.labels import tidy
from crawler.words.link import Link, words
from crawler.words.pagers import MAX_CONTROL, read_control

_HEIGHT = 4
"""Elements above the word that are looked at for the rows it belongs to."""
_SIGNS = re.compile("[更全所mｍvｖ]", re.I)
"""Of these one stands in every word for more; looked for first, because it is cheap."""


def rest_of_lists(entries: list[Entry]) -> list[Link]:
    """The links that lead from an excerpt to the whole of the column's list, in the order of the page."""
    lists = {entry.block for entry in entries if entry.listed and entry.why == "item"}
    asked = [entry for entry in entries if entry.why is None and _is_more(entry)]
    if not lists or not asked:
        return []
    sizes: dict[Any, int] = {}
    for entry in entries:
        sizes[entry.block] = sizes.get(entry.block, 0) + 1
    around = {block: set(_above(block, 12)) for block, size in sizes.items() if size > 1 or block in lists}
    places = {id(entry): at for at, entry in enumerate(entries)}
    return [
        entry.link
        for entry in asked
        if _boxed(entry, lists, around) or (entry.inside and _next_to(entries, places[id(entry)], lists))
    ]


def _is_more(entry: Entry) -> bool:
    element = entry.link.element
    if len(element) == 0 and not _SIGNS.search(element.text or ""):
        return False
    # The link may be called by its heading already (captions.py): what counts here is what stands in it.
    label = tidy(words(element, MAX_CONTROL) or "") or next(
        (tidy(at.get("alt") or "") for at in element.iter("img")), ""
    )
    said = read_control(label)
    url = entry.link.url
    if said is None or said.kind != "more" or is_growing(label, url):
        return False
    return not is_root(url) and not is_article(url) and not trap(url)


def _above(element: Any, height: int) -> list[Any]:
    found = [element]
    while height and (above := found[-1].getparent()) is not None:
        found.append(above)
        height -= 1
    return found


def _boxed(entry: Entry, lists: set[Any], around: dict[Any, set[Any]]) -> bool:
    """Whether the smallest box that holds the word and any rows holds the list's and no others."""
    page = entry.link.element.getroottree().getroot()
    # A list that a script writes stands nowhere on the page: the word in a box without rows may be its own.
    written = all(block.getroottree().getroot() is not page for block in lists)
    for box in _above(entry.link.element, _HEIGHT)[1:]:
        if written and box.tag in ("body", "html"):
            break
        held = [block for block, above in around.items() if box in above and block is not entry.block]
        if held or box in lists:
            return all(block in lists for block in held)
    return written


def _next_to(entries: list[Entry], at: int, lists: set[Any]) -> bool:
    return any(entries[place].block in lists for place in (at - 1, at + 1) if 0 <= place < len(entries))
