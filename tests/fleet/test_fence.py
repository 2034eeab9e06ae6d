"""What the database holds against a worker that only believes that a job is its own: begin, pulse, commit, seal."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest

from crawler.fleet import attempts, commit
from crawler.fleet.attempts import Attempt, LostError, Owner, Wait
from crawler.fleet.database import Connection
from crawler.fleet.pulse import Hold, Pulse
from crawler.fleet.tick import MOST_TRIES, tick
from crawler.store.names import archive_name
from crawler.store.seals import Seal, current
from crawler.store.store import Content, Store
from tests.fleet.test_schedule import add, fetch, rounds, worker


def begun(fleet: Connection, *names: str) -> tuple[Owner, Attempt]:
    """A fleet of these portals, the first of which a worker has begun."""
    add(fleet, *(names or ("a",)), domain="" if len(names) < 2 else "shared")
    tick(fleet)
    owner = taken_up(fleet)
    attempt = attempts.begin(fleet, owner, "m", 60)
    assert isinstance(attempt, Attempt)
    return owner, attempt


def taken_up(fleet: Connection) -> Owner:
    """The owner of the next job in line: a new worker."""
    me = worker(fleet)
    job = fetch(fleet, me)
    assert job is not None
    return Owner(job["id"], me)


def sealed(generation: int) -> Seal:
    """A seal of portal a."""
    name = archive_name("a", generation)
    return Seal("a", generation, "uuid", "0", "2026-01-01T00:00:00Z", {name: Content("0" * 64, 5)})


def outcome(begun_from: int = 0, **more: Any) -> commit.Outcome:
    """What a crawl of 7 requests left."""
    return commit.Outcome({"requests": 7, "exit_code": 0, "more": False, "found": [1], **more}, begun_from)


def test_a_commit_changes_archive_round_and_attempt_together(fleet: Connection) -> None:
    owner, attempt = begun(fleet)
    assert commit.draw(fleet, "a") == 1
    commit.commit(fleet, owner, attempt, outcome(), sealed(1))
    assert commit.current(fleet, "a") == sealed(1)
    assert commit.named(fleet) == {("a", 1)}
    row = fleet.execute("select status, requests, slices, summary from fleet.rounds").fetchone()
    summary = {"requests": 7, "exit_code": 0, "more": False}
    assert row == {"status": "done", "requests": 7, "slices": 1, "summary": summary}
    assert fleet.execute("select how from fleet.attempts").fetchall() == [{"how": "done"}]
    assert fleet.execute("select size from fleet.portals").fetchall() == [{"size": 7}]


@pytest.mark.parametrize(
    "meanwhile",
    [
        "update procrastinate_jobs set worker_id = null",
        "update procrastinate_jobs set status = 'todo'",
        "delete from procrastinate_jobs",
        "update fleet.rounds set status = 'done'",
        "update fleet.archives set generation = 1, seal = '{}'",
        "delete from fleet.portals",
    ],
)
def test_what_was_taken_away_meanwhile_is_not_committed(fleet: Connection, meanwhile: str) -> None:
    owner, attempt = begun(fleet)
    commit.draw(fleet, "a"), commit.draw(fleet, "a")
    fleet.execute(meanwhile.encode())
    before = fleet.execute("select * from fleet.archives, fleet.rounds").fetchall()
    with pytest.raises(LostError):
        commit.commit(fleet, owner, attempt, outcome(), sealed(2))
    assert fleet.execute("select * from fleet.archives, fleet.rounds").fetchall() == before


def test_a_slice_is_kept_and_the_round_goes_on_behind_what_is_longer(fleet: Connection) -> None:
    owner, attempt = begun(fleet)
    fleet.execute("update fleet.portals set size = 100")
    commit.draw(fleet, "a")
    commit.commit(fleet, owner, attempt, outcome(more=True), sealed(1))
    assert rounds(fleet) == [("a", "queued", 0)]
    row = fleet.execute("select priority, lock from procrastinate_jobs where status = 'todo'").fetchone()
    assert row == {"priority": 93, "lock": "a"}
    assert tick(fleet).healed == 0


def test_nobody_begins_in_a_domain_where_another_may_be_asking(fleet: Connection) -> None:
    """A job that was handed on, of a worker that is not heard of; and another portal of the domain."""
    _, first = begun(fleet, "a", "b")
    fleet.execute("update procrastinate_jobs set status = 'aborted' where status = 'doing'")
    other = taken_up(fleet)
    waiting = attempts.begin(fleet, other, "m", 60)
    assert isinstance(waiting, Wait)
    assert 50 < waiting.seconds <= 60
    attempts.end(fleet, first.id, "stopped")
    attempt = attempts.begin(fleet, other, "m", 60)
    assert isinstance(attempt, Attempt)
    assert 0 < attempt.rest <= 1, "the domain's last request was less than a delay ago"


def test_an_attempt_not_heard_of_for_a_minute_holds_nobody_up(fleet: Connection) -> None:
    begun(fleet, "a", "b")
    fleet.execute("update procrastinate_jobs set status = 'aborted' where status = 'doing'")
    fleet.execute("update fleet.attempts set pinged_at = now() - interval '61 seconds'")
    assert isinstance(attempts.begin(fleet, taken_up(fleet), "m", 60), Attempt)


def test_tries_wait_longer_and_end(fleet: Connection) -> None:
    owner, attempt = begun(fleet)
    waits = [attempts.again(fleet, owner, attempt, -9, "killed", 60) for _ in range(MOST_TRIES)]
    assert waits[:7] == [60, 120, 240, 480, 960, 1920, 3600]
    assert waits[7:] == [3600] * (MOST_TRIES - 8) + [None]
    assert rounds(fleet) == [("a", "failed", MOST_TRIES)]


def test_a_seal_that_was_not_written_is_written_later(fleet: Connection, tmp_path: Any) -> None:
    owner, attempt = begun(fleet)
    commit.draw(fleet, "a")
    commit.commit(fleet, owner, attempt, outcome(), sealed(1))
    store = Store.open(str(tmp_path))
    assert current(store) == {}
    assert commit.seal_all(fleet, store) == 1
    assert current(store) == {"a": sealed(1)}
    assert commit.seal_all(fleet, store) == 0


class Crawl:
    """Notes what it hears."""

    def __init__(self) -> None:
        self.heard, self.over = 0, False

    def speak(self) -> None:
        self.heard += 1

    def let_go(self) -> None:
        self.over = True


def asked(dsn: str, pulse: Pulse) -> None:
    """Ask once."""

    async def ask() -> None:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
            await pulse._ask(connection)

    asyncio.run(ask())


def test_a_crawl_hears_that_it_is_wanted_as_long_as_the_database_says_so(fleet: Connection, dsn: str) -> None:
    owner, attempt = begun(fleet)
    crawl = Crawl()
    pulse = Pulse(dsn, 1000, 1000, print, owner.worker, {attempt.id: Hold(crawl)})  # type: ignore[arg-type]
    asked(dsn, pulse)
    assert (crawl.heard, crawl.over) == (1, False)
    fleet.execute("update procrastinate_jobs set worker_id = null")
    asked(dsn, pulse)
    assert (crawl.heard, crawl.over, pulse.holds[attempt.id].lost) == (1, True, True)


@pytest.mark.parametrize(
    "meanwhile",
    [
        "update fleet.portals set paused = true",
        "delete from fleet.portals",
        "update procrastinate_jobs set abort_requested = true",
        "update procrastinate_jobs set status = 'todo'",
        "update fleet.attempts set ended_at = now()",
    ],
)
def test_what_nobody_wants_any_more_ends(fleet: Connection, dsn: str, meanwhile: str) -> None:
    owner, attempt = begun(fleet)
    crawl = Crawl()
    fleet.execute(meanwhile.encode())
    asked(dsn, Pulse(dsn, 1000, 1000, print, owner.worker, {attempt.id: Hold(crawl)}))  # type: ignore[arg-type]
    assert (crawl.heard, crawl.over) == (0, True)


def test_an_answer_that_came_late_is_no_word_of_now(fleet: Connection, dsn: str) -> None:
    """A worker that was frozen between question and answer."""
    owner, attempt = begun(fleet)
    crawl = Crawl()
    asked(dsn, Pulse(dsn, -1, 1000, print, owner.worker, {attempt.id: Hold(crawl)}))  # type: ignore[arg-type]
    assert (crawl.heard, crawl.over) == (0, False)
