"""Which capture is the file at an address: the one last seen there, or at the end of the redirects from there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from crawler.archive.file.blobs import BlobReader
from crawler.archive.file.captures import newest
from crawler.words.addresses import join
from crawler.words.files import spelled

IS_FILE = (
    "(stood.status = 200 and (stood.kind = 'attachment'"
    " or (stood.kind = 'report' and stood.media_type <> 'text/html')))"
)
"""What counts as a file at an address, in SQL over `stood`; an error page in its place does not."""
SENDS_ON = "stood.status between 300 and 399"
FILE = "status = 200 and kind = 'attachment'"
"""What counts as one that came anew in other bytes."""
_MAX_HOPS = 5
"""Redirects in a row from an attachment's address to its file, as many as a walk follows."""


def file_at(connection: sqlite3.Connection, url: str) -> int | None:
    """The capture of the file last seen at an address, or where it redirects to."""

    def find(place: str, among: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = connection.execute(newest("id, headers, status", among=among), (place,)).fetchone()
        return row

    return _followed(url, find)


def _followed(url: str, find: Callable[[str, str], Any]) -> int | None:
    """The file at an address, where `find` gives number, headers and status of the capture there of a kind (SQL), or
    at the end of the redirects from there."""
    place: str | None = url
    for _ in range(_MAX_HOPS + 1):
        row = None if place is None else find(place, f"({IS_FILE} or {SENDS_ON})")
        if row is None:
            break
        if row[2] == 200:
            return int(row[0])
        place = _target(place or "", row[1])
    # What it redirects to is not here: then the file that stood there before is the last that is known.
    row = find(url, IS_FILE)
    return None if row is None else int(row[0])


def _target(url: str, headers: str) -> str | None:
    """Where a capture with these headers redirects to, as a request for it is spelled; None for nowhere."""
    location = next((value for name, value in reversed(json.loads(headers)) if name.lower() == "location"), None)
    target = join(url, location) if location else None
    return None if target is None else spelled(target)


def files_of(connection: sqlite3.Connection, report_id: int) -> tuple[dict[str, bytes], dict[str, int]]:
    """The bodies of a report's files that are here, and their captures, by address."""
    rows = connection.execute("select url from attachments where report_id = ? order by rowid", (report_id,)).fetchall()
    ids = {url: number for (url,) in rows if (number := file_at(connection, url)) is not None}
    return bodies(connection, ids), ids


def as_of(connection: sqlite3.Connection, run_id: int, urls: list[str]) -> dict[str, int]:
    """The captures of files at these addresses, as they were at the end of a run, by address."""
    return _then(connection, urls, lambda url: ("run_id <= ?", (run_id,)))


def files_then(connection: sqlite3.Connection, report_id: int, version: int, urls: list[str]) -> dict[str, int]:
    """The captures of files at these addresses, as they were when a report had this version, by address."""
    before = (
        "id < coalesce((select min(capture_id) from report_versions where report_id = ? and version > ? and url = ?),"
        " id + 1)"
    )
    return _then(connection, urls, lambda url: (before, (report_id, version, url)))


def _then(
    connection: sqlite3.Connection, urls: list[str], bound: Callable[[str], tuple[str, tuple[object, ...]]]
) -> dict[str, int]:
    """The captures of the files at these addresses, or where they redirect to, within a bound (SQL and parameters)."""
    captured = {}
    for url in urls:
        within, parameters = bound(url)

        def find(place: str, among: str, within: str = within, parameters: tuple[object, ...] = parameters) -> Any:
            return connection.execute(
                f"select id, headers, status from captures as stood where url = ? and {among.replace(IS_FILE, FILE)}"
                f" and {within} order by id desc limit 1",
                (place, *parameters),
            ).fetchone()

        if (capture_id := _followed(url, find)) is not None:
            captured[url] = capture_id
    return captured


def bodies(connection: sqlite3.Connection, ids: dict[str, int]) -> dict[str, bytes]:
    """The bodies of captures, by the same keys. Raises ArchiveError for a damaged one."""
    reader = BlobReader(connection)
    files = {}
    for url, capture_id in ids.items():
        (sha256,) = connection.execute("select sha256 from captures where id = ?", (capture_id,)).fetchone()
        body = reader.get(sha256)
        if body is not None:
            files[url] = body
    return files
