"""What one walk through one portal remembers: where it has been, what it may still look at, and whether it arrived.

Knows no network: whoever walks hands in each page as it comes, asks for what `arrive` returns, and tells the itinerary
of each way that it is done, or was left. With none pending any more come `explore` and `recheck`, then `finish`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from crawler.navigation.budget import Budget
from crawler.navigation.detours import Circles, Siblings
from crawler.navigation.expectations import ENTRY, Expectations
from crawler.navigation.exploration import MAX_EXPLORED, Exploration
from crawler.navigation.itinerary import Itinerary
from crawler.navigation.memory import Memory, NoMemory
from crawler.navigation.parts import Parts
from crawler.navigation.remarks import (
    check_dead_end,
    check_status,
    check_words,
    is_empty_list,
    label_of,
    skip,
    standing,
)
from crawler.navigation.serialization import packed
from crawler.navigation.survey import Survey, survey_of
from crawler.navigation.trace import Trace
from crawler.records.capture import Context, Kind
from crawler.records.page import Page
from crawler.records.problems import Problem
from crawler.records.ways import LEADING_PAGES, MAX_REDIRECTS, Next, Plan, Position, Ways, Why, file_of
from crawler.words.addresses import canonical
from crawler.words.hosts import remedy

MAX_DEPTH = 12
"""Steps in one trail; the deepest real one has seven (home, 政务公开, platform, 年报, year, group, unit)."""
MAX_FILES = 60
"""Files and pictures of one report; a page with more is a gallery."""


class Walk:
    """A walk through one portal.

    `itinerary`: the ways that were handed out. `stopped`: why the walk was stopped before its end; empty: it was not.
    `ended`: whether it has come to its end. `reports`: how many the way led to, archived ones too. `entered_column`:
    whether a page of the column was. `trace`, where one is given, is where each way of each page is noted.
    """

    def __init__(
        self,
        plan: Plan,
        memory: Memory | None = None,
        max_explored: int = MAX_EXPLORED,
        budget: int = LEADING_PAGES,
        trace: Trace | None = None,
    ) -> None:
        self.plan = plan
        self.memory = memory or NoMemory()
        self.itinerary = Itinerary()
        self.parts = Parts()
        self.reports = 0
        self.ended = False
        self.stopped = ""
        self.entered_column = False
        self._reached_home = False
        self._rechecked = False
        self._dead_end_noted = False
        self._expectations = Expectations()
        self._budget = Budget(budget)
        self._exploration = Exploration(max_explored)
        self._trace = trace
        self._circles, self._siblings = Circles(), Siblings()
        self._standpoint: tuple[str, list[str]] = (plan.home, [])
        """The last page that a step, or no column yet, led to, and the labels on it: where a broken trail broke."""

    @property
    def is_traced(self) -> bool:
        """Whether what is not taken is noted as well."""
        return self._trace is not None

    def first(self) -> Next:
        """The home page, where every trail starts."""
        return self.itinerary.send(Next(self.plan.home, "首页", Position(), "step", 0))

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

    def seal(self, position: Position) -> str:
        """What the ways on from a page depend on beside the page itself."""
        text = f"{self.memory.plan} {position!r}"
        return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()

    def arrive(
        self, page: Page, position: Position, why: Why, redirects: int = 0, survey: Survey | None = None
    ) -> list[Next]:
        """Take in a recognised page; return the requests that follow. Problems met are noted on the page.

        `survey`: of the page, where it was read elsewhere, or need not be read because an earlier run knew what leads
        on from it; None: the page has its source with it.
        """
        survey = survey or survey_of(page, position, why, self.plan)
        if survey.fault:
            page.problem("ways_unread", survey.fault)
            self.itinerary.doubt(page, position)
        if len(position.trail) <= 1:
            self._reached_home = True
        if page.kind == "redirect":
            return self._arrive_at_redirect(page, position, redirects, survey.target)
        check_words(page, position)
        if page.kind == "report":
            return self._arrive_at_report(page, position, why, survey)
        self._expectations.arrive(page, position.trail, survey.account, survey.says_empty)
        if not check_status(page, position):
            if page.kind != "missing":
                self.itinerary.failed(page.capture.url)
            return []
        if position.attached and page.kind == "attachment":
            return self._arrive_at_file(page, position)
        if survey.ways is None:
            return []
        return self._walk_on(page, position, why, survey)

    def arrive_again(self, kind: Kind, url: str, position: Position = Position(), why: Why = "item") -> None:  # noqa: B008 -- frozen
        """Take in a page that nothing leads on from and that is archived as it is."""
        if kind == "report" and why != "recheck":
            self.reports += 1
            self._budget.earn(url)
            self._expectations.keep(position.trail)
        elif position.trail and kind in ("article", "attachment"):
            self._expectations.settle(position.trail[-1].url, f"what an earlier run archived as {kind}")

    def stop(self, why: str) -> None:
        """Ask for nothing further; what was not asked yet is `left`, and the next run goes on from what is archived."""
        if not self.ended:
            self.stopped = self.stopped or why

    def explore(self) -> list[Next]:
        """When nothing is under way and no report has been met: the best page to look around on, if any is allowed."""
        listed = self.entered_column and self.itinerary.lists.has_items() and not self.plan.wide
        if self.stopped or self.reports or listed:
            return []
        while (way := self._exploration.best(self.itinerary.was_asked)) is not None:
            if not self._siblings.is_too_many(way.url, self.plan):
                return [self.itinerary.send(way)]
        return []

    def recheck(self) -> list[Next]:
        """Once, when nothing is under way any more: the archived reports whose time has come, listed or not."""
        return [] if self.stopped else [self.itinerary.send(way) for way in self._due()]

    def finish(self) -> Iterable[Problem]:
        """What the whole walk shows that no single page could."""
        self.ended = True
        if self.stopped and self._anything_left():
            yield Problem("budget_spent", self.plan.home, f"{self.stopped}; {self.itinerary.remainder}")
            return
        self.stopped = ""
        url, labels = self._standpoint
        if self._exploration.spent:
            yield Problem("budget_spent", url, "the pages allowed for looking around off the trail were used up")
        if self._reached_home and not self.entered_column and not self.reports:
            detail = f"no link to the column of annual reports; {standing(labels)}"
            yield Problem("trail_broken", url, detail)
        elif self.entered_column and not self.reports and not self._dead_end_noted:
            yield Problem("trail_broken", url, f"the column led to no report; {standing(labels)}")
        yield from self.parts.problems()
        yield from self.itinerary.problems()
        yield from self._expectations.problems()

    def _arrive_at_report(self, page: Page, position: Position, why: Why, survey: Survey) -> list[Next]:
        """A report's files, and the other years beside it."""
        self._expectations.keep(position.trail)
        # A page that says the same under ever new addresses pays for nothing.
        self._budget.earn(page.title or page.capture.url)
        if why != "recheck":  # what is asked by its own address says nothing of the way there
            self.reports += 1
            self.entered_column = self.entered_column or position.in_column
        successors = self._files(page, position)
        if survey.ways is not None:
            successors += self._other_years(page, survey.ways)
        return successors

    def _arrive_at_redirect(self, page: Page, position: Position, redirects: int, target: str | None) -> list[Next]:
        way = Next(target or "", label_of(position), position, "redirect", 10)
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
        self._circles.book(page.capture.url, target)
        if self.itinerary.was_asked(way):
            if position.trail and canonical(target) != canonical(page.capture.url):
                self._expectations.lead(position.trail[-1].url, target)
                self._expectations.settle(position.trail[-1].url, f"a redirect to {target}")
            return self._ask_again(page, way)
        if not self._may_follow(page, way):
            return []
        if self._archived(page, way):
            return []
        self.itinerary.lists.redirect(page.capture.url, target)
        return [self.itinerary.send(way)]

    def _ask_again(self, page: Page, way: Next) -> list[Next]:
        """A redirect to what was asked before: nothing new, unless it leads in a circle; with a cookie that the page
        set what it hides may be had now."""
        if not self._circles.leads_back(page.capture.url):
            return []
        if page.capture.header("set-cookie") is None or not self._circles.may_bounce(page.capture.url):
            back = "to itself" if canonical(way.url) == canonical(page.capture.url) else "in a circle"
            page.problem("redirect_loop", f"redirects {back}, {way.url}")
            return []
        return [self.itinerary.send(way)]

    def _walk_on(self, page: Page, position: Position, why: Why, survey: Survey) -> list[Next]:
        self._spend()
        ways = survey.ways or Ways()
        if survey.packed is not None:
            page.ways = (self.seal(position), survey.packed)
        page.links_skipped = dict(ways.skipped)
        for kind, detail in ways.problems:
            page.problem(kind, detail)
        if position.in_column:
            self.entered_column = True
        self._expect(page, position, ways)
        fresh_items = self._count_items(page, position, ways)
        if not position.in_column or why == "step":
            self._standpoint = (page.capture.url, ways.labels)
        if position.in_column and why == "step" and check_dead_end(page, position, ways, survey.says_empty):
            self._dead_end_noted = True
        self.itinerary.link(way for way in ways.next if way.why != "explore")
        rests = self._rests(page, position, ways)
        successors = []
        for way in ways.next:
            if way.why == "explore":
                if not self.itinerary.was_asked(way) and len(way.position.trail) <= MAX_DEPTH:
                    self._exploration.keep(way)
            elif way.why == "paging" and rests:
                skip(page, "settled")
            elif way.why == "paging" and position.page_no > 1 and not fresh_items:
                skip(page, "no_new_item")
            elif self._may_follow(page, way) and not self._archived(page, way):
                self.itinerary.lists.assign(way.url, _list_at(page, position))
                successors.append(self.itinerary.send(way))
        if self._trace is not None:
            self._trace.note(page, position, ways, successors)
        return successors

    def _expect(self, page: Page, position: Position, ways: Ways) -> None:
        """Take down what the entries of a page of the column are called."""
        if not position.in_column:
            return
        url = _list_at(page, position)
        for way in ways.next:
            if way.why in ("item", "step"):
                self._expectations.expect(url, way.label, way.url)
            if page.kind != "home" and position.trail and way.why != "explore":
                self._expectations.lead(position.trail[-1].url, way.url, step=way.why == "step")
        for kind, detail in ways.problems:
            if kind == ENTRY:
                self._expectations.lose(url, detail)
        if position.trail and not ways.items and is_empty_list(ways):
            self._expectations.excuse(position.trail[-1].url)

    def _count_items(self, page: Page, position: Position, ways: Ways) -> int:
        """Book the list items of `page`; return how many of them this list had not shown before."""
        if not position.in_column:
            return len(ways.items)
        url = _list_at(page, position)
        link = position.trail[-1].url if position.trail else url
        return self.itinerary.lists.book(url, link, ways.items, ways.stated_total)

    def _rests(self, page: Page, position: Position, ways: Ways) -> bool:
        """Whether the further pages of a list need not be asked: all on its first page is archived, and nothing else
        speaks for it (crawler.runs.recheck)."""
        if not position.in_column or position.page_no > 1 or not any(way.why == "paging" for way in ways.next):
            return False
        if any(way.why == "item" and self.memory.leaf(way.url) is None for way in ways.next):
            return False
        url = _list_at(page, position)
        if not self.memory.rests(url, ways.stated_total) or not ways.newest_first():
            return False
        self.itinerary.lists.rest(url)
        return True

    def _archived(self, page: Page, way: Next) -> bool:
        """Whether what the way leads to is archived and not due again; a list or a column never is."""
        ends = way.why in ("item", "redirect", "attachment") or (way.why == "step" and way.position.year is not None)
        if not ends:
            return False
        leaf = self.memory.leaf(way.url)
        if leaf is None or leaf.due or (way.why == "step" and leaf.kind != "report"):
            return False
        self.arrive_again(leaf.kind, way.url, way.position)
        self.itinerary.spare(way.url)
        skip(page, "seen")
        return True

    def _files(self, page: Page, position: Position) -> list[Next]:
        """The further pages, files and pictures that belong to a report, on the profile's hosts; those of other hosts
        are named."""
        successors = []
        files = sorted(page.attachments, key=lambda file: (file.media_type or "").startswith("image/"))
        for file in files[:MAX_FILES]:
            if not self.plan.allows(file.url):
                skip(page, "other_host")
                if not (file.media_type or "").startswith("image/"):
                    detail = f"the file {file.label or ''!r} of {page.capture.url} stands on a host of its own"
                    page.problems.append(Problem("host_not_allowed", file.url, detail))
                continue
            way = file_of(file.url, file.label, position)
            if self._may_follow(page, way) and not self._archived(page, way):
                if file.part:
                    self.parts.expect(file.url, page.capture.url if not position.trail else position.trail[-1].url)
                successors.append(self.itinerary.send(way))
        return successors

    def _arrive_at_file(self, page: Page, position: Position) -> list[Next]:
        """The further pages of its report that one of them names."""
        self.parts.arrive(position.trail[-1].url)
        return self._files(page, replace(position, trail=position.trail[:-1], attached=False))

    def _other_years(self, page: Page, ways: Ways) -> list[Next]:
        """From a report that stands where a column was expected: the years beside it.

        Hanweb's xxgkAnnualReport.jsp shows one year's report and links to the others (sources/systems#hanweb-xxgk).
        """
        years = [way for way in ways.next if way.why == "step" and way.position.year]
        self.itinerary.link(years)
        self._spend()
        return [
            self.itinerary.send(way) for way in years if self._may_follow(page, way) and not self._archived(page, way)
        ]

    def _may_follow(self, page: Page, way: Next) -> bool:
        if self._siblings.is_too_many(way.url, self.plan):
            skip(page, "other_host")
            detail = f"{way.label!r} leads to {way.url}, one more host of the site than are asked; {remedy(way.url)}"
            page.problem("host_not_allowed", detail)
            return False
        if len(way.position.trail) > MAX_DEPTH:
            skip(page, "too_deep")
            self._expectations.settle(way.url, f"nothing: it is not asked, {MAX_DEPTH} steps from the home page")
            return False
        if self.itinerary.was_asked(way):
            skip(page, "seen")
            return False
        if way.why == "paging" and not self.itinerary.lists.turn(way.position.list_url or page.capture.url, way.url):
            skip(page, "trap")
            return False
        return True

    def _spend(self) -> None:
        """Pay for a page that leads on."""
        if reason := self._budget.spend():
            self.stop(reason)

    def _due(self) -> list[Next]:
        if self._rechecked or not self._reached_home:
            return []
        self._rechecked = True
        return [way for way in self.memory.due() if not self.itinerary.was_asked(way) and self.plan.allows(way.url)]

    def _anything_left(self) -> bool:
        """Count what a walk that was stopped would have asked for yet; whether there is anything."""
        for way in self._due():
            self.itinerary.leave(way)
        if not self.reports and not self.entered_column:
            for way in self._exploration.waiting(self.itinerary.was_asked):
                self.itinerary.leave(way)
        return bool(self.itinerary.remainder)


def _list_at(page: Page, position: Position) -> str:
    """The first page of the list that a page belongs to; a service's first answer is that of the column's list."""
    return position.list_url or page.capture.url
