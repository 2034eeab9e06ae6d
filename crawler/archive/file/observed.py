"""Which tables hold what was observed: all that the migrations make, but for what a rebuild fills again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache

from crawler.archive import schema
from crawler.archive.file import functions


@cache
def names() -> frozenset[str]:
    """The names of all that the migrations make: tables, indexes, views, and the tables within the search index."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        functions.register(connection)
        for module in schema.ORDER:
            module.migrate(connection)
        return frozenset({schema.TABLE, *(row[0] for row in connection.execute("select name from sqlite_master"))})


def observed(connection: sqlite3.Connection) -> list[str]:
    """The tables whose rows no capture gives again, as far as they are there."""
    rows = connection.execute(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'"
        " and name not like 'reports\\_fts%' escape '\\' order by name"
    )
    return [name for (name,) in rows if name in names() and name not in schema.UNOBSERVED]


def counted(connection: sqlite3.Connection) -> list[str]:
    """The tables whose numbers are never used twice, as far as they are there."""
    rows = connection.execute("select name from sqlite_master where type = 'table' and sql like '%autoincrement%'")
    return [name for (name,) in rows if name in names()]
