"""What is asked next, as luggage: home first, what a page led to, another look, and how a walk ends when nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.archive.queries.addresses import Known
from crawler.fetching.luggage import Luggage
from crawler.fetching.state import RunState
from crawler.portals.profile import Profile
from crawler.records.page import Page, SeenAgain
from crawler.records.problems import PortalProblem, Problem
from crawler.records.ways import Next

Out = Page | SeenAgain | PortalProblem | Luggage


class Succession:
    """The requests of a run, one after the other, out of its walks."""

    def __init__(self, run: RunState) -> None:
        self._run = run

    def home(self, profile: Profile) -> Luggage:
        """The first thing to be asked of a portal."""
        return self._luggage(profile, self._run.walk(profile).first(), 0)

    def go_on(self, luggage: Luggage, successors: list[Next]) -> Iterator[Out]:
        """After a way's end: what it led to (of a walk that this page, or the clock, stopped: nothing), and the problem
        of a host that is left alone from this request on."""
        walk = self._run.walk(luggage.profile)
        for way in successors:
            if walk.stopped:
                walk.itinerary.left(way)
            else:
                yield self._luggage(luggage.profile, way, luggage.redirects)
        if luggage.host_problem is not None:
            yield PortalProblem(luggage.profile.id, luggage.host_problem)
        walk.itinerary.done()
        yield from self.wind_up(luggage.profile)

    def wind_up(self, profile: Profile) -> Iterator[Out]:
        """With nothing under way any more: look around off the trail where that is allowed, else say how it ended."""
        walk = self._run.walk(profile)
        if walk.itinerary.pending:
            return
        yield from self._once_more(profile)
        if walk.itinerary.pending:
            return
        for way in walk.explore() or walk.recheck():
            yield self._luggage(profile, way, 0)
        if not walk.itinerary.pending:
            for problem in walk.finish():
                yield PortalProblem(profile.id, problem)

    def _once_more(self, profile: Profile) -> Iterator[Out]:
        """The pages that were answered by a challenge, asked once more; of a host that is left alone by now, told."""
        itinerary = self._run.walk(profile).itinerary
        for aside in self._run.shields.take(profile.id):
            way = aside.luggage.way
            if self._run.walk(profile).stopped:
                itinerary.leave(way)
            elif urlsplit(aside.url).netloc in self._run.shields.blocked:
                itinerary.failed(aside.url)
                yield PortalProblem(profile.id, Problem("challenge", aside.url, f"{aside.marks}; so had others"))
            else:
                itinerary.send(way)
                yield replace(aside.luggage.afresh(aside.luggage.precedent), is_last=True)

    def _luggage(self, profile: Profile, way: Next, redirects: int) -> Luggage:
        """For what a way leads to, from a page that so many redirects in a row led to."""
        return Luggage(profile, way, self._known(way.url), redirects + 1 if way.why == "redirect" else 0)

    def _known(self, url: str) -> Known | None:
        return self._run.archive.addresses.last_seen(url)
