"""What was in hand when a process died, and how far a run that died had come."""

from __future__ import annotations

import sqlite3

_STATEMENTS = (
    """create table deaths (
        url text not null,
        sha256 text not null,
        program text not null,
        at text not null,
        cause text,
        primary key (url, sha256, program)
    ) without rowid""",
    "alter table runs add column deadline text",
    "alter table runs add column progress_at text",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Table `deaths`; until when a run was to end, and when it last made progress."""
    for statement in _STATEMENTS:
        connection.execute(statement)
