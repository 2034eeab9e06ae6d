"""What a model makes out in scans and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite_utils

_OCR = """create table ocr (
    capture_id integer not null references captures (id),
    position integer not null,
    place text not null,
    text text,
    confidence real,
    engine text not null,
    primary key (capture_id, position)
) without rowid"""


def migrate(db: sqlite_utils.Database) -> None:
    """What a model makes out in scans and pictures: neither captured nor derived, and in no other table."""
    db.conn.execute(_OCR)
