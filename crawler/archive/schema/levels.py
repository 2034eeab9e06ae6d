"""A body says at which level it was packed by `nianbao compact`; a run's bodies are packed quickly."""

from __future__ import annotations

import sqlite3


def migrate(connection: sqlite3.Connection) -> None:
    """`blobs.level`."""
    connection.execute("alter table blobs add column level integer")
