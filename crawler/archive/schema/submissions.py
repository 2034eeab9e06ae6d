"""What was handed to web archives for keeping (`nianbao preserve`), and what they answered."""

from __future__ import annotations

import sqlite3

_SUBMISSIONS = (
    # By address: a report that a rebuild places elsewhere keeps what was done for its page.
    """create table submissions (
        id integer primary key,
        source text not null,
        portal text not null,
        url text not null,
        at text not null,
        outcome text not null check (outcome in ('archived', 'pending', 'failed', 'refused')),
        status integer,
        memento text,
        memento_at text,
        job text,
        detail text,
        unique (source, url, at)
    )""",
    "create index submissions_url on submissions (url, source, at)",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Table `submissions`; no reference to `reports`, whose rows are derived again."""
    for statement in _SUBMISSIONS:
        connection.execute(statement)
