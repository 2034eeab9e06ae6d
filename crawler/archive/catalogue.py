"""An archive opened for reading: what commands that only look things up need, and nothing of what writes or derives."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.archive.file.connection import open_for_reading
from crawler.archive.queries.reader import Reader


class Catalogue(Reader):
    """The reading half over a file of its own. Made by `read`; closed at the end of a `with`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.path = path

    @classmethod
    def read(cls, path: Path | str) -> Self:
        """Open for reading only; a run may be writing meanwhile. Raises ArchiveError."""
        return cls(Path(path), open_for_reading(Path(path)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. May be called twice."""
        self.connection.close()
