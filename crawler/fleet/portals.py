"""The portals of a fleet: their profiles as text, when each is due, and which domain each belongs to."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from crawler.fleet.database import Connection
from crawler.fleet.domains import domains
from crawler.portals.notation import parse
from crawler.portals.profile import Profile
from crawler.records.errors import NianbaoError
from crawler.words.durations import duration

EVERY = "30d"
"""Between two rounds of a portal, where nothing else is named."""


def parse_every(text: str) -> timedelta:
    """The time between two rounds that `--every` names. Raises NianbaoError."""
    every = duration(text, "mhdw")
    if not every:
        raise NianbaoError(f"--every is {text!r}; expected a time as in 90m, 12h, 30d or 4w")
    return every


def profile_of(text: str, portal: str) -> Profile:
    """The profile that the database has of a portal. Raises ProfileError where this program cannot use it."""
    return parse(tomllib.loads(text), f"the profile of {portal} in the fleet's database")


def add(
    connection: Connection, profiles: Sequence[tuple[str, Profile]], every: timedelta | None, domain: str
) -> dict[str, int]:
    """Take portals up, or their profiles anew: text and what it says; how many were new, changed, and as before.

    `every`: None leaves what a portal has, and is EVERY for a new one. `domain`: by hand, in place of what follows from
    the hosts; empty: as the hosts say. A new portal is due at once.
    """
    counts = {"new": 0, "changed": 0, "same": 0}
    with connection.transaction():
        connection.execute("lock table fleet.portals in share row exclusive mode")
        for text, profile in profiles:
            digest = hashlib.sha256(text.encode()).hexdigest()
            former = connection.execute(
                "select profile_sha256 from fleet.portals where portal = %s", [profile.id]
            ).fetchone()
            counts["new" if former is None else "same" if former["profile_sha256"] == digest else "changed"] += 1
            connection.execute(
                """
                insert into fleet.portals (portal, profile, profile_sha256, domain, by_hand, every)
                values (%(portal)s, %(text)s, %(digest)s, %(domain)s, %(by_hand)s, coalesce(%(every)s, %(usual)s))
                on conflict (portal) do update set
                    profile = excluded.profile, profile_sha256 = excluded.profile_sha256, domain = excluded.domain,
                    by_hand = excluded.by_hand, every = coalesce(%(every)s, portals.every)
                """,
                {
                    "portal": profile.id, "text": text, "digest": digest, "domain": domain or profile.id,
                    "by_hand": bool(domain), "every": every, "usual": parse_every(EVERY),
                },
            )  # fmt: skip
        _place(connection)
    return counts


def pause(connection: Connection, portals: Sequence[str]) -> None:
    """Ask nothing of these portals from now on: what waits is withdrawn, what runs is stopped at its next ping."""
    with connection.transaction():
        _change(connection, portals, "paused = true")
        _withdraw(connection, portals)


def resume(connection: Connection, portals: Sequence[str]) -> None:
    """Undo `pause`: the next tick goes on with the rounds that were begun."""
    _change(connection, portals, "paused = false")


def now(connection: Connection, portals: Sequence[str]) -> None:
    """Let these portals be due at once. Raises NianbaoError where one is paused."""
    with connection.transaction():
        for row in _change(connection, portals, "next_due = now()"):
            if row["paused"]:
                raise NianbaoError(f"portal {row['portal']} is paused; `nianbao fleet resume` comes first")


def remove(connection: Connection, portals: Sequence[str]) -> None:
    """Let go of these portals. What was archived of them stays in the store, and their rounds in the history."""
    with connection.transaction():
        _withdraw(connection, portals)
        _change(connection, portals, None)
        connection.execute(
            """
            update fleet.rounds set status = 'failed', finished_at = now(), problem = 'the portal was removed'
            where status = 'queued' and portal = any(%s)
            """,
            [list(portals)],
        )
        _place(connection)


def _place(connection: Connection) -> None:
    """Work the domains out anew, of all portals together; jobs that wait get the lock of the new one."""
    rows = connection.execute("select portal, profile from fleet.portals where not by_hand").fetchall()
    placed = domains(profile_of(row["profile"], row["portal"]) for row in rows)
    connection.execute(
        """
        update fleet.portals set domain = placed.domain
        from unnest(%s::text[], %s::text[]) as placed (portal, domain)
        where portals.portal = placed.portal and portals.domain <> placed.domain
        """,
        [list(placed), list(placed.values())],
    )
    connection.execute(
        """
        update procrastinate_jobs set lock = portals.domain
        from fleet.rounds join fleet.portals using (portal)
        where procrastinate_jobs.id = rounds.job_id and procrastinate_jobs.status = 'todo' and lock <> portals.domain
        """
    )


def _withdraw(connection: Connection, portals: Sequence[str]) -> None:
    connection.execute(
        """
        select procrastinate_cancel_job_v1(job_id, false, false) from fleet.rounds
        where status = 'queued' and portal = any(%s)
        """,
        [list(portals)],
    )


def _change(connection: Connection, portals: Sequence[str], what: str | None) -> list[dict[str, Any]]:
    """Change rows of these portals, or delete them; the rows. Raises NianbaoError for a strange one, nothing done."""
    with connection.transaction():
        verb = b"delete from fleet.portals" if what is None else f"update fleet.portals set {what}".encode()
        rows = connection.execute(
            verb + b" where portal = any(%s) returning portal, paused", [list(portals)]
        ).fetchall()
        strange = sorted(set(portals) - {row["portal"] for row in rows})
        if strange:
            raise NianbaoError(
                f"the fleet has no portal {', '.join(strange)}; `nianbao fleet add` takes one up,"
                " `nianbao fleet status --json` lists those it has"
            )
    return rows
