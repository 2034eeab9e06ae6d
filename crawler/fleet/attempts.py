"""Attempts: one worker at one round of one portal. Nobody begins one while another may still be asking its domain.

Everything is held by the database: a worker that only believes that a job is its own finds out here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.fleet.database import Connection
from crawler.fleet.portals import profile_of
from crawler.fleet.tick import MOST_TRIES
from crawler.portals.profile import DEFAULT_DELAY
from crawler.records.errors import ProfileError


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has a job: its number, and the number that the worker has in Procrastinate's table."""

    job: int
    worker: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that has begun. `rest`: seconds before the domain's hosts may be asked again."""

    id: int
    portal: str
    due: datetime
    profile: str
    rest: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Not yet: another attempt may be asking the domain for so many seconds more."""

    seconds: float


class LostError(Exception):
    """The job is another's now, or nobody's: what came of it does not count."""


def begin(connection: Connection, owner: Owner, worker: str, stalled: float) -> Attempt | Wait | None:
    """Begin an attempt at the round of a job; None where there is nothing to do any more.

    `worker`: its name, for people; `stalled`: seconds after its last ping for which an attempt that did not end may be
    asking still. Raises LostError.
    """
    with connection.transaction():
        row = connection.execute(
            """
            select portal, due, profile, domain from fleet.rounds join fleet.portals using (portal)
            where job_id = %s and status = 'queued' and not paused
            for update of rounds
            """,
            [owner.job],
        ).fetchone()
        if row is None:
            return None
        hold(connection, owner)
        connection.execute("select pg_advisory_xact_lock(hashtextextended('fleet ' || %s, 0))", [row["domain"]])
        last = connection.execute(
            """
            select max(%(stalled)s - extract(epoch from clock_timestamp() - pinged_at))
                    filter (where ended_at is null) as wait,
                max(%(delay)s - extract(epoch from clock_timestamp() - ended_at)) as rest
            from fleet.attempts left join fleet.portals using (portal)
            where (attempts.domain = %(domain)s or portals.domain = %(domain)s)
                and (ended_at is null or ended_at > clock_timestamp() - make_interval(secs => %(delay)s))
            """,
            {"stalled": stalled, "delay": _delay(row["profile"], row["portal"]), "domain": row["domain"]},
        ).fetchone()
        assert last is not None
        if last["wait"] is not None and last["wait"] > 0:
            return Wait(float(last["wait"]))
        made = connection.execute(
            """
            insert into fleet.attempts (portal, due, domain, worker, worker_id, job_id)
            values (%s, %s, %s, %s, %s, %s) returning id
            """,
            [row["portal"], row["due"], row["domain"], worker, owner.worker, owner.job],
        ).fetchone()
        assert made is not None
        rest = max(0.0, float(last["rest"] or 0))
        return Attempt(made["id"], row["portal"], row["due"], row["profile"], rest)


def _delay(text: str, portal: str) -> float:
    """Seconds between two requests to a host of the portal."""
    try:
        return profile_of(text, portal).delay
    except ProfileError:
        return DEFAULT_DELAY  # the crawl will say what is wrong with it


def end(connection: Connection, attempt: int, how: str) -> None:
    """Note that an attempt is over, its crawl included."""
    connection.execute(
        "update fleet.attempts set ended_at = clock_timestamp(), how = %s where id = %s and ended_at is null",
        [how, attempt],
    )


def fail(connection: Connection, owner: Owner, attempt: Attempt, code: int, problem: str) -> None:
    """Give a round up: what is wrong will be as wrong next time. Raises LostError."""
    with connection.transaction():
        hold(connection, owner)
        connection.execute(
            """
            update fleet.rounds set status = 'failed', exit_code = %s, problem = %s, finished_at = now()
            where portal = %s and due = %s and status = 'queued'
            """,
            [code, problem, attempt.portal, attempt.due],
        )
        end(connection, attempt.id, "failed")


def again(
    connection: Connection, owner: Owner, attempt: Attempt, code: int | None, problem: str, minute: float
) -> float | None:
    """Note that an attempt came to nothing; seconds until the next, None where there have been enough.

    `code`: with which its crawl ended, None where that was not the matter. 1, 2, 4 … 60 times a `minute`.
    Raises LostError.
    """
    with connection.transaction():
        hold(connection, owner)
        row = connection.execute(
            """
            update fleet.rounds set tries = tries + 1, exit_code = %(code)s, problem = %(problem)s,
                status = case when tries + 1 >= %(most)s then 'failed' else status end,
                finished_at = case when tries + 1 >= %(most)s then now() end
            where portal = %(portal)s and due = %(due)s and status = 'queued' returning tries
            """,
            {"code": code, "problem": problem, "most": MOST_TRIES, "portal": attempt.portal, "due": attempt.due},
        ).fetchone()
        end(connection, attempt.id, "again")
    if row is None or row["tries"] >= MOST_TRIES:
        return None
    return minute * backoff(row["tries"])


def backoff(tries: int) -> int:
    """Minutes to wait after so many attempts in a row that came to nothing."""
    return min(60, 1 << min(tries - 1, 10))


def is_mine(connection: Connection, owner: Owner) -> bool:
    """Whether a job is still the worker's."""
    row = connection.execute(
        "select from procrastinate_jobs where id = %s and worker_id = %s and status = 'doing'",
        [owner.job, owner.worker],
    ).fetchone()
    return row is not None


def hold(connection: Connection, owner: Owner) -> None:
    """Hold the job until the transaction ends. Raises LostError where it is not the worker's any more."""
    row = connection.execute(
        "select from procrastinate_jobs where id = %s and worker_id = %s and status = 'doing' for update",
        [owner.job, owner.worker],
    ).fetchone()
    if row is None:
        raise LostError
