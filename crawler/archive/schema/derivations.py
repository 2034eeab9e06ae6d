"""Which program derived the rows of a capture, and a sum over the rows of each report: where both are still the same,
nothing need be derived again."""

from __future__ import annotations

import sqlite3

_DERIVATIONS = (
    "create table programs (id integer primary key, name text not null unique, since text not null)",
    """create table derivations (
        capture_id integer primary key references captures (id),
        program_id integer not null references programs (id)
    )""",
    """create table tallies (
        report_id integer primary key references reports (id),
        digest integer not null
    )""",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Tables `programs`, `derivations` and `tallies`; of what was derived before, nothing is known."""
    for statement in _DERIVATIONS:
        connection.execute(statement)
