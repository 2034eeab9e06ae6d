"""Captures as they were taken in, for deriving them again without the network."""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol, runtime_checkable

from crawler.archive.file.blobs import BlobReader
from crawler.archive.file.tombstones import standing
from crawler.records.capture import RENDERED, Capture, Context, steps_of
from crawler.records.errors import ArchiveError
from crawler.records.page import Page

IMPORT = "import:"
"""What the name of a file begins with where a run's portals stand, for a run that imported it."""


def newest_first(of: str = "captures") -> str:
    """The order of captures at one address, the newest first: last met by the latest run, then last seen, then made.

    What an import brings late stands behind what a crawl saw since; what came back stands before what it replaced. What
    a web archive captured stands behind all that came from the address itself, by its own time.
    """
    elsewhere = f"{of}.source is not null"
    own_time = f"case when {elsewhere} then {of}.last_seen_at end"
    return f"{elsewhere}, {own_time} desc, {of}.last_run_id desc, {of}.last_seen_at desc, {of}.id desc"


def newest(columns: str = "id", *, url: str = "?", among: str = "") -> str:
    """The SELECT of the newest capture at an address, its `columns`; no row where there is none.

    `url`: a parameter, or the column that holds the address. `among`: which captures count (SQL; `stood` is the table),
    where not all do.
    """
    where = f"stood.url = {url}" + (f" and {among}" if among else "")
    return f"select {columns} from captures as stood where {where} order by {newest_first('stood')} limit 1"


class Material(NamedTuple):
    """What a page is derived from; `files`: bodies of a report's attachments by address; `fatal`: documents that are
    not to be read, by SHA-256, and why."""

    capture: Capture
    context: Context
    files: Mapping[str, bytes] | None = None
    fatal: Mapping[str, str] | None = None


class Derive(Protocol):
    """All stages in order, as `pipelines.derive`; handed in, because the archive stands on a lower floor."""

    def __call__(
        self,
        capture: Capture,
        context: Context,
        files: Mapping[str, bytes] | None = None,
        fatal: Mapping[str, str] | None = None,
        /,
    ) -> Page:
        """The page of a capture; the parameters are those of Material."""


@runtime_checkable
class Stream(Protocol):
    """A `Derive` that reads several captures at a time."""

    def stream(self, materials: Iterable[Material]) -> Iterator[Page]:
        """The pages in the order of their captures."""


def derived(derive: Derive, materials: Iterable[Material]) -> Iterator[Page]:
    """The pages of captures in their order, several read at a time where `derive` can do that."""
    if isinstance(derive, Stream):
        return derive.stream(materials)
    return (derive(*material) for material in materials)


Whole = Callable[[], AbstractContextManager[None]]
"""What is written within is written as a whole; a run may commit between two of them."""


def pages_again(
    connection: sqlite3.Connection,
    derive: Derive,
    ids: list[int] | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Iterator[tuple[sqlite3.Row, Page]]:
    """The captures `ids`, else every one in the order of making: its row, and the page that follows from it, with
    `files` where they are given. Of a redacted capture follows its tombstone.

    Raises ArchiveError where a body is missing, or anything of a capture is damaged.
    """
    if ids is None:
        ids = [row[0] for row in connection.execute("select id from captures order by id")]
    waiting: deque[tuple[sqlite3.Row, Page | None]] = deque()

    def materials() -> Iterator[Material]:
        """Of all captures that have a body; what `waiting` holds says which those are."""
        reader = BlobReader(connection)
        for capture_id in ids:
            row = connection.execute("select * from captures where id = ?", (capture_id,)).fetchone()
            try:
                capture, context = capture_of(row), Context(**json.loads(row["context"]))
            except (ValueError, TypeError, KeyError) as error:
                raise ArchiveError(f"headers, trail or context of capture {capture_id} are damaged: {error}") from error
            page = standing(connection, row, capture, context)
            waiting.append((row, page))
            if page is None:
                body = reader.get(row["sha256"])
                if body is None:
                    raise ArchiveError(f"the body {row['sha256']} of capture {capture_id} is missing")
                capture.body = body
                yield Material(capture, context, files)

    for page in derived(derive, materials()):
        # Before it stand the tombstones that were met on the way there.
        while (entry := waiting.popleft())[1] is not None:
            yield entry[0], entry[1]
        yield entry[0], page
    for row, tombstone in waiting:
        assert tombstone is not None
        yield row, tombstone


def capture_of(row: sqlite3.Row) -> Capture:
    """The record of a row, without its body. Raises ValueError, TypeError, KeyError where its JSON is damaged."""
    return Capture(
        url=row["url"].removesuffix(RENDERED),
        status=row["status"],
        headers=[(name, value) for name, value in json.loads(row["headers"])],
        body=b"",
        fetched_at=row["fetched_at"],
        portal=row["portal"],
        trail=steps_of(json.loads(row["trail"])),
        rendered=row["url"].endswith(RENDERED),
        source=row["source"],
    )
