"""Keeps the search index beside the reports: what stands in it are the tokens of title and text."""

from __future__ import annotations

import sqlite3

from crawler.records.page import Page
from crawler.words.tokens import tokens

_ADD = "insert into reports_fts (rowid, title, text) values (?, ?, ?)"
_REMOVE = "insert into reports_fts (reports_fts, rowid, title, text) values ('delete', ?, ?, ?)"
_LEAF = 32_000
"""Bytes of a leaf of a packed index; FTS5 makes them of 4,050 and takes 65,536."""

_AS_NEW = (
    "delete from reports_fts_idx",
    "delete from reports_fts_data",
    "insert into reports_fts_data values (1, x''), (10, x'00000000000000')",
)
"""Puts the tables behind the index as FTS5 makes them."""


def empty(connection: sqlite3.Connection) -> None:
    """Take everything out; for `rebuild`, which writes all reports anew."""
    try:
        connection.execute("insert into reports_fts (reports_fts) values ('delete-all')")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        for statement in _AS_NEW:  # too damaged to be opened
            connection.execute(statement)


def tokens_of(page: Page) -> tuple[str, str]:
    """What stands in the index of a report's page: the tokens of title and text, made where it was read or now."""
    return page.tokens or (tokens(page.report.title if page.report is not None else None), tokens(page.text))


def put(connection: sqlite3.Connection, report_id: int, title: str | None, text: str | None) -> None:
    """Index a report whose row came as it is."""
    connection.execute(_ADD, (report_id, tokens(title), tokens(text)))


def remove(connection: sqlite3.Connection, report_id: int, title: str | None, text: str | None) -> None:
    """Take a report out whose title and text were these when it was indexed."""
    connection.execute(_REMOVE, (report_id, tokens(title), tokens(text)))


def merge(connection: sqlite3.Connection) -> None:
    """Write the index anew, so that nothing is left in it of what was taken out."""
    connection.execute("insert into reports_fts (reports_fts) values ('optimize')")


def pack(connection: sqlite3.Connection) -> None:
    """Write the index anew as one piece, in long leaves: the words that begin each stand fewer times then."""
    connection.execute(f"insert into reports_fts (reports_fts, rank) values ('pgsz', {_LEAF})")
    merge(connection)


class Index:
    """The index as reports are written, each at once, over one connection and inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def add(self, report_id: int, page: Page) -> None:
        """Index a new report."""
        self._put(_ADD, (report_id, *tokens_of(page)))

    def change(self, report_id: int, before: tuple[str | None, str | None], page: Page) -> None:
        """Index a report whose title and text were `before` (as they were indexed) and are those of `page`."""
        if before == (page.report.title if page.report is not None else None, page.text):
            return
        title, text = before
        self._put(_REMOVE, (report_id, tokens(title), tokens(text)))
        self.add(report_id, page)

    def _put(self, statement: str, row: tuple[int, str, str]) -> None:
        self._execute(statement, row)


class LateIndex(Index):
    """The index as it is written at the end of a transaction.

    FTS5 writes out what is new in it at every savepoint, and merges what it wrote: with one for each page that takes
    twice as long as the indexing (0.4 ms of CPU a report).
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._waiting: list[tuple[str, tuple[int, str, str]]] = []

    def __len__(self) -> int:
        """How much waits to be written."""
        return len(self._waiting)

    def undo(self, count: int) -> None:
        """Forget all that waits but the first `count`: the rows it is about were undone."""
        del self._waiting[count:]

    def write(self) -> None:
        """Write what waits, and let it wait on until it is told to `undo`. Raises sqlite3.DatabaseError."""
        for statement, row in self._waiting:
            self._execute(statement, row)

    def _put(self, statement: str, row: tuple[int, str, str]) -> None:
        self._waiting.append((statement, row))
