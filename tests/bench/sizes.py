"""Bytes of an archive beside the same responses in .warc.gz."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from crawler.archive.archive import Archive
from tests.bench.portal import Site


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes: the pages as served, each in a record of .warc.gz, the archive's bodies, its whole file, and that after
    `nianbao compact`. `tables`: of the file before, the tables with their indexes, the largest first."""

    raw: int
    warc: int
    bodies: int
    file: int
    compacted: int
    tables: dict[str, int]


def sizes(site: Site, home: str, archive: Path) -> Sizes:
    """Compare an archive with the same responses in .warc.gz."""
    with sqlite3.connect(archive) as reading:
        reading.execute("pragma wal_checkpoint(truncate)")
        (bodies,) = reading.execute("select sum(length(body)) from blobs").fetchone()
        tables = by_table(reading)
    reading.close()
    warc = sum(len(warc_record(home.rstrip("/") + path, site.body(path))) for path in site.own)
    raw = sum(len(site.body(path)) for path in site.own)
    return Sizes(raw, warc, bodies, archive.stat().st_size, compacted(archive), tables)


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


def compacted(archive: Path) -> int:
    """The bytes of a copy after `nianbao compact`."""
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        copy = Path(shutil.copy(archive, folder))
        with Archive.open(copy) as opened:
            opened.lock()
            opened.compact()
        return copy.stat().st_size


def warc_record(url: str, body: bytes) -> bytes:
    """A response record of WARC 1.1 in a gzip member of its own, at level 9 as warcio writes it."""
    http = (
        f"HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    )
    digest = "sha1:" + "A" * 32
    fields = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: 2025-01-02T03:04:05Z\r\nWARC-Payload-Digest: {digest}\r\n"
        f"WARC-Block-Digest: {digest}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http) + len(body)}\r\n\r\n"
    )
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(fields.encode() + http + body + b"\r\n\r\n") + packer.flush()
