"""Which of the ways on a page a walk goes: those that are not gone yet, may be, and do not lead to what is archived."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.navigation.expectations import Expectations
from crawler.navigation.itinerary import Itinerary
from crawler.navigation.memory import Memory
from crawler.navigation.progress import Progress
from crawler.navigation.remarks import skip
from crawler.records.capture import Kind
from crawler.records.page import Page
from crawler.records.ways import MAX_SIBLINGS, Next, Plan, Position, Why
from crawler.words.hosts import host_key, remedy

MAX_DEPTH = 12
"""Steps in one trail; the deepest real one has seven (home, 政务公开, platform, 年报, year, group, unit)."""


@dataclass(slots=True)
class Siblings:
    """The hosts that a walk asked for no other reason than that they are of the home's site."""

    _hosts: set[str] = field(default_factory=set)

    def is_too_many(self, url: str, plan: Plan) -> bool:
        """Whether `url` is on one more of them than are asked; else its host is one of them from now on."""
        if not plan.sibling(url) or host_key(url) in self._hosts:
            return False
        if len(self._hosts) >= MAX_SIBLINGS:
            return True
        self._hosts.add(host_key(url))
        return False


class Gate:
    """What bars a way is counted on the page that it stands on."""

    def __init__(
        self, plan: Plan, memory: Memory, itinerary: Itinerary, expectations: Expectations, progress: Progress
    ) -> None:
        self.siblings = Siblings()
        self._plan = plan
        self._memory = memory
        self._itinerary = itinerary
        self._expectations = expectations
        self._progress = progress

    def opens(self, page: Page, way: Next) -> bool:
        """Whether a way of `page` is to be gone."""
        return self._may_follow(page, way) and not self._is_archived(page, way)

    def keep_shut(self, kind: Kind, url: str, position: Position, why: Why) -> None:
        """Take in a page that nothing leads on from and that is archived as it is."""
        if kind == "report" and why != "recheck":
            self._progress.archived_report(url)
            self._expectations.keep(position.trail)
        elif position.trail and kind in ("article", "attachment"):
            self._expectations.settle(position.trail[-1].url, f"what an earlier run archived as {kind}")

    def _may_follow(self, page: Page, way: Next) -> bool:
        if self.siblings.is_too_many(way.url, self._plan):
            skip(page, "other_host")
            detail = f"{way.label!r} leads to {way.url}, one more host of the site than are asked; {remedy(way.url)}"
            page.problem("host_not_allowed", detail)
            return False
        if len(way.position.trail) > MAX_DEPTH:
            skip(page, "too_deep")
            self._expectations.settle(way.url, f"nothing: it is not asked, {MAX_DEPTH} steps from the home page")
            return False
        if self._itinerary.was_asked(way):
            skip(page, "seen")
            return False
        if way.why == "paging" and not self._itinerary.lists.turn(way.position.list_url or page.capture.url, way.url):
            skip(page, "trap")
            return False
        return True

    def _is_archived(self, page: Page, way: Next) -> bool:
        """Whether what the way leads to is archived and not due again; a list or a column never is."""
        ends = way.why in ("item", "redirect", "attachment") or (way.why == "step" and way.position.year is not None)
        if not ends:
            return False
        leaf = self._memory.leaf(way.url)
        if leaf is None or leaf.due or (way.why == "step" and leaf.kind != "report"):
            return False
        self.keep_shut(leaf.kind, way.url, way.position, "item")
        self._itinerary.spare(way.url)
        skip(page, "seen")
        return True
