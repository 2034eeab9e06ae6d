"""Rows as the tables of one form have them, by the names of their columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any


def values(row: sqlite3.Row, **other: Any) -> dict[str, Any]:
    """A row by its columns, some with `other` values."""
    return {name: row[name] for name in row.keys()} | other  # noqa: SIM118 -- a Row iterates over its values


def insert(connection: sqlite3.Connection, table: str, row: Mapping[str, Any], verb: str = "insert") -> None:
    """Write a row; `verb`: what becomes of one of the same key."""
    names = ", ".join(f"[{name}]" for name in row)
    connection.execute(f"{verb} into {table} ({names}) values ({', '.join('?' * len(row))})", tuple(row.values()))


def update(connection: sqlite3.Connection, table: str, number: int, row: Mapping[str, Any]) -> None:
    """Let the row with this number say so."""
    sets = ", ".join(f"[{name}] = ?" for name in row)
    connection.execute(f"update {table} set {sets} where id = ?", (*row.values(), number))
