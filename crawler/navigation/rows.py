"""Which rows of a page are the column's list: news, related links and menus have rows as well."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from crawler.conventions.registry import is_article
from crawler.records.ways import Why
from crawler.words.entries import is_cut_title, is_organ
from crawler.words.labels import FULL_NAME, Label
from crawler.words.link import Link

_TITLE_OF_YEAR = re.compile("公开.{0,6}(?:报告|年报)")
"""In a year's own words: a report's whole title where the portal, or the row, says whose it is."""


@dataclass(slots=True)
class Entry:
    """One link with what its words and its place say."""

    link: Link
    said: Label
    place: str | None
    inside: bool
    block: Any = None
    listed: bool = False
    why: Why | None = None
    over: tuple[str, ...] = ()
    """What stands over the entry and says the year or the place that its own words leave out (captions.py)."""


@dataclass(slots=True)
class Block:
    """The rows under one parent: how many look like what. `menu`: names of columns, as in menus and breadcrumbs; `cut`:
    titles that were cut off and may be a report's."""

    entries: list[Entry] = field(default_factory=list)
    reports: int = 0
    organs: int = 0
    inside: int = 0
    articles: int = 0
    months: int = 0
    menu: int = 0
    dated: int = 0
    cut: int = 0

    def is_list(self) -> bool:
        """Whether these rows are the column's list.

        Mostly titles of reports; or dated rows of the column's own path; or names of organs that lead into the column.
        """
        size = len(self.entries)
        if self.months >= 2 or (self.menu and self.dated * 2 < size):
            return False
        if self.reports * 2 >= size and self.reports:
            return True
        if self.inside * 2 >= size and (self.dated or self.articles) * 2 >= size and self.inside:
            return self.dated * 2 >= size or self.reports > 0 or self.organs * 2 >= size
        told = self.organs + self.reports
        return told >= 2 and told * 2 >= size and (self.inside * 2 >= size or self.dated * 2 >= size)


def blocks_of(entries: list[Entry]) -> dict[Any, Block]:
    """The blocks of rows, with counts of what stands in them."""
    blocks: dict[Any, Block] = {}
    for entry in entries:
        entry.block = entry.link.block
        block = blocks.get(entry.block)
        if block is None:
            block = blocks[entry.block] = Block()
        block.entries.append(entry)
        said = entry.said
        block.inside += entry.inside
        block.organs += entry.place is not None or is_organ(entry.link.label)
        if said.kind == "item":
            block.reports += 1
        elif said.kind == "year":
            block.reports += bool(_TITLE_OF_YEAR.search(entry.link.label))
        elif said.kind == "column":
            block.reports += said.rank == FULL_NAME and said.group is None
            block.menu += said.rank < FULL_NAME
        elif said.kind == "upper":
            block.menu += 1
        elif said.kind == "month":
            block.months += 1
        block.cut += said.kind == "other" and _is_cut(entry.link.label)
    for block in blocks.values():
        if block.reports or block.organs or block.inside:
            block.dated = sum(entry.link.dated for entry in block.entries)
            block.articles = sum(is_article(entry.link.url) for entry in block.entries)
    return blocks


def _is_cut(label: str) -> bool:
    """Whether a title was cut off, with dots or, as old pages do it, behind so many characters and without any."""
    return is_cut_title(label) or (bool(_WITH_YEAR.search(label)) and is_cut_title(f"{label}…"))


_WITH_YEAR = re.compile(r"(?:19|20)\d\d年")


def lists_among(blocks: dict[Any, Block], further: bool) -> set[Any]:
    """The blocks that are the column's list. `further`: of a further page of one whose rows have addresses.

    Where none is by itself: the greatest dated one with a report among its rows (lists mix reports with other papers),
    and on a further page of a list that was recognised on its first page the greatest dated one. Before these go rows
    that are mostly titles which were cut off where they may still be a report's.
    """
    lists = {key for key, block in blocks.items() if block.is_list()}
    lists = lists or {key for key, block in blocks.items() if block.cut * 2 >= len(block.entries) and not block.months}
    if lists:
        return lists
    best, most = None, 0
    for key, block in blocks.items():
        if block.months < 2 and (block.reports or further):
            block.dated = sum(entry.link.dated for entry in block.entries)
            if block.dated > most and block.dated * 2 >= len(block.entries):
                best, most = key, block.dated
    return {best} if best is not None else set()
