"""A walk through a portal that is a dictionary: pages as they would come, without Scrapy and without a network."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from crawler.navigation.trail import Next, Plan
from crawler.navigation.walk import Walk
from crawler.records.capture import Capture
from crawler.records.page import Page
from crawler.records.problems import Problem
from pipelines import derive

HOST = "http://www.example.gov.cn"
_HTML = [("Content-Type", "text/html; charset=utf-8")]
MOST_ASKED = 2_000
"""Requests after which a walk is taken to have lost its way."""


@dataclass(frozen=True, slots=True)
class Report:
    """A page that is a report: recognised without being read, for walks that are about what leads there."""

    title: str


@dataclass(slots=True)
class Walked:
    """What a walk came to: reports by address, problems in their order, every address that was asked."""

    reports: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    ways: list[Next] = field(default_factory=list)

    def kinds(self) -> list[str]:
        """The kinds of problems met, sorted, each once."""
        return sorted({problem.kind for problem in self.problems})


def walked(pages: Mapping[str, str | Report], region: str = "210100", failing: Container[str] = frozenset()) -> Walked:
    """Walk from the home page through `pages`: HTML or a Report by path with query; any other address is 404.
    `failing`: addresses that a server which is busy answers with 503."""
    home = f"{HOST}/"
    pages = {_asked(path): page for path, page in pages.items()}
    plan = Plan(home, region, None, range(2000, 2030), lambda url: url.startswith(home))
    walk = Walk(plan)
    came = Walked()
    queue = [walk.first()]
    while queue:
        queue.sort(key=lambda way: -way.priority)
        way = queue.pop(0)
        if walk.forgoes(way):
            walk.itinerary.left(way)
            continue
        came.asked.append(way.url.removeprefix(HOST))
        came.ways.append(way)
        assert len(came.asked) < MOST_ASKED, "the walk has no end"
        page = _page(walk, way, pages.get(_asked(came.asked[-1])), 503 if came.asked[-1] in failing else 404)
        if page.kind == "report":
            came.reports[came.asked[-1]] = page.title or ""
        queue += walk.arrive(page, way.position, way.why)
        came.problems += page.problems
        walk.itinerary.done()
        if not walk.itinerary.pending:
            queue += walk.explore()
    came.problems += walk.finish()
    return came


def _asked(path: str) -> str:
    """An address as a server reads it: the order of a query's keys says nothing."""
    script, _, query = path.partition("?")
    return f"{script}?{'&'.join(sorted(query.split('&')))}" if query else script


def _page(walk: Walk, way: Next, content: str | Report | None, status: int) -> Page:
    context = walk.context(way.url, way.position)
    if isinstance(content, Report):
        return Page(Capture(way.url, 200, _HTML, b"", ""), context, kind="report", title=content.title)
    status, body = (status, f"<h1>{status}</h1>") if content is None else (200, content)
    return derive(
        Capture(way.url, status, _HTML, body.encode(), "", trail=way.position.trail), context, until="attachments"
    )
