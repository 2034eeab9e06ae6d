"""What one walk through one portal remembers: where it has been, what it may still look at, and whether it arrived.

Pure of Scrapy: the spider hands in pages as they come and turns what `arrive` returns into requests.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.navigation.memory import Memory, NoMemory
from crawler.navigation.redirects import redirect_target
from crawler.navigation.serialization import packed
from crawler.navigation.trail import Next, Plan, Position, Ways, ways_on
from crawler.records.capture import Context, Kind, Step
from crawler.records.page import Page
from crawler.records.problems import Problem
from crawler.records.ways import LEADING_PAGES, MAX_REDIRECTS, MAX_SIBLINGS, Why, file_of
from crawler.words.addresses import canonical
from crawler.words.breadcrumb import disagreement
from crawler.words.hosts import host_key, remedy

MAX_EXPLORED = 60
"""Pages a portal may cost off the trail: a home page's whole top menu and the columns under two of its entries."""
_PER_REPORT = 2
"""Pages that lead on that a report pays for: where each unit has a page for each year, the unit's and the year's."""
MAX_DEPTH = 12
"""Steps in one trail; the deepest real one has seven (home, 政务公开, platform, 年报, year, group, unit)."""
MAX_BOUNCES = 2
"""Times that an address may redirect in a circle, each time with a cookie (sources/obstacles#cookies)."""
MAX_FILES = 60
"""Files and pictures of one report; a page with more is a gallery."""
MAX_LIST_PAGES = 500
"""Pages of one list; 500 pages of 15 reports are more than any column holds."""

_SAYS_EMPTY = re.compile(r"暂无|没有(找到|相关|符合)|无(相关)?(数据|信息|内容)|共\s*0\s*[条篇页]")
ENDS: frozenset[Why] = frozenset({"item", "recheck", "attachment"})
"""Why a page was asked that nothing is expected to lead on from."""
_NAMES: dict[Why, str] = {
    "step": "columns",
    "item": "entries of lists",
    "paging": "further pages of lists",
    "iframe": "frames",
    "redirect": "targets of redirects",
    "explore": "pages off the trail",
    "recheck": "reports to be asked again",
    "attachment": "files",
}
"""What a request is for, in a problem's words."""
_WALKED_ON = frozenset({"home", "column", "list", "other", "article"})


def _led(position: Position) -> str:
    """The words of the link that led to a page."""
    return position.trail[-1].label if position.trail else "首页"


def _refused(page: Page, position: Position) -> str:
    """What to try where the portal's front door is shut; "" anywhere else."""
    if position.trail or page.capture.status not in (401, 403, 405, 406, 444):
        return ""
    return (
        ": the portal refused our agent or address; ask its administrators and set `user_agent` as they say, or"
        " crawl from another network"
    )


@dataclass(slots=True)
class _List:
    """One list over all its pages: what it states and what was found.

    `rested`: its further pages were not asked, nothing speaking for it. `broken`: a page or an entry of it could not be
    had.
    """

    stated: int | None = None
    items: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    rested: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class WalkedList:
    """A list, or a column, that was walked to its end: its first page, how many pages and entries, what it states."""

    url: str
    pages: int
    items: int
    stated: int | None


class Walk:
    """A walk through one portal. `pending` counts requests that have not come back; at 0 the walk explores or ends."""

    def __init__(
        self,
        portal: str,
        plan: Plan,
        memory: Memory | None = None,
        max_explored: int = MAX_EXPLORED,
        budget: int = LEADING_PAGES,
    ) -> None:
        self.portal = portal
        self.plan = plan
        self.memory = memory or NoMemory()
        self.pending = 0
        self.reports = 0
        self.ended = False
        self.stopped = ""
        """Why the walk was stopped before its end; empty: it was not."""
        self._budget = budget
        self._leading = 0
        self._titles: set[str] = set()
        self._left: Counter[Why] = Counter()
        self._first_left = ""
        self._left_to_explore = max_explored
        self._seen: set[str] = set()
        self._waiting: list[Next] = []
        self._lists: dict[str, _List] = {}
        self._reached_home = False
        self.entered_column = False
        self._stood: tuple[str, list[str]] = (plan.home, [])
        self._broken_said = False
        self._budget_said = False
        self._held_back: dict[tuple[str, str], int] = {}
        self._list_of: dict[str, str] = {}
        self._lists_at: dict[str, set[str]] = {}
        self._linked: set[str] = set()
        self._unread: set[str] = set()
        self._rechecked = False
        self._sent_to: dict[str, list[str]] = {}
        self._siblings: set[str] = set()

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
            attached=position.attached,
        )

    def arrive(
        self, page: Page, position: Position, why: str, redirects: int = 0, ways: Ways | None = None
    ) -> list[Next]:
        """Take in a recognised page; return the requests that follow. Problems met are noted on the page.

        `ways`: what leads on, where that is known of an earlier run; the page need not have been read then.
        """
        if not position.trail or len(position.trail) == 1:
            self._reached_home = True
        if page.kind == "redirect":
            return self._redirected(page, position, redirects)
        self._check_breadcrumb(page, position)
        if page.kind == "report":
            self.reports += 1
            # A page that says the same under ever new addresses pays for nothing.
            self._titles.add(page.title or page.capture.url)
            self.entered_column = self.entered_column or position.in_column
            following = self._files(page, position)
            return following + (self._other_years(page, position) if position.in_column and why not in ENDS else [])
        if page.lookalike is not None and position.in_column:
            page.problem("lookalike", f"{page.title or page.capture.url}: {page.lookalike}")
        if page.kind == "missing":
            if position.trail:
                page.problem("dead_link", f"status {page.capture.status} where {_led(position)!r} led")
            return []
        if page.capture.status == 304 or (page.capture.status >= 400 and page.kind == "other"):
            page.problem(
                "http_error", f"status {page.capture.status} where {_led(position)!r} led{_refused(page, position)}"
            )
            self._break_list(page.capture.url)
            return []
        if page.kind not in _WALKED_ON or (page.kind == "article" and why == "item") or why == "recheck":
            return []
        return self._walk_on(page, position, why, ways)

    def seal(self, position: Position) -> str:
        """What the ways on from a page depend on beside the page itself."""
        told = f"{self.memory.plan} {position!r}"
        return hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=8).hexdigest()

    def arrive_again(self, kind: Kind, url: str) -> None:
        """Take in a page that nothing leads on from and that is archived as it is."""
        self._count_archived(kind, url)

    def stop(self, why: str) -> None:
        """Ask for nothing further; what was not asked yet is `left`, and the next run goes on from what is archived."""
        self.stopped = self.stopped or why

    def left(self, way: Next) -> None:
        """A request that was not made, because the walk was stopped: its list was not walked whole."""
        self._left[way.why] += 1
        self._first_left = self._first_left or way.url
        self._break_list(way.url)

    def _count_archived(self, kind: Kind, url: str) -> None:
        if kind == "report":
            self.reports += 1
            self._titles.add(url)

    def _spend(self) -> None:
        """Pay for a page that leads on."""
        self._leading += 1
        if self._leading > self._budget + _PER_REPORT * len(self._titles):
            self.stop(f"{self._leading} pages led on and {len(self._titles)} reports were met")

    def _walk_on(self, page: Page, position: Position, why: str, known: Ways | None) -> list[Next]:
        self._spend()
        ways = known or ways_on(page, position, self.plan)
        if known is None and (ways.next or ways.items):
            page.ways = (self.seal(position), packed(ways))
        page.links_skipped = dict(ways.skipped)
        for kind, detail in ways.problems:
            page.problem(kind, detail)
        if position.in_column:
            self.entered_column = True
        fresh_items = self._count_items(page, position, ways)
        if not position.in_column or why == "step":
            self._stood = (page.capture.url, ways.labels)
        if position.in_column and why == "step" and not ways.next and not ways.items:
            self._note_dead_end(page, position, ways)
        self._linked.update(canonical(way.url) for way in ways.next if way.why != "explore")
        rests = self._rests(page, position, ways)
        following = []
        for way in ways.next:
            if way.why == "explore":
                self._keep_for_exploring(way)
            elif way.why == "paging" and rests:
                self._skip(page, "settled")
            elif way.why == "paging" and position.page_no > 1 and not fresh_items:
                self._skip(page, "no_new_item")
            elif self._may_follow(page, way) and not self._archived(page, way):
                self._list_of[self._key(way)] = position.list_url or page.capture.url
                following.append(self._sent(way))
        return following

    def _rests(self, page: Page, position: Position, ways: Ways) -> bool:
        """Whether the further pages of a list need not be asked: all on its first page is archived, and nothing else
        speaks for it (crawler.runs.recheck)."""
        if not position.in_column or position.page_no > 1 or not any(way.why == "paging" for way in ways.next):
            return False
        if any(way.why == "item" and self.memory.leaf(way.url) is None for way in ways.next):
            return False
        url = position.list_url or page.capture.url  # a service's first answer is the first page of the column's list
        if not self.memory.rests(url, ways.stated_total) or not ways.newest_first():
            return False
        self._lists[url].rested = True
        return True

    def _archived(self, page: Page, way: Next) -> bool:
        """Whether what the way leads to is archived and not due again; a list or a column never is."""
        ends = way.why in ("item", "redirect", "attachment") or (way.why == "step" and way.position.year is not None)
        if not ends:
            return False
        leaf = self.memory.leaf(way.url)
        if leaf is None or leaf.due or (way.why == "step" and leaf.kind != "report"):
            return False
        self._count_archived(leaf.kind, way.url)
        self._unread.add(canonical(way.url))
        self._skip(page, "seen")
        return True

    def _files(self, page: Page, position: Position) -> list[Next]:
        """The files and pictures that belong to a report, on the profile's hosts."""
        following = []
        for file in page.attachments[:MAX_FILES]:
            if not self.plan.allows(file.url):
                self._skip(page, "other_host")
                continue
            way = file_of(file.url, file.label, position)
            if self._may_follow(page, way) and not self._archived(page, way):
                following.append(self._sent(way))
        return following

    def _other_years(self, page: Page, position: Position) -> list[Next]:
        """From a report that stands where a column was expected: the years beside it.

        Hanweb's xxgkAnnualReport.jsp shows one year's report and links to the others (sources/systems#hanweb-xxgk).
        """
        years = [way for way in ways_on(page, position, self.plan).next if way.why == "step" and way.position.year]
        self._linked.update(canonical(way.url) for way in years)
        self._spend()
        return [self._sent(way) for way in years if self._may_follow(page, way) and not self._archived(page, way)]

    def _is_sibling_too_many(self, url: str) -> bool:
        """Whether `url` is on one more host of the home's site than are asked; counts those that are."""
        if not self.plan.sibling(url) or host_key(url) in self._siblings:
            return False
        if len(self._siblings) >= MAX_SIBLINGS:
            return True
        self._siblings.add(host_key(url))
        return False

    def _may_follow(self, page: Page, way: Next) -> bool:
        if self._is_sibling_too_many(way.url):
            self._skip(page, "other_host")
            said = f"{way.label!r} leads to {way.url}, one more host of the site than the {MAX_SIBLINGS} that are asked"
            page.problem("host_not_allowed", f"{said}; {remedy(way.url)}")
            return False
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
        target = redirect_target(page)
        way = Next(target or "", position.trail[-1].label if position.trail else "首页", position, "redirect", 10)
        # Kept with the page: a run that is killed between here and there must not leave the target out for good.
        page.ways = (self.seal(position), packed(Ways(next=[way] if target and self.plan.allows(target) else [])))
        if target is None:
            page.problem("http_error", f"status {page.capture.status} without a usable Location")
            return []
        if redirects >= MAX_REDIRECTS:
            page.problem("redirect_loop", f"more than {MAX_REDIRECTS} redirects in a row, the last to {target}")
            return []
        if not self.plan.allows(target):
            page.problem("host_not_allowed", f"redirects to {target}; {remedy(target)}")
            return []
        own, key = canonical(page.capture.url), self._key(way)
        self._sent_to.setdefault(own, []).append(key)
        if key in self._seen:
            if not self._leads_back(key, own):
                return []
            if page.capture.header("set-cookie") is None or len(self._sent_to[own]) > MAX_BOUNCES:
                page.problem("redirect_loop", f"redirects {'to itself' if key == own else 'in a circle'}, {target}")
                return []
            # With the cookie that it set the page may be had now.
            return [self._sent(way)]
        if not self._may_follow(page, way):
            return []
        if self._archived(page, way):
            return []
        if (of_list := self._list_of.get(canonical(page.capture.url))) is not None:
            self._list_of[self._key(way)] = of_list
        return [self._sent(way)]

    def _leads_back(self, key: str, own: str) -> bool:
        """Whether the redirects from `key` on lead to `own`."""
        for _ in range(MAX_REDIRECTS + 1):
            if key == own:
                return True
            if key not in self._sent_to:
                return False
            key = self._sent_to[key][-1]
        return False

    def recheck(self) -> list[Next]:
        """Once, when nothing is under way any more: the archived reports whose time has come, listed or not."""
        return [] if self.stopped else [self._sent(way) for way in self._due()]

    def _due(self) -> list[Next]:
        if self._rechecked or not self._reached_home:
            return []
        self._rechecked = True
        return [way for way in self.memory.due() if self._key(way) not in self._seen and self.plan.allows(way.url)]

    def explore(self) -> list[Next]:
        """When nothing is under way and no report has been met: the best page to look around on, if any is allowed."""
        if self.stopped or self.reports or (self.entered_column and any(entry.items for entry in self._lists.values())):
            return []
        self._waiting.sort(key=lambda way: -way.priority)
        while self._waiting:
            way = self._waiting.pop(0)
            if self._key(way) in self._seen or self._is_sibling_too_many(way.url):
                continue
            if self._left_to_explore <= 0:
                self._budget_said = True
                return []
            self._left_to_explore -= 1
            return [self._sent(way)]
        return []

    def finish(self) -> Iterable[Problem]:
        """What the whole walk shows that no single page could."""
        self.ended = True
        if self.stopped and self._anything_left():
            yield Problem("budget_spent", self.plan.home, f"{self.stopped}; {self._what_was_left()}")
            return
        self.stopped = ""
        where, labels = self._stood
        stood = "、".join(labels[:30]) or "nothing"
        if self._budget_said:
            yield Problem("budget_spent", where, "the pages allowed for looking around off the trail were used up")
        if self._reached_home and not self.entered_column and not self.reports:
            yield Problem(
                "trail_broken", where, f"no link to the column of annual reports; labels that stood there: {stood}"
            )
        elif self.entered_column and not self.reports and not self._broken_said:
            yield Problem("trail_broken", where, f"the column led to no report; labels that stood there: {stood}")
        for address, entry in self._lists.items():
            if entry.stated is not None and len(entry.items) < entry.stated and not entry.rested:
                detail = f"the list states {entry.stated} items and {len(entry.items)} were found"
                yield Problem("list_incomplete", address, detail)
        for (host, kind), count in self._held_back.items():
            yield Problem(kind, f"//{host}/", f"{count} further addresses of this host were not asked")

    def _anything_left(self) -> bool:
        """Count what a walk that was stopped would have asked for yet; whether there is anything."""
        for way in self._due():
            self.left(way)
        if not self.reports and not self.entered_column:
            for way in self._waiting:
                if self._key(way) not in self._seen:
                    self.left(way)
        return bool(self._left)

    def _what_was_left(self) -> str:
        """How many requests were not made, of what, and the first of them."""
        known = sum(self._left.values())
        parts = ", ".join(f"{count} {_NAMES[why]}" for why, count in self._left.most_common())
        return f"{known} requests were left ({parts}), the first to {self._first_left}; the next run goes on"

    def held_back(self, url: str, kind: str) -> None:
        """Count an address that was not asked because its host is left alone; `kind` out of PROBLEM_KINDS says why."""
        host = urlsplit(url).netloc
        self._held_back[host, kind] = self._held_back.get((host, kind), 0) + 1
        self._break_list(url)

    def failed(self, url: str) -> None:
        """An address that was asked could not be had: the list that led there was not walked whole."""
        self._break_list(url)

    def doubt(self, page: Page, position: Position) -> None:
        """A page that came, but may lack something: its list was not walked whole."""
        self._break_list(page.capture.url)
        for url in (position.list_url, page.capture.url):
            if url in self._lists:
                self._lists[url].broken = True

    def walked_lists(self) -> list[WalkedList]:
        """The lists walked to their end, every page and entry had; none before the walk has ended."""
        if not self.ended:
            return []
        return [
            WalkedList(url, len(entry.pages) + 1, len(entry.items), entry.stated)
            for url, entry in self._lists.items()
            if not entry.rested and not entry.broken and len(entry.items) >= (entry.stated or 0)
        ]

    def broken_lists(self) -> list[str]:
        """The first pages of the lists of which a page or an entry could not be had."""
        return [url for url, entry in self._lists.items() if entry.broken]

    def leads_to(self, trail: Sequence[Step]) -> bool:
        """Whether a page met in this walk still leads to what `trail` ended in; True where that was not looked at.

        `trail`: that of a report's capture, home page first. Not looked at: a list that rests, a page that could not be
        had, a report beside which the other years stand (Hanweb's module) and which was not due.
        """
        way = [canonical(step.url) for step in trail]
        if len(way) < 2 or way[-1] in self._linked or not self._unread.isdisjoint(way):
            return True
        there = [self._lists[url] for url in self._lists_at.get(way[-2], ())]
        return any(entry.rested or entry.broken for entry in there)

    def _break_list(self, url: str) -> None:
        self._unread.add(canonical(url))
        of_list = self._list_of.get(canonical(url))
        if of_list in self._lists:
            self._lists[of_list].broken = True

    def _keep_for_exploring(self, way: Next) -> None:
        if self._key(way) not in self._seen and len(way.position.trail) <= MAX_DEPTH:
            self._waiting.append(way)

    def _count_items(self, page: Page, position: Position, ways: Ways) -> int:
        """Book the list items of `page`; return how many of them this list had not shown before."""
        if not position.in_column:
            return len(ways.items)
        url = position.list_url or page.capture.url
        entry = self._lists.setdefault(url, _List())
        # A trail names the link that was followed; the list itself may stand in a frame there, or behind a redirect.
        self._lists_at.setdefault(canonical(position.trail[-1].url if position.trail else url), set()).add(url)
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
        return canonical(way.url)

    @staticmethod
    def _skip(page: Page, reason: str) -> None:
        page.links_skipped[reason] = page.links_skipped.get(reason, 0) + 1
