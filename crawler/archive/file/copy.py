"""A copy of an archive that nobody writes to, for the site: consistent while a run goes on, no log beside it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from crawler.archive.file.connection import open_for_reading
from crawler.records.errors import ArchiveError


def copied(archive: Path, copy: Path) -> bool:
    """Make `copy` anew where `archive` was written to since; whether it was made.

    The copy appears at once or not at all, so that a site which serves the last one takes it up. Raises ArchiveError.
    """
    if copy.resolve() == archive.resolve():
        raise ArchiveError(f"{copy} is the archive itself; expected another file for its copy")
    begun = _written(archive)
    if copy.exists() and copy.stat().st_mtime_ns == begun and copy.stat().st_size:
        return False
    part = copy.with_name(copy.name + ".part")
    try:
        part.unlink(missing_ok=True)
        connection = open_for_reading(archive)
        try:
            connection.execute("pragma query_only = off")  # VACUUM INTO counts as writing; `archive` is only read
            connection.execute("vacuum into ?", (str(part),))
        finally:
            connection.close()
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.chmod(0o444)
        os.utime(part, ns=(begun, begun))
        part.replace(copy)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise ArchiveError(f"the copy {copy} cannot be written: {error}; name another file by --copy") from error
    return True


def _written(archive: Path) -> int:
    """When the archive or its log was last written to, in nanoseconds; its copy is given the same time.

    Raises ArchiveError.
    """
    try:
        times = [archive.stat().st_mtime_ns]
        wal = archive.with_name(archive.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            times.append(wal.stat().st_mtime_ns)
    except OSError as error:
        raise ArchiveError(f"{archive} cannot be read: {error.strerror}") from error
    return max(times)
