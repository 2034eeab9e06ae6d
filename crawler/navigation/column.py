"""Inside the column of annual reports: years, groups of organs, districts, the list's entries, and what merely stands
there.

Every page repeats the portal's menus, and beside a list stand news, related links and the home pages of all districts.
What decides is the words first (a report's title counts anywhere), then the place: inside the column's own path, or in
the block of rows that holds reports (sources/pages#lists).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from itertools import pairwise

from crawler.conventions.pages import read_paging
from crawler.conventions.registry import is_article, is_module, is_sibling
from crawler.navigation.choice import STEPS, choose, crown
from crawler.navigation.emitter import Emitter
from crawler.navigation.excerpts import rest_of_lists
from crawler.navigation.expectations import promises
from crawler.navigation.links import frames
from crawler.navigation.loads import load
from crawler.navigation.omissions import tell
from crawler.navigation.organs import ask_organs
from crawler.navigation.places import place_named
from crawler.navigation.positions import stepped, to_item
from crawler.navigation.rows import Entry, blocks_of
from crawler.records.page import Page
from crawler.records.ways import Plan, Position, Ways, Why
from crawler.words.addresses import (
    canonical,
    column_prefix,
    is_file,
    is_root,
    trap,
)
from crawler.words.labels import is_pager, read_label
from crawler.words.link import Link
from crawler.words.relations import next_in_header
from crawler.words.text import dates_in

MAX_UNKNOWN = 30
"""Sub-columns with names that say nothing, followed from a page that offers nothing else."""
FEW_ITEMS = 3
"""A page with fewer entries of its own may hold its list in a frame (sources/pages#lists: shells in 常州, 淮安)."""
_TALK = frozenset({"number", "next", "last"})


def _prefixes(page: Page, position: Position) -> tuple[str, ...]:
    """What addresses inside the column begin with: the column's own and the page's."""
    found = [column_prefix(url) for url in (position.column_url, page.capture.url) if url]
    return tuple(dict.fromkeys(prefix for prefix in found if prefix))


_COLUMN_NUMBER = re.compile(r"/col/?(?:col)?(\d+)")


def _own_articles(page: Page, position: Position) -> re.Pattern[str] | None:
    """What addresses of a numbered column's articles hold: Hanweb's /art/…/art_282_…html belongs to /col/col282/."""
    found = [_COLUMN_NUMBER.search(url) for url in (page.capture.url, position.list_url, position.column_url) if url]
    numbers = "|".join(match.group(1) for match in found if match)
    return re.compile(rf"/art_(?:{numbers})_") if numbers else None


def read_column(
    page: Page, position: Position, plan: Plan, links: list[Link], ways: Ways, extra: frozenset[str]
) -> None:
    """Fill `ways` with what leads on from a page inside the column. `extra`: further labels of steps, from the
    profile."""
    emitter = Emitter(page, position, plan, ways)
    entries = _entries(page, position, plan, links, ways, extra)
    blocks = blocks_of(entries)
    further = position.page_no > 1 and not any(promises(link.label) for link in links if not link.url)
    choose(entries, blocks, position, further, extra)
    crown(entries, position, plan)
    for entry in entries:
        _follow(entry, page, position, plan, ways, emitter)
    for link in rest_of_lists(entries):
        emitter.emit(link.url, link.label, replace(position, list_url=None, page_no=1), "step")
    tell(page, links, entries, ways)
    ask_organs(entries, page, position, plan, ways, emitter)
    if not ways.next and not ways.items:
        _fall_back(entries, position, plan, ways, emitter)
    _turn_pages(page, position, links, ways, emitter)
    ways.newest_first = partial(_newest_first, entries)
    if page.tree is not None:
        _look_within(page, position, emitter, few=len(ways.items) < FEW_ITEMS)


def _look_within(page: Page, position: Position, emitter: Emitter, few: bool) -> None:
    """Frames, and what scripts load: beside a list only what lies in the column's own folders, for that is a list of
    other organs or years. `few`: the page has hardly any entries of its own."""
    folders = _prefixes(page, position)
    for url, _ in frames(page.tree, page.capture.url):
        if few or url.startswith(folders):
            emitter.emit(url, "iframe", replace(position, list_url=None, page_no=1), "iframe")
    load(page, position, emitter, folders, few)


def _entries(
    page: Page, position: Position, plan: Plan, links: list[Link], ways: Ways, extra: frozenset[str]
) -> list[Entry]:
    """The links that may lead on; the rest is booked by its words alone."""
    prefixes = _prefixes(page, position)
    numbers = _own_articles(page, position)
    entries = []
    for link in links:
        said, url = read_label(link.label), link.url
        if said.kind == "none":
            ways.skip("no_label", address=link.href)
        elif said.kind in _TALK or is_pager(link.label):
            ways.skip("paging", link.label, link.href)
        elif not url:
            reason = "not_http" if ":" in link.href else "same_page" if link.href[:1] in ("#", "") else "bad_link"
            ways.skip(reason, link.label, link.href)
        else:
            inside = (
                url.startswith(prefixes)
                or (numbers is not None and numbers.search(url) is not None)
                or is_module(url)
                or is_sibling(url, page.capture.url)
            )
            place = place_named(link.label, plan.region)
            entries.append(Entry(link, said, place, inside))
    return entries


def _follow(entry: Entry, page: Page, position: Position, plan: Plan, ways: Ways, emitter: Emitter) -> None:
    link, said = entry.link, entry.said
    for label in entry.over:
        position = stepped(position, label, page.capture.url, plan.region)
    if position.year is not None and entry.over and position.year not in plan.years:
        ways.skip("wrong_year", link.label, link.url)
        return
    if entry.why is None:
        ways.skip(_reason(entry), link.label, link.url)
        return
    if entry.why == "item" or (entry.listed and said.kind not in STEPS and said.group is None):
        emitter.count(link.url)
    if said.years and not any(year in plan.years for year in said.years) and said.kind != "years":
        ways.skip("wrong_year", link.label, link.url)
        return
    if entry.why == "item":
        emitter.emit(link.url, link.label, to_item(position, link.label, link.url, plan.region), "item")
    else:
        emitter.emit(link.url, link.label, stepped(position, link.label, link.url, plan.region), "step")


def _reason(entry: Entry) -> str:
    """Why a link inside the column is not followed."""
    kind = entry.said.kind
    if kind == "month":
        return "trap"
    if kind == "upper":
        return "off_trail"
    if kind != "other" and (told := trap(entry.link.url)):
        return told
    if entry.said.veto:
        return "veto"
    return "other_column" if kind in ("item", "column") or is_article(entry.link.url) else "off_trail"


def _fall_back(entries: list[Entry], position: Position, plan: Plan, ways: Ways, emitter: Emitter) -> None:
    """From a page that offers nothing else: a column below of the same name (年报 under 年报), else what lies in its
    path."""
    own = position.column_url and canonical(position.column_url)
    for entry in entries:
        url, label = entry.link.url, entry.link.label
        if entry.said.kind == "column" and not is_root(url) and not trap(url) and canonical(url) != own:
            emitter.emit(url, label, stepped(position, label, url, plan.region), "step")
    if ways.next or position.explored >= 2:
        return
    below = replace(position, explored=position.explored + 1)
    for entry in entries:
        url = entry.link.url
        if (
            not entry.inside
            or entry.said.veto
            or entry.said.kind == "month"
            or "?" in url
            or trap(url)
            or len(ways.next) >= MAX_UNKNOWN
        ):
            continue
        why: Why = "item" if is_file(url) else "step"
        emitter.emit(url, entry.link.label, stepped(below, entry.link.label, url, plan.region), why)


def _newest_first(entries: list[Entry]) -> bool:
    """Whether the list's rows are plainly in order of their dates, newest first: every row has one, none is newer than
    the one above it, and the last is older than the first."""
    rows = [entry.link.row_text for entry in entries if entry.why == "item"]
    dates = [found[-1][0] for found in map(dates_in, rows) if found]
    falling = all(above >= below for above, below in pairwise(dates))
    return len(dates) == len(rows) > 1 and falling and dates[0] > dates[-1]


def _turn_pages(page: Page, position: Position, links: list[Link], ways: Ways, emitter: Emitter) -> None:
    """What the page says of its pages; they are followed where it has a list at all, or continues one."""
    if not page.html:
        return
    url = page.capture.url
    following = next_in_header(page.capture.headers)
    paging = read_paging(page.html, url, position.page_no, links, position.list_url, page.tree, following)
    led_on = bool(ways.items) or any(way.why == "step" for way in ways.next) or position.page_no > 1
    if not led_on and not paging.by_service and position.list_url is not None:
        return  # a service's answer with nothing of the column: what it states is another list beside it
    ways.stated_total, ways.stated_pages, ways.paging_rule = paging.total, paging.page_count, paging.rule
    if not led_on and not paging.by_service:
        return
    if paging.unresolved is not None:
        ways.problems.append(("paging_not_understood", paging.unresolved))
    elif paging.doubtful is not None and ways.items:
        ways.problems.append(("paging_doubtful", paging.doubtful))
    first = position.list_url or url
    for number, address in paging.pages:
        where = replace(position, list_url=first, page_no=number)
        emitter.emit(address, f"第{number}页", where, "paging", form=paging.form)
