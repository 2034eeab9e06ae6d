"""What one walk through one portal remembers: where it has been, what it may still look at, and whether it arrived.

Pure of Scrapy: the spider hands in pages as they come and turns what `arrive` returns into requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.items import Context, Page, Problem
from crawler.navigation.addresses import canonical
from crawler.navigation.breadcrumb import disagreement
from crawler.navigation.trail import Next, Plan, Position, Ways, ways_on

MAX_EXPLORED = 60
"""Pages a portal may cost off the trail: a home page's whole top menu and the columns under two of its entries."""
MAX_DEPTH = 12
"""Steps in one trail; the deepest real one has seven (home, 政务公开, platform, 年报, year, group, unit)."""
MAX_REDIRECTS = 5
"""Redirects in a row, in HTTP or in the page; RFC 9110 15.4 leaves the number to the client, RFC 9309 names five."""
MAX_LIST_PAGES = 500
"""Pages of one list; 500 pages of 15 reports are more than any column holds."""

_SAYS_EMPTY = re.compile(r"暂无|没有(找到|相关|符合)|无(相关)?(数据|信息|内容)|共\s*0\s*[条篇页]")
_WALKED_ON = frozenset({"home", "column", "list", "other", "article"})


def _led(position: Position) -> str:
    """The words of the link that led to a page."""
    return position.trail[-1].label if position.trail else "首页"


@dataclass(slots=True)
class _List:
    """One list over all its pages: what it states and what was found."""

    stated: int | None = None
    items: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)


class Walk:
    """A walk through one portal. `pending` counts requests that have not come back; at 0 the walk explores or ends."""

    def __init__(self, portal: str, plan: Plan, max_explored: int = MAX_EXPLORED) -> None:
        self.portal = portal
        self.plan = plan
        self.pending = 0
        self.reports = 0
        self._left_to_explore = max_explored
        self._seen: set[str] = set()
        self._waiting: list[Next] = []
        self._lists: dict[str, _List] = {}
        self._reached_home = False
        self._entered_column = False
        self._stood: tuple[str, list[str]] = (plan.home, [])
        self._broken_said = False
        self._budget_said = False
        self._held_back: dict[str, int] = {}

    def first(self) -> Next:
        """The home page, where every trail starts."""
        return self._sent(Next(self.plan.home, "首页", Position(), "step", 0))

    def context(self, url: str, position: Position) -> Context:
        """What the profile and the trail say that bears on reading the page at `url`."""
        return Context(
            trusted_host=self.plan.allows(url),
            is_home=canonical(url) == canonical(self.plan.home),
            region=self.plan.region,
            column_year=position.year,
            column_region=position.region,
            column_kind=position.organ_kind,
        )

    def arrive(self, page: Page, position: Position, why: str, redirects: int = 0) -> list[Next]:
        """Take in a recognised page; return the requests that follow. Problems met are noted on the page."""
        if not position.trail or len(position.trail) == 1:
            self._reached_home = True
        if page.kind == "redirect":
            return self._redirected(page, position, redirects)
        self._check_breadcrumb(page, position)
        if page.kind == "report":
            self.reports += 1
            self._entered_column = self._entered_column or position.in_column
            return self._other_years(page, position) if position.in_column and why != "item" else []
        if page.lookalike is not None and position.in_column:
            page.problem("lookalike", f"{page.title or page.capture.url}: {page.lookalike}")
        if page.kind == "missing":
            if position.trail:
                page.problem("dead_link", f"status {page.capture.status} where {_led(position)!r} led")
            return []
        if page.capture.status >= 400:
            page.problem("http_error", f"status {page.capture.status} where {_led(position)!r} led")
            return []
        if page.kind not in _WALKED_ON or (page.kind == "article" and why == "item"):
            return []
        return self._walk_on(page, position, why)

    def _walk_on(self, page: Page, position: Position, why: str) -> list[Next]:
        ways = ways_on(page, position, self.plan)
        page.links_skipped = dict(ways.skipped)
        for kind, detail in ways.problems:
            page.problem(kind, detail)
        if position.in_column:
            self._entered_column = True
        fresh_items = self._count_items(page, position, ways)
        if not position.in_column or why == "step":
            self._stood = (page.capture.url, ways.labels)
        if position.in_column and why == "step" and not ways.next and not ways.items:
            self._note_dead_end(page, position, ways)
        following = []
        for way in ways.next:
            if way.why == "explore":
                self._keep_for_exploring(way)
            elif way.why == "paging" and position.page_no > 1 and not fresh_items:
                self._skip(page, "no_new_item")
            elif self._may_follow(page, way):
                following.append(self._sent(way))
        return following

    def _other_years(self, page: Page, position: Position) -> list[Next]:
        """From a report that stands where a column was expected: the years beside it.

        Hanweb's xxgkAnnualReport.jsp shows the report of one year and links to the others (16 of 292 real addresses).
        """
        years = [way for way in ways_on(page, position, self.plan).next if way.why == "step" and way.position.year]
        return [self._sent(way) for way in years if self._may_follow(page, way)]

    def _may_follow(self, page: Page, way: Next) -> bool:
        if len(way.position.trail) > MAX_DEPTH:
            self._skip(page, "too_deep")
            return False
        if self._key(way) in self._seen:
            self._skip(page, "seen")
            return False
        if way.why == "paging":
            pages = self._lists.setdefault(way.position.list_url or page.capture.url, _List()).pages
            if len(pages) >= MAX_LIST_PAGES:
                self._skip(page, "trap")
                return False
            pages.add(self._key(way))
        return True

    def _redirected(self, page: Page, position: Position, redirects: int) -> list[Next]:
        from crawler.navigation.redirects import redirect_target

        target = redirect_target(page)
        if target is None:
            page.problem("http_error", f"status {page.capture.status} without a usable Location")
            return []
        if redirects >= MAX_REDIRECTS:
            page.problem("redirect_loop", f"more than {MAX_REDIRECTS} redirects in a row, the last to {target}")
            return []
        if not self.plan.allows(target):
            page.problem("host_not_allowed", f"redirects to {target}, a host that the profile does not name")
            return []
        way = Next(target, position.trail[-1].label if position.trail else "首页", position, "redirect", 10)
        if self._key(way) in self._seen:
            if canonical(target) == canonical(page.capture.url):
                page.problem("redirect_loop", f"redirects to itself, {target}")
            return []
        return [self._sent(way)]

    def explore(self) -> list[Next]:
        """When nothing is under way and no report has been met: the best page to look around on, if any is allowed."""
        if self.reports or (self._entered_column and any(entry.items for entry in self._lists.values())):
            return []
        self._waiting.sort(key=lambda way: -way.priority)
        while self._waiting:
            way = self._waiting.pop(0)
            if self._key(way) in self._seen:
                continue
            if self._left_to_explore <= 0:
                self._budget_said = True
                return []
            self._left_to_explore -= 1
            return [self._sent(way)]
        return []

    def finish(self) -> Iterable[Problem]:
        """What the whole walk shows that no single page could."""
        where, labels = self._stood
        stood = "、".join(labels[:30]) or "nothing"
        if self._budget_said:
            yield Problem("budget_spent", where, "the pages allowed for looking around off the trail were used up")
        if self._reached_home and not self._entered_column and not self.reports:
            yield Problem(
                "trail_broken", where, f"no link to the column of annual reports; labels that stood there: {stood}"
            )
        elif self._entered_column and not self.reports and not self._broken_said:
            yield Problem("trail_broken", where, f"the column led to no report; labels that stood there: {stood}")
        for address, entry in self._lists.items():
            if entry.stated is not None and len(entry.items) < entry.stated:
                detail = f"the list states {entry.stated} items and {len(entry.items)} were found"
                yield Problem("list_incomplete", address, detail)
        for host, count in self._held_back.items():
            yield Problem("challenge", f"//{host}/", f"{count} further addresses of this host were not asked")

    def held_back(self, url: str) -> None:
        """Count an address that was not asked because its host had answered with a challenge."""
        host = urlsplit(url).netloc
        self._held_back[host] = self._held_back.get(host, 0) + 1

    def _keep_for_exploring(self, way: Next) -> None:
        if self._key(way) not in self._seen and len(way.position.trail) <= MAX_DEPTH:
            self._waiting.append(way)

    def _count_items(self, page: Page, position: Position, ways: Ways) -> int:
        """Book the list items of `page`; return how many of them this list had not shown before."""
        if not position.in_column:
            return len(ways.items)
        entry = self._lists.setdefault(position.list_url or page.capture.url, _List())
        before = len(entry.items)
        entry.items.update(ways.items)
        if ways.stated_total is not None:
            entry.stated = ways.stated_total
        return len(entry.items) - before

    def _note_dead_end(self, page: Page, position: Position, ways: Ways) -> None:
        legitimately_empty = ways.stated_total == 0 or ways.paging_rule is not None
        if legitimately_empty or (page.html is not None and _SAYS_EMPTY.search(page.html)):
            return
        label = position.trail[-1].label if position.trail else "首页"
        stood = "、".join(ways.labels[:30]) or "nothing"
        page.problem("trail_broken", f"after {label!r} no year, region or report; labels that stood there: {stood}")
        self._broken_said = True

    def _check_breadcrumb(self, page: Page, position: Position) -> None:
        if position.in_column and page.breadcrumb:
            told = disagreement(page.breadcrumb, [step.label for step in position.trail], position.year)
            if told is not None:
                page.problem("breadcrumb_disagrees", told)

    def _sent(self, way: Next) -> Next:
        self._seen.add(self._key(way))
        self.pending += 1
        return way

    @staticmethod
    def _key(way: Next) -> str:
        key = canonical(way.url)
        return key if way.form is None else f"{key} {sorted(way.form.items())}"

    @staticmethod
    def _skip(page: Page, reason: str) -> None:
        page.links_skipped[reason] = page.links_skipped.get(reason, 0) + 1
