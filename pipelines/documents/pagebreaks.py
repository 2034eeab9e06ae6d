"""Pages put together: what a page break tears apart is one again, running heads and feet are left out."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from pipelines.documents.items import Item, Paragraph, Table
from pipelines.documents.layout import EDGE
from pipelines.marked.document import Writer


def written(pages: list[tuple[int, list[Item]]], asides: dict[int, list[str]] | None = None) -> str:
    """All pages in order; a table at the end of one and another at the top of the next with its columns are one.

    `asides`: by page the lines that stand over its print (a seal's), which end it. Running heads and feet are left out.
    """
    pages = _without_furniture(pages)
    for (number, before), (_, items) in pairwise(pages):
        if not before or not items:
            continue
        if _took_on(before[-1], items[0]):
            # It goes to where it ends, for the next page may carry it on, and keeps the number of that it began on.
            items[0] = before.pop()
            items[0].pages = [*items[0].pages, number]
    writer = Writer()
    for number, items in pages:
        for item in items:
            writer.place(f"pages {item.pages[0]} to {number}" if item.pages else f"page {number}")
            if isinstance(item, Paragraph):
                writer.paragraph(item.words)
            else:
                writer.table(item.cells)
        for words in (asides or {}).get(number, ()):
            writer.place(f"page {number}")
            writer.paragraph(words)
    return writer.marked


_FURNITURE_PAGES = 3
"""On as many pages, and on half of all, the same line at the same height is a running head or foot."""


def _without_furniture(pages: list[tuple[int, list[Item]]]) -> list[tuple[int, list[Item]]]:
    """Pages without the lines that stand at the top or the end of most of them, whatever number they bear.

    A page of nothing else keeps them.
    """
    places: Counter[tuple[str, int]] = Counter()
    for _, items in pages:
        places.update({_furniture(item) for item in (*items[:2], *items[-2:]) if isinstance(item, Paragraph)})
    least = max(_FURNITURE_PAGES, (len(pages) + 1) // 2)
    repeated = {place for place, count in places.items() if count >= least}
    if not repeated:
        return pages
    kept: list[tuple[int, list[Item]]] = []
    for number, items in pages:
        inner = list(items)
        for end in (0, 0, -1, -1):
            if inner and isinstance(item := inner[end], Paragraph) and _furniture(item) in repeated:
                del inner[end]
        kept.append((number, inner or items))
    return kept


def _furniture(item: Paragraph) -> tuple[str, int]:
    """A line's words without its numbers, and its height on the page in steps of some points."""
    return re.sub(r"[\d\s]+", "", item.words), round(item.top / 6)


def _took_on(last: Item, first: Item) -> bool:
    """Join what a page begins with to what the one before ends with, where it is the other half of it."""
    if isinstance(last, Table):
        if not isinstance(first, Table) or not _same_columns(last, first):
            return False
        last.take_on(first)
        return True
    if isinstance(first, Table) or not (last.open_end and first.open_start):
        return False
    last.take_on(first)
    return True


def _same_columns(above: Table, below: Table) -> bool:
    return len(above.edges) == len(below.edges) and all(
        abs(edge - edge_below) < 4 * EDGE for edge, edge_below in zip(above.edges, below.edges, strict=True)
    )
