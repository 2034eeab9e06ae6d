"""Organs named on a page of the column that shows no reports and nothing below it: each has a column of its own.

Where columns are numbered (/col/col301/ beside /col/col300/, ?catId=301) no path says that an organ's column belongs to
the column of reports, and menus lead to organs' front doors in the same words. What tells them apart is that the page
has nothing else to show (sources/pages#lists).
"""

from __future__ import annotations

from itertools import chain
from typing import Any

from crawler.conventions.registry import is_article
from crawler.navigation.emitter import Emitter
from crawler.navigation.positions import facts_of, stepped
from crawler.navigation.rows import Entry
from crawler.records.page import Page
from crawler.records.ways import Plan, Position, Ways
from crawler.words.addresses import canonical, is_beside, is_file, is_root, trap
from crawler.words.entries import is_organ
from crawler.words.link import ROWS


def ask_organs(entries: list[Entry], page: Page, position: Position, plan: Plan, ways: Ways, emitter: Emitter) -> None:
    """From a page with nothing below it: follow the organs that stand in rows of their own and lead to addresses beside
    the page's. Menus name organs among other things."""
    if not _shows_nothing_below(entries, page, position, plan, ways):
        return
    rows: dict[Any, list[Entry]] = {}
    for entry in entries:
        link = entry.link
        rows.setdefault(link.block if link.row.tag in ROWS else link.row, []).append(entry)
    listed = (row for row in rows.values() if sum(map(_is_named, row)) * 2 >= len(row))
    for entry in chain.from_iterable(listed):
        link = entry.link
        if entry.why is not None or entry.said.veto or not _is_named(entry):
            continue
        door = is_article(link.url) or is_root(link.url) or trap(link.url) or is_file(link.url)
        if not door and (entry.inside or is_beside(link.url, page.capture.url)):
            emitter.emit(link.url, link.label, stepped(position, link.label, link.url, plan.region), "step")


def _is_named(entry: Entry) -> bool:
    return entry.place is not None or (entry.said.kind == "other" and is_organ(entry.link.label))


def _shows_nothing_below(entries: list[Entry], page: Page, position: Position, plan: Plan, ways: Ways) -> bool:
    """Whether all that follows from a page stands beside it: other years and groups, and what is in a row of tabs with
    the page itself."""
    stood = {canonical(page.capture.url), *(canonical(step.url) for step in position.trail)}
    keys = [(canonical(entry.link.url), entry.block) for entry in entries]
    tabs = {block for key, block in keys if key in stood}
    beside = stood | {key for key, block in keys if block in tabs}
    if not beside.issuperset(ways.items):
        return False
    held = (position.year, position.group, position.region)
    for way in ways.next:
        facts = facts_of(way.label, plan.region)
        pairs = zip((facts.year, facts.group, facts.region), held, strict=True)
        filled = [place is not None for fact, place in pairs if fact is not None]
        if canonical(way.url) not in beside and not (filled and all(filled)):
            return False
    return True
