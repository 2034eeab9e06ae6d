"""An archive as Datasette sees it: queries go to processes apart, fixed functions to threads that no query can fill."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar, copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from datasette.database import Database, QueryInterrupted, Results  # type: ignore[import-untyped]
from datasette.tracer import trace  # type: ignore[import-untyped]
from datasette.utils import derive_named_parameters  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from crawler.archive.file.connection import read_only_address
from crawler.archive.queries.reader import Reader
from crawler.archive.sandbox.pool import OverloadError, Pool
from crawler.archive.sandbox.question import Answer, Question
from crawler.reference.population import NOBODY, Population

if TYPE_CHECKING:
    from crawler.archive.corpus.reader import Shelf

Outcome = TypeVar("Outcome")

PROCESSES = 2
"""Processes for SQL that strangers wrote, and as many for what Datasette itself asks: a core each, and one to spare."""
WAITING = 20
"""Queries that may wait for a process; with PROCESSES and 3 s a query the last waits 30 s. More are refused, 503."""
THREADS = 4
"""Threads for our own pages and for what Datasette looks up in the schema."""

written: ContextVar[bool] = ContextVar("written", default=False)
"""Whether the request at hand carries SQL of its own, which then takes no process from tables and canned queries."""
as_csv: ContextVar[bool] = ContextVar("as_csv", default=False)
"""Whether it asks for CSV: Datasette would answer a query that failed with an empty file and status 200."""


class Row(tuple[Any, ...]):
    """A row by place and by name, as sqlite3.Row, which cannot be made without a cursor."""

    __slots__ = ()
    names: Sequence[str] = ()
    places: Mapping[str, int] = {}

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            place = self.places.get(key.lower())
            if place is None:
                raise IndexError("No item with that key")
            return super().__getitem__(place)
        return super().__getitem__(key)

    def keys(self) -> list[str]:
        """The names of the columns."""
        return list(self.names)


def _as_results(answer: Answer) -> Any:
    places = {name.lower(): place for place, name in reversed(list(enumerate(answer.columns)))}  # the first of a name
    kind = type("Row", (Row,), {"__slots__": (), "names": answer.columns, "places": places})
    description = tuple((name, None, None, None, None, None, None) for name in answer.columns)
    return Results([kind(row) for row in answer.rows], answer.truncated, description)


class ArchiveDatabase(Database):  # type: ignore[misc]
    """`immutable`: the file is a copy that nobody writes to in place. A new file under the same name is taken up.
    `population`: the table of people by which rates are told. `shelf`: the file is the front of many archives, which
    are there."""

    def __init__(
        self,
        datasette: Any,
        path: str,
        *,
        immutable: bool = False,
        population: Population = NOBODY,
        shelf: Shelf | None = None,
    ) -> None:
        super().__init__(datasette, path, is_mutable=not immutable)
        self.shelf = shelf
        self.population = population
        self._threads = ThreadPoolExecutor(THREADS, "page")
        self._local = threading.local()
        self._written, self._asked = Pool(PROCESSES, WAITING), Pool(PROCESSES, WAITING)
        self._counted: tuple[int, ...] | None = None

    @property
    def hash(self) -> None:
        """None: Datasette would read the whole file for it while every other request waits."""
        return None

    @property
    def size(self) -> int:
        """Bytes of the file, as it is now."""
        return Path(self.path).stat().st_size

    def _state(self) -> tuple[str, tuple[int, ...]]:
        """The address to open, and what changes with another file there, or with one that was opened as immutable."""
        address = read_only_address(Path(self.path), immutable=not self.is_mutable)
        stat = Path(self.path).stat()
        return address, (stat.st_ino, *((stat.st_mtime_ns, stat.st_size) if "immutable" in address else ()))

    def version(self) -> tuple[int, ...]:
        """What changes with every commit: of the file inode, time and size, of the log beside it time and size, where
        anything is in it: who only reads may make an empty one."""
        file, log = Path(self.path).stat(), (0, 0)
        with suppress(FileNotFoundError):
            stat = Path(f"{self.path}-wal").stat()
            log = (stat.st_mtime_ns, stat.st_size) if stat.st_size else log
        further = () if self.shelf is None else self.shelf.version()
        return (file.st_ino, file.st_mtime_ns, file.st_size, *log, *further)

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection that reads; Raises sqlite3.OperationalError where one that writes is asked for."""
        if write:
            raise sqlite3.OperationalError("the site does not write to an archive")
        connection = sqlite3.connect(self._state()[0], uri=True, check_same_thread=False)
        self._all_file_connections.append(connection)
        return connection

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Outcome]) -> Outcome:
        """What a fixed function finds, over a connection of one of our threads."""

        def in_thread() -> Outcome:
            for _ in range(3):
                state = self._state()
                answer = fn(self._connection(state))
                if self._state() == state:
                    break  # else the file changed under an immutable connection, and what was found may be torn
            return answer

        # The language of the request is to be known in the thread as well.
        return await asyncio.get_running_loop().run_in_executor(self._threads, copy_context().run, in_thread)

    async def read(self, ask: Callable[[Reader], Outcome]) -> Outcome:
        """What one of our pages asks of the archive, as `execute_fn` does it."""
        reader = Reader if self.shelf is None else self.shelf.reader
        return await self.execute_fn(lambda connection: ask(reader(connection, self.population)))

    def _connection(self, state: tuple[str, tuple[int, ...]]) -> sqlite3.Connection:
        if getattr(self._local, "state", None) != state:
            if (last := getattr(self._local, "opened", None)) is not None:
                self._all_file_connections.remove(last)
                last.close()
            connection = self.connect()
            longest = connection.getlimit(sqlite3.SQLITE_LIMIT_LENGTH)
            self.ds._prepare_connection(connection, self.name)
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)  # no stranger's SQL comes here, any body may
            self._local.opened, self._local.state = connection, state
        opened_connection: sqlite3.Connection = self._local.opened
        return opened_connection

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Any:
        """What Datasette asks in SQL, its own or a stranger's, answered by a process of limited time and memory.

        Raises QueryInterrupted for one that took too long, sqlite3.OperationalError for one that has no answer, and
        DatasetteError with status 503 where too many wait.
        """
        most = self.ds.max_returned_rows
        if most and most == (page_size or self.ds.page_size):
            most += 1  # Datasette tells by one row more that there is a further page
        milliseconds = min(self.ds.sql_time_limit_ms, custom_time_limit or self.ds.sql_time_limit_ms)
        parameters = await _resolved(self, sql, params)
        rows = most if truncate and most else None
        pool = self._written if written.get() else self._asked
        with trace("sql", database=self.name, sql=sql.strip(), params=params):
            for _ in range(3):
                state = self._state()
                try:
                    answer = await pool.ask(Question(*state, sql, parameters, rows, max(milliseconds, 1) / 1000))
                except OverloadError:
                    raise DatasetteError(
                        "Too many queries wait for an answer; please try again in a minute.",
                        title="Too many queries",
                        status=503,
                    ) from None
                if self._state() == state:
                    break
        if answer.late:
            raise QueryInterrupted(answer.error, sql, params)
        if answer.error is not None:
            if as_csv.get():
                raise DatasetteError(answer.error, title="Invalid SQL", status=400)
            raise sqlite3.OperationalError(answer.error)
        return _as_results(answer)

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        """Rows by table; for a copy counted once, until another takes its place."""
        state = self._state()[1]
        if self._counted != state:
            self._counted, self._cached_table_counts = state, None
        counts: dict[str, int | None] = await super().table_counts(limit)
        return counts

    async def attached_databases(self) -> list[Any]:
        """None: to ask names the folder of the archive, and nothing can be attached."""
        return []

    def close(self) -> None:
        """Close all connections and end all processes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._written.close()
        self._asked.close()
        super().close()


async def _resolved(database: ArchiveDatabase, sql: str, params: Any) -> dict[str, Any] | list[Any]:
    """Parameters as plain values: Datasette's magic ones (`:_now_epoch`) are made when they are looked at."""
    if params is None:
        return {}
    if not isinstance(params, dict):
        return list(params)
    values = dict(params.items())
    if type(params) is not dict:
        for name in await derive_named_parameters(database, sql):
            if name.startswith("_") and name not in values:
                values[name] = params[name]
    return values
