"""Does the archive hold what it says? Every body hashed again, every reference followed, SQLite's own check."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from crawler.archive.blobs import BlobReader
from crawler.errors import ArchiveError

_RULES: tuple[tuple[str, str], ...] = (
    (
        "select 'capture ' || captures.id || ' says length ' || captures.length || ', its body has ' || blobs.length"
        " from captures join blobs using (sha256) where captures.length <> blobs.length",
        "lengths",
    ),
    (
        "select 'report ' || id || ' has no address in report_urls' from reports"
        " where not exists (select 1 from report_urls where report_id = reports.id and url = reports.url)",
        "addresses",
    ),
    (
        "select 'report ' || id || ' has no version' from reports"
        " where not exists (select 1 from report_versions where report_id = reports.id)",
        "versions",
    ),
    (
        "select 'report ' || id || ' has an empty text instead of none' from reports where text = ''",
        "texts",
    ),
    (
        "select 'dictionary ' || dictionaries.id || ' is not made of plain bodies' from dictionaries"
        " join blobs on sha256 in (first_sha256, second_sha256) where coding <> 'zstd' or dictionary_id is not null",
        "dictionaries",
    ),
)


def verify(connection: sqlite3.Connection) -> list[str]:
    """One sentence for each thing that is wrong; an empty list means the archive is sound. Reads every body."""
    try:
        return list(_failures(connection))
    except sqlite3.DatabaseError as error:
        return [f"the file is damaged: {error}"]


def _failures(connection: sqlite3.Connection) -> Iterator[str]:
    for (told,) in connection.execute("pragma integrity_check"):
        if told != "ok":
            yield f"integrity: {told}"
    for table, rowid, parent, _ in connection.execute("pragma foreign_key_check"):
        yield f"{table} row {rowid} refers to a row of {parent} that is not there"
    for query, _ in _RULES:
        for (told,) in connection.execute(query):
            yield told
    reader = BlobReader(connection)
    for (sha256,) in connection.execute("select sha256 from blobs order by rowid").fetchall():
        try:
            reader.get(sha256)
        except ArchiveError as error:
            yield str(error)
