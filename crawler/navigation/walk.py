"""What one walk through one portal remembers: where it has been, what it may still look at, and whether it arrived.

Knows no network: whoever walks hands in each page as it comes, asks for what `arrive` returns, and tells the itinerary
of each way that it is done, or was left. With none pending any more come `explore` and `recheck`, then `finish`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from crawler.navigation.columnpages import ColumnPages, list_at
from crawler.navigation.detours import Detours
from crawler.navigation.expectations import Expectations
from crawler.navigation.exploration import MAX_EXPLORED, Exploration
from crawler.navigation.gate import MAX_DEPTH, Gate
from crawler.navigation.itinerary import Itinerary
from crawler.navigation.memory import Memory, NoMemory
from crawler.navigation.parts import Parts
from crawler.navigation.progress import Progress
from crawler.navigation.remarks import check_status, check_words, label_of, skip
from crawler.navigation.serialization import packed
from crawler.navigation.survey import Survey, survey_of
from crawler.navigation.trace import Trace
from crawler.records.capture import Context, Kind
from crawler.records.page import Page
from crawler.records.problems import Problem
from crawler.records.ways import LEADING_PAGES, Next, Plan, Position, Ways, Why
from crawler.words.addresses import canonical


class Walk:
    """A walk through one portal.

    `itinerary`: the ways that were handed out. `progress`: how far it has come. `stopped`: why the walk was stopped
    before its end; empty: it was not. `ended`: whether it has come to its end. `trace`, where one is given, is where
    each way of each page is noted.
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
        self.itinerary = Itinerary()
        self.progress = Progress(plan.home, budget)
        self.ended = False
        self.stopped = ""
        self._memory = memory or NoMemory()
        self._rechecked = False
        self._trace = trace
        self._exploration = Exploration(max_explored)
        self._expectations = Expectations()
        self._gate = Gate(plan, self._memory, self.itinerary, self._expectations, self.progress)
        self._parts = Parts(plan, self.itinerary, self._gate)
        self._detours = Detours(plan, self.itinerary, self._expectations, self._gate)
        self._column = ColumnPages(self.itinerary.lists, self._expectations, self._memory)

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
        text = f"{self._memory.plan} {position!r}"
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
            self.progress.reached_home = True
        if page.kind == "redirect":
            return self._arrive_at_redirect(page, position, redirects, survey.target)
        check_words(page, position)
        if page.kind == "report":
            return self._arrive_at_report(page, position, why, survey)
        self._expectations.arrive(page, position.trail, survey.account, survey.says_empty)
        if not check_status(page, position, why):
            if page.kind != "missing":
                self.itinerary.failed(page.capture.url)
            elif why == "paging":  # a server that fails for a while says nothing of how far its list goes
                self.itinerary.lists.turned(list_at(page, position), fresh=False)
            return []
        if position.attached and page.kind == "attachment":
            return self._parts.arrive(page, position)
        if survey.ways is None:
            return []
        return self._walk_on(page, position, why, survey)

    def arrive_again(self, kind: Kind, url: str, position: Position = Position(), why: Why = "item") -> None:  # noqa: B008 -- frozen
        """Take in a page that nothing leads on from and that is archived as it is."""
        self._gate.keep_shut(kind, url, position, why)

    def stop(self, why: str) -> None:
        """Ask for nothing further; what was not asked yet is `left`, and the next run goes on from what is archived."""
        if not self.ended:
            self.stopped = self.stopped or why

    def gives_up(self) -> bool:
        """Whether what waits is to be looked through: the walk was stopped, or a list abandoned since the last time."""
        return bool(self.stopped) or self.itinerary.lists.news()

    def forgoes(self, way: Next) -> bool:
        """Whether a way that was handed out is not to be gone any more."""
        return bool(self.stopped) or self.itinerary.abandons(way)

    def explore(self) -> list[Next]:
        """When nothing is under way and no report has been met: the best page to look around on, if any is allowed."""
        progress = self.progress
        listed = progress.entered_column and self.itinerary.lists.has_items() and not self.plan.wide
        if self.stopped or progress.reports or listed:
            return []
        while (way := self._exploration.best(self.itinerary.was_asked)) is not None:
            if not self._gate.siblings.is_too_many(way.url, self.plan):
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
        yield from self.progress.problems(self._exploration.spent)
        yield from self._parts.problems()
        yield from self.itinerary.problems()
        yield from self._expectations.problems()

    def _arrive_at_redirect(self, page: Page, position: Position, redirects: int, target: str | None) -> list[Next]:
        way = Next(target or "", label_of(position), position, "redirect", 10)
        # Kept with the page: a run that is killed between here and there must not leave the target out for good.
        page.ways = (self.seal(position), packed(Ways(next=[way] if target and self.plan.allows(target) else [])))
        return self._detours.arrive(page, way, redirects)

    def _arrive_at_report(self, page: Page, position: Position, why: Why, survey: Survey) -> list[Next]:
        """A report's files, and the other years beside it."""
        self._expectations.keep(position.trail, page.title)
        self.progress.report(page, position, why)
        successors = self._parts.named_by(page, position)
        if survey.ways is not None:
            successors += self._other_years(page, survey.ways)
        return successors

    def _other_years(self, page: Page, ways: Ways) -> list[Next]:
        """From a report that stands where a column was expected: the years beside it.

        Hanweb's xxgkAnnualReport.jsp shows one year's report and links to the others (sources/systems#hanweb-xxgk).
        """
        years = [way for way in ways.next if way.why == "step" and way.position.year]
        self.itinerary.link(years)
        self._spend()
        return [self.itinerary.send(way) for way in years if self._gate.opens(page, way)]

    def _walk_on(self, page: Page, position: Position, why: Why, survey: Survey) -> list[Next]:
        self._spend()
        ways = survey.ways or Ways()
        if survey.packed is not None:
            page.ways = (self.seal(position), survey.packed)
        page.links_skipped = dict(ways.skipped)
        for kind, detail in ways.problems:
            page.problem(kind, detail)
        if position.in_column:
            self.progress.entered_column = True
        self._column.expect(page, position, ways)
        fresh_items = self._column.count(page, position, ways)
        self.progress.stand(page, position, why, ways, survey.says_empty)
        self.itinerary.link(way for way in ways.next if way.why != "explore")
        rests = self._column.rests(page, position, ways)
        guess = self._column.is_guess(page, position, ways)
        successors = []
        for way in ways.next:
            if way.why == "explore":
                if not self.itinerary.was_asked(way) and len(way.position.trail) <= MAX_DEPTH:
                    self._exploration.keep(way)
            elif way.why == "paging" and rests:
                skip(page, "settled")
            elif way.why == "paging" and position.page_no > 1 and (not fresh_items or guess):
                skip(page, "no_new_item")
            elif self._gate.opens(page, way):
                self.itinerary.lists.assign(way.url, list_at(page, position))
                successors.append(self.itinerary.send(way))
        if self._trace is not None:
            self._trace.note(page, position, ways, successors)
        return successors

    def _spend(self) -> None:
        """Pay for a page that leads on."""
        if reason := self.progress.leading_page():
            self.stop(reason)

    def _due(self) -> list[Next]:
        if self._rechecked or not self.progress.reached_home:
            return []
        self._rechecked = True
        return [way for way in self._memory.due() if not self.itinerary.was_asked(way) and self.plan.allows(way.url)]

    def _anything_left(self) -> bool:
        """Count what a walk that was stopped would have asked for yet; whether there is anything."""
        for way in self._due():
            self.itinerary.leave(way)
        if not self.progress.reports and not self.progress.entered_column:
            for way in self._exploration.waiting(self.itinerary.was_asked):
                self.itinerary.leave(way)
        return bool(self.itinerary.remainder)
