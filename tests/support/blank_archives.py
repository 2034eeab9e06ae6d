"""New archives that are copies of one made beforehand, in this process and in the runs that tests make.

Most of what a short test of the archive costs is the making of an empty one: its tables, and the lists of codes. A
copy has a name and a date of its own, and is opened by the program's own door. The tests of how an archive is made
make theirs as the program does.
"""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from datetime import UTC, datetime
from functools import cache

from crawler.archive import schema
from crawler.archive.file import connection as opening
from crawler.archive.file import seals
from crawler.archive.file.functions import register

_bring_up_to_date = opening._bring_up_to_date


def copy_blank() -> None:
    """Have this process make its archives as copies of an empty one, which is made now."""
    _blank()
    opening._bring_up_to_date = _copied


def make_afresh() -> None:
    """Have archives made as the program does."""
    opening._bring_up_to_date = _bring_up_to_date


@cache
def _blank() -> bytes:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        register(connection)
        _bring_up_to_date(connection)
        return connection.serialize()


def _copied(connection: sqlite3.Connection) -> None:
    if schema.TABLE not in {name for (name,) in connection.execute("select name from sqlite_master")}:
        connection.execute("begin immediate")  # another one that holds the file is told of as ever
        connection.execute("rollback")
        with closing(sqlite3.connect(":memory:")) as blank:
            blank.deserialize(_blank())
            blank.backup(connection)
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        connection.execute("begin immediate")
        connection.execute("update archive set uuid = ?, made_at = ?", (str(uuid.uuid4()), now))
        seals.renew(connection, {})
        connection.execute("commit")
    _bring_up_to_date(connection)
