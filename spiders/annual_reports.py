"""The one spider: from each portal's home page along its trail to the reports."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import FormRequest, Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import portals
from crawler.items import Capture, Page, PortalProblem, Step
from crawler.middlewares import HostBlockedError
from crawler.navigation.trail import Next, Plan, Position
from crawler.navigation.walk import Walk
from crawler.reportyears import parse_years
from pipelines.guard import decoded, guarded
from pipelines.recognise import recognise
from spiders.failures import problem_of

_SAID_BY_PROBLEMS = ("scrapy.downloadermiddlewares.robotstxt", "scrapy.downloadermiddlewares.retry")
"""Loggers of what becomes a problem row: a person reads one sentence there, not a traceback."""


class AnnualReportsSpider(Spider):
    """`scrapy crawl annual_reports -a portal=shenyang[,…] -a profile=FILE[,…] -a years=A-B`."""

    name = "annual_reports"

    def __init__(self, portal: str = "", profile: str = "", years: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in _SAID_BY_PROBLEMS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        ids = [name for name in portal.split(",") if name]
        files = [Path(name) for name in profile.split(",") if name]
        self.profiles = portals.select(ids, files)
        self.years = parse_years(years)
        self.blocked_hosts: set[str] = set()
        self.walks: dict[str, Walk] = {}

    async def start(self) -> AsyncIterator[Any]:
        """The home page of every portal."""
        for profile in self.profiles:
            plan = Plan(
                home=profile.home,
                region=profile.region,
                labels=tuple((label,) for label in profile.trail) if profile.trail else None,
                years=self.years,
                allows=profile.allows,
            )
            walk = self.walks[profile.id] = Walk(profile.id, plan)
            yield self._request(profile, walk.first())

    def _request(self, profile: portals.Profile, way: Next, redirects: int = 0) -> Request:
        position = way.position
        meta = {
            "profile": profile,
            "position": position,
            "why": way.why,
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
        if way.form is not None:
            return FormRequest(way.url, formdata=way.form, **common)
        return Request(way.url, **common)

    def read(self, response: Response) -> Iterator[Page | PortalProblem | Request]:
        """Decode and recognise one response, ask the walk what follows, and hand the page on to the pipelines."""
        meta = response.meta
        profile: portals.Profile = meta["profile"]
        position: Position = meta["position"]
        walk = self.walks[profile.id]
        walk.pending -= 1
        fetched_at, headers = meta["wire"]
        capture = Capture(
            url=response.url,
            status=response.status,
            headers=headers,
            body=response.body,
            fetched_at=fetched_at,
            portal=profile.id,
            trail=position.trail or (Step("首页", response.url),),
        )
        page = decoded(capture, walk.context(response.url, position))
        guarded(recognise, page)
        if page.kind == "challenge":
            self.blocked_hosts.add(urlsplit(response.url).netloc)
            marks = "; ".join(evidence.detail for evidence in page.evidence)
            page.problem("challenge", f"status {response.status}: {marks}")
            following: list[Next] = []
        else:
            following = walk.arrive(page, position, meta["why"], meta["redirects"])
        yield page
        for way in following:
            yield self._request(profile, way, meta["redirects"])
        yield from self._wind_up(profile, walk)

    def failed(self, failure: Failure) -> Iterator[PortalProblem | Request]:
        """What could not be had becomes a problem row of its portal."""
        request: Request = failure.request  # type: ignore[attr-defined]
        profile: portals.Profile = request.meta["profile"]
        walk = self.walks[profile.id]
        walk.pending -= 1
        if isinstance(failure.value, HostBlockedError):
            walk.held_back(request.url)
        else:
            assert failure.value is not None
            yield PortalProblem(profile.id, problem_of(request.url, failure.value))
        yield from self._wind_up(profile, walk)

    def _wind_up(self, profile: portals.Profile, walk: Walk) -> Iterator[PortalProblem | Request]:
        """With nothing under way any more: look around off the trail where that is allowed, else say how it ended."""
        if walk.pending:
            return
        for way in walk.explore():
            yield self._request(profile, way)
        if not walk.pending:
            for problem in walk.finish():
                yield PortalProblem(profile.id, problem)
