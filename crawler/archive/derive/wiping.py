"""Takes what a redaction removed out of the file itself: free pages and the log hold it until then."""

from __future__ import annotations

import sqlite3

from crawler.archive.write.ledger import now


def pending(connection: sqlite3.Connection) -> int:
    """How many redactions are not wiped from the file yet."""
    return int(connection.execute("select count(*) from redactions where wiped_at is null").fetchone()[0])


def wipe(connection: sqlite3.Connection) -> str | None:
    """Write the file anew without its free pages, and empty its log; None when done, else why it was not."""
    connection.execute("pragma secure_delete = on")
    try:
        connection.execute("vacuum")
        if _log_is_held(connection):
            return "another program is reading the archive and holds its log; close it (a site, a copy being made)"
        connection.execute("update redactions set wiped_at = ? where wiped_at is null", (now(),))
        _log_is_held(connection)
    except sqlite3.OperationalError as error:
        return f"the file could not be written anew: {error}"
    return None


def _log_is_held(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("pragma wal_checkpoint(truncate)").fetchone()[0])
