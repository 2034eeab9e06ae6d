"""Retries: spaced, bounded, the host's alone; a host that goes on failing rests, and the others go on."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.fetching.pace import FAILURES_IN_A_ROW, Patience, retry_after
from tests.servers.faults import FaultyServer, in_turn, reply, reset
from tests.support.crawling import crawl, page, portal

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
TWICE = 2


def patience() -> Patience:
    return Patience((2.0, 8.0), 120.0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 400, 999999999999.0),
        ("Tue, 31 Mar 2026 12:01:00 GMT", 60.0),
        ("Tue, 31 Mar 2026 12:01:00", 60.0),
        ("Tue, 31 Mar 2026 20:01:00 +0800", 60.0),
        ("Tuesday, 31-Mar-26 12:01:00 GMT", 60.0),
        ("Mon, 30 Mar 2026 12:00:00 GMT", 0.0),
        *(
            (garbage, None)
            for garbage in (None, "", "-1", "1.5", "soon", "１２０", "Tue, 99 Mar 2026 12:01:00 GMT", "\0")
        ),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_each_retry_waits_longer_and_the_last_is_given_up() -> None:
    kept = patience()
    assert [kept.failed("h", tried, TWICE) for tried in range(3)] == [2.0, 8.0, None]
    assert kept.failed("h", 0, 0) is None
    assert [kept.failed("h", tried, 9) for tried in (0, 1, 2)] == [2.0, 8.0, None]
    assert kept.resting == {}


def test_retry_after_lengthens_a_wait_and_never_shortens_it() -> None:
    kept = patience()
    assert kept.failed("h", 0, TWICE, 1.0) == 2.0
    assert kept.failed("h", 0, TWICE, 100.0) == 100.0
    assert kept.failed("h", 0, TWICE, 120.0) == 120.0
    assert kept.failed("h", 0, TWICE, 121.0) is None
    assert "121 seconds" in kept.resting["h"]


def test_ten_in_a_row_and_the_host_rests_an_answer_starts_anew() -> None:
    kept = patience()
    for _ in range(FAILURES_IN_A_ROW - 1):
        kept.failed("h", 2, TWICE)
        kept.failed("other", 2, TWICE)
    kept.answered("h")
    for _ in range(FAILURES_IN_A_ROW - 1):
        kept.failed("h", 2, TWICE)
    assert kept.resting == {}
    assert kept.failed("h", 2, TWICE) is None
    assert list(kept.resting) == ["h"]
    assert kept.failed("h", 0, TWICE) is None, "a host that rests is not asked again"
    assert kept.failed("other", 0, TWICE) == 2.0


def test_a_storm_costs_forty_requests_at_most_and_the_other_host_goes_on(tmp_path: Path) -> None:
    storm = portal(300, **{f"n{number}": reply(500, b"oops") for number in range(300)})
    with ExitStack() as stack:
        servers = [stack.enter_context(FaultyServer(acts).serve()) for acts in (storm, portal(12))]
        crawled = crawl(tmp_path, [f"http://127.0.0.1:{server.port}/" for server in servers])
        asked = servers[0].paths()
    assert len(asked) <= 40
    assert asked[:3] == ["/robots.txt", "/", "/nb/"]
    told = [detail for owner, kind, _, detail in crawled.problems if (owner, kind) == ("p0", "host_resting")]
    assert len([detail for detail in told if "in a row failed" in detail]) == 1, told
    assert [detail for detail in told if "not asked" in detail] == ["290 further addresses of this host were not asked"]
    assert crawled.kinds("p0").count("http_error") == FAILURES_IN_A_ROW
    assert crawled.kinds("p1") == []
    assert len(crawled.reports) == 12
    assert crawled.code == 1


def test_dead_pages_between_living_ones_rest_no_host(tmp_path: Path) -> None:
    """Twenty pages of forty for ever reset, one after each that answers."""
    broken = {f"n{number}": reset for number in range(0, 40, 2)}
    with FaultyServer(portal(40, **broken)).serve() as server:
        crawled = crawl(tmp_path, [f"http://127.0.0.1:{server.port}/"])
    assert len(crawled.reports) == 20
    assert set(crawled.kinds()) == {"unreachable"}
    assert crawled.kinds().count("unreachable") == 20


def test_what_comes_back_is_archived_and_a_challenge_is_asked_once_more_at_the_end(tmp_path: Path) -> None:
    challenge = reply(503, b"<script>document.cookie='__jsl_clearance=1';location.href=location.pathname</script>")
    acts = portal(3, n0=in_turn(reset, reply(503, b""), page(0)), n1=in_turn(reply(504, b""), page(1)), n2=challenge)
    with FaultyServer(acts).serve() as server:
        crawled = crawl(tmp_path, [f"http://127.0.0.1:{server.port}/"])
        asked = server.paths()
    assert [asked.count(f"/a/{number}") for number in range(3)] == [3, 2, 2]
    assert len(crawled.reports) == 2
    assert crawled.kinds() == ["challenge"]
