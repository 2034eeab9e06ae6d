"""The schedule is data: what is added, paused, due and removed, and what a tick makes of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from crawler.fleet import database, portals
from crawler.fleet.database import Connection
from crawler.fleet.tick import MOST_LOSSES, Tick, tick
from crawler.portals.profile import Profile
from crawler.records.errors import NianbaoError
from tests.fleet.conftest import profile

MONTH = timedelta(days=30)


def add(fleet: Connection, *names: str, domain: str = "", keys: str = "", every: timedelta | None = None) -> None:
    """Portals on hosts of their own."""
    texts = [profile(name, f"http://www.{name}.example/", keys) for name in names]
    portals.add(fleet, [(text, _parsed(text)) for text in texts], every, domain)


def _parsed(text: str) -> Profile:
    return portals.profile_of(text, "p")


def jobs(fleet: Connection) -> list[dict[str, Any]]:
    """The jobs of the queue, as a worker would take them."""
    return fleet.execute(
        "select id, args ->> 'portal' as portal, status::text, lock, priority, queueing_lock, scheduled_at, worker_id"
        " from procrastinate_jobs order by priority desc, id"
    ).fetchall()


def rounds(fleet: Connection) -> list[tuple[str, str, int]]:
    return [
        (row["portal"], row["status"], row["tries"])
        for row in fleet.execute("select * from fleet.rounds order by portal, due").fetchall()
    ]


def worker(fleet: Connection, silent: int = 0) -> int:
    """A worker whose last heartbeat was so many seconds ago."""
    row = fleet.execute(
        "insert into procrastinate_workers (last_heartbeat) values (now() - make_interval(secs => %s)) returning id",
        [silent],
    ).fetchone()
    assert row is not None
    return int(row["id"])


def fetch(fleet: Connection, worker_id: int) -> dict[str, Any] | None:
    """The job that a worker gets; None for none."""
    row = fleet.execute("select * from procrastinate_fetch_job_v2(%s, %s)", [["crawl"], worker_id]).fetchone()
    return row if row is not None and row["id"] is not None else None


def test_a_portal_is_due_when_it_is_added_and_then_in_its_rhythm(fleet: Connection) -> None:
    add(fleet, "a", "b", every=timedelta(days=2))
    assert tick(fleet) == Tick(due=2, reaped=0, healed=0)
    assert tick(fleet) == Tick(due=0, reaped=0, healed=0)
    (first, second) = jobs(fleet)
    assert (first["portal"], second["portal"]) == ("a", "b")
    assert {job["queueing_lock"] for job in jobs(fleet)} == {None}
    ahead = fleet.execute(
        "select p.next_due - r.due as ahead from fleet.portals p join fleet.rounds r using (portal)"
    ).fetchall()
    assert {row["ahead"] for row in ahead} == {timedelta(days=2)}


def test_rounds_that_were_missed_are_one_and_the_rhythm_stays(fleet: Connection) -> None:
    add(fleet, "a", every=timedelta(days=2))
    fleet.execute("update fleet.portals set next_due = date_trunc('day', now()) - interval '99 days'")
    assert tick(fleet).due == 1
    row = fleet.execute(
        "select extract(epoch from next_due - date_trunc('day', now())) / 86400 as days, next_due > now() as ahead"
        " from fleet.portals"
    ).fetchone()
    assert row is not None
    assert (row["days"], row["ahead"]) == (1, True)


def test_a_round_under_way_lets_no_second_one_begin(fleet: Connection) -> None:
    add(fleet, "a")
    tick(fleet)
    portals.now(fleet, ["a"])
    assert tick(fleet).due == 0
    fleet.execute("update fleet.rounds set status = 'done'")
    assert tick(fleet).due == 1


def test_the_longest_portals_come_first_and_unknown_ones_before_them(fleet: Connection) -> None:
    add(fleet, "a", "b", "c")
    fleet.execute("update fleet.portals set size = case portal when 'a' then 10 when 'b' then 2000 end")
    tick(fleet)
    assert [job["portal"] for job in jobs(fleet)] == ["c", "b", "a"]


def test_ticks_at_once_do_it_once(fleet: Connection, dsn: str) -> None:
    add(fleet, *(f"p{number}" for number in range(36)))

    def at_once(_: int) -> Tick:
        with database.connected(dsn) as connection:
            return tick(connection)

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(at_once, range(8)))
    assert sorted(one.due for one in done) == [0] * 7 + [36]
    assert len(jobs(fleet)) == 36


def test_one_domain_runs_one_job_at_a_time(fleet: Connection) -> None:
    add(fleet, "a", "b", domain="platform")
    add(fleet, "c")
    tick(fleet)
    me = worker(fleet)
    taken = [fetch(fleet, me) for _ in range(3)]
    assert [job and job["args"]["portal"] for job in taken] == ["a", "c", None]


def test_a_new_portal_that_joins_two_domains_changes_the_locks_of_what_waits(fleet: Connection) -> None:
    add(fleet, "a", "b")
    tick(fleet)
    assert [job["lock"] for job in jobs(fleet)] == ["a", "b"]
    add(fleet, "c", keys='hosts = ["www.a.example", "www.b.example"]\n')
    assert {job["lock"] for job in jobs(fleet)} == {"a"}
    portals.remove(fleet, ["c"])
    assert [job["lock"] for job in jobs(fleet)] == ["a", "b"]


def test_added_again_it_keeps_its_rhythm_and_says_what_changed(fleet: Connection) -> None:
    text = profile("a", "http://www.a.example/")
    assert portals.add(fleet, [(text, _parsed(text))], timedelta(days=2), "") == {"new": 1, "changed": 0, "same": 0}
    assert portals.add(fleet, [(text, _parsed(text))], None, "") == {"new": 0, "changed": 0, "same": 1}
    other = text + "delay = 2\n"
    assert portals.add(fleet, [(other, _parsed(other))], None, "") == {"new": 0, "changed": 1, "same": 0}
    row = fleet.execute("select every, profile from fleet.portals").fetchone()
    assert row == {"every": timedelta(days=2), "profile": other}


def test_a_paused_portal_waits_and_goes_on_where_it_was(fleet: Connection) -> None:
    add(fleet, "a", "b")
    tick(fleet)
    portals.pause(fleet, ["a"])
    assert [job["status"] for job in jobs(fleet)] == ["cancelled", "todo"]
    assert tick(fleet) == Tick(0, 0, 0)
    with pytest.raises(NianbaoError, match="portal a is paused"):
        portals.now(fleet, ["a"])
    portals.resume(fleet, ["a"])
    assert tick(fleet) == Tick(due=0, reaped=0, healed=1)
    assert rounds(fleet) == [("a", "queued", 0), ("b", "queued", 0)]
    assert [job["status"] for job in jobs(fleet) if job["portal"] == "a"] == ["cancelled", "todo"]


def test_a_portal_that_is_removed_leaves_no_job(fleet: Connection) -> None:
    add(fleet, "a", "b")
    tick(fleet)
    portals.remove(fleet, ["a"])
    assert [(job["portal"], job["status"]) for job in jobs(fleet)] == [("a", "cancelled"), ("b", "todo")]
    assert tick(fleet) == Tick(0, 0, 0)
    assert rounds(fleet) == [("a", "failed", 0), ("b", "queued", 0)]


@pytest.mark.parametrize("change", [portals.pause, portals.resume, portals.now, portals.remove])
def test_a_strange_portal_changes_nothing(fleet: Connection, change: Any) -> None:
    add(fleet, "a")
    before = fleet.execute("select * from fleet.portals").fetchall()
    with pytest.raises(NianbaoError, match="no portal x, y; `nianbao fleet add`"):
        change(fleet, ["a", "x", "y"])
    assert fleet.execute("select * from fleet.portals").fetchall() == before


@pytest.mark.parametrize("status", ["aborted", "failed", "succeeded", "cancelled"])
def test_a_round_whose_job_ended_otherwise_gets_a_new_one(fleet: Connection, status: str) -> None:
    add(fleet, "a")
    tick(fleet)
    fleet.execute("update procrastinate_jobs set status = %s", [status])
    assert tick(fleet).healed == 1
    assert tick(fleet).healed == 0
    assert [job["status"] for job in jobs(fleet)] == [status, "todo"]
    fleet.execute("delete from procrastinate_jobs")
    assert tick(fleet).healed == 1


def test_a_job_goes_back_when_worker_and_attempt_are_silent(fleet: Connection) -> None:
    add(fleet, "a")
    tick(fleet)
    gone = worker(fleet, silent=61)
    job = fetch(fleet, gone)
    assert job is not None
    fleet.execute(
        "insert into fleet.attempts (portal, due, domain, worker, worker_id, job_id, pinged_at)"
        " select portal, due, 'a', 'm', %s, %s, now() - interval '59 seconds' from fleet.rounds",
        [gone, job["id"]],
    )
    assert tick(fleet).reaped == 0, "it was confirmed 59 s ago: its crawl may still be there"
    fleet.execute("update fleet.attempts set pinged_at = now() - interval '61 seconds'")
    assert tick(fleet).reaped == 1
    assert [(row["status"], row["worker_id"]) for row in jobs(fleet)] == [("todo", gone)]
    assert rounds(fleet) == [("a", "queued", 0)], "a worker that is lost is no failure of the portal's"
    attempt = fleet.execute("select how, ended_at is not null as ended from fleet.attempts").fetchone()
    assert attempt == {"how": "lost", "ended": True}
    assert fetch(fleet, worker(fleet)) is not None


def test_a_worker_whose_row_another_one_deleted_loses_its_job_only_when_it_falls_silent(fleet: Connection) -> None:
    """What a starting worker does to those it takes for dead; the job's worker is then unknown, and counts as gone."""
    add(fleet, "a")
    tick(fleet)
    me = worker(fleet)
    job = fetch(fleet, me)
    assert job is not None
    fleet.execute(
        "insert into fleet.attempts (portal, due, domain, worker, worker_id, job_id)"
        " select portal, due, 'a', 'm', %s, %s from fleet.rounds",
        [me, job["id"]],
    )
    fleet.execute("delete from procrastinate_workers")
    assert tick(fleet).reaped == 0
    fleet.execute("update fleet.attempts set pinged_at = now() - interval '61 seconds'")
    assert tick(fleet).reaped == 1


def test_a_living_worker_keeps_its_job(fleet: Connection) -> None:
    add(fleet, "a")
    tick(fleet)
    assert fetch(fleet, worker(fleet, silent=59)) is not None
    assert tick(fleet).reaped == 0


def test_a_round_that_kills_every_worker_is_given_up(fleet: Connection) -> None:
    add(fleet, "a")
    tick(fleet)
    for number in range(1, MOST_LOSSES + 1):
        assert fetch(fleet, worker(fleet, silent=100)) is not None
        assert tick(fleet) == Tick(0, 1, 0)
        assert rounds(fleet) == [("a", "failed" if number == MOST_LOSSES else "queued", 0)]
    assert tick(fleet) == Tick(0, 0, 0)
    row = fleet.execute("select problem from fleet.rounds").fetchone()
    assert row == {"problem": "its worker was lost 100 times in a row"}


def test_init_twice_changes_nothing_and_elsewhere_is_refused(dsn: str, fleet: Connection) -> None:
    store = database.store_of(fleet)
    assert database.init(dsn, store) == []
    with pytest.raises(NianbaoError, match="keeps its archives in"):
        database.init(dsn, "elsewhere")
    assert database.store_of(fleet) == store


def test_a_database_that_is_no_fleet_s_is_told(postgres: Any) -> None:
    with (
        pytest.raises(NianbaoError, match="no tables of a fleet"),
        database.connected(postgres.database("template0")),
    ):
        pass
    with pytest.raises(NianbaoError, match="cannot be reached"), database.connected("host=/nowhere user=x dbname=y"):
        pass
    with pytest.raises(NianbaoError, match="cannot be reached"), database.connected("nonsense"):
        pass
