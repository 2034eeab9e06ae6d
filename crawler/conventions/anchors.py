"""Pagers of links: rows of numbers with or without 下一页, by whatever address they lead on.

The general form: controls that stand next to each other, of which those with a number lead to addresses that differ in
one number, or lie beside the list. Of several such rows on a page those are the list's whose addresses are its own:
same script and column, or same directory (sources/systems#plain-html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.conventions.series import belongs, queried, series_of
from crawler.words.addresses import directory
from crawler.words.labels import is_pager, read_label
from crawler.words.link import Link

_LAST_NUMBER = re.compile(r"\d+(?=/$)")


@dataclass(slots=True)
class Row:
    """Controls in a row: addresses by number ("" where there is none), 下一页 and 尾页."""

    numbers: dict[int, str] = field(default_factory=dict)
    following: str = ""
    last: str = ""
    words: int = 0
    shape: tuple[str, frozenset[str]] | None = None
    select: Any = None


def _select_of(link: Link) -> Any:
    """The select that a control is an option of, None for all others."""
    return link.element.getparent() if link.element.tag == "option" else None


def _shape(url: str) -> tuple[str, frozenset[str]]:
    """What the addresses of one pager have in common: directory, but for a folder's number, and the query's keys."""
    return _LAST_NUMBER.sub("#", directory(url)), frozenset(queried(url))


def rows_of(links: list[Link]) -> list[Row]:
    """The rows of controls among links, in the order of the page.

    Another row begins where the numbers begin again, or where they lead elsewhere (每页 10 20 50 条 behind 1 2 3).
    """
    rows: list[Row] = []
    row: Row | None = None
    for link in links:
        said = read_label(link.label)
        if said.kind not in ("number", "next", "last") and not is_pager(link.label):
            row = None
            continue
        shape = _shape(link.url) if said.kind == "number" and link.url and said.number > 1 else None
        again = said.kind == "number" and row is not None and row.numbers.get(said.number, link.url) != link.url
        held = _select_of(link)
        if row is None or again or held is not row.select or (shape is not None and row.shape not in (None, shape)):
            row = Row(select=held)
            rows.append(row)
        row.shape = row.shape or shape
        if said.kind == "number":
            row.numbers.setdefault(said.number, link.url)
        else:
            row.words += 1
            if said.kind == "next":
                row.following = row.following or link.url
            elif said.kind == "last":
                row.last = row.last or link.url
    return rows


def numbered_links(source: Source) -> Paging | None:
    """A row of numbers: the numbers themselves, and those that a gap in them leaves out (1 2 3 … 17).

    Where the addresses follow from the numbers they are all made so, as far as the row or the stated number of pages
    goes; else each is taken as it is. A row that does not hold the next page is another list's, or a choice of sizes.
    """
    best: dict[int, str] = {}
    for row in rows_of(source.links):
        numbers = _addresses(row, source)
        if (2 in numbers or source.page_no + 1 in numbers) and len(numbers) > len(best):
            best = numbers
    if not best:
        return None
    pages = [(number, url) for number, url in sorted(best.items()) if number > source.page_no and url != source.url]
    return Paging("numbered links", pages[:MAX_PAGES], None, source.pages_said)


def _addresses(row: Row, source: Source) -> dict[int, str]:
    """The pages of a row by their numbers, those of a gap included; empty where the row is not the list's."""
    told = {
        number: url
        for number, url in row.numbers.items()
        if url and url != source.url and number and belongs(url, source)
    }
    further = {number: url for number, url in told.items() if number > 1}
    if not further:
        return {}
    series = series_of(further)
    if series is None:
        # addresses that follow from nothing: a row of a pager all the same where its numbers have no gap
        whole = max(further) - min(further) == len(further) - 1
        return told if len(further) > 1 and (whole or row.words) else {}
    if not series.counts_pages():
        return {}
    top = max(further)
    if row.last and series.step > 0 and source.pages_said and row.last == series.at(source.pages_said):
        top = max(top, source.pages_said)
    lowest = min(min(further), source.page_no + 1)
    made = {number: series.at(number) for number in range(max(2, lowest), min(top, MAX_PAGES) + 1)}
    return made | told
