"""The transaction that a run writes in: many pages a commit, each whole or not at all; and what the run counts, finds
and does not understand."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from crawler.archive.file import tombstones
from crawler.archive.file.blobs import Blobs
from crawler.archive.write.index import LateIndex
from crawler.records.problems import Problem

PAGES_A_COMMIT = 100
"""A commit a page costs a quarter of the pages a second; beyond a hundred nothing more is won."""
SECONDS_A_COMMIT = 0.5
"""On a polite crawl, a second between two pages, every page is committed as it is stored."""


def now() -> str:
    """UTC, to the second, with a trailing Z."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Ledger:
    """What one run writes over one connection. `counts`: added to the row of run `run_id` with the next commit."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.execute = connection.execute
        self.blobs = Blobs(connection)
        self.index = LateIndex(connection)
        self.run_id: int | None = None
        self.counts: Counter[str] = Counter()
        self.forgetful: list[Callable[[], None]] = []
        """Called where rows that were written are undone, by whoever remembers their numbers."""
        self._uncommitted = 0
        self._committed_at = time.monotonic()

    @contextmanager
    def step(self) -> Iterator[None]:
        """One page's (or call's) worth of rows: all or none of them, within a transaction that may hold more."""
        if not self.connection.in_transaction:
            self.execute("begin immediate")
        before, indexed = self.counts.copy(), len(self.index)
        self.execute("savepoint step")
        try:
            yield
        except BaseException:
            self.counts = before
            self.blobs.forget()
            for forget in self.forgetful:
                forget()
            if self.connection.in_transaction:  # a full disk ends the whole transaction
                self.index.undo(indexed)
                self.execute("rollback to step")
                self.execute("release step")
            else:
                self.index.undo(0)
            raise
        self.execute("release step")
        self._uncommitted += 1
        if self._uncommitted >= PAGES_A_COMMIT or time.monotonic() - self._committed_at >= SECONDS_A_COMMIT:
            self.flush()

    def flush(self) -> None:
        """Commit what was stored so far."""
        if self.connection.in_transaction:
            self._index()
            self._commit()
        self._uncommitted = 0
        self._committed_at = time.monotonic()

    def _commit(self) -> None:
        if self.counts and self.run_id is not None:
            sets = ", ".join(f"{name} = {name} + {count}" for name, count in sorted(self.counts.items()))
            self.execute(f"update runs set {sets} where id = ?", (self.run_id,))
            self.counts.clear()
        self.execute("commit")

    def _index(self) -> None:
        """Index what was stored so far; it is committed together with it or not at all. Of a damaged index no page is
        lost: they are committed without it, and `verify` says so until `rebuild --all` makes it anew."""
        if not self.index:
            return
        self.execute("savepoint indexing")
        try:
            self.index.write()
            self.execute("savepoint indexed")  # FTS5 writes out here what it would at the commit
        except BaseException as error:
            if not self.connection.in_transaction:  # a full disk: the rows are gone as well
                self.index.undo(0)
                raise
            self.execute("rollback to indexing")
            if isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
                self.index.undo(0)
                self._commit()
            raise
        self.execute("release indexing")
        self.index.undo(0)

    def event(self, run_id: int, at: str, kind: str, report_id: int, url: str) -> None:
        """Note what the run found of a report."""
        self.execute(
            "insert into events (run_id, at, kind, report_id, url, detail) select ?, ?, ?, id, ?,"
            " coalesce(coalesce(organ, region) || ' ' || report_year, title, url) from reports where id = ?",
            (run_id, at, kind, url, report_id),
        )

    def problem(self, run_id: int, portal: str | None, problem: Problem, at: str, capture_id: int | None) -> None:
        """Note a problem; of a redacted page only its kind, for its detail may quote the page."""
        if (
            problem.kind != tombstones.WITHHELD
            and self.execute(tombstones.SILENT, (capture_id, problem.url)).fetchone()
        ):
            problem = replace(problem, detail=tombstones.SILENCE)
        self.execute(
            "insert into problems (run_id, portal, url, kind, detail, at, capture_id) values (?, ?, ?, ?, ?, ?, ?)",
            (run_id, portal, problem.url, problem.kind, problem.detail, at, capture_id),
        )
        self.counts["problems"] += 1
