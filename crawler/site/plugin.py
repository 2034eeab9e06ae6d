"""Datasette: the SQL functions of an archive on every connection. Entry point `datasette: nianbao`."""

from __future__ import annotations

import sqlite3

from datasette import hookimpl  # type: ignore[import-untyped]

from crawler.archive.sql_functions import register


@hookimpl  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """`nianbao_body` and `nianbao_text`; both are NULL in a database that is no archive."""
    register(conn)
