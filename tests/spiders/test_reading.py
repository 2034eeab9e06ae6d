"""What follows from each thing that can come of a request, without a network: a handler for each, and one count."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.archive.archive import Archive
from crawler.archive.queries.captures import Captures
from crawler.archive.write.deaths import unread
from crawler.fetching.luggage import Luggage, Original, Rendering
from crawler.fetching.state import RunState
from crawler.navigation.walk import Walk
from crawler.portals.notation import load
from crawler.portals.profile import Profile
from crawler.reading.question import Answer, Question, answer
from crawler.records.capture import Capture
from crawler.records.page import Death, Page, SeenAgain
from crawler.records.problems import PortalProblem, Problem
from crawler.records.ways import Plan
from pipelines import derive
from spiders.reading import Out, Reader
from tests import ROOT
from tests.navigation.test_trails import html, menu, report, rows

PAGES = {
    "": html(menu(("/nb/", "政府信息公开年报"))),
    "nb/": html(rows(*((f"/a/{year}.html", f"沈阳市大东区{year}年政府信息公开工作年度报告") for year in (2017, 2018)))),
    "a/2017.html": report("大东区", 2017),
    "a/2018.html": report("大东区", 2018),
}
SHENYANG = load(ROOT / "data" / "portals" / "shenyang.toml")


async def _all(items: AsyncIterator[Out]) -> list[Out]:
    return [item async for item in items]


def collected(items: AsyncIterator[Out]) -> list[Out]:
    """All that comes of a page, in a loop of its own."""
    return asyncio.run(_all(items))


async def turns() -> None:
    """Let every task that can go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)


class Unused:
    """A desk that nothing may come to."""

    def submit(self, question: Question) -> Future[Answer]:
        raise AssertionError(question.capture.url)


class Slow:
    """A desk whose answers come when the test lets them, in the order that it likes."""

    def __init__(self) -> None:
        self.asked: dict[str, tuple[Question, Future[Answer]]] = {}

    def submit(self, question: Question) -> Future[Answer]:
        future: Future[Answer] = Future()
        self.asked[question.capture.url] = question, future
        return future

    def answer(self, url: str) -> None:
        """Answer what was asked of an address."""
        question, future = self.asked.pop(url)
        future.set_result(answer(question))


class Walker:
    """A reader, and the archive that its pages come into; `portal` is what the network would be."""

    def __init__(self, archive: Archive, profile: Profile = SHENYANG) -> None:
        self.archive, self.profile = archive, profile
        self.portal = {profile.home + path: page.encode() for path, page in PAGES.items()}
        self.run = RunState([profile], range(2008, 2027), reader=archive)
        self.reader = Reader(self.run)
        plan = Plan(profile.home, profile.region, None, self.run.years, profile.allows)
        self.walk = self.run.walks[profile.id] = Walk(plan)
        archive.begin_run([profile.id])

    def capture(self, luggage: Luggage, status: int = 200, body: bytes | None = None) -> Capture:
        url = luggage.way.url
        headers = [("Content-Type", "text/html"), ("ETag", '"1"')]
        trail = luggage.way.position.trail
        body = self.portal[url] if body is None else body
        return Capture(url, status, headers, body, "2026-01-01T00:00:00Z", self.profile.id, trail)

    def read(self, luggage: Luggage, status: int = 200, body: bytes | None = None) -> list[Out]:
        return collected(self.reader.read(luggage, self.capture(luggage, status, body), luggage.way.url))

    def to(self, path: str) -> Luggage:
        """The luggage for a page, all before it having been read."""
        waiting = [self.reader.succession.home(self.profile)]
        while waiting:
            luggage = waiting.pop(0)
            if luggage.way.url == self.profile.home + path:
                return luggage
            waiting += [item for item in self.read(luggage) if isinstance(item, Luggage)]
        raise AssertionError(path)

    def keep(self, path: str) -> None:
        """Archive a page of the portal as an earlier run met it."""
        luggage = Walker(self.archive, self.profile).to(path)
        capture = self.capture(luggage)
        self.archive.store(derive(capture, self.walk.context(capture.url, luggage.way.position)))
        self.archive.flush()


@pytest.fixture
def walker(tmp_path: Path) -> Iterator[Walker]:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.lock()
        yield Walker(archive)


def kinds(items: list[Out]) -> list[str]:
    return [
        f"problem {item.problem.kind}" if isinstance(item, PortalProblem) else type(item).__name__ for item in items
    ]


def test_a_portal_is_walked_to_its_end_by_luggage_alone(walker: Walker) -> None:
    waiting, found = [walker.reader.succession.home(walker.profile)], []
    while waiting:
        items = walker.read(waiting.pop(0))
        waiting += [item for item in items if isinstance(item, Luggage)]
        found += [item for item in items if not isinstance(item, Luggage)]
    assert [item.kind for item in found if isinstance(item, Page)] == ["home", "other", "report", "report"]
    assert kinds(found) == ["Page"] * 4
    assert walker.walk.ended
    assert walker.walk.itinerary.pending == 0


def test_the_same_report_again_is_not_read(walker: Walker) -> None:
    walker.keep("a/2017.html")
    luggage = walker.to("a/2017.html")
    assert luggage.precedent is not None
    for status, body in ((200, None), (304, b"")):
        (again, *_) = walker.read(luggage, status, body)
        assert isinstance(again, SeenAgain)
        assert again.url == luggage.way.url
    assert walker.walk.progress.reports == 2


def test_of_the_same_column_again_is_known_what_leads_on(walker: Walker) -> None:
    luggage = walker.to("nb/")
    (page, *_) = walker.read(luggage)
    assert isinstance(page, Page)
    walker.archive.store(page)
    walker.archive.flush()
    second = Walker(walker.archive)
    luggage = second.to("nb/")
    second.run.desk = Unused()  # it need not be read
    items = second.read(luggage, 304, b"")
    assert kinds(items) == ["SeenAgain", "Luggage", "Luggage"]


def test_a_304_of_a_page_that_is_lost_is_asked_in_full_and_stays_pending(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    walker.keep("nb/")
    luggage = walker.to("nb/")
    monkeypatch.setattr(Captures, "body", lambda captures, sha256: None)
    assert luggage.precedent is not None
    doubtful = replace(luggage, precedent=replace(luggage.precedent, doubted=True), redirects=3)
    assert walker.read(doubtful, 304, b"") == [replace(luggage, precedent=None, redirects=3)]
    assert walker.walk.itinerary.pending == 1


def test_a_304_of_a_page_in_doubt_is_read_as_it_is_archived(walker: Walker) -> None:
    walker.keep("a/2017.html")
    luggage = walker.to("a/2017.html")
    assert luggage.precedent is not None
    page, *_ = walker.read(replace(luggage, precedent=replace(luggage.precedent, doubted=True)), 304, b"")
    assert isinstance(page, Page)
    assert (page.kind, page.capture.status) == ("report", 200)


def walked(walker: Walker, guarded: Sequence[str], times: int) -> tuple[list[str], list[Problem]]:
    """Walk to the end where the `guarded` pages answer with a challenge so many times: what was asked, what is told."""
    waiting, asked, told = [walker.reader.succession.home(walker.profile)], [], []
    while waiting:
        luggage = waiting.pop(0)
        path = luggage.way.url.removeprefix(walker.profile.home)
        asked.append(path)
        if path in guarded and asked.count(path) <= times:
            items = walker.read(luggage, 521, b"")
        elif urlsplit(luggage.way.url).netloc in walker.run.shields.blocked:
            items = list(walker.reader.held_back(luggage, luggage.way.url, "challenge"))
        else:
            items = walker.read(luggage)
        for item in items:
            if isinstance(item, Luggage):
                waiting.append(item)
            elif isinstance(item, Page):
                told += item.problems
            elif isinstance(item, PortalProblem):
                told.append(item.problem)
    assert walker.walk.ended
    return asked, [problem for problem in told if problem.kind == "challenge"]


def test_a_challenge_in_place_of_a_list_is_its_hosts(walker: Walker) -> None:
    asked, told = walked(walker, ["nb/"], 9)
    assert asked == ["", "nb/"]
    assert ["left alone" in problem.detail for problem in told] == [True]
    assert walker.run.shields.blocked == {"www.shenyang.gov.cn"}


def test_a_challenge_on_one_page_is_that_pages_and_it_is_asked_once_more(walker: Walker) -> None:
    asked, told = walked(walker, ["a/2017.html"], 9)
    assert asked == ["", "nb/", "a/2017.html", "a/2018.html", "a/2017.html"]
    assert [problem.url for problem in told] == [walker.profile.home + "a/2017.html"]
    assert walker.run.shields.blocked == set()
    assert walker.walk.itinerary.lists.broken() == [walker.profile.home + "nb/"]


def test_a_page_that_comes_when_it_is_asked_once_more_is_not_told(walker: Walker) -> None:
    asked, told = walked(walker, ["a/2017.html"], 1)
    assert asked[-1] == "a/2017.html"
    assert told == []
    assert walker.walk.progress.reports == 2


def test_a_second_challenge_in_a_row_is_the_hosts_and_both_are_told(walker: Walker) -> None:
    asked, told = walked(walker, ["a/2017.html", "a/2018.html"], 9)
    assert asked == ["", "nb/", "a/2017.html", "a/2018.html"]
    assert {problem.url for problem in told} == {walker.profile.home + f"a/{year}.html" for year in (2017, 2018)}
    assert walker.run.shields.blocked == {"www.shenyang.gov.cn"}


def test_a_page_that_is_fatal_is_not_read_and_its_list_is_in_doubt(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    luggage = walker.to("a/2017.html")
    monkeypatch.setattr(type(walker.run.deaths), "of", lambda deaths, capture: Death("reader_died", "it killed"))
    walker.run.desk = Unused()
    page, *rest = walker.read(luggage)
    assert isinstance(page, Page)
    assert (page.death, page.kind) == (Death("reader_died", "it killed"), "other")
    assert [(problem.kind, problem.detail.split(";")[0]) for problem in page.problems] == [("reader_died", "it killed")]
    assert rest == []
    assert walker.walk.itinerary.lists.broken() == [walker.profile.home + "nb/"]


def test_a_page_over_which_a_reader_was_lost_is_known_from_then_on(walker: Walker) -> None:
    luggage = walker.to("a/2017.html")
    desk = walker.run.desk = Slow()

    async def lost() -> list[Out]:
        capture = walker.capture(luggage)
        task = asyncio.create_task(_all(walker.reader.read(luggage, capture, capture.url)))
        await turns()
        question, future = desk.asked[capture.url]
        future.set_result(Answer(unread(question.capture, question.context, Death("reader_limit", "too slow"))))
        return await task

    (page,) = asyncio.run(lost())
    assert isinstance(page, Page)
    assert [problem.kind for problem in page.problems] == ["reader_limit"]
    assert walker.run.deaths.of(page.capture) == page.death
    assert walker.walk.itinerary.lists.broken() == [walker.profile.home + "nb/"]


def test_pages_of_a_portal_are_taken_in_as_they_came_however_long_each_is_read(tmp_path: Path) -> None:
    """And no portal waits for another."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.lock()
        walker = Walker(archive)
        first = walker.to("a/2017.html")
        second = Luggage(first.profile, replace(first.way, url=walker.profile.home + "a/2018.html"))
        elsewhere = replace(SHENYANG, id="elsewhere", home="http://www.elsewhere.gov.cn/")
        walker.run.walks["elsewhere"] = Walk(Plan(elsewhere.home, "210100", None, walker.run.years, elsewhere.allows))
        third = walker.reader.succession.home(elsewhere)
        walker.portal[elsewhere.home] = PAGES[""].encode()
        desk = walker.run.desk = Slow()
        kept: list[str] = []
        walker.run.arrive = lambda capture, context, leaf: kept.append(capture.url)
        done: list[str] = []

        async def take(luggage: Luggage) -> None:
            async for item in walker.reader.read(luggage, walker.capture(luggage), luggage.way.url):
                if isinstance(item, Page):
                    done.append(item.capture.url)

        async def run() -> None:
            tasks = [asyncio.create_task(take(luggage)) for luggage in (first, second, third)]
            await turns()
            assert sorted(desk.asked) == sorted([first.way.url, second.way.url, elsewhere.home]), "all at once"
            assert kept == [first.way.url, second.way.url, elsewhere.home], "kept before they are read"
            desk.answer(second.way.url)
            await turns()
            assert done == []
            desk.answer(elsewhere.home)
            await turns()
            assert done == [elsewhere.home]
            desk.answer(first.way.url)
            await asyncio.gather(*tasks)
            assert done == [elsewhere.home, first.way.url, second.way.url]

        asyncio.run(run())


def test_a_page_for_the_browser_stays_pending_until_it_was_shown(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.lock()
        walker = Walker(archive, replace(SHENYANG, browser=True))
        page, rendering = walker.read(walker.reader.succession.home(walker.profile))
        assert isinstance(page, Page)
        assert isinstance(rendering, Luggage)
        assert rendering.original == Original(page.capture, PAGES[""])
        assert (rendering.purpose, walker.walk.itinerary.pending) == ("rendering", 1)
        answer = replace(rendering, rendering=Rendering("Chromium/1", ("a.js (no answer)",), ()))
        shown, column = walker.read(answer)
        assert isinstance(shown, Page)
        assert [problem.kind for problem in shown.problems] == ["script_unanswered"]
        assert isinstance(column, Luggage)
        assert walker.walk.itinerary.pending == 1
        page, rendering = walker.read(column)
        assert isinstance(rendering, Luggage)
        items = collected(walker.reader.not_shown(rendering, TimeoutError("too long")))
        assert kinds(items) == ["problem not_rendered", "Luggage", "Luggage"]
        assert walker.walk.itinerary.pending == 2
        assert walker.walk.itinerary.lists.broken() == [walker.profile.home + "nb/"]


def test_the_end_is_told_once_where_two_last_answers_come_at_once(walker: Walker) -> None:
    """The pipelines take their time over a page; meanwhile the other one is read to its end."""
    first = walker.to("a/2017.html")
    second = Luggage(first.profile, replace(first.way, url=walker.profile.home + "a/2018.html"))
    walker.portal[first.way.url] = walker.portal[second.way.url] = html("<p>别的</p>").encode()
    told: list[Out] = []

    async def take(luggage: Luggage) -> None:
        async for item in walker.reader.read(luggage, walker.capture(luggage), luggage.way.url):
            await turns()
            told.append(item)

    async def run() -> None:
        await asyncio.gather(take(first), take(second))

    asyncio.run(run())
    assert kinds(told)[0] == "Page"
    assert kinds(told).count("problem trail_broken") == 1


def test_what_a_stopped_walk_would_have_asked_is_left(walker: Walker) -> None:
    luggage = walker.to("nb/")
    walker.walk.stop("time")
    items = walker.read(luggage)
    assert kinds(items) == ["Page", "problem budget_spent"]
    assert walker.walk.itinerary.pending == 0


def test_what_could_not_be_had_is_told_and_the_walk_winds_up(walker: Walker) -> None:
    luggage = replace(walker.to("a/2017.html"), host_problem=Problem("host_resting", "//x/", "ten in a row"))
    items = list(walker.reader.failed(luggage, luggage.way.url, [Problem("unreachable", luggage.way.url, "no answer")]))
    assert kinds(items) == ["problem unreachable", "problem host_resting"]
    assert walker.walk.itinerary.pending == 1
    other = Luggage(luggage.profile, replace(luggage.way, url=walker.profile.home + "a/2018.html"))
    items = list(walker.reader.held_back(other, other.way.url, "host_resting"))
    assert walker.walk.itinerary.pending == 0
    assert kinds(items) == ["problem trail_broken", "problem host_resting"]
    assert walker.walk.itinerary.lists.broken() == [walker.profile.home + "nb/"]
