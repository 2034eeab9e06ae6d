"""Digests of what cannot be derived again, and the indexes by which joins stay linear."""

from __future__ import annotations

import sqlite3

_SEALS = (
    """create table seals (
        name text not null,
        key not null,
        digest integer not null,
        primary key (name, key)
    ) without rowid""",
    "create index captures_portal on captures (portal)",
    "create index reports_capture on reports (capture_id)",
    "create index attachments_url on attachments (url)",
    "create index problems_url on problems (url, kind)",
)


def migrate(connection: sqlite3.Connection) -> None:
    """A table for them; crawler.archive.file.seals fills it when every migration has been applied, and keeps it."""
    for statement in _SEALS:
        connection.execute(statement)
