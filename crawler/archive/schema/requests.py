"""What captures answer: the requests as they were sent."""

from __future__ import annotations

import sqlite3

_REQUESTS = """create table requests (
    capture_id integer primary key references captures (id),
    line text not null,
    headers text not null,
    ip_address text
)"""


def migrate(connection: sqlite3.Connection) -> None:
    """A request to a capture; none for what was captured before, or imported from other crawlers."""
    connection.execute(_REQUESTS)
