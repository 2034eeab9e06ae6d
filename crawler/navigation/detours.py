"""Where pages that redirect lead a walk: on, once more with a cookie, or for ever in a circle, which is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.navigation.expectations import Expectations
from crawler.navigation.gate import Gate
from crawler.navigation.itinerary import Itinerary
from crawler.records.page import Page
from crawler.records.ways import MAX_REDIRECTS, Next, Plan
from crawler.words.addresses import canonical
from crawler.words.hosts import remedy

MAX_BOUNCES = 2
"""Times that an address may redirect in a circle, each time with a cookie (sources/obstacles#cookies)."""


@dataclass(slots=True)
class Circles:
    """Where each address that redirects led, in canonical form, in the order in which it was asked."""

    _targets: dict[str, list[str]] = field(default_factory=dict)

    def book(self, url: str, target: str) -> None:
        """An address redirected."""
        self._targets.setdefault(canonical(url), []).append(canonical(target))

    def leads_back(self, url: str) -> bool:
        """Whether the redirects from `url` on lead to it again."""
        start = at = canonical(url)
        for _ in range(MAX_REDIRECTS + 1):
            if at not in self._targets:
                return False
            at = self._targets[at][-1]
            if at == start:
                return True
        return False

    def may_bounce(self, url: str) -> bool:
        """Whether `url` may be asked again, having set a cookie: browsers do so until they give up."""
        return len(self._targets.get(canonical(url), ())) <= MAX_BOUNCES


class Detours:
    """The redirects of one walk."""

    def __init__(self, plan: Plan, itinerary: Itinerary, expectations: Expectations, gate: Gate) -> None:
        self._circles = Circles()
        self._plan = plan
        self._itinerary = itinerary
        self._expectations = expectations
        self._gate = gate

    def arrive(self, page: Page, way: Next, redirects: int) -> list[Next]:
        """Take in a page that redirects, the last of so many in a row, by `way` to its target, empty where it names no
        usable one; return what follows. Problems met are noted on the page."""
        target = way.url
        if not target:
            page.problem("http_error", f"status {page.capture.status} without a usable Location")
            return []
        if redirects >= MAX_REDIRECTS:
            page.problem("redirect_loop", f"more than {MAX_REDIRECTS} redirects in a row, the last to {target}")
            return []
        if not self._plan.allows(target):
            page.problem("host_not_allowed", f"redirects to {target}; {remedy(target)}")
            return []
        self._circles.book(page.capture.url, target)
        if self._itinerary.was_asked(way):
            trail = way.position.trail
            if trail and canonical(target) != canonical(page.capture.url):
                # A redirect back to where one came from (the home page, the list) leads to no report of its own.
                if canonical(target) not in {canonical(step.url) for step in trail}:
                    self._expectations.lead(trail[-1].url, target)
                self._expectations.settle(trail[-1].url, f"a redirect to {target}")
            return self._ask_again(page, way)
        if not self._gate.opens(page, way):
            return []
        self._itinerary.lists.redirect(page.capture.url, target)
        return [self._itinerary.send(way)]

    def _ask_again(self, page: Page, way: Next) -> list[Next]:
        """A redirect to what was asked before: nothing new, unless it leads in a circle; with a cookie that the page
        set what it hides may be had now."""
        if not self._circles.leads_back(page.capture.url):
            return []
        if page.capture.header("set-cookie") is None or not self._circles.may_bounce(page.capture.url):
            back = "to itself" if canonical(way.url) == canonical(page.capture.url) else "in a circle"
            page.problem("redirect_loop", f"redirects {back}, {way.url}")
            return []
        return [self._itinerary.send(way)]
