"""What one query of a stranger may take: set on its connection, in its process, and on what it gives back."""

from __future__ import annotations

import contextlib
import os
import resource
import sqlite3

MIB = 1024 * 1024
VALUE = 65 * MIB
"""Bytes of one value or row. A crawl keeps bodies of up to 64 MiB (DOWNLOAD_MAXSIZE): they stay readable, with their
row. SQLite's own limit is 1,000 MB, so that `zeroblob(500000000)` is one call."""
HEAP = 192 * MIB
"""Bytes that SQLite may hold in one process: a row with the largest body and its copy, or a sort of a million rows."""
MEMORY = 768 * MIB
"""Bytes of address space of one process: HEAP, Python, and the largest page as a string of four bytes a character."""
RESULT = 16 * MIB
"""Bytes of one answer as Python holds it; 1,000 reports with texts of 6,000 characters have 12 MB."""
WIDTH = 40
"""Columns by which the rows that an answer may have give its cells: the widest table has 38. The server draws some
18,000 cells in a second, and does nothing else meanwhile."""
MOST_ROWS = 1_000
"""Rows where the question says nothing of them."""
FILE = 8 * MIB
"""Bytes to which a process may let a file grow: SQLite's index of an archive's log while a run writes (32 KB for each
16 MB of log) and no other, since sorts stay in memory."""
GRACE = 0.5
"""Seconds beyond a query's time after which its process is ended: within one call of a function SQLite asks nobody."""

CONNECTION = {
    sqlite3.SQLITE_LIMIT_LENGTH: VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,  # SQLite reads the schema by it too, whose longest statement has 19,000
    sqlite3.SQLITE_LIMIT_COLUMN: 200,  # the widest table has 38
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 30,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 50_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 50,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 2_000,  # Datasette asks for the labels of a page's rows by their keys
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
"""Limits of a connection by SQLite's number for each."""

_PRAGMAS = frozenset(
    {
        "table_info",
        "table_xinfo",
        "foreign_key_list",
        "index_list",
        "index_info",
        "index_xinfo",
        "function_list",
        "schema_version",
        "page_count",
        "page_size",
        "data_version",  # what FTS5 asks before each query
    }
)
"""Those that tell of the schema; not database_list, which names the archive's folder, and none that sets a limit."""
_ACTIONS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_FUNCTIONS_DENIED = frozenset({"load_extension", "fts3_tokenizer"})


def limit(connection: sqlite3.Connection) -> None:
    """Set the limits of values, statements and their parts."""
    for number, most in CONNECTION.items():
        connection.setlimit(number, most)


def restrict(connection: sqlite3.Connection) -> None:
    """Allow nothing but to read: no ATTACH, no PRAGMA that sets or that names a path; temporary tables in memory.

    SQLite's heap is limited for the whole process, so this is for a process that does nothing else.
    """
    connection.execute("pragma query_only = on")
    connection.execute("pragma temp_store = memory")
    connection.execute(f"pragma hard_heap_limit = {HEAP}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    limit(connection)
    connection.set_authorizer(_authorise)


def _authorise(action: int, first: str | None, second: str | None, _database: str | None, _source: str | None) -> int:
    allowed = (
        action in _ACTIONS
        or (action == sqlite3.SQLITE_FUNCTION and second not in _FUNCTIONS_DENIED)
        or (action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS)
        # A virtual table declares its columns (FTS5, json_each); no statement can: query_only and mode=ro forbid it.
        or (action == sqlite3.SQLITE_UPDATE and first == "sqlite_master")
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def confine() -> None:
    """Limit this process: its memory and files; others go first, and it is the first to go where memory ends."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # not on every system
        file.write("1000")
    os.nice(5)
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, FILE), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(OSError, ValueError):  # macOS knows no limit of address space; SQLite's heap has one
            resource.setrlimit(what, (most, most))
