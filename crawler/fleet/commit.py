"""What makes a finished crawl count: one fenced transaction, between the object that is put and the seal of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from psycopg.types.json import Jsonb

from crawler.fleet.attempts import Attempt, LostError, Owner, end, hold
from crawler.fleet.database import Connection
from crawler.fleet.tick import MOST_SLICES, QUEUE
from crawler.store.seals import Seal, seal, seal_of
from crawler.store.store import Store

KEPT = (
    "id", "status", "started_at", "finished_at", "requests", "bytes", "not_modified", "pages", "reports", "reports_new",
    "reports_changed", "reports_gone", "problem_kinds", "exit_code", "more",
)  # fmt: skip
"""Of a run's summary, what a round remembers."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a crawl left: its summary as `nianbao crawl --json` prints it, and the generation that it was begun from."""

    summary: dict[str, Any]
    begun_from: int

    @property
    def more(self) -> bool:
        """Whether its time was up before its end."""
        return bool(self.summary["more"])


def draw(connection: Connection, portal: str) -> int:
    """A number for a generation, which no other attempt has had or will have."""
    row = connection.execute(
        """
        insert into fleet.archives (portal, drawn) values (%s, 1)
        on conflict (portal) do update set drawn = archives.drawn + 1 returning drawn
        """,
        [portal],
    ).fetchone()
    assert row is not None
    return int(row["drawn"])


def current(connection: Connection, portal: str) -> Seal | None:
    """The generation that counts now; None where there is none yet."""
    row = connection.execute(
        "select seal from fleet.archives where portal = %s and generation > 0", [portal]
    ).fetchone()
    return None if row is None else seal_of(row["seal"])


def named(connection: Connection) -> frozenset[tuple[str, int]]:
    """Portal and generation of each archive that counts now."""
    rows = connection.execute("select portal, generation from fleet.archives where generation > 0").fetchall()
    return frozenset((row["portal"], row["generation"]) for row in rows)


def commit(connection: Connection, owner: Owner, attempt: Attempt, outcome: Outcome, sealed: Seal) -> None:
    """Let a generation whose objects are in the store be the portal's archive, and its round be done or go on.

    Raises LostError, with nothing done, where the job is another's by now, the round is over, or the archive was
    changed since it was checked out.
    """
    requests = int(outcome.summary["requests"])
    with connection.transaction():
        hold(connection, owner)
        stands = connection.execute(
            """
            select slices, generation, size, domain
            from fleet.rounds join fleet.archives using (portal) join fleet.portals using (portal)
            where portal = %s and due = %s and status = 'queued' for update of rounds, archives
            """,
            [attempt.portal, attempt.due],
        ).fetchone()
        if stands is None or stands["generation"] != outcome.begun_from or sealed.generation <= outcome.begun_from:
            raise LostError
        connection.execute(
            """
            update fleet.archives set generation = %s, commits = commits + 1, seal = %s, sealed = false,
                committed_at = now()
            where portal = %s
            """,
            [sealed.generation, Jsonb(asdict(sealed)), attempt.portal],
        )
        row = connection.execute(
            """
            update fleet.rounds set slices = slices + 1, tries = 0, losses = 0, requests = requests + %s,
                exit_code = %s, problem = null, summary = %s
            where portal = %s and due = %s returning slices, requests
            """,
            [
                requests, outcome.summary["exit_code"],
                Jsonb({name: outcome.summary[name] for name in KEPT if name in outcome.summary}),
                attempt.portal, attempt.due,
            ],
        ).fetchone()  # fmt: skip
        assert row is not None
        if outcome.more and row["slices"] < MOST_SLICES:
            # Behind the others, but those that have less to ask: a priority of 0 where nobody knows how much is left.
            rest = max(0, (stands["size"] or 0) - row["requests"])
            _go_on(connection, attempt, stands["domain"], rest)
        else:
            _close(connection, attempt, outcome.more, row)
        end(connection, attempt.id, "more" if outcome.more else "done")


def _go_on(connection: Connection, attempt: Attempt, domain: str, priority: int) -> None:
    connection.execute(
        """
        with job as (
            insert into procrastinate_jobs (queue_name, task_name, priority, lock, args)
            values (%s, 'crawl', %s, %s, jsonb_build_object('portal', %s::text)) returning id
        )
        update fleet.rounds set job_id = job.id from job where portal = %s and due = %s
        """,
        [QUEUE, priority, domain, attempt.portal, attempt.portal, attempt.due],
    )


def _close(connection: Connection, attempt: Attempt, more: bool, row: dict[str, Any]) -> None:
    problem = f"it did not come to its end in {row['slices']} slices; a longer --at-most helps" if more else None
    connection.execute(
        "update fleet.rounds set status = %s, problem = %s, finished_at = now() where portal = %s and due = %s",
        ["failed" if more else "done", problem, attempt.portal, attempt.due],
    )
    connection.execute("update fleet.portals set size = %s where portal = %s", [row["requests"], attempt.portal])


def seal_all(connection: Connection, store: Store, portal: str | None = None) -> int:
    """Write the seals that are due, of one portal or of all: last, so that readers of the store see what counts."""
    count = 0
    for sealed in list(_due(connection, portal)):
        seal(store, sealed)
        connection.execute(
            "update fleet.archives set sealed = true where portal = %s and generation = %s",
            [sealed.portal, sealed.generation],
        )
        count += 1
    return count


def _due(connection: Connection, portal: str | None) -> Iterator[Seal]:
    rows = connection.execute(
        """
        select seal from fleet.archives
        where generation > 0 and not sealed and (%(portal)s::text is null or portal = %(portal)s)
        """,
        {"portal": portal},
    )
    for row in rows.fetchall():
        yield seal_of(row["seal"])
