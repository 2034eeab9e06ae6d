"""The tables of an archive, made by migrations, one a file. What each column holds is said in `comments.py`.

Observed and never rewritten: runs, captures (their first columns), blobs, dictionaries, absences, lists, events,
deaths, problems of a portal. `expected` is what the law asks by the list of divisions that the portal's latest run had. Derived
from captures, and derived again by `rebuild`: all else.
"""

from __future__ import annotations

import sqlite3
from types import ModuleType
from typing import TYPE_CHECKING

from crawler.archive.schema import coverage, deaths, foundation, ocr, schedule, search, standing, statistics

if TYPE_CHECKING:
    import sqlite_utils

APPLICATION_ID = 0x6E69616E
"""`nian`, in the SQLite file header: tells an archive from any other SQLite file."""

_ORDER = (foundation, schedule, coverage, statistics, search, ocr, deaths, standing)
"""The migrations as they are applied; a new one goes to the end, with a number that is nobody else's."""

VERSION = len(_ORDER)
"""`PRAGMA user_version` of an archive that has every migration; a higher one is from a newer program."""


def _name(version: int, module: ModuleType) -> str:
    return f"{version:04}_{module.__name__.rpartition('.')[2]}"


NAMES = tuple(_name(version, module) for version, module in enumerate(_ORDER, start=1))
"""The migrations by name, as the file's table of them (of sqlite-utils) has them under SET."""
SET, TABLE = "nianbao", "_sqlite_migrations"


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the migrations that an archive does not have yet. Raises sqlite3.Error; each is applied whole or not."""
    if applied(connection).issuperset(NAMES):
        return
    import sqlite_utils  # with all of pandas, where that is installed: half a second that no other command waits for

    migrations = sqlite_utils.Migrations(SET)

    def register(version: int, module: ModuleType) -> None:
        def apply(db: sqlite_utils.Database) -> None:
            module.migrate(db)
            db.conn.execute(f"pragma application_id = {APPLICATION_ID}")
            db.conn.execute(f"pragma user_version = {version}")

        migrations(name=_name(version, module))(apply)

    for version, module in enumerate(_ORDER, start=1):
        register(version, module)
    migrations.apply(sqlite_utils.Database(connection))


def applied(connection: sqlite3.Connection) -> set[str]:
    """Names of the migrations that the file says it has."""
    if connection.execute("select 1 from sqlite_master where name = ?", (TABLE,)).fetchone() is None:
        return set()
    return {row[0] for row in connection.execute(f"select name from {TABLE} where migration_set = ?", (SET,))}


def tables(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Every table and view of the archive with its columns, in the order in which they were made; no search index."""
    names = connection.execute(
        "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite%'"
        " and name not like '%\\_fts%' escape '\\' and name not like '\\_%' escape '\\' order by type, rowid"
    )
    return {
        name: [row[1] for row in connection.execute(f"pragma table_info([{name}])")] for (name,) in names.fetchall()
    }
