"""The tables of an archive, made by migrations, one a file. What each column holds is said in `comments.py`.

Observed and never rewritten: runs, captures (their first columns), blobs, dictionaries, expected, absences, lists,
events, problems of a portal. Derived from captures, and derived again by `rebuild`: all else.
"""

from __future__ import annotations

import sqlite3
from types import ModuleType

import sqlite_utils

from crawler.archive.schema import coverage, foundation, ocr, redactions, schedule, search, statistics

APPLICATION_ID = 0x6E69616E
"""`nian`, in the SQLite file header: tells an archive from any other SQLite file."""

_ORDER = (foundation, schedule, coverage, statistics, search, ocr, redactions)
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
