"""What pages need to look as they did, asked for when the walk of their portal is over."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from crawler.fetching.luggage import Luggage
from crawler.fetching.state import RunState
from crawler.navigation.requisites import as_text, of_style
from crawler.portals.profile import Profile
from crawler.reading.question import Question
from crawler.records.capture import Capture, Context, Step
from crawler.records.errors import ArchiveError
from crawler.records.page import Needs, Page, SeenAgain
from crawler.records.problems import PortalProblem, Problem
from crawler.records.ways import PRIORITIES, Next, Position
from crawler.words.addresses import canonical, location

Out = Page | SeenAgain | Needs | PortalProblem | Luggage
_CONTEXT = Context(trusted_host=True, requisite=True)
_NAMED = 3
"""Addresses that the problem row names; the others are counted."""


@dataclass(slots=True)
class _Round:
    """What of one portal is asked in this run. `with_styles`: what its styles name stands in the queue as well."""

    queue: deque[str] = field(default_factory=deque)
    with_styles: bool = False
    asked: int = 0
    bytes: int = 0
    remainder: int = 0
    lost: list[str] = field(default_factory=list)


class Requisites:
    """Styles, pictures and fonts of a run: each address once, one at a time a portal, `most` of them and `most_bytes`.

    First what pages name, then what the styles among it name; what those name in turn is not asked for.
    """

    def __init__(self, run: RunState, most: int, most_bytes: int) -> None:
        self.run = run
        self._most, self._most_bytes = most, most_bytes
        self._rounds: dict[str, _Round] = {}
        self._asked: set[str] = set()
        self._is_stopped = False

    def stop(self) -> None:
        """Ask for nothing further; the next run goes on."""
        self._is_stopped = True

    async def begin(self, profile: Profile) -> AsyncIterator[Out]:
        """Once, when the walk of a portal has come to its end: the first request, where they are wanted."""
        walk = self.run.walk(profile)
        if not (self.run.requisites or profile.requisites) or not walk.ended or walk.stopped:
            return
        if profile.id in self._rounds:
            return
        self._rounds[profile.id] = about = _Round()
        self.run.flush()
        for capture_id in self.run.archive.requisites.pages(profile.id):
            if (capture := self._capture(capture_id)) is not None:
                question = Question(capture, Context(), None, "decode", None, self.run.deaths.documents, dressed=True)
                urls = (await asyncio.wrap_future(self.run.desk.submit(question))).requisites
                about.queue.extend(urls)
                yield Needs(capture_id, tuple(urls))
        about.queue.extend(self.run.archive.requisites.missing(profile.id))
        for item in self._go_on(profile):
            yield item

    async def arrived(self, luggage: Luggage, capture: Capture) -> AsyncIterator[Out]:
        """What came, to be archived; then the next request."""
        about, precedent = self._rounds[luggage.profile.id], luggage.precedent
        about.bytes += len(capture.body)
        if capture.status == 304 and precedent is not None:
            yield SeenAgain(precedent.capture_id, capture.address, capture.fetched_at, luggage.profile.id)
        else:
            yield (await asyncio.wrap_future(self.run.desk.submit(Question(capture, _CONTEXT)))).page
            target = location(capture.url, capture.header("location") or "") if 300 <= capture.status < 400 else None
            if target is not None:
                about.queue.appendleft(target)
            elif capture.status != 200:
                about.lost.append(f"{capture.url} (status {capture.status})")
        for item in self._go_on(luggage.profile):
            yield item

    def failed(self, luggage: Luggage, url: str, why: str) -> Iterator[Out]:
        """What could not be had is told at the end; then the next request."""
        self._rounds[luggage.profile.id].lost.append(f"{url} ({why})")
        yield from self._go_on(luggage.profile)

    def _go_on(self, profile: Profile) -> Iterator[Out]:
        """The next request; with none left, those for what styles name, and then what was not had."""
        about = self._rounds[profile.id]
        following = self._next(profile, about)
        if following is None and not about.with_styles:
            about.with_styles = True
            self.run.flush()
            for capture_id in self.run.archive.requisites.styles(profile.id):
                if (style := self._capture(capture_id)) is not None:
                    urls = of_style(as_text(style.body), style.url)
                    about.queue.extend(urls)
                    yield Needs(capture_id, tuple(urls))
            following = self._next(profile, about)
        if following is not None:
            yield following
        elif about.lost or about.remainder:
            yield PortalProblem(profile.id, Problem("requisites_missing", profile.home, _words(about)))

    def _next(self, profile: Profile, about: _Round) -> Luggage | None:
        while about.queue:
            url = about.queue.popleft()
            if (name := canonical(url)) in self._asked:
                continue
            self._asked.add(name)
            if not profile.allows(url):
                about.lost.append(f"{url} (a host that the profile does not allow)")
                continue
            twin = self.run.archive.addresses.last_seen(url)
            if twin is not None and twin.kind != "requisite":
                continue  # a file of a report, say: it is there
            if self._is_stopped or about.asked >= self._most or about.bytes >= self._most_bytes:
                about.remainder += 1
                continue
            about.asked += 1
            words = url.rsplit("/", 1)[-1]
            position = Position(trail=(Step("首页", profile.home), Step(words, url)))
            way = Next(url, words, position, "requisite", PRIORITIES["requisite"])
            return Luggage(profile, way, twin, purpose="requisite")
        return None

    def _capture(self, capture_id: int) -> Capture | None:
        """A capture with its body; None where that is damaged, of which `verify` tells."""
        try:
            return self.run.archive.captures.get(capture_id)
        except ArchiveError:
            return None


def _words(about: _Round) -> str:
    """What was not had, in words."""
    words = []
    if about.lost:
        more = len(about.lost) - _NAMED
        named = "; ".join(about.lost[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
        words.append(f"{len(about.lost)} styles, pictures and fonts were not had: {named}")
    if about.remainder:
        words.append(
            f"{about.remainder} were left to the next run, after {about.asked} requests and {about.bytes:,} bytes"
        )
    return "; ".join(words)
