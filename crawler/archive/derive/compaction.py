"""Makes an archive's file smaller: bodies packed anew (crawler.archive.derive.repacking), the search index written as
one piece, then the file written anew without its free pages, in shorter ones (crawler.archive.derive.wiping).

SQLite keeps the length of pages of a file that has a log, so the log is given up for that while. Where another program
reads the archive, it cannot be, and the pages stay as long as they are. New archives have pages of 4,096 bytes, which
are quicker to write (docs/size.md).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from crawler.archive.derive.repacking import Repacking, repack
from crawler.archive.derive.wiping import wipe
from crawler.archive.write import index
from crawler.records.errors import ArchiveError

PAGE = 1_024
"""Bytes of a page: bodies, texts and captures end in pages that are half empty, and these are short (docs/size.md)."""
BATCHES = 64 << 20
"""Bytes that the log of the batches may take beside the file: two checkpoints, and what grows before it shrinks."""


@dataclass(slots=True)
class Compaction:
    """Bytes of the file with its log before and after, and of the packed bodies in it; `unwritten` says why the file
    could not be written anew, None where it was."""

    before: int
    bodies_before: int
    after: int = 0
    bodies_after: int = 0
    repacking: Repacking = field(default_factory=Repacking)
    unwritten: str | None = None


def compact(connection: sqlite3.Connection, path: Path) -> Compaction:
    """Pack what is not packed well yet, and write the file anew. The lock must be held.

    Raises ArchiveError where there is no room for it (nothing is touched then), or the disk is full for all that (what
    was done is kept, and the next one goes on).
    """
    _check_room(path)
    result = Compaction(_size(path), _bodies(connection))
    result.repacking = repack(connection)
    try:
        with _in_pages(connection, PAGE):
            index.pack(connection)
            result.unwritten = wipe(connection)
    except sqlite3.OperationalError as error:
        result.unwritten = f"the file could not be written anew: {error}"
    result.after, result.bodies_after = _size(path), _bodies(connection)
    return result


@contextmanager
def _in_pages(connection: sqlite3.Connection, length: int) -> Iterator[None]:
    """Let a VACUUM within write pages of so many bytes, where nobody else has the file open."""
    if connection.execute("pragma page_size").fetchone()[0] == length:
        yield
        return
    with suppress(sqlite3.OperationalError):  # somebody reads
        connection.execute("pragma journal_mode = delete")
        connection.execute(f"pragma page_size = {length}")
    try:
        yield
    finally:
        connection.execute("pragma journal_mode = wal")


def _check_room(path: Path) -> None:
    """VACUUM writes the whole file twice: into SQLite's folder for temporary files, and into the log."""
    size = _size(path)
    wanted: dict[int, tuple[Path, int]] = {}
    for folder, number in ((path.resolve().parent, size + BATCHES), (_temporary(), size)):
        device = folder.stat().st_dev
        first, sum_so_far = wanted.get(device, (folder, 0))
        wanted[device] = (first, sum_so_far + number)
    for folder, number in wanted.values():
        free = shutil.disk_usage(folder).free
        if free < number:
            raise ArchiveError(
                f"{folder} has {free:,} bytes free, and writing {path} anew takes up to {number:,} for a while; nothing"
                " was touched (SQLITE_TMPDIR names another folder for the half of it)"
            )


def _temporary() -> Path:
    """Where SQLite puts its temporary files, by https://sqlite.org/tempfiles.html, section 5."""
    named = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp", "/usr/tmp", "/tmp")
    for folder in named:
        if folder and os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK):
            return Path(folder)
    return Path()


def _size(path: Path) -> int:
    log = path.with_name(path.name + "-wal")
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)


def _bodies(connection: sqlite3.Connection) -> int:
    return int(connection.execute("select coalesce(sum(length(body)), 0) from blobs").fetchone()[0])
