"""How far one walk has come: home, the column, reports; what that cost, and where it broke when nothing came of it."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.navigation.budget import Budget
from crawler.navigation.remarks import check_dead_end, standing
from crawler.records.page import Page
from crawler.records.problems import Problem
from crawler.records.ways import Position, Ways, Why


class Progress:
    """`reports`: how many the way led to, archived ones too. `reached_home`: whether the home page, or one that stands
    beside it, came. `entered_column`: whether a page of the column, or a report in it, did."""

    def __init__(self, home: str, budget: int) -> None:
        self.reports = 0
        self.reached_home = False
        self.entered_column = False
        self._budget = Budget(budget)
        self._dead_end_noted = False
        self._standpoint: tuple[str, list[str]] = (home, [])
        """The last page that a step, or no column yet, led to, and the labels on it: where a broken trail broke."""

    def report(self, page: Page, position: Position, why: Why) -> None:
        """A report came."""
        # A page that says the same under ever new addresses pays for nothing.
        self._budget.earn(page.title or page.capture.url)
        if why != "recheck":  # what is asked by its own address says nothing of the way there
            self.reports += 1
            self.entered_column = self.entered_column or position.in_column

    def archived_report(self, url: str) -> None:
        """The way led to a report that is archived as it is."""
        self.reports += 1
        self._budget.earn(url)

    def leading_page(self) -> str:
        """Pay for a page that leads on; why the walk is to be stopped where that is too much, else empty."""
        return self._budget.spend()

    def stand(self, page: Page, position: Position, why: Why, ways: Ways, says_empty: bool) -> None:
        """A page came from which the walk goes on, or breaks, which is noted on it."""
        if not position.in_column or why == "step":
            self._standpoint = (page.capture.url, ways.labels)
        if position.in_column and why == "step" and check_dead_end(page, position, ways, says_empty):
            self._dead_end_noted = True

    def problems(self, spent: bool) -> Iterator[Problem]:
        """Where a walk that led to no report broke. `spent`: the pages for looking around off the trail are used up."""
        url, labels = self._standpoint
        if spent:
            yield Problem("budget_spent", url, "the pages allowed for looking around off the trail were used up")
        if self.reached_home and not self.entered_column and not self.reports:
            yield Problem("trail_broken", url, f"no link to the column of annual reports; {standing(labels)}")
        elif self.entered_column and not self.reports and not self._dead_end_noted:
            yield Problem("trail_broken", url, f"the column led to no report; {standing(labels)}")
