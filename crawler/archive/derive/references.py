"""What rows refer to, looked up in one walk over tables that were written whole, and not row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from crawler.records.errors import ArchiveError


@contextmanager
def unchecked(connection: sqlite3.Connection) -> Iterator[None]:
    """Nothing that is written meanwhile is looked up; `check` is to be asked before it is committed.

    To look up each row takes a sixth of the CPU of a rebuild's writing, and has a table emptied row by row. It is a
    setting of the connection, made outside a transaction: nothing is left of it in the file.
    """
    connection.execute("pragma foreign_keys = off")
    try:
        yield
    finally:
        connection.execute("pragma foreign_keys = on")


def check(connection: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Raises ArchiveError where a row of these tables refers to what is not there."""
    for table in tables:
        if connection.execute(f"pragma foreign_key_check({table})").fetchone() is not None:
            raise ArchiveError(f"rows of {table} would refer to what is not there; nothing was changed")
