"""Keeps the search index beside the reports: what stands in it are the tokens of title and text."""

from __future__ import annotations

import sqlite3

from crawler.records.page import Page
from crawler.words.tokens import tokens

_LEAF = 32_000
"""Bytes of a leaf of a packed index; FTS5 makes them of 4,050 and takes 65,536."""


def empty(connection: sqlite3.Connection) -> None:
    """Take everything out; for `rebuild`, which writes all reports anew."""
    connection.execute("insert into reports_fts (reports_fts) values ('delete-all')")


def tokens_of(page: Page) -> tuple[str, str]:
    """What stands in the index of a report's page: the tokens of title and text, made where it was read or now."""
    return page.tokens or (tokens(page.report.title if page.report is not None else None), tokens(page.text))


def add(connection: sqlite3.Connection, report_id: int, page: Page) -> None:
    """Index a new report."""
    connection.execute("insert into reports_fts (rowid, title, text) values (?, ?, ?)", (report_id, *tokens_of(page)))


def put(connection: sqlite3.Connection, report_id: int, title: str | None, text: str | None) -> None:
    """Index a report whose row came as it is."""
    connection.execute(
        "insert into reports_fts (rowid, title, text) values (?, ?, ?)", (report_id, tokens(title), tokens(text))
    )


def remove(connection: sqlite3.Connection, report_id: int, title: str | None, text: str | None) -> None:
    """Take a report out whose title and text were these when it was indexed."""
    connection.execute(
        "insert into reports_fts (reports_fts, rowid, title, text) values ('delete', ?, ?, ?)",
        (report_id, tokens(title), tokens(text)),
    )


def merge(connection: sqlite3.Connection) -> None:
    """Write the index anew, so that nothing is left in it of what was taken out."""
    connection.execute("insert into reports_fts (reports_fts) values ('optimize')")


def pack(connection: sqlite3.Connection) -> None:
    """Write the index anew as one piece, in long leaves: the words that begin each stand fewer times then."""
    connection.execute(f"insert into reports_fts (reports_fts, rank) values ('pgsz', {_LEAF})")
    merge(connection)


def change(connection: sqlite3.Connection, report_id: int, before: tuple[str | None, str | None], page: Page) -> None:
    """Index a report whose title and text were `before` (as they were indexed) and are those of `page`."""
    if before == (page.report.title if page.report is not None else None, page.text):
        return
    remove(connection, report_id, *before)
    add(connection, report_id, page)
