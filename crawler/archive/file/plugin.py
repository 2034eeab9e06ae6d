"""sqlite-utils: the SQL functions of an archive in its command line. Entry point `sqlite_utils: nianbao`."""

from __future__ import annotations

import sqlite3

from sqlite_utils import hookimpl

from crawler.archive.file.functions import register


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """`nianbao_body` and `nianbao_text`; both are NULL in a database that is no archive."""
    register(conn)
