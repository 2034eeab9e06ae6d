"""The tables of an archive, made by migrations, one a file. What each column holds is said in `comments.py`.

Observed and never rewritten: runs, captures (their first columns), requests, requisites, arrivals, blobs, dictionaries,
absences, inquiries, mementos, submissions, lists, events, deaths, portals, redactions and redacted captures, problems
of a portal, reviews. `expected` is what the law asks by the list of divisions that the portal's latest run had.
Derived from captures, and derived again by `rebuild`: all else.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from crawler.archive.schema import (
    arrivals,
    codes,
    coverage,
    deaths,
    derivations,
    economy,
    figures,
    foundation,
    heads,
    keys,
    levels,
    mementos,
    ocr,
    offline,
    places,
    redactions,
    requests,
    requisites,
    reviews,
    schedule,
    seals,
    search,
    standing,
    statistics,
    submissions,
    tombstones,
)  # fmt: skip

DERIVED_TABLES = (
    "tallies",
    "findings",
    "figures",
    "attachments",
    "chapters",
    "report_versions",
    "report_urls",
    "reports",
)
"""Emptied and filled again by `rebuild`, those first that refer to others."""

DERIVED_LISTS = ("panel", "labels", "criteria", "panel_waiting")
"""What follows from all reports together: rows of regions and years, and the words that figures and checks share."""

UNOBSERVED = frozenset({*DERIVED_TABLES, *DERIVED_LISTS, *codes.CODE_TABLES, *figures.FORMER.values(), "seals"})
"""Tables of which nothing was observed."""

DERIVED_COLUMNS = {
    "captures": (
        "kind", "media_type", "charset_declared", "charset", "title", "breadcrumb", "lookalike", "evidence",
    )
}  # fmt: skip
"""Columns that `rebuild` writes anew in tables that were observed, in the order of write.captures.derived."""

APPLICATION_ID = 0x6E69616E
"""`nian`, in the SQLite file header: tells an archive from any other SQLite file."""

ORDER = (
    foundation,
    schedule,
    coverage,
    statistics,
    search,
    ocr,
    deaths,
    seals,
    standing,
    redactions,
    tombstones,
    offline,
    arrivals,
    codes,
    figures,
    keys,
    levels,
    requests,
    requisites,
    reviews,
    mementos,
    derivations,
    places,
    submissions,
    economy,
    heads,
)
"""The migrations as they are applied; a new one goes to the end, with a number that is nobody else's."""

VERSION = len(ORDER)
"""`PRAGMA user_version` of an archive that has every migration; a higher one is from a newer program."""


def _name(version: int, module: ModuleType) -> str:
    return f"{version:04}_{module.__name__.rpartition('.')[2]}"


NAMES = tuple(_name(version, module) for version, module in enumerate(ORDER, start=1))
"""The migrations by name, as the file's table of them (of sqlite-utils) has them under SET."""
SET, TABLE = "nianbao", "_sqlite_migrations"


def migrate(connection: sqlite3.Connection, stop_before: str | None = None) -> None:
    """Apply the migrations that an archive does not have yet, or those before one by name.

    Raises sqlite3.Error; each is applied whole or not.
    """
    if applied(connection).issuperset(NAMES):
        return
    with _without_arrays():
        import sqlite_utils

    migrations = sqlite_utils.Migrations(SET)

    def register(version: int, module: ModuleType) -> None:
        def apply(db: sqlite_utils.Database) -> None:
            module.migrate(db.conn)
            db.conn.execute(f"pragma application_id = {APPLICATION_ID}")
            db.conn.execute(f"pragma user_version = {version}")

        migrations(name=_name(version, module))(apply)

    for version, module in enumerate(ORDER, start=1):
        register(version, module)
    migrations.apply(sqlite_utils.Database(connection), stop_before=stop_before)


@contextmanager
def _without_arrays() -> Iterator[None]:
    """Let what is imported within find neither pandas nor numpy: sqlite_utils imports all of them where they are
    installed, which costs half a second, a hundred megabytes and a thread for each core, and ends the process where
    these are not to be had; migrations have no use for them."""
    absent = {"pandas", "numpy"} - sys.modules.keys()
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def applied(connection: sqlite3.Connection) -> set[str]:
    """Names of the migrations that the file says it has."""
    if connection.execute("select 1 from sqlite_master where name = ?", (TABLE,)).fetchone() is None:
        return set()
    return {row[0] for row in connection.execute(f"select name from {TABLE} where migration_set = ?", (SET,))}


def is_archive(connection: sqlite3.Connection) -> bool:
    """Whether a database is an archive of ours."""
    return bool(connection.execute("pragma application_id").fetchone()[0] == APPLICATION_ID)


def tables(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Every table and view of the archive with its columns, in the order in which they were made; no search index."""
    names = connection.execute(
        "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite%'"
        " and name not like '%\\_fts%' escape '\\' and name not like '\\_%' escape '\\' order by type, rowid"
    )
    return {
        name: [row[1] for row in connection.execute(f"pragma table_info([{name}])")] for (name,) in names.fetchall()
    }
