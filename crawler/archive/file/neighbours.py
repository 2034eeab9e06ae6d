"""The report of the same organ of the year before, or after."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection


def neighbours(connection: sqlite3.Connection, reports: Collection[int], step: int) -> set[int]:
    """The reports of the same organs as these, of the year so many years after theirs."""
    numbers: set[int] = set()
    for report_id in reports:
        row = connection.execute(
            "select identity, report_year from reports where id = ? and report_year is not null", (report_id,)
        ).fetchone()
        if row is not None and row[0] is not None:
            other = row[0].replace(f"/{row[1]}", f"/{row[1] + step}")
            query = "select id from reports where identity = ? and report_year = ?"
            numbers |= {number for (number,) in connection.execute(query, (other, row[1] + step))}
    return numbers
