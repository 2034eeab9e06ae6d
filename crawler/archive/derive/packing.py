"""Bodies packed anew, where what they were packed against is removed."""

from __future__ import annotations

import sqlite3

from crawler.archive.file.blobs import BlobReader, Blobs
from crawler.records.errors import ArchiveError


def pack_anew(connection: sqlite3.Connection, bodies: frozenset[str]) -> tuple[int, list[str]]:
    """Empty `bodies`, by SHA-256: pack every other body anew that is packed against one of them, drop the dictionaries
    that these are part of; return how many were packed, and the SHA-256 of those that could not be, being damaged."""
    gone = {
        row[0]: row[1]
        for row in connection.execute("select id, host, first_sha256, second_sha256 from dictionaries order by id")
        if not bodies.isdisjoint(row[2:])
    }
    packed, damaged = 0, []
    reader, writer = BlobReader(connection), Blobs(connection, frozenset(gone))
    for dictionary_id, host in gone.items():
        users = connection.execute(
            "select sha256, exists (select 1 from captures where captures.sha256 = blobs.sha256 and status = 200"
            " and media_type = 'text/html'), exists (select 1 from captures where captures.sha256 = blobs.sha256"
            " and kind in ('report', 'article')) from blobs where dictionary_id = ? order by rowid",
            (dictionary_id,),
        ).fetchall()
        for sha256, page, leaf in users:
            if sha256 in bodies:
                continue
            try:
                body = reader.get(sha256)
            except ArchiveError:
                damaged.append(sha256)
                connection.execute("update blobs set dictionary_id = null, level = null where sha256 = ?", (sha256,))
                continue
            assert body is not None
            writer.pack(host, body, sha256=sha256, page=bool(page), leaf=bool(leaf))
            packed += 1
    marks = ", ".join("?" * len(bodies))
    connection.execute(
        "update blobs set coding = 'raw', dictionary_id = null, body = x'', packed_crc32 = 0, level = null"
        f" where sha256 in ({marks})",
        sorted(bodies),
    )
    for dictionary_id in gone:
        connection.execute("delete from dictionaries where id = ?", (dictionary_id,))
    return packed, damaged
