"""An archive that is merged into another: opened for reading, sound, and its state, by which it is skipped the next
time."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.archive.file import seals
from crawler.archive.file.connection import DAMAGED, open_for_reading
from crawler.archive.file.lock import holder_of, utc
from crawler.records.errors import ArchiveError, ArchiveLockedError


class Origin:
    """A source, as it is at one moment. Made by `open`; closed at the end of a `with`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self.connection = path, connection
        connection.execute("begin")
        self.uuid, self.program = connection.execute("select uuid, program from archive").fetchone()
        self.merged = connection.execute("select 1 from sources limit 1").fetchone() is not None

    @classmethod
    def open(cls, path: Path, target: Path) -> Self:
        """Raises ArchiveError where it cannot be read or is the target, ArchiveLockedError where a run writes it."""
        if os.path.exists(path) and os.path.exists(target) and os.path.samefile(path, target):
            raise ArchiveError(f"{path} is the target itself; expected other archives as sources")
        holder = holder_of(path)
        if holder is not None:
            raise ArchiveLockedError(f"a run writes {path}: {holder.words(utc())}; merge it when that is done")
        connection = open_for_reading(path)
        try:
            return cls(path, connection)
        except DAMAGED as error:
            connection.close()
            raise ArchiveError(f"{path} is damaged: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.connection.close()

    def file(self) -> list[int] | None:
        """Size and time of the file, where all of the archive is in it."""
        log = self.path.with_name(self.path.name + "-wal")
        if log.exists() and log.stat().st_size:
            return None
        status = self.path.stat()
        return [status.st_size, status.st_mtime_ns]

    def state(self) -> str:
        """What tells whether anything was written since: file, program, and a sum over the seals of what it holds."""
        rows = self.connection.execute(
            "select name, count(*), sum(digest % 1000000007) from seals where name <> 'sqlite_stat1'"
            " group by name order by name"
        )
        return json.dumps({"file": self.file(), "rows": [self.program, *map(list, rows)]})

    def is_as(self, state: str) -> bool:
        """Whether it is as it was in a state."""
        before = json.loads(state)
        file = self.file()
        if file is not None and file == before["file"]:
            return True
        return bool(json.loads(self.state())["rows"] == before["rows"])

    def check(self) -> None:
        """Raise ArchiveError where a row is not what was written."""
        failure = next(seals.failures(self.connection), None)
        if failure is not None:
            raise ArchiveError(f"{self.path} is damaged: {failure}; nothing of it was merged")
