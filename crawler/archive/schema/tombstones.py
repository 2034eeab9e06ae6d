"""The view `coverage` marks a report that was removed on a legal demand: it is held, and has no words."""

from __future__ import annotations

import sqlite3

from crawler.archive.schema.standing import coverage_view

REDACTED = """,
    exists (
        select 1 from reports join redacted_captures on redacted_captures.capture_id = reports.capture_id
        where reports.id = held.report_id
    ) as redacted"""


def migrate(connection: sqlite3.Connection) -> None:
    """The view `coverage` has a column `redacted`."""
    connection.execute("drop view coverage")
    connection.execute(coverage_view(REDACTED))
