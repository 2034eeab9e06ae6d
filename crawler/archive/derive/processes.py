"""Captures derived by several processes at once, given back in their order."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive.file.captures import Derive, pages_again
from crawler.archive.file.connection import open_for_reading
from crawler.records.errors import ArchiveError
from crawler.records.page import Page

if TYPE_CHECKING:
    from concurrent.futures import Future

A_BATCH = 40
"""Captures handed to a process at a time: a quarter of a second's work, some megabytes of pages to give back."""
WORTH_IT = 400
"""Captures from which a second process is worth its start of half a second."""

_connection: sqlite3.Connection
_derive: Derive


def pages(
    connection: sqlite3.Connection, path: Path, derive: Derive, jobs: int, ids: list[int] | None = None
) -> Iterator[tuple[sqlite3.Row, Page]]:
    """The row and page of the captures `ids`, else of every one, in the order of making.

    With more than one of `jobs` the pages come without their bytes and trees, and `derive` must be a function of a
    module. Raises ArchiveError where a body is damaged.
    """
    if ids is None:
        ids = [row[0] for row in connection.execute("select id from captures order by id")]
    if jobs < 2 or len(ids) < WORTH_IT:
        yield from pages_again(connection, derive, ids)
        return
    from concurrent.futures import ProcessPoolExecutor  # a quarter of what `nianbao show` takes to start
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    batches = (ids[at : at + A_BATCH] for at in range(0, len(ids), A_BATCH))
    waiting: deque[tuple[list[int], Future[list[Page]]]] = deque()
    # Processes started anew, not forked: a forked one would hold our connection to the archive.
    try:
        with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (path, derive)) as pool:
            for batch in batches:
                waiting.append((batch, pool.submit(_batch, batch)))
                if len(waiting) > 2 * jobs:
                    yield from _rows(connection, *waiting.popleft())
            while waiting:
                yield from _rows(connection, *waiting.popleft())
    except BrokenProcessPool:
        # What each had in hand is noted; whoever is next to derive everything finds out which page it was.
        said = "a process died while it read a capture; nothing was changed, and the next rebuild leaves that one out"
        raise ArchiveError(said) from None


def _rows(
    connection: sqlite3.Connection, ids: list[int], done: Future[list[Page]]
) -> Iterator[tuple[sqlite3.Row, Page]]:
    for capture_id, page in zip(ids, done.result(), strict=True):
        yield connection.execute("select * from captures where id = ?", (capture_id,)).fetchone(), page


def _begin(path: Path, derive: Derive) -> None:
    global _connection, _derive
    _connection, _derive = open_for_reading(path), derive


def _batch(ids: list[int]) -> list[Page]:
    found = []
    for _, page in pages_again(_connection, _derive, ids):
        page.tree = page.body = page.html = page.seen = page.marked = page.document = None
        page.capture.body = b""  # it is in the archive; nothing that writes rows asks for it
        found.append(page)
    return found
