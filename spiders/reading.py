"""What follows from each thing that can come of a request: a page, the same page again, a fault, nothing.

Knows luggage, captures, the walk and the archive, and not how a capture was come by: what is to be asked next is handed
out as luggage.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace

from crawler.archive.write.deaths import unread
from crawler.fetching.luggage import Luggage, Original
from crawler.fetching.state import RunState
from crawler.navigation.survey import Survey
from crawler.reading.question import Answer, Place, Question
from crawler.records.capture import RENDERED, Capture
from crawler.records.page import Death, Page, SeenAgain
from crawler.records.problems import PortalProblem, Problem
from crawler.records.ways import Ways
from spiders.rendering import Screen
from spiders.succession import Out, Succession
from spiders.visits import Visit, visit_of


class Reader:
    """Has what comes read, has the walks take it in, and says what is to be archived and what is to be asked.

    The pages of a portal are taken in, and archived, in the order in which they came, however long each is read: the
    rows of a run do not depend on how many readers there are. No portal waits for another.
    """

    def __init__(self, run: RunState) -> None:
        self.run = run
        self.screen = Screen()
        self.succession = Succession(run)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def read(self, luggage: Luggage, capture: Capture, url: str) -> AsyncIterator[Out]:
        """What follows from a capture that came from `url`. A handler for each thing that it can be stands below.

        Raises ReaderError where no reader can be had.
        """
        visit = visit_of(luggage, self.run.walk(luggage.profile), self.run.archive, capture, url)
        handler = self._handler(visit)
        answer = self._asked(visit) if handler is None else None
        async with self._turns[luggage.profile.id]:
            if answer is not None:
                handler = self._read(visit, await answer)
            for item in handler or ():
                yield item

    def _handler(self, visit: Visit) -> Iterator[Out] | None:
        """What follows from a capture that need not be read; None: it is to be read."""
        if visit.is_same_at_an_end():
            return self._same_at_an_end(visit)
        if (ways := visit.known_ways()) is not None:
            return self._same_with_ways(visit, ways)
        if not visit.restore():
            return self._body_lost(visit)
        if (death := self.run.deaths.of(visit.capture)) is not None:
            return self._fatal(visit, death)
        return None

    def _asked(self, visit: Visit, until: str | None = None) -> asyncio.Future[Answer]:
        """The reading of a page, begun. What is not archived yet is kept before."""
        luggage = visit.luggage
        if visit.twin is None and until is None:
            self.run.arrive(visit.capture, visit.context, visit.leads_nowhere)
        place = Place(
            luggage.way.position,
            luggage.way.why,
            luggage.profile,
            self.run.wanted,
            wide=visit.walk.plan.wide,
            with_source=luggage.profile.browser,
            traced=visit.walk.is_traced,
        )
        question = Question(visit.capture, visit.context, None, until, place, self.run.deaths.documents)
        return asyncio.wrap_future(self.run.desk.submit(question))

    def _read(self, visit: Visit, answer: Answer) -> Iterator[Out]:
        """What follows from a page that was read."""
        page = answer.page
        self.run.deaths.learn(page)
        if page.death is not None:
            yield from self._lost(visit, page)
        elif page.kind == "challenge":
            yield from self._challenge(visit, page)
        else:
            self.run.shields.answered(visit.capture.url)
            if self.screen.wants(visit.luggage, page, answer.source):
                yield from self._to_be_shown(visit, page, answer.source or "")
            else:
                yield from self._arrival(visit, page, answer.survey)

    async def not_shown(self, luggage: Luggage, error: BaseException) -> AsyncIterator[Out]:
        """Where the browser failed, the walk goes on from the page as it was served, and was archived."""
        profile, original = luggage.profile, luggage.original
        assert original is not None
        capture = original.capture
        yield PortalProblem(profile.id, self.screen.failed(profile, capture.url, error))
        visit = visit_of(
            replace(luggage, precedent=None), self.run.walk(profile), self.run.archive, capture, capture.url
        )
        answer = self._asked(visit, until="recognise")
        async with self._turns[profile.id]:
            said = await answer
            page = said.page
            count = len(page.problems)
            successors = visit.arrive(page, said.survey)
            visit.walk.itinerary.doubt(page, visit.position)
            for problem in page.problems[count:]:
                yield PortalProblem(profile.id, problem)
            for item in self.succession.go_on(luggage, successors):
                yield item

    def failed(self, luggage: Luggage, url: str, problems: Sequence[Problem]) -> Iterator[Out]:
        """What could not be had becomes problem rows of its portal."""
        self.run.walk(luggage.profile).itinerary.failed(url)
        for problem in problems:
            yield PortalProblem(luggage.profile.id, problem)
        yield from self.succession.go_on(luggage, [])

    def held_back(self, luggage: Luggage, url: str, kind: str) -> Iterator[Out]:
        """What was not asked because its host is left alone is counted; `kind` out of PROBLEM_KINDS says why."""
        self.run.walk(luggage.profile).itinerary.held_back(url, kind)
        yield from self.succession.go_on(luggage, [])

    def left(self, luggage: Luggage) -> Iterator[Out]:
        """What was not asked because its walk was stopped, and so left to the next run, or its list was abandoned."""
        self.run.walk(luggage.profile).itinerary.left(luggage.way)
        yield from self.succession.wind_up(luggage.profile)

    def _same_at_an_end(self, visit: Visit) -> Iterator[Out]:
        """The same page again, and nothing leads on from it."""
        self.run.shields.answered(visit.capture.url)
        revisit = visit.again()
        assert visit.twin is not None
        visit.walk.arrive_again(visit.twin.kind, revisit.url, visit.position, visit.luggage.way.why)
        yield revisit
        yield from self.succession.go_on(visit.luggage, [])

    def _same_with_ways(self, visit: Visit, ways: Ways) -> Iterator[Out]:
        """The same page again, of which is known what leads on from it."""
        self.run.shields.answered(visit.capture.url)
        page = visit.known_page()
        successors = visit.arrive_known(page, ways)
        yield self._item(visit, page)
        yield from self.succession.go_on(visit.luggage, successors)

    def _body_lost(self, visit: Visit) -> Iterator[Out]:
        """A 304 of a page that cannot be read any more: `verify` tells of it, here it is asked for in full."""
        yield visit.luggage.afresh(None)

    def _fatal(self, visit: Visit, death: Death) -> Iterator[Out]:
        """A page that is fatal to this version."""
        yield from self._lost(visit, unread(visit.capture, visit.context, death))

    def _lost(self, visit: Visit, page: Page) -> Iterator[Out]:
        """A page that was not read: its list was not walked whole."""
        visit.walk.itinerary.doubt(page, visit.position)
        yield self._item(visit, page)
        yield from self.succession.go_on(visit.luggage, [])

    def _challenge(self, visit: Visit, page: Page) -> Iterator[Out]:
        """A page meant for browsers in the place of the one that was asked for (fetching.shields)."""
        marks = f"status {visit.capture.status}: {'; '.join(evidence.detail for evidence in page.evidence)}"
        detail = self.run.shields.met(visit.luggage, visit.capture.url, marks)
        if detail is None:
            self.run.rest(visit.capture.url)
        else:
            page.problem("challenge", detail)
            visit.walk.itinerary.failed(visit.capture.url)
        yield self._item(visit, page)
        yield from self.succession.go_on(visit.luggage, [])

    def _to_be_shown(self, visit: Visit, page: Page, source: str) -> Iterator[Out]:
        """A page that a browser is to show; the walk goes on from what it shows."""
        capture = visit.capture
        yield self._item(visit, page)
        yield visit.luggage.to_be_shown(
            Original(capture, source), self.run.archive.addresses.last_seen(capture.url + RENDERED)
        )

    def _arrival(self, visit: Visit, page: Page, survey: Survey | None) -> Iterator[Out]:
        """A page from which the walk goes on."""
        successors = visit.arrive(page, survey)
        yield self._item(visit, page)
        yield from self.succession.go_on(visit.luggage, successors)

    def _item(self, visit: Visit, page: Page) -> Page | SeenAgain:
        """What the pipelines are handed; of a page that a browser showed, what it may lack is noted."""
        if self.screen.check(visit.luggage, page):
            visit.walk.itinerary.doubt(page, visit.position)
        return visit.item(page)
