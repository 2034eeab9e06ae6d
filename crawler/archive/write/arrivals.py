"""What came is kept raw, with the way that led to it, before anybody reads it: a run that dies over it loses nothing.

An arrival becomes a capture when it was read. What a dead run left the next one mostly asks for again, and then reads;
what is still there when that has come to its end (another page stands there by now, or nothing leads there any more) is
read as it came. Where a redaction is in force nothing is kept unread: it may be what is to be kept out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import suppress

from crawler.archive.file.blobs import BlobReader, Blobs, digest
from crawler.archive.file.captures import capture_of
from crawler.archive.write.captures import context_json, host_of
from crawler.archive.write.reportrows import dumps
from crawler.records.capture import Capture, Context, as_told
from crawler.records.errors import ArchiveError

_INSERT = "insert or replace into arrivals values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def keep(
    connection: sqlite3.Connection, blobs: Blobs, run_id: int, capture: Capture, context: Context, leaf: bool
) -> None:
    """Keep what came; `leaf`: nothing is expected to lead on from it (see Blobs.put)."""
    if connection.execute("select 1 from redactions limit 1").fetchone() is not None:
        return
    sha256 = digest(capture.body)
    is_page = capture.status == 200 and "html" in (capture.header("content-type") or "")
    blobs.put(host_of(capture.url), capture.body, sha256=sha256, page=is_page, leaf=leaf)
    connection.execute(
        _INSERT,
        (
            capture.address, run_id, capture.portal, capture.fetched_at, capture.status, dumps(capture.headers),
            sha256, dumps(as_told(capture.trail)), context_json(context), capture.source,
        ),
    )  # fmt: skip


def dismiss(connection: sqlite3.Connection, address: str, sha256: str) -> None:
    """What came from an address was read."""
    connection.execute("delete from arrivals where url = ? and sha256 = ?", (address, sha256))


def waiting(connection: sqlite3.Connection) -> Iterator[tuple[int, Capture, Context | None, str]]:
    """What came and was not read, in the order of arrival: the run that met it, the capture, its context, and the
    SHA-256 of its body. No context: it is damaged by now, and nothing of it can be read but where it came from."""
    reader = BlobReader(connection)
    for row in connection.execute("select * from arrivals order by run_id, fetched_at, url").fetchall():
        context: Context | None = None
        capture = Capture(row["url"], row["status"], [], b"", row["fetched_at"], row["portal"])
        with suppress(ArchiveError, ValueError, TypeError, KeyError):
            capture = capture_of(row)
            body = reader.get(row["sha256"])
            if body is not None:
                capture.body = body
                context = Context(**json.loads(row["context"]))
        yield row["run_id"], capture, context, row["sha256"]
