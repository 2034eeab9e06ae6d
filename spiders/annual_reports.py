"""The one spider: from each portal's home page along its trail to the reports."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.asyncio import CallLaterResult, call_later
from twisted.python.failure import Failure

from crawler.archive.archive import Archive
from crawler.fetching.captures import capture_of
from crawler.fetching.failures import cause_of, problems_of
from crawler.fetching.guards import HostBlockedError, WalkStoppedError
from crawler.fetching.internals import schedule
from crawler.fetching.luggage import Luggage, address_of, luggage_of
from crawler.fetching.retries import HostRestingError
from crawler.fetching.state import RunState, StatefulSpider
from crawler.navigation.memory import Memory, NoMemory
from crawler.navigation.trace import Trace
from crawler.navigation.walk import Walk
from crawler.portals.plan import plan_of
from crawler.portals.profile import Profile
from crawler.portals.selection import select
from crawler.reading.process import ReaderError, ended_by
from crawler.records.errors import ArchiveError, NianbaoError
from crawler.records.page import Needs, Page, SeenAgain
from crawler.records.problems import PortalProblem
from crawler.reference.deadlines import parse_years
from crawler.runs.recheck import ArchiveMemory, Policy, parse_recheck, plan_hash
from crawler.words.durations import parse_at_most
from crawler.words.installation import install_line
from spiders.line import Line
from spiders.reading import Reader
from spiders.requests import request_of
from spiders.requisites import Out as Item
from spiders.requisites import Requisites

if TYPE_CHECKING:
    from crawler.fetching.source import Answers

Out = Page | SeenAgain | Needs | PortalProblem | Request

_SAID_BY_PROBLEMS = (
    "scrapy.core.downloader.handlers.http11",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy-playwright",
)
"""Loggers of what becomes a problem row: a person reads one sentence there, not a traceback."""


class AnnualReportsSpider(StatefulSpider):
    """`scrapy crawl annual_reports -a portal=shenyang[,…] -a profile=FILE[,…] -a years=A-B -a recheck=AGE -a retry=1
    -a at_most=6h -a requisites=1`, as the options of `nianbao crawl`; empty for the usual."""

    name = "annual_reports"
    line: Line

    def __init__(
        self,
        portal: str = "",
        profile: str = "",
        years: str = "",
        recheck: str = "",
        retry: str = "",
        at_most: str = "",
        requisites: str = "",
        profiles: Sequence[Profile] | None = None,
        source: Answers | None = None,
        traces: dict[str, Trace] | None = None,
        wide: bool = False,
        single: frozenset[int] | None = None,
        **kwargs: Any,
    ) -> None:
        """`profiles`: those to walk, from Python; else `portal` and `profile` name them, as Scrapy's command can.

        `source`: what answers in the network's place (crawler.fetching.offline). `traces`: where what each walk took
        and did not take is noted, by portal. `wide`: see records.ways.Plan. `single`: years that alone are wanted.
        """
        super().__init__(**kwargs)
        for name in _SAID_BY_PROBLEMS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        if profiles is None:
            profiles = select([*filter(None, portal.split(","))], list(map(Path, filter(None, profile.split(",")))))
        self.run = RunState(list(profiles), parse_years(years), parse_at_most(at_most), bool(requisites))
        self.run.source, self.run.shields.past = source, source is not None and source.past
        self.run.single = single
        self._traces, self._wide = traces, wide
        self.policy = Policy(datetime.now(UTC), parse_recheck(recheck), bool(retry))
        self.reader = Reader(self.run)
        self._timers: list[CallLaterResult] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Made by Scrapy; with a browser where a profile asks for one. Raises NianbaoError where there is none, or
        where a profile, an argument or the archive is no good."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        with Archive.open(crawler.settings["NIANBAO_ARCHIVE"]) as probe:
            # Said here, before Scrapy opens its engine: inside it the sentence would drown in tracebacks.
            probe.lock()
            samples = {profile.id: profile.sample for profile in spider.run.profiles}
            probe.check_apart(samples, mixed=crawler.settings.getbool("NIANBAO_WITH_SAMPLE"))
        spider.line = Line(crawler)
        if spider.run.source is None and any(profile.browser for profile in spider.run.profiles):
            try:
                from crawler.fetching.browser import settings
            except ImportError as error:
                said = "a profile with `browser = true` needs scrapy-playwright"
                raise NianbaoError(f"{said}; `{install_line('browser')}` installs it ({error})") from error
            crawler.settings.setdict(settings(), priority="spider")
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The home page of every portal."""
        self.run.reader, self.run.rest = Archive.read(self.settings["NIANBAO_ARCHIVE"]), self.line.rest
        most, most_bytes = (self.settings.getint(name) for name in ("NIANBAO_REQUISITES", "NIANBAO_REQUISITE_BYTES"))
        self.requisites = Requisites(self.run, most, most_bytes)
        for profile in self.run.profiles:
            self.run.walks[profile.id] = self._walk(profile)
        if seconds := self.run.at_most:
            self._timers.append(call_later(seconds, self.stop, f"the run was given {seconds} s"))
        for profile in self.run.profiles:
            if profile.at_most is not None:
                said = f"the profile gives this portal {profile.at_most} s a run"
                self._timers.append(call_later(profile.at_most, self.stop, said, profile.id))
            yield self._request(self.reader.succession.home(profile))

    def _walk(self, profile: Profile) -> Walk:
        seal = plan_hash(profile, self.run.years)
        memory: Memory = ArchiveMemory(self.run.archive, profile.id, seal, self.run.years, self.policy)
        memory = NoMemory() if self.run.shields.past else memory  # what stands there today says nothing of then
        trace = None if self._traces is None else self._traces.setdefault(profile.id, Trace())
        return Walk(plan_of(profile, self.run.wanted, self._wide), memory, budget=profile.budget, trace=trace)

    def stop(self, why: str, portal: str | None = None) -> None:
        """Stop the walk of a portal, of all where none is named: what is under way is finished, nothing else asked."""
        for walk in self.run.walks_of(portal):
            walk.stop(why)
        if portal is None:
            self.run.time_up = True
            self.requisites.stop()
        self.line.withdraw(self.run)

    def closed(self, reason: str) -> None:
        """Called by Scrapy at the end: let go of the archive as it was read."""
        while self._timers:
            self._timers.pop().cancel()
        self.run.let_go()

    async def read(self, response: Response) -> AsyncIterator[Out]:
        """Have one response read, hand its page on to the pipelines, and ask for what follows."""
        request = _request_of(response)
        try:
            luggage = luggage_of(request)
            capture = capture_of(request, response)
            if luggage.purpose == "requisite":
                items: AsyncIterator[Item] = self.requisites.arrived(luggage, capture)
            else:
                items = self.reader.read(luggage, capture, response.url)
            async for item in self._sent(luggage, items):
                yield item
        finally:
            # Whatever comes of it, for the host's other requests wait for this word.
            self.line.taken_in(request)

    async def not_rendered(self, failure: Failure) -> AsyncIterator[Out]:
        """Go on without the browser, where it failed."""
        luggage = luggage_of(_request_of(failure))
        assert failure.value is not None
        if isinstance(failure.value, NianbaoError):
            self._end(failure.value, "no_browser")
        if self.run.fatal_error is not None or not self.crawler.crawling:
            # The run is ending and takes its browser with it: that says nothing of the page.
            return
        if isinstance(failure.value, WalkStoppedError):
            # The page is kept as it was served; what a browser would have made of it is the next run's.
            items = _each(self.reader.left(luggage))
        else:
            items = self.reader.not_shown(luggage, failure.value)
        async for item in self._sent(luggage, items):
            yield item

    async def failed(self, failure: Failure) -> AsyncIterator[Out]:
        """Go on without what could not be had; where it came and no reader was to be had for it, end the run."""
        if isinstance(failure.value, ReaderError):
            self._end(ended_by(failure.value), "no_reader")
            return
        request = _request_of(failure)
        luggage, url = luggage_of(request), address_of(request, request.url)
        assert failure.value is not None
        items: Iterable[Item]
        if luggage.purpose == "requisite":
            items = self.requisites.failed(luggage, url, cause_of(failure.value).words)
        elif isinstance(failure.value, WalkStoppedError):
            items = self.reader.left(luggage)
        elif isinstance(failure.value, HostBlockedError):
            items = self.reader.held_back(luggage, url, "challenge")
        elif isinstance(failure.value, HostRestingError):
            items = self.reader.held_back(luggage, url, "host_resting")
        else:
            items = self.reader.failed(luggage, url, problems_of(request, failure.value))
        async for item in self._sent(luggage, _each(items)):
            yield item

    async def _sent(self, luggage: Luggage, items: AsyncIterator[Item]) -> AsyncIterator[Out]:
        """What follows, luggage as requests; where the archive can no longer be read, or no page any more, the end of
        the run, told as one sentence."""
        try:
            async for item in items:
                yield self._request(item) if isinstance(item, Luggage) else item
            if not self._wide:
                async for item in self.requisites.begin(luggage.profile):
                    yield self._request(item) if isinstance(item, Luggage) else item
        except ReaderError as error:
            self._end(ended_by(error), "no_reader")
        except sqlite3.DatabaseError as error:
            # Nothing else: a fault in reading a page is that page's, and says nothing of the archive.
            words = f"{self.run.archive.path} is damaged and cannot be read any more: {error}; the run was ended"
            self._end(ArchiveError(words), "archive_failed")
        if self.run.walk(luggage.profile).gives_up():
            self.line.withdraw(self.run)

    def _request(self, luggage: Luggage) -> Request:
        return request_of(luggage, self.read, self.failed if luggage.original is None else self.not_rendered)

    def _end(self, error: NianbaoError, reason: str) -> None:
        """End the run before its time."""
        self.run.fail(error)
        assert self.crawler.engine is not None
        schedule(self.crawler.engine.close_spider_async(reason=reason))


async def _each(items: Iterable[Item]) -> AsyncIterator[Item]:
    """What is there already, for who waits for each."""
    for item in items:
        yield item


def _request_of(result: Response | Failure) -> Request:
    """The request that a response or a failure is the end of."""
    request = getattr(result, "request", None)  # Scrapy puts it on a failure, of which Twisted's types know nothing
    assert isinstance(request, Request)
    return request
