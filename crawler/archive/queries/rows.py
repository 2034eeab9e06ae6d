"""Rows as the rest of the program takes them, and what every subject of the archive is: questions over a connection."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

_JSON_COLUMNS = frozenset(
    {"headers", "trail", "links_skipped", "context", "breadcrumb", "evidence", "portals", "yields", "archives"}
)


def as_dict(row: sqlite3.Row) -> dict[str, Any]:
    """A row by column name, JSON columns as what they hold."""
    return {
        name: json.loads(value) if name in _JSON_COLUMNS and value is not None else value
        for name, value in zip(row.keys(), row, strict=True)
    }


class Subject:
    """One subject of an archive: the questions that are asked of it, over a connection whose rows are sqlite3.Row."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute
