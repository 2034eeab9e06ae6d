"""What a model makes out in scans and pictures."""

from __future__ import annotations

import sqlite3

_OCR = """create table ocr (
    capture_id integer not null references captures (id),
    position integer not null,
    place text not null,
    text text,
    confidence real,
    engine text not null,
    primary key (capture_id, position)
) without rowid"""


def migrate(connection: sqlite3.Connection) -> None:
    """What a model makes out in scans and pictures: neither captured nor derived, and in no other table."""
    connection.execute(_OCR)
