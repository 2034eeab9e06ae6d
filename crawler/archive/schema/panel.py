"""The panel anew: a page of it reads the figures of its own reports, no more those of all."""

from __future__ import annotations

import sqlite_utils

from crawler.archive import panel


def migrate(db: sqlite_utils.Database) -> None:
    """Put the view in the place of the one that grouped all figures for each row that was asked for."""
    db.conn.execute("drop view if exists panel")
    db.conn.execute(panel.VIEW)
