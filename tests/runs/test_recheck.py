"""When what is archived is asked for again: each row of the table in docs/runs.md, just before its time and at it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from crawler.archive.queries.addresses import Known
from crawler.navigation.serialization import packed
from crawler.records.capture import Context
from crawler.records.errors import NianbaoError
from crawler.records.problems import Problem
from crawler.records.ways import MAX_REDIRECTS, Next, Position, Ways
from crawler.runs.recheck import FIRST, GRACE, LONGEST, SWEEP, ArchiveMemory, Policy, parse_recheck
from tests.support.archive_toy import SITE, page

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ADDRESSES = [f"{SITE}/nb/{number}.html" for number in range(2000)]
AGAIN = Policy(NOW)


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def known(unseen: timedelta, stable: timedelta = timedelta(0), **more: Any) -> Known:
    """A page that last answered so long ago, and had been stable for so long by then."""
    answered = NOW - unseen
    facts: dict[str, Any] = {
        "capture_id": 1, "url": ADDRESSES[0], "status": 200, "kind": "report", "sha256": "", "headers_json": "[]",
        "context_json": "{}", "trail_json": "[]", "answered_at": stamp(answered),
        "stable_since": stamp(answered - stable), "doubted": False, "gone": False, "lifted": False,
    }  # fmt: skip
    return Known(**facts | more)


def due(unseen: timedelta, stable: timedelta = timedelta(0), policy: Policy = AGAIN, **more: Any) -> int:
    """How many of the addresses are due."""
    return sum(policy.due(known(unseen, stable, url=url, **more)) for url in ADDRESSES)


@pytest.mark.parametrize(
    ("stable", "wait"),
    [
        (timedelta(0), DAY),  # first met: a day
        (DAY - SECOND, DAY),
        (DAY + HOUR, DAY + HOUR),
        (2 * DAY, 2 * DAY),
        (4 * DAY, 4 * DAY),  # what passed without a change is waited again: 1, 2, 4, 8 … days
        (8 * DAY, 8 * DAY),
        (90 * DAY - HOUR, 90 * DAY - HOUR),
        (90 * DAY, 90 * DAY),
        (91 * DAY, 90 * DAY),
        (4000 * DAY, 90 * DAY),  # published years ago
        (-5 * DAY, DAY),  # a day of publication that lies ahead
    ],
)
def test_a_page_is_asked_again_after_as_long_as_it_had_been_stable(stable: timedelta, wait: timedelta) -> None:
    assert due(0.8 * wait - GRACE - SECOND, stable) == 0
    assert due(wait - GRACE, stable) == len(ADDRESSES)
    assert due(wait - GRACE - 0.001 * wait, stable) < len(ADDRESSES)
    assert due(0.801 * wait - GRACE, stable) > 0


def test_what_was_met_on_one_day_is_spread_evenly_over_a_fifth_of_the_time() -> None:
    times = [due(part * LONGEST / 100 - GRACE, 400 * DAY) for part in range(80, 101, 4)]
    steps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert all(len(ADDRESSES) / 8 < step < len(ADDRESSES) / 3 for step in steps), steps


def test_an_address_has_the_same_share_on_every_run() -> None:
    moment = 90 * DAY * 0.9 - GRACE
    first, second = ([AGAIN.due(known(moment, 90 * DAY, url=url)) for url in ADDRESSES] for _ in range(2))
    assert first == second
    assert 0 < sum(first) < len(first)


def test_the_grace_of_a_timer_is_two_hours() -> None:
    assert timedelta(hours=2) == GRACE
    assert (DAY, 90 * DAY, 7 * DAY) == (FIRST, LONGEST, SWEEP)
    assert due(22 * HOUR) == len(ADDRESSES)
    assert due(22 * HOUR - timedelta(minutes=10)) < len(ADDRESSES)


def test_waiting_doubles() -> None:
    """Asked on each day, an unchanged page answers on fewer and fewer of them, at last every 90."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    asked = answered = first
    waits = []
    for _ in range(400):
        asked += DAY
        fact = known(timedelta(0), answered_at=stamp(answered), stable_since=stamp(first))
        if Policy(asked).due(fact):
            waits.append((asked - answered).days)
            answered = asked
    assert waits[0] == 1
    assert all(earlier <= later <= 2 * earlier + 1 for earlier, later in itertools.pairwise(waits)), waits
    assert 72 <= waits[-1] <= 90, waits


@pytest.mark.parametrize("mark", ["doubted", "lifted"])
def test_what_is_doubted_or_lifted_is_asked_on_every_run(mark: str) -> None:
    assert AGAIN.due(known(timedelta(0), 900 * DAY, **{mark: True}))
    assert Policy(NOW, age=30 * DAY).due(known(SECOND, **{mark: True}))
    assert not AGAIN.due(known(timedelta(0), 900 * DAY))


@pytest.mark.parametrize("stable", [timedelta(0), 5 * DAY, 900 * DAY])
def test_what_is_gone_is_asked_every_ninety_days(stable: timedelta) -> None:
    assert due(72 * DAY - GRACE - SECOND, stable, gone=True) == 0
    assert due(90 * DAY - GRACE, stable, gone=True) == len(ADDRESSES)


@pytest.mark.parametrize("age", [12 * HOUR, 30 * DAY, 200 * DAY])
@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("stable", [timedelta(0), 900 * DAY])
def test_an_age_asks_for_all_that_has_not_answered_for_so_long(age: timedelta, gone: bool, stable: timedelta) -> None:
    """No share and no grace: an age is what was asked for."""
    policy = Policy(NOW, age)
    assert due(age - SECOND, stable, policy, gone=gone) == 0
    assert due(age, stable, policy, gone=gone) == len(ADDRESSES)


def test_all_asks_for_everything() -> None:
    policy = Policy(NOW, parse_recheck("all"))
    assert due(timedelta(0), 900 * DAY, policy) == len(ADDRESSES)
    assert due(timedelta(0), policy=policy, gone=True) == len(ADDRESSES)
    assert policy.sweeps(stamp(NOW))
    assert not policy.too_soon(stamp(NOW))


@pytest.mark.parametrize(
    ("text", "age"),
    [("", None), ("all", timedelta(0)), ("12h", 12 * HOUR), ("30d", 30 * DAY), ("2w", 14 * DAY)],
)
def test_the_ages_that_can_be_named(text: str, age: timedelta | None) -> None:
    assert parse_recheck(text) == age


@pytest.mark.parametrize("text", ["ALL", "30", "30m", "d", "-1d", "1.5.5d", "every day"])
def test_an_age_that_is_none_is_an_error_that_says_what_was_expected(text: str) -> None:
    with pytest.raises(NianbaoError, match="expected an age in hours, days or weeks"):
        parse_recheck(text)


def test_a_list_is_walked_to_its_end_after_seven_days() -> None:
    assert not AGAIN.sweeps(stamp(NOW - 7 * DAY + GRACE + SECOND))
    assert AGAIN.sweeps(stamp(NOW - 7 * DAY + GRACE))


def test_a_list_is_walked_to_its_end_by_age_and_always_for_problems() -> None:
    assert not Policy(NOW, 30 * DAY).sweeps(stamp(NOW - 30 * DAY + GRACE + SECOND))
    assert Policy(NOW, 30 * DAY).sweeps(stamp(NOW - 30 * DAY + GRACE))
    assert Policy(NOW, retry=True).sweeps(stamp(NOW))


def test_too_soon_is_only_what_cannot_be_due() -> None:
    soonest = NOW - 0.8 * DAY + GRACE
    assert AGAIN.too_soon(stamp(soonest + SECOND))
    assert not AGAIN.too_soon(stamp(soonest - SECOND))
    assert not Policy(NOW, 12 * HOUR).too_soon(stamp(NOW))
    for hours in range(48):
        if AGAIN.too_soon(stamp(NOW - hours * HOUR)):
            assert due(hours * HOUR) == 0


PORTAL = "somewhere"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        opened.begin_run([PORTAL])
        yield opened


def memory(archive: Archive, days: float, policy: Policy | None = None, years: range = range(2008, 2027)) -> Any:
    """What a run so many days after the first of January remembers."""
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)
    return ArchiveMemory(archive, PORTAL, "plan", years, policy or Policy(now))


def redirect(archive: Archive, path: str, target: str | None, known_ways: bool = True) -> None:
    """A redirect at `path`, and where it led."""
    got = page(path, kind="redirect", status=302)
    if known_ways:
        ways = [Next(SITE + target, "年报", Position(), "redirect", 25)] if target else []
        got.ways = ("seal", packed(Ways(next=ways)))
    archive.store(got)


def chain(archive: Archive, hops: int, end: str) -> None:
    """/0 leads on to /1 and so forth, `hops` times, at last to `end`."""
    for hop in range(hops):
        redirect(archive, f"/{hop}", f"/{hop + 1}" if hop + 1 < hops else end)


@pytest.mark.parametrize("hops", range(1, MAX_REDIRECTS + 1))
def test_a_chain_of_redirects_is_archived_only_if_what_it_leads_to_is(archive: Archive, hops: int) -> None:
    chain(archive, hops, "/a.html")
    assert memory(archive, 2).leaf(SITE + "/0") is None
    archive.store(page("/a.html"))
    found = memory(archive, 2).leaf(SITE + "/0")
    assert (found.kind, found.due) == ("redirect", True)


def test_a_redirect_that_leads_home_or_nowhere_is_settled(archive: Archive) -> None:
    archive.store(page("/", kind="home"))
    redirect(archive, "/x", "/")
    redirect(archive, "/y", None)
    redirect(archive, "/z", "/a.html", known_ways=False)
    remembered = memory(archive, 2)
    assert remembered.leaf(SITE + "/x").kind == "redirect"
    assert remembered.leaf(SITE + "/y").kind == "redirect"
    assert remembered.leaf(SITE + "/z") is None


def test_redirects_in_a_ring_come_to_an_end(archive: Archive) -> None:
    redirect(archive, "/x", "/y")
    redirect(archive, "/y", "/x")
    assert memory(archive, 2).leaf(SITE + "/x").kind == "redirect"


@pytest.mark.parametrize(("kind", "status"), [("column", 200), ("other", 200), ("challenge", 412), ("missing", 503)])
def test_what_leads_on_and_what_could_not_be_had_is_no_leaf(archive: Archive, kind: str, status: int) -> None:
    archive.store(page("/a.html", kind=kind, status=status))
    assert memory(archive, 2).leaf(SITE + "/a.html") is None
    assert memory(archive, 2).leaf(SITE + "/never.html") is None


@pytest.mark.parametrize(
    ("kind", "status", "days", "asked"),
    [
        ("report", 200, 0.5, False),
        ("report", 200, 0.92, True),
        ("article", 200, 0.5, False),
        ("article", 200, 0.92, True),
        ("missing", 404, 0.5, False),  # one page, not a report's address: a dead link
        ("missing", 404, 0.92, True),
    ],
)
def test_a_leaf_is_due_after_a_day(archive: Archive, kind: str, status: int, days: float, asked: bool) -> None:
    archive.store(page("/a.html", kind=kind, status=status))
    found = memory(archive, days).leaf(SITE + "/a.html")
    assert (found.kind, found.due) == (kind, asked)


def test_a_reports_address_that_led_to_nothing_is_due_at_once_and_a_gone_one_is_not(archive: Archive) -> None:
    archive.store(page("/a.html", published_on="2019-03-01"))
    for day, doubted in ((2, True), (3, False)):
        archive.begin_run([PORTAL])
        archive.store(page("/a.html", f"2026-01-0{day}T00:00:00Z", kind="missing", status=404))
        remembered = memory(archive, day - 1 + 0.1)
        assert remembered.leaf(SITE + "/a.html").due is doubted
        assert [way.url for way in remembered.due()] == [SITE + "/a.html"] * doubted
    # a list still leads to it: as any dead link, after a day; none does: after a season
    assert memory(archive, 3.5).leaf(SITE + "/a.html").due
    assert list(memory(archive, 3.5).due()) == []
    assert [way.url for way in memory(archive, 93).due()] == [SITE + "/a.html"]


def test_an_old_report_rests_for_a_season(archive: Archive) -> None:
    archive.store(page("/a.html", published_on="2019-03-01"))
    assert not memory(archive, 71).leaf(SITE + "/a.html").due
    assert memory(archive, 90).leaf(SITE + "/a.html").due
    assert list(memory(archive, 71).due()) == []
    assert [way.url for way in memory(archive, 90).due()] == [SITE + "/a.html"]


def test_years_not_asked_for_are_not_rechecked(archive: Archive) -> None:
    archive.store(page("/a.html", year=2018))
    archive.store(page("/b.html", year=None, organ=None))
    assert [way.url for way in memory(archive, 2, years=range(2018, 2019)).due()] == [
        SITE + "/a.html",
        SITE + "/b.html",
    ]
    assert [way.url for way in memory(archive, 2, years=range(2019, 2021)).due()] == [SITE + "/b.html"]


def test_a_problem_is_asked_again_where_problems_are_to_be(archive: Archive) -> None:
    got = page("/a.html")
    got.problems.append(Problem("truncated", SITE + "/a.html", "half of it"))
    archive.store(got)
    other = page("/b.html", year=2019)
    other.problems.append(Problem("charset", SITE + "/b.html", "replaced"))  # a kind that asking again would not mend
    archive.store(other)
    soon = datetime(2026, 1, 1, 1, tzinfo=UTC)
    for policy, expected in ((Policy(soon), False), (Policy(soon, retry=True), True)):
        remembered = memory(archive, 0, policy)
        assert remembered.leaf(SITE + "/a.html").due is expected
        assert [way.url for way in remembered.due()] == [SITE + "/a.html"] * expected
        assert remembered.leaf(SITE + "/b.html").due is False


@pytest.mark.parametrize(
    ("plan", "stated", "days", "rests"),
    [
        ("plan", 30, 6, True),
        ("plan", 30, 7, False),
        ("plan", 31, 1, False),
        ("plan", None, 1, False),
        ("other", 30, 1, False),
    ],
)
def test_a_list_rests_while_nothing_speaks_for_walking_it(
    archive: Archive, plan: str, stated: int | None, days: float, rests: bool
) -> None:
    run_id = archive.connection.execute("select max(id) from runs").fetchone()[0]
    archive.keep_list(run_id, PORTAL, SITE + "/nb/", plan, 2, 30, 30)
    archive.connection.execute("update lists set swept_at = '2026-01-01T00:00:00Z'")
    assert memory(archive, days).rests(SITE + "/nb/", stated) is rests
    assert not memory(archive, days).rests(SITE + "/xx/", stated)


def test_what_is_rechecked_is_asked_from_where_it_stood(archive: Archive) -> None:
    archive.store(page("/a.html", context=Context(column_year=2018, column_region="210104", column_kind="government")))
    (way,) = memory(archive, 2).due()
    assert (way.url, way.label, way.why) == (SITE + "/a.html", "年报", "recheck")
    position = way.position
    assert (position.year, position.region, position.organ_kind) == (2018, "210104", "government")
    assert [step.label for step in position.trail] == ["首页", "年报"]
    assert position.in_column


def test_a_report_without_a_trail_is_asked_as_the_home_page_is(archive: Archive) -> None:
    got = page("/a.html")
    got.capture.trail = ()
    archive.store(got)
    assert [way.label for way in memory(archive, 2).due()] == ["首页"]


def test_a_file_is_asked_for_until_it_is_here_and_then_as_any_page(archive: Archive) -> None:
    archive.store(page("/a.html", "2026-01-01T00:00:00Z", files=("x.pdf",), published_on="2019-03-01"))
    for days in (0.1, 0.5):  # it never came, or the run was ended before
        assert [(way.url, way.why) for way in memory(archive, days).due()] == [(SITE + "/x.pdf", "attachment")]
    archive.store(page("/x.pdf", "2026-01-01T00:00:00Z", kind="attachment"))
    assert list(memory(archive, 0.5).due()) == []
    assert [way.url for way in memory(archive, 0.92).due()] == [SITE + "/x.pdf"]
