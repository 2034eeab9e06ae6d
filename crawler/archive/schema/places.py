"""All that a search counts and sorts reports by, in one index."""

from __future__ import annotations

import sqlite3

_PLACE = (
    # It stands in for the index of region and year, whose columns come first: beside their texts these few letters
    # would be read ten times as slowly.
    "drop index reports_place",
    "create index reports_place on reports (region_code, report_year, organ_kind, form)",
)


def migrate(connection: sqlite3.Connection) -> None:
    """The index of regions and years has the kind of organ and the form as well."""
    for statement in _PLACE:
        connection.execute(statement)
