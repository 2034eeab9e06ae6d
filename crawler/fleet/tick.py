"""The tick: once a minute the schedule, which is data, is looked at, and what has come apart is put together again.

One transaction, which any number of workers may run at a time: portals that are due get a round and a job, jobs whose
worker is gone get another chance, rounds that have no job any more get a new one.
"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.fleet.database import Connection

QUEUE = "crawl"
STALLED = 60.0
"""Seconds without a heartbeat, and without a ping, after which a worker is given up. A crawl that nobody pings has
ended long before: 5 s between pings, 20 s of silence, 20 s to end by itself (runs.lifeline)."""
MOST_TRIES = 20
"""Attempts in a row that fail before a round is given up and wants a person."""
MOST_LOSSES = 100
"""Workers lost in a row before a round is given up, as one that takes each of them down. That many: most often it is
the machine or the database that goes away, and all rounds of a worker lose it, whosever fault it was."""
MOST_SLICES = 100
"""Slices of a round; more of them means that a slice is too short to get anywhere."""
UNKNOWN = 1_000_000
"""The priority of a portal of which no size is known yet: before all others, since it may be the longest."""
_LOCK = 0x7469636B


@dataclass(frozen=True, slots=True)
class Tick:
    """What a tick did: rounds begun, attempts given up, rounds given a new job."""

    due: int
    reaped: int
    healed: int


def tick(connection: Connection, stalled: float = STALLED) -> Tick:
    """Do all that is to be done now; doing it twice at once does it once."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        done = Tick(due=_begin(connection), reaped=_reap(connection, stalled), healed=_heal(connection))
        connection.execute(
            """
            update fleet.facts set ticked_at = now(), ticks = ticks + 1, due = due + %s, reaped = reaped + %s,
                healed = healed + %s
            """,
            [done.due, done.reaped, done.healed],
        )
        connection.execute("delete from fleet.attempts where ended_at < now() - interval '90 days'")
        return done


def _begin(connection: Connection) -> int:
    """A round and a job for each portal that is due and has no round under way; the rhythm stays."""
    return connection.execute(
        """
        with due as (
            select portal, next_due, domain, coalesce(least(size, %(unknown)s), %(unknown)s) as priority
            from fleet.portals
            where not paused and next_due <= now()
                and not exists (select from fleet.rounds where rounds.portal = portals.portal and status = 'queued')
        ), jobs as (
            insert into procrastinate_jobs (queue_name, task_name, priority, lock, args)
            select %(queue)s, 'crawl', priority, domain, jsonb_build_object('portal', portal) from due
            order by priority desc, portal
            returning id, args ->> 'portal' as portal
        ), begun as (
            insert into fleet.rounds (portal, due, job_id)
            select portal, next_due, id from due join jobs using (portal)
            returning portal
        )
        update fleet.portals set next_due = next_due
            + every * (1 + floor(extract(epoch from now() - next_due) / extract(epoch from every)))
        from begun where portals.portal = begun.portal
        """,
        {"unknown": UNKNOWN, "queue": QUEUE},
    ).rowcount


def _reap(connection: Connection, stalled: float) -> int:
    """Give up attempts that nobody has confirmed for so long; their jobs, where the worker is gone, go back.

    At once, since nobody was heard for a minute already; such a loss is no try of the portal's.
    """
    lost = connection.execute(
        """
        select jobs.id, rounds.portal, rounds.due, rounds.losses + 1 as losses
        from procrastinate_jobs as jobs join fleet.rounds on rounds.job_id = jobs.id
            left join procrastinate_workers as workers on workers.id = jobs.worker_id
        where jobs.status = 'doing' and rounds.status = 'queued'
            and (workers.id is null or workers.last_heartbeat < now() - make_interval(secs => %(stalled)s))
            and not exists (
                select from fleet.attempts where attempts.job_id = jobs.id and ended_at is null
                    and pinged_at >= now() - make_interval(secs => %(stalled)s)
            )
        for update of jobs, rounds
        """,
        {"stalled": stalled},
    ).fetchall()
    connection.execute(
        """
        update fleet.attempts set ended_at = now(), how = 'lost'
        where ended_at is null and pinged_at < now() - make_interval(secs => %s)
        """,
        [stalled],
    )
    for row in lost:
        over = row["losses"] >= MOST_LOSSES
        if over:
            connection.execute("select procrastinate_finish_job_v1(%s, 'failed', false)", [row["id"]])
        else:
            connection.execute("select procrastinate_retry_job_v2(%s, now(), null, null, null)", [row["id"]])
        connection.execute(
            """
            update fleet.rounds set losses = %(losses)s,
                status = case when %(over)s then 'failed' else status end,
                finished_at = case when %(over)s then now() end,
                problem = 'its worker was lost ' || %(losses)s || ' times in a row'
            where portal = %(portal)s and due = %(due)s
            """,
            row | {"over": over},
        )
    return len(lost)


def _heal(connection: Connection) -> int:
    """A new job for each round that is queued and has none that waits or runs."""
    return connection.execute(
        """
        with broken as (
            select rounds.portal, rounds.due, domain, coalesce(least(size, %(unknown)s), %(unknown)s) as priority
            from fleet.rounds join fleet.portals using (portal)
                left join procrastinate_jobs as jobs on jobs.id = job_id and jobs.status in ('todo', 'doing')
            where rounds.status = 'queued' and not paused and jobs.id is null
        ), jobs as (
            insert into procrastinate_jobs (queue_name, task_name, priority, lock, args)
            select %(queue)s, 'crawl', priority, domain, jsonb_build_object('portal', portal) from broken
            returning id, args ->> 'portal' as portal
        )
        update fleet.rounds set job_id = jobs.id
        from broken join jobs using (portal)
        where rounds.portal = broken.portal and rounds.due = broken.due
        """,
        {"unknown": UNKNOWN, "queue": QUEUE},
    ).rowcount
