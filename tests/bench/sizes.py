"""Bytes of an archive beside the same responses in .warc.gz."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import zlib
from base64 import b32encode
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

from crawler.archive.archive import Archive


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes: the pages as served, each in a record of .warc.gz, the archive's bodies, its whole file, and that after
    `nianbao compact`. `tables`, `tables_compacted`: the tables with their indexes, the largest first."""

    raw: int
    warc: int
    bodies: int
    file: int
    compacted: int
    tables: dict[str, int]
    tables_compacted: dict[str, int]


def sizes(pages: Mapping[str, bytes], archive: Path) -> Sizes:
    """Compare an archive with the same pages, by their addresses, in .warc.gz."""
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        bodies, tables = _read(archive)
        warc = sum(len(warc_record(url, body)) for url, body in pages.items())
        copy = Path(shutil.copy(archive, folder))
        compact(copy)
        raw = sum(map(len, pages.values()))
        return Sizes(raw, warc, bodies, archive.stat().st_size, copy.stat().st_size, tables, _read(copy)[1])


def _read(archive: Path) -> tuple[int, dict[str, int]]:
    """Bytes of the bodies, and those by table, of a file whose log is empty then."""
    with closing(sqlite3.connect(archive)) as reading:
        reading.execute("pragma wal_checkpoint(truncate)")
        (bodies,) = reading.execute("select sum(length(body)) from blobs").fetchone()
        return bodies, by_table(reading)


def by_table(connection: sqlite3.Connection) -> dict[str, int]:
    """Bytes of each table with its indexes, the largest first, the search index's own tables as one; nothing where
    SQLite was built without its table of pages."""
    try:
        rows = connection.execute(
            "select case when tbl_name like 'reports_fts%' then 'reports_fts' else tbl_name end, sum(pgsize)"
            " from dbstat join sqlite_schema using (name) group by 1 order by 2 desc"
        )
        return dict(map(tuple, rows))
    except sqlite3.OperationalError:
        return {}


def compact(archive: Path) -> None:
    """What `nianbao compact` does."""
    with Archive.open(archive) as opened:
        opened.lock()
        opened.compact()


def warc_record(url: str, body: bytes) -> bytes:
    """A response record of WARC 1.1 in a gzip member of its own, at level 9 as warcio writes it."""
    http = (
        f"HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    )
    block, payload = (b32encode(sha1(part, usedforsecurity=False).digest()).decode() for part in (http + body, body))
    fields = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: 2025-01-02T03:04:05Z\r\nWARC-Payload-Digest: sha1:{payload}\r\n"
        f"WARC-Block-Digest: sha1:{block}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http) + len(body)}\r\n\r\n"
    )
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(fields.encode() + http + body + b"\r\n\r\n") + packer.flush()
