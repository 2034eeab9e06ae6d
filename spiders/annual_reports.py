"""The one spider: from each portal's home page along its trail to the reports."""

from __future__ import annotations

import logging
import sqlite3
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.asyncio import CallLaterResult, call_later
from twisted.python.failure import Failure

from crawler.archive.archive import Archive
from crawler.archive.file.blobs import digest
from crawler.archive.queries.addresses import Known
from crawler.archive.write.deaths import Deaths, unread
from crawler.archive.write.hand import Hand
from crawler.fetching.failures import problem_of
from crawler.fetching.guards import HostBlockedError, WalkStoppedError
from crawler.fetching.internals import schedule
from crawler.fetching.retries import HostRestingError
from crawler.fetching.robots import RobotsForbidError
from crawler.navigation.serialization import unpacked
from crawler.navigation.trail import Next, Plan, Position, Ways
from crawler.navigation.walk import ENDS, Walk
from crawler.portals.profile import HostIndex, Profile, select
from crawler.records.capture import RENDERED, Capture, Context, Step
from crawler.records.errors import ArchiveError, NianbaoError
from crawler.records.page import Page, SeenAgain
from crawler.records.problems import ATTENTION_KINDS, PortalProblem, Problem
from crawler.reference.deadlines import parse_years
from crawler.runs.recheck import ArchiveMemory, Policy, parse_recheck, plan_hash
from crawler.words.durations import parse_at_most
from crawler.words.posts import sent
from pipelines import derive
from pipelines.stages import LEAD

Out = TypeVar("Out")

MOST_NOT_SHOWN = 5
"""Pages in a row that the browser cannot show, after which a portal is walked as it is served: each costs minutes."""
_ENDS_THERE = frozenset({"report", "article", "attachment"})
"""Kinds of pages that nothing leads on from where a list led to them: the same again, they need not even be parsed."""
_SAID_BY_PROBLEMS = (
    "scrapy.core.downloader.handlers.http11",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy-playwright",
)
"""Loggers of what becomes a problem row: a person reads one sentence there, not a traceback."""


class AnnualReportsSpider(Spider):
    """`scrapy crawl annual_reports -a portal=shenyang[,…] -a profile=FILE[,…] -a years=A-B -a recheck=AGE -a retry=1
    -a at_most=6h`.

    `years`, `recheck`, `retry` and `at_most` as the options of `nianbao crawl`; empty for the usual.
    """

    name = "annual_reports"

    def __init__(
        self,
        portal: str = "",
        profile: str = "",
        years: str = "",
        recheck: str = "",
        retry: str = "",
        at_most: str = "",
        profiles: Sequence[Profile] | None = None,
        **kwargs: Any,
    ) -> None:
        """`profiles`: those to walk, from Python; else `portal` and `profile` name them, as Scrapy's command can."""
        super().__init__(**kwargs)
        for name in _SAID_BY_PROBLEMS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        if profiles is None:
            names = [name for name in portal.split(",") if name]
            profiles = select(names, [Path(name) for name in profile.split(",") if name])
        self.profiles = list(profiles)
        self.hosts = HostIndex(self.profiles)
        self.at_most = parse_at_most(at_most)
        """Seconds that the run may last; 0: until it is done."""
        self.years = parse_years(years)
        self.policy = Policy(datetime.now(UTC), parse_recheck(recheck), bool(retry))
        self.blocked_hosts: set[str] = set()
        self.fatal_error: NianbaoError | None = None
        """What ended the run before its time, for `crawler.runs.run` to tell."""
        self.hand, self.deaths = Hand(None), Deaths([])
        """What is being read, and what is not to be; pipelines.store.Store sets both when it has the archive."""
        self._not_shown: Counter[str] = Counter()
        self.walks: dict[str, Walk] = {}
        self._timers: list[CallLaterResult] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Made by Scrapy; with a browser where a profile asks for one. Raises NianbaoError where there is none."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if any(profile.browser for profile in spider.profiles):
            try:
                from crawler.fetching.browser import settings
            except ImportError as error:
                said = "a profile with `browser = true` needs scrapy-playwright; `pip install nianbao[browser]`"
                raise NianbaoError(f"{said} installs it ({error})") from error
            crawler.settings.setdict(settings(), priority="spider")
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The home page of every portal."""
        self.archive = Archive.read(self.settings["NIANBAO_ARCHIVE"])
        for profile in self.profiles:
            self.walks[profile.id] = self._walk(profile)
        if self.at_most:
            self._timers.append(call_later(self.at_most, self.stop, f"the run was given {self.at_most} s"))
        for profile in self.profiles:
            if profile.at_most is not None:
                said = f"the profile gives this portal {profile.at_most} s a run"
                self._timers.append(call_later(profile.at_most, self.stop, said, profile.id))
            yield self._request(profile, self.walks[profile.id].first())

    def _walk(self, profile: Profile) -> Walk:
        plan = Plan(
            home=profile.home,
            region=profile.region,
            labels=tuple((label,) for label in profile.trail) if profile.trail else None,
            years=self.years,
            allows=profile.allows,
        )
        seal = plan_hash(profile, self.years)
        memory = ArchiveMemory(self.archive, profile.id, seal, self.years, self.policy)
        return Walk(profile.id, plan, memory, budget=profile.budget)

    def stop(self, why: str, portal: str | None = None) -> None:
        """Stop the walk of a portal, of all where none is named: what is under way is finished, nothing else asked."""
        for walk in self.walks.values() if portal is None else [self.walks[portal]]:
            walk.stop(why)
        self._withdraw()

    def _withdraw(self) -> None:
        """Take back what waits in the queue of walks that were stopped, but for one request of each.

        That one goes through and is refused by the guard, so that a walk of which nothing is under way is wound up.
        """
        assert self.crawler.engine is not None
        downloader: Any = self.crawler.engine.downloader
        last: set[str] = set()

        def unwanted(request: Request) -> bool:
            portal = request.meta["profile"].id
            if not self.walks[portal].stopped:
                return False
            first = portal not in last
            last.add(portal)
            return not first

        for request in downloader.queue.withdraw(unwanted):
            walk = self.walks[request.meta["profile"].id]
            walk.pending -= 1
            walk.left(request.meta["way"])

    def closed(self, reason: str) -> None:
        """Called by Scrapy at the end: let go of the archive as it was read."""
        while self._timers:
            self._timers.pop().cancel()
        if hasattr(self, "archive"):
            self.archive.close()

    def _follow(self, profile: Profile, walk: Walk, ways: list[Next], redirects: int) -> Iterator[Request]:
        """The requests of ways that a page led to; of a walk that this page, or the clock, stopped: none."""
        if not walk.stopped:
            for way in ways:
                yield self._request(profile, way, redirects)
            return
        for way in ways:
            walk.pending -= 1
            walk.left(way)
        self._withdraw()

    def _request(self, profile: Profile, way: Next, redirects: int = 0, afresh: bool = False) -> Request:
        """`afresh`: not as a conditional request."""
        position = way.position
        known = None if afresh else self.archive.addresses.last_seen(way.url)
        meta = {
            "profile": profile,
            "position": position,
            "why": way.why,
            "known": known,
            "way": way,
            "redirects": redirects + 1 if way.why == "redirect" else 0,
            # The walk follows redirects of pages itself: each hop is a capture.
            "dont_redirect": True,
        }
        common: dict[str, Any] = {
            "callback": self.read,
            "errback": self.failed,
            "meta": meta,
            "priority": way.priority,
            "dont_filter": True,
        }
        if (post := sent(way.url, way.form)) is not None:
            kind = {"Content-Type": post.content_type}
            return Request(post.url, method="POST", body=post.body, headers=kind, **common)
        return Request(way.url, headers=known.validators if known is not None else None, **common)

    def read(self, response: Response) -> Iterator[Page | SeenAgain | PortalProblem | Request]:
        """Decode and recognise one response, ask the walk what follows, and hand the page on to the pipelines."""
        yield from self._unless_damaged(self._read(response))

    def _unless_damaged(self, following: Iterator[Out]) -> Iterator[Out]:
        """What follows; where the archive can no longer be read, the end of the run, told as one sentence."""
        try:
            yield from following
        except sqlite3.DatabaseError as error:
            # Nothing else: a fault in reading a page is that page's, and says nothing of the archive.
            said = f"{self.archive.path} is damaged and cannot be read any more: {error}; the run was ended"
            self.fatal_error = self.fatal_error or ArchiveError(said)
            assert self.crawler.engine is not None
            schedule(self.crawler.engine.close_spider_async(reason="archive_failed"))

    def _read(self, response: Response) -> Iterator[Page | SeenAgain | PortalProblem | Request]:
        meta = response.meta
        profile: Profile = meta["profile"]
        position: Position = meta["position"]
        known: Known | None = meta["known"]
        walk = self.walks[profile.id]
        walk.pending -= 1
        context = walk.context(response.url, position)
        capture = self._capture(response, profile, position)
        unchanged = known if known is not None and _unchanged(known, capture, context) else None
        following: list[Next] = []
        rendering: Request | None = None
        if unchanged is not None and unchanged.kind in _ENDS_THERE and meta["why"] in ENDS:
            walk.arrive_again(unchanged.kind, capture.address)
            yield SeenAgain(unchanged.capture_id, capture.address, capture.fetched_at, profile.id)
        elif (
            unchanged is not None
            # What scripts build changes behind a page that does not.
            and (meta.get("playwright") or not profile.browser)
            and (ways := self._ways(unchanged, walk.seal(position))) is not None
        ):
            page = Page(capture, context, kind=unchanged.kind)
            page.breadcrumb = self.archive.addresses.breadcrumb(unchanged.capture_id)
            capture.status = unchanged.status
            following = walk.arrive(page, position, meta["why"], meta["redirects"], ways)
            if meta.get("playwright"):
                self._shown(page, walk, meta)
            yield SeenAgain(unchanged.capture_id, capture.address, capture.fetched_at, profile.id, _pressing(page))
        elif known is not None and capture.status == 304 and not self._fill(capture, known):
            # What the 304 speaks of cannot be read any more: `verify` tells of it, here it is asked for in full.
            walk.pending += 1
            yield self._request(profile, meta["way"], meta["redirects"], afresh=True)
            return
        else:
            words = self.deaths.of(capture)
            if words is not None:
                page = self._unread(capture, context, words)
                walk.doubt(page, position)
            else:
                with self.hand.holding(capture, context):
                    page = derive(capture, context, until=LEAD)
                    if page.kind == "challenge":
                        self.blocked_hosts.add(urlsplit(response.url).netloc)
                        marks = "; ".join(evidence.detail for evidence in page.evidence)
                        page.problem("challenge", f"status {response.status}: {marks}")
                        walk.failed(capture.url)
                    elif self._wants_browser(profile, page, meta):
                        rendering = self._rendering(page, meta)
                        walk.pending += 1
                    else:
                        following = walk.arrive(page, position, meta["why"], meta["redirects"])
            if meta.get("playwright"):
                self._shown(page, walk, meta)
            if unchanged is None:
                yield page
            else:
                yield SeenAgain(
                    unchanged.capture_id, capture.address, capture.fetched_at, profile.id, _pressing(page), page.ways
                )
        if rendering is not None:
            yield rendering
        yield from self._follow(profile, walk, following, meta["redirects"])
        yield from _resting(meta)
        yield from self._wind_up(profile, walk)

    def _unread(self, capture: Capture, context: Context, words: str) -> Page:
        """A page that is fatal to this version; the run that found that out has told it already."""
        page = unread(capture, context, words)
        if capture.address in self.deaths.told:
            page.problems.clear()
        return page

    def _rendering(self, page: Page, meta: dict[str, Any]) -> Request:
        """Have a browser show a page that came; the walk goes on from what it shows."""
        served = page.capture
        passed = {name: meta[name] for name in ("profile", "position", "why", "way", "redirects")}
        return Request(
            served.url,
            callback=self.read,
            errback=self.not_rendered,
            meta=passed
            | {
                "playwright": True,
                "html": page.html,
                "served": served,
                "known": self.archive.addresses.last_seen(served.url + RENDERED),
            },
            priority=meta["way"].priority,
            dont_filter=True,
        )

    def not_rendered(self, failure: Failure) -> Iterator[PortalProblem | Request]:
        """Where the browser failed, the walk goes on from the page as it was served."""
        request: Request = failure.request  # type: ignore[attr-defined]
        meta = request.meta
        served: Capture = meta["served"]
        profile: Profile = meta["profile"]
        walk = self.walks[profile.id]
        walk.pending -= 1
        if isinstance(failure.value, NianbaoError):
            self.fatal_error = self.fatal_error or failure.value
            assert self.crawler.engine is not None
            schedule(self.crawler.engine.close_spider_async(reason="no_browser"))
        if self.fatal_error is not None or not self.crawler.crawling:
            # The run is ending and takes its browser with it: that says nothing of the page.
            return
        if isinstance(failure.value, WalkStoppedError):
            # The page is kept as it was served; what a browser would have made of it is the next run's.
            walk.left(meta["way"])
            yield from self._wind_up(profile, walk)
            return
        self._not_shown[profile.id] += 1
        said = " ".join(str(failure.value).split())[:200]
        if self._not_shown[profile.id] == MOST_NOT_SHOWN:
            said += f"; the {MOST_NOT_SHOWN}th in a row, the portal is walked on as it is served"
        yield PortalProblem(profile.id, Problem("not_rendered", served.url, said))
        context = walk.context(served.url, meta["position"])
        with self.hand.holding(served, context):
            page = derive(served, context, until="recognise")
            told = len(page.problems)
            following = walk.arrive(page, meta["position"], meta["why"], meta["redirects"])
        walk.doubt(page, meta["position"])
        for problem in page.problems[told:]:
            yield PortalProblem(profile.id, problem)
        yield from self._follow(profile, walk, following, meta["redirects"])
        yield from self._wind_up(profile, walk)

    def _shown(self, page: Page, walk: Walk, meta: dict[str, Any]) -> None:
        """After a page that a browser showed: what its scripts did not get, it may lack."""
        self._not_shown[meta["profile"].id] = 0
        if unanswered := meta["unanswered"]:
            more = f" and {len(unanswered) - 3} more" if len(unanswered) > 3 else ""
            page.problem("script_unanswered", "; ".join(unanswered[:3]) + more)
            walk.doubt(page, meta["position"])

    def _wants_browser(self, profile: Profile, page: Page, meta: dict[str, Any]) -> bool:
        """Whether a page is to be shown by a browser before the walk goes on: it came as it was served, is HTML, and
        ways lead on from it, or it stands where a report was expected and has no text of its own."""
        if not profile.browser or meta.get("playwright") or page.tree is None or page.capture.status != 200:
            return False
        if meta["why"] == "attachment" or self._not_shown[profile.id] >= MOST_NOT_SHOWN:
            return False
        return page.kind == "other" or (page.kind in ("home", "column", "list") and meta["why"] not in ENDS)

    def _capture(self, response: Response, profile: Profile, position: Position) -> Capture:
        """The response as it came, or the document that a browser made of it."""
        fetched_at, headers = response.meta["wire"]
        if response.meta.get("playwright"):
            headers = [("Content-Type", "text/html; charset=utf-8"), ("X-Rendered-By", response.meta["rendered_by"])]
            headers += [("X-Refused-Host", host) for host in response.meta["refused"]]
            served: Capture = response.meta["served"]
            return replace(served, headers=headers, body=response.body, fetched_at=fetched_at, rendered=True)
        return Capture(
            url=_address(response.request, response.url),
            status=response.status,
            headers=headers,
            body=response.body,
            fetched_at=fetched_at,
            portal=profile.id,
            trail=position.trail or (Step("首页", response.url),),
        )

    def _ways(self, known: Known, seal: str) -> Ways | None:
        """What led on from a page that has not changed; None where that is not known, or is no redirect's business."""
        if known.kind == "redirect":
            return None
        told = self.archive.addresses.ways(known.capture_id, seal)
        try:
            return None if told is None else unpacked(told)
        except (ValueError, KeyError, TypeError, zlib.error):
            return None

    def _fill(self, capture: Capture, known: Known) -> bool:
        """Put the page in the place of the 304 that speaks of it; False where its body is damaged."""
        try:
            body = self.archive.captures.body(known.sha256)
        except ArchiveError:
            return False
        if body is None:
            return False
        capture.status, capture.headers, capture.body = known.status, known.headers, body
        return True

    def failed(self, failure: Failure) -> Iterator[PortalProblem | Request]:
        """What could not be had becomes a problem row of its portal."""
        yield from self._unless_damaged(self._failed(failure))

    def _failed(self, failure: Failure) -> Iterator[PortalProblem | Request]:
        request: Request = failure.request  # type: ignore[attr-defined]
        profile: Profile = request.meta["profile"]
        walk = self.walks[profile.id]
        walk.pending -= 1
        url = _address(request, request.url)
        if isinstance(failure.value, WalkStoppedError):
            walk.left(request.meta["way"])
        elif isinstance(failure.value, HostBlockedError):
            walk.held_back(url, "challenge")
        elif isinstance(failure.value, HostRestingError):
            walk.held_back(url, "host_resting")
        else:
            walk.failed(url)
            assert failure.value is not None
            problem = problem_of(url, failure.value)
            told = problem.kind in ATTENTION_KINDS or "resting" in request.meta
            if not request.meta["position"].trail and not told:
                # One page less is the portal's right; a portal without its home page is nothing at all.
                if isinstance(failure.value, RobotsForbidError):
                    said = "robots.txt forbids the home page; the portal is left alone"
                    problem = Problem("host_resting", request.url, said)
                else:
                    said = f"the portal was not entered: {problem.detail}"
                    yield PortalProblem(profile.id, Problem("trail_broken", request.url, said))
            yield PortalProblem(profile.id, problem)
        yield from _resting(request.meta)
        yield from self._wind_up(profile, walk)

    def _wind_up(self, profile: Profile, walk: Walk) -> Iterator[PortalProblem | Request]:
        """With nothing under way any more: look around off the trail where that is allowed, else say how it ended."""
        if walk.pending:
            return
        for way in walk.explore() or walk.recheck():
            yield self._request(profile, way)
        if not walk.pending:
            for problem in walk.finish():
                yield PortalProblem(profile.id, problem)


def _address(request: Request | None, url: str) -> str:
    """The address under which a request is known: `url`, where it came from or was sent to, and a POST's body."""
    return request.meta["way"].url if request is not None and request.method == "POST" else url


def _resting(meta: dict[str, Any]) -> Iterator[PortalProblem]:
    """The problem of a host that is left alone from this request on, as the downloader left it."""
    if "resting" in meta:
        yield PortalProblem(meta["profile"].id, meta["resting"])


def _pressing(page: Page) -> tuple[Problem, ...]:
    """The problems of an unchanged page that are told on every run."""
    return tuple(problem for problem in page.problems if problem.kind in ATTENTION_KINDS)


def _unchanged(known: Known, capture: Capture, context: Context) -> bool:
    """Whether a response says nothing that is not archived: a 304, or the same bytes as before, and no doubt."""
    if (
        known.doubted
        or known.gone
        or known.lifted
        or known.kind in ("missing", "challenge")
        or known.context != context
    ):
        return False
    if capture.status == 304:
        return True
    if known.status != capture.status or known.sha256 != digest(capture.body):
        return False
    # A redirect has no body to speak of: where it leads is what it says.
    then = Capture(known.url, known.status, known.headers, b"", "")
    return not 300 <= known.status < 400 or then.header("location") == capture.header("location")
