"""Which styles, pictures and fonts pages need to look as they did."""

from __future__ import annotations

import sqlite3

_REQUISITES = """create table requisites (
    capture_id integer primary key references captures (id),
    urls text not null
)"""


def migrate(connection: sqlite3.Connection) -> None:
    """A row for each page whose requisites were looked for; what is needed and came is a capture of kind requisite."""
    connection.execute(_REQUISITES)
