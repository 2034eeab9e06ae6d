"""What came and was not read yet, and what a reader was lost over."""

from __future__ import annotations

import sqlite3

_STATEMENTS = (
    """create table arrivals (
        url text not null,
        run_id integer not null references runs (id),
        portal text,
        fetched_at text not null,
        status integer not null,
        headers text not null,
        sha256 text not null references blobs (sha256),
        trail text not null,
        context text not null,
        primary key (url, sha256)
    ) without rowid""",
    "alter table deaths add column kind text not null default 'reader_died'",
    "delete from deaths where cause is null",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Table `arrivals`; `deaths.kind`."""
    for statement in _STATEMENTS:
        connection.execute(statement)
