"""The hooks of Datasette: SQL functions on every connection, our pages, descriptions of the tables, canned queries."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl  # type: ignore[import-untyped]

from crawler.archive.comments import COMMENTS
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
async def canned_queries(datasette: Any, database: str) -> dict[str, Any]:
    """Questions that a researcher asks, with parameters."""
    held = await datasette.get_database(database).execute_fn(is_archive)
    return {query.name: query.as_canned() for query in QUERIES} if held else {}
