"""The tables of an archive, made by migrations, one a file. What each column holds is said in `comments.py`.

Observed and never rewritten: runs, captures (their first columns), blobs, dictionaries, expected, absences, lists,
events, problems of a portal. Derived from captures, and derived again by `rebuild`: all else.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from types import ModuleType

import sqlite_utils

from crawler.archive import sql_functions
from crawler.archive.schema import coverage, foundation, ocr, schedule, seals, search, statistics

DERIVED_TABLES = ("checks", "statistics", "attachments", "sections", "report_versions", "report_urls", "reports")
"""Emptied and filled again by `rebuild`, those first that refer to others."""

DERIVED_COLUMNS = {
    "captures": (
        "kind", "media_type", "charset_declared", "charset", "title", "breadcrumb", "lookalike", "evidence",
    )
}  # fmt: skip
"""Columns that `rebuild` writes anew in tables that were observed, in the order of crawler.archive.writing.derived."""

APPLICATION_ID = 0x6E69616E
"""`nian`, in the SQLite file header: tells an archive from any other SQLite file."""

_ORDER = (foundation, schedule, coverage, statistics, search, ocr, seals)
"""The migrations as they are applied; a new one goes to the end, with a number that is nobody else's."""

VERSION = len(_ORDER)
"""`PRAGMA user_version` of an archive that has every migration; a higher one is from a newer program."""

MIGRATIONS = sqlite_utils.Migrations("nianbao")


def _register(version: int, module: ModuleType) -> None:
    def apply(db: sqlite_utils.Database) -> None:
        module.migrate(db)
        db.conn.execute(f"pragma application_id = {APPLICATION_ID}")
        db.conn.execute(f"pragma user_version = {version}")

    MIGRATIONS(name=f"{version:04}_{module.__name__.rpartition('.')[2]}")(apply)


for _version, _module in enumerate(_ORDER, start=1):
    _register(_version, _module)


def tables(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Every table and view of the archive with its columns, in the order in which they were made; no search index."""
    names = connection.execute(
        "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite%'"
        " and name not like '%\\_fts%' escape '\\' and name not like '\\_%' escape '\\' order by type, rowid"
    )
    return {
        name: [row[1] for row in connection.execute(f"pragma table_info([{name}])")] for (name,) in names.fetchall()
    }


@cache
def names() -> frozenset[str]:
    """The names of all that the migrations make: tables, indexes, views, and the tables within the search index."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        sql_functions.register(connection)
        MIGRATIONS.apply(sqlite_utils.Database(connection))
        return frozenset(row[0] for row in connection.execute("select name from sqlite_master"))


def observed(connection: sqlite3.Connection) -> list[str]:
    """The tables whose rows no capture gives again, as far as they are there."""
    there = connection.execute(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'"
        " and name not like 'reports\\_fts%' escape '\\' order by name"
    )
    return [name for (name,) in there if name in names() and name not in (*DERIVED_TABLES, "seals")]


def counted(connection: sqlite3.Connection) -> list[str]:
    """The tables whose numbers are never used twice, as far as they are there."""
    there = connection.execute("select name from sqlite_master where type = 'table' and sql like '%autoincrement%'")
    return [name for (name,) in there if name in names()]
