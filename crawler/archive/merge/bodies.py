"""Bodies as they are packed in their archive, under the same two pages of their host, which are plain in both."""

from __future__ import annotations

import sqlite3
import zlib

from crawler.archive.file.blobs import BlobReader, Blobs
from crawler.records.errors import ArchiveError

_PACKED = "select sha256, length, coding, dictionary_id, body, packed_crc32, level from blobs where sha256 = ?"
_WRITE = """insert into blobs (sha256, length, coding, dictionary_id, body, packed_crc32, level)
    values (?, ?, ?, ?, ?, ?, ?) on conflict (sha256) do update set coding = excluded.coding,
    dictionary_id = excluded.dictionary_id, body = excluded.body, packed_crc32 = excluded.packed_crc32,
    level = excluded.level"""
_PAGES = "select host, first_sha256, second_sha256 from dictionaries where id = ?"


class Bodies:
    """Copies bodies out of the archive `source` into `target`, within the caller's transaction."""

    def __init__(self, target: sqlite3.Connection, source: sqlite3.Connection) -> None:
        self._target, self._source = target, source
        self._reader, self._blobs = BlobReader(source), Blobs(target)
        self._dictionaries: dict[int, int | None] = {}

    def copy(self, sha256: str, host: str) -> None:
        """Copy a body unless it is here. Raises ArchiveError where it is damaged."""
        there = self._target.execute(
            "select length > 0 and length(body) = 0 from blobs where sha256 = ?", (sha256,)
        ).fetchone()
        if there is not None and not there[0]:
            return
        row = self._row(sha256)
        if row["dictionary_id"] is None:
            self._target.execute(_WRITE, tuple(row))
            return
        dictionary = self._dictionary(row["dictionary_id"])
        if dictionary is None:
            self._blobs.pack(host, self._reader.get(sha256) or b"", sha256=sha256, page=False, leaf=False)
        else:
            self._target.execute(_WRITE, (*row[:3], dictionary, *row[4:]))

    def keep_empty(self, sha256: str, length: int) -> None:
        """A row for a body that is not to come."""
        self._blobs.keep_empty(sha256, length)

    def _row(self, sha256: str) -> sqlite3.Row:
        row: sqlite3.Row | None = self._source.execute(_PACKED, (sha256,)).fetchone()
        if row is None:
            raise ArchiveError(f"the body {sha256} is missing")
        if row["packed_crc32"] is None:
            self._reader.get(sha256)
        elif not isinstance(row["body"], bytes) or zlib.crc32(row["body"]) != row["packed_crc32"]:
            raise ArchiveError(f"the body {sha256} is damaged: its stored bytes have another checksum")
        return row

    def _dictionary(self, number: int) -> int | None:
        """The number here of a dictionary there; None where one of its pages may not be here."""
        if number not in self._dictionaries:
            self._dictionaries[number] = self._make(number)
        return self._dictionaries[number]

    def _make(self, number: int) -> int | None:
        told = self._source.execute(_PAGES, (number,)).fetchone()
        if told is None:
            raise ArchiveError(f"dictionary {number} is missing")
        host, *pages = told
        if not all(self._is_plain(page) for page in pages):
            return None
        known = self._target.execute(
            "select id from dictionaries where host = ? and first_sha256 = ? and second_sha256 = ?", (host, *pages)
        ).fetchone()
        if known is not None:
            return int(known[0])
        cursor = self._target.execute(
            "insert into dictionaries (host, first_sha256, second_sha256) values (?, ?, ?)", (host, *pages)
        )
        return cursor.lastrowid

    def _is_plain(self, sha256: str) -> bool:
        """Let a page of a dictionary be here as it is there, plain; False where it was redacted."""
        if self._target.execute("select 1 from redactions where sha256 = ?", (sha256,)).fetchone() is not None:
            return False
        there = self._target.execute(
            "select dictionary_id is null and length(body) > 0 from blobs where sha256 = ?", (sha256,)
        ).fetchone()
        if there is None or not there[0]:
            self._target.execute(_WRITE, tuple(self._row(sha256)))
        return True
