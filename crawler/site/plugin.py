"""The hooks of Datasette: SQL functions on every connection, our pages, descriptions of the tables, canned queries."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl  # type: ignore[import-untyped]

from crawler.archive.comments import COMMENTS
from crawler.archive.samples import sample_portals
from crawler.archive.schema import APPLICATION_ID
from crawler.archive.sql_functions import register
from crawler.archive.tokens import NOTHING, match
from crawler.site import views
from crawler.site.queries import QUERIES

_LICENCE = "The texts are official documents of the organs named; the figures were read from them by nianbao."


def is_archive(connection: sqlite3.Connection) -> bool:
    """Whether a database is an archive of ours."""
    return bool(connection.execute("pragma application_id").fetchone()[0] == APPLICATION_ID)


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Our SQL functions; in an archive Datasette's own search box finds Chinese, since it asks through `escape_fts`."""
    register(conn)
    if is_archive(conn):
        conn.create_function("escape_fts", 1, _asked)


def _asked(query: str) -> str:
    return match(query) or NOTHING


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Our pages; those of Datasette stay where they are, but for the start page of an archive."""
    return views.ROUTES


@hookimpl  # type: ignore[untyped-decorator]
def get_metadata(datasette: Any) -> dict[str, Any]:
    """Title, licence note and, for each archive, what its tables and columns hold."""
    tables: dict[str, dict[str, Any]] = {
        name: {
            "description": columns[""],
            "columns": {column: words for column, words in columns.items() if column},
        }
        for name, columns in COMMENTS.items()
    }
    tables["reports"] |= {"fts_table": "reports_fts", "fts_pk": "id", "label_column": "title"}
    tables["reports_fts"] = {"hidden": True}
    return {
        "title": "nianbao 年报",
        "description": "Yearly reports on government information disclosure 政府信息公开工作年度报告",
        "license": _LICENCE,
        "databases": {name: {"tables": tables} for name in datasette.databases if not name.startswith("_")},
    }


@hookimpl  # type: ignore[untyped-decorator]
async def extra_template_vars(datasette: Any, database: str | None) -> dict[str, Any]:
    """`sample`: the portals whose reports are made up, for the notice of every page, Datasette's and ours; those of the
    page's database, else of all."""
    names = [name for name in datasette.databases if database in (name, None, "") and not name.startswith("_")]
    found = [await datasette.get_database(name).execute_fn(_sample) for name in names]
    return {"sample": sorted({portal for portals in found for portal in portals})}


def _sample(connection: sqlite3.Connection) -> list[str]:
    """No notice for what is no archive, or one that no later version has opened yet."""
    table = connection.execute("select 1 from sqlite_master where name = 'portals'").fetchone()
    return sample_portals(connection) if table is not None and is_archive(connection) else []


@hookimpl  # type: ignore[untyped-decorator]
async def canned_queries(datasette: Any, database: str) -> dict[str, Any]:
    """Questions that a researcher asks, with parameters."""
    held = await datasette.get_database(database).execute_fn(is_archive)
    return {query.name: query.as_canned() for query in QUERIES} if held else {}
