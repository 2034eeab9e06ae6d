"""A run says whether it asked the network or walked over captures."""

from __future__ import annotations

import sqlite3


def migrate(connection: sqlite3.Connection) -> None:
    """`runs.source`: the name of the file whose captures were walked."""
    connection.execute("alter table runs add column source text")
