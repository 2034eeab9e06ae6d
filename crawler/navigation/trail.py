"""The trail: from a portal's home page to the column of annual reports, and what leads on from any page on the way.

`ways_on` weighs the links of a page by their words (sources/pages#names-of-columns). Outside the column its best name
wins; without one the levels above it are looked at, one after the other, within a budget. Inside, see column.py.
"""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.conventions.registry import is_article
from crawler.navigation.column import read_column
from crawler.navigation.emitter import Emitter
from crawler.navigation.links import MAX_LINKS, frames, page_links
from crawler.navigation.loads import load
from crawler.navigation.menus import tell_names
from crawler.navigation.positions import entered
from crawler.navigation.redirects import redirect_target
from crawler.navigation.stations import MARKS, MAX_COLUMNS, by_profile, column_step
from crawler.records.capture import Step
from crawler.records.page import Page
from crawler.records.ways import Next, Plan, Position, Ways
from crawler.words.addresses import canonical, is_file, is_root, trap
from crawler.words.labels import FULL_NAME, is_pager, read_label, worth_exploring
from crawler.words.link import Link
from crawler.words.text import squeeze

__all__ = ["Next", "Plan", "Position", "Ways", "ways_on"]

MAX_EXPLORED_DEPTH = 3
"""Steps off the trail in a row: home, 政务公开, its platform, a page of the platform."""
_KEPT_LABELS = 40
_MAX_DOORS = 4
"""Links of a page that is only a way in: one, and its like in other languages or with larger letters."""
_REGISTER = re.compile(r"(?:beian|miit|bszs|conac|12321|jubao)\b", re.I)
_LONGEST_ENTRY = 12
"""Characters of a menu entry at most; what is longer is a headline."""


def ways_on(page: Page, position: Position, plan: Plan) -> Ways:
    """All that leads on from a page, in the order of the page, and what does not with the reason. Never raises.

    A page that turns out to be the column itself (its own breadcrumb or menu says so) is read as such. A page without a
    trail is the portal's home page; trails begin with it.
    """
    ways = Ways()
    if not position.trail:
        position = replace(position, trail=(Step("首页", page.capture.url),))
    links = page_links(page, position.list_url)
    if len(links) >= MAX_LINKS:
        ways.problems.append(("links_cut", f"more than {MAX_LINKS} links; the others are not read"))
    ways.labels = _labels(links)
    if (target := redirect_target(page)) is not None:
        label = position.trail[-1].label if position.trail else "首页"
        Emitter(page, position, plan, ways).emit(target, label, position, "redirect")
        return ways
    if not position.in_column:
        inside = _is_column(page, position, plan, links)
        if inside is None:
            _approach(page, position, plan, links, ways)
            return ways
        position = inside
    extra = frozenset(label for step in (plan.labels or ())[column_step(plan) + 1 :] for label in step) - MARKS
    read_column(page, position, plan, links, ways, _matching(links, extra))
    return ways


def _labels(links: list[Link]) -> list[str]:
    """The first labels that say something, each once; before them a column's name that has no address, which a script
    may lead on from."""
    blind = (link.label for link in links if not link.url and read_label(link.label).kind == "column")
    found: dict[str, None] = {
        f"{label[:60]} (without an address; `browser = true` may follow it)": None for label in blind
    }
    for link in links:
        if len(found) >= _KEPT_LABELS:
            break
        if link.label and not is_pager(link.label) and read_label(link.label).kind not in ("number", "next", "last"):
            found.setdefault(link.label[:60])
    return list(found)


def _matching(links: list[Link], wanted: frozenset[str]) -> frozenset[str]:
    """The labels on a page that fit one of the profile's: equal, or starting with it (各区县市 in
    各区县市政府…报告)."""
    names = tuple(squeeze(label) for label in wanted)
    if not names:
        return frozenset()
    return frozenset(link.label for link in links if link.label.startswith(names) and len(link.label) <= 40)


def _is_column(page: Page, position: Position, plan: Plan, links: list[Link]) -> Position | None:
    """The position inside the column where the page is the column though no link said so, else None.

    Signs: the page's breadcrumb ends in the column's name; the menu's entry of that name leads to the page itself or
    nowhere, and reports or years stand on it; or three reports do, outside the home page, and no link names the column.
    """
    if len(position.trail) <= 1 or page.context.is_home:
        return None
    url = page.capture.url
    inside = replace(position, in_column=True, column_url=url)
    if page.breadcrumb and read_label(squeeze(page.breadcrumb[-1])).kind == "column":
        return inside
    own = canonical(url)
    own_name = elsewhere = False
    reports = years = 0
    for link in links:
        said = read_label(link.label)
        if said.kind == "column" and said.rank <= FULL_NAME:
            if not link.url or canonical(link.url) == own:
                own_name = True
            else:
                elsewhere = True
        elif said.kind == "item" and not said.veto and link.url:
            reports += 1
        elif said.kind == "year":
            years += 1
    if own_name and (reports or years):
        return inside
    return inside if reports >= 3 and not elsewhere else None


def _approach(page: Page, position: Position, plan: Plan, links: list[Link], ways: Ways) -> None:
    """Outside the column: the profile's labels, else the column's usual names, else the levels above it."""
    emitter = Emitter(page, position, plan, ways)
    usable = []
    for link in links:
        if not link.label:
            ways.skip("no_label", address=link.href)
        elif not link.url:
            ways.skip("not_http" if ":" in link.href else "bad_link", link.label, link.href)
        elif read_label(link.label).kind in ("column", "upper", "year", "group") and (told := trap(link.url)):
            ways.skip(told, link.label, link.url)
        else:
            usable.append(link)
    rest = by_profile(usable, position, plan, emitter)
    if not ways.next:
        rest = _by_name(rest, position, plan, emitter)
    _look_around(rest, position, plan, ways, emitter)
    tell_names(links, ways)
    if not ways.next and len(position.trail) <= 1 and not position.explored:
        _go_in(page, position, links, emitter)
    if page.tree is not None:
        few = len(usable) < 15
        for url, frameset in frames(page.tree, page.capture.url):
            if frameset or (few and not ways.next):
                emitter.emit(url, "iframe", position, "iframe")
        if few and not ways.next:
            load(page, position, emitter, ())


def _go_in(page: Page, position: Position, links: list[Link], emitter: Emitter) -> None:
    """A home page that is only a way in: follow the few links that it has, whatever they say, as redirects.

    The general form is a picture, 进入网站, or words that are clicked; the number that every site has to show leads to
    the ministry's register and not in (sources/pages#home-pages).
    """
    urls = dict.fromkeys(link.url for link in links if link.url and not _REGISTER.search(link.url))
    if len(urls) > _MAX_DOORS or any(is_file(url) or trap(url) for url in urls):
        return
    inside = [url for url in urls if emitter.allowed(url)]
    for url in inside or list(urls)[:1]:
        emitter.emit(url, position.trail[-1].label, position, "redirect")


_OF_ORGANS = re.compile(r"(?<!事业单位)(?<!机构)(?:年报|年度报告)$")
"""The end of what the reports of a group of organs are called: 部门年报; institutions have reports of another law."""


def _by_name(links: list[Link], position: Position, plan: Plan, emitter: Emitter) -> list[Link]:
    """Follow the links that bear the column's name: all full names, else the best of the bare ones. Return the
    others."""
    named: dict[int, list[Link]] = {}
    rest = []
    for link in links:
        said = read_label(link.label)
        if said.kind == "column":
            named.setdefault(said.rank, []).append(link)
        elif said.kind == "group" and _OF_ORGANS.search(link.label) and not is_root(link.url):
            named.setdefault(FULL_NAME, []).append(link)
        else:
            rest.append(link)
    if not named:
        return rest
    best = min(named)
    chosen = [link for rank in sorted(named) if rank == best or rank <= FULL_NAME for link in named[rank]]
    for link in chosen[:MAX_COLUMNS]:
        where = entered(position, link.label, link.url, plan.region)
        emitter.emit(link.url, link.label, where, "step", -read_label(link.label).rank)
    return rest


def _look_around(links: list[Link], position: Position, plan: Plan, ways: Ways, emitter: Emitter) -> None:
    """Book the rest; where nothing leads to the column, offer the levels above it for exploring, likeliest first."""
    exploring = (plan.wide or not ways.next) and position.explored < MAX_EXPLORED_DEPTH
    for link in links:
        said = read_label(link.label)
        fit = 9 - 2 * said.rank if said.kind == "upper" else 1 if worth_exploring(link.label) else 0
        wide = plan.wide and said.kind == "other" and len(link.label) <= _LONGEST_ENTRY
        if (
            not (exploring and (fit or wide))
            or is_article(link.url)
            or trap(link.url)
            or _home_of_other(link, said.kind)
        ):
            ways.skip("off_trail", link.label, link.url)
            continue
        where = replace(
            position, trail=(*position.trail, Step(link.label, link.url)), explored=position.explored + 1, list_url=None
        )
        emitter.emit(link.url, link.label, where, "explore", fit - position.explored)


def _home_of_other(link: Link, kind: str) -> bool:
    """The front door of another site, unless its name is one that the column's platform has."""
    return is_root(link.url) and kind != "upper"
