"""The reading half over many archives: tables out of their front, texts and bodies out of the archive that has them,
search by their index. Whoever reads an archive reads this by the same questions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.archive.corpus.search import SearchIndex
from crawler.archive.file.captures import Derive
from crawler.archive.file.connection import open_for_reading
from crawler.archive.queries.captures import Captures
from crawler.archive.queries.kin import Kin
from crawler.archive.queries.places import EVERYTHING, Sieve
from crawler.archive.queries.reader import Reader
from crawler.archive.queries.reports import Reports
from crawler.archive.queries.rows import Subject
from crawler.archive.queries.search import Hit, Results
from crawler.records.errors import QueryError
from crawler.reference.population import NOBODY, Population

_AT_ONCE = 500
"""Reports of which the index is asked at a time whether they are hits."""
Locate = Callable[[str], Path]
"""The file of the archive of a holder. May raise NianbaoError."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where what the front has not is to be had. `index`: the folder of the search index, None for none."""

    locate: Locate
    index: Path | None = None

    def reader(self, connection: sqlite3.Connection, population: Population = NOBODY) -> Reader:
        """What may be asked of the archives, over a connection to their front."""
        return ShelfReader(connection, population, self)

    @contextmanager
    def archive(self, holder: str) -> Iterator[Reader]:
        """The archive of a holder. Raises NianbaoError."""
        with closing(open_for_reading(self.locate(holder), immutable=True)) as connection:
            yield Reader(connection)

    def version(self) -> tuple[int, ...]:
        """What changes with the index."""
        return () if self.index is None else SearchIndex.version(self.index)


class ShelfReader(Reader):
    """A Reader of many archives."""

    def __init__(self, connection: sqlite3.Connection, population: Population, shelf: Shelf) -> None:
        super().__init__(connection, population)
        self._shelf = shelf
        self.captures: Captures = _Captures(connection, shelf)
        self.reports: Reports = _Reports(connection, shelf)
        self.kin = Kin(connection, self.reports.text)

    def search(
        self, query: str, *, sieve: Sieve = EVERYTHING, sort: str = "relevance", limit: int = 20, offset: int = 0
    ) -> Results:
        """As of one archive, by the index. Raises QueryError, also where there is no index."""
        return self._index().search(query, sieve=sieve, sort=sort, limit=limit, offset=offset)

    def latest(self, query: str, sieve: Sieve, count: int) -> list[tuple[str, Hit]]:
        """As of one archive: from the newest back, the index is asked which are hits."""
        index = self._index()
        rows = self.connection.execute(
            "select max(observed_at), report_id from report_versions group by report_id order by 1 desc, 2 desc"
        )
        hits: list[tuple[str, Hit]] = []
        while len(hits) < count and (some := rows.fetchmany(_AT_ONCE)):
            among = index.among(query, sieve, [number for _, number in some])
            hits += [(at, among[number]) for at, number in some if number in among]
        return hits[:count]

    def unindexed(self) -> list[str]:
        """The portals of which the index has another generation than the site, or none."""
        if self._shelf.index is None:
            return []
        held = dict(self.connection.execute("select portal, generation from generations").fetchall())
        indexed = self._index().generations
        return sorted(name for name in {*held, *indexed} if held.get(name) != indexed.get(name))

    def _index(self) -> SearchIndex:
        if self._shelf.index is None:
            raise QueryError("this site was given no search index: `nianbao index` makes one, serve --index names it")
        return SearchIndex.at(self._shelf.index)


class _Shelved(Subject):
    """A subject that looks into the archives of a shelf as well."""

    def __init__(self, connection: sqlite3.Connection, shelf: Shelf) -> None:
        super().__init__(connection)
        self._shelf = shelf


class _Captures(_Shelved, Captures):
    """Captures whose bodies stand in the archives."""

    def body(self, what: str) -> bytes | None:
        """As of one archive."""
        sha256 = self._sha256_of(what)
        row = self._execute(
            "select holder from captures join capture_places using (id) where sha256 = ?"
            " order by id in (select capture_id from redacted_captures), id limit 1",
            (sha256,),
        ).fetchone()
        if sha256 is None or row is None:
            return None
        with self._shelf.archive(row["holder"]) as archive:
            return archive.captures.body(sha256)


class _Reports(_Shelved, Reports):
    """Reports whose words stand in the archives."""

    def get(self, report_id: int) -> dict[str, Any] | None:
        """As of one archive."""
        entry = super().get(report_id)
        return None if entry is None else entry | {"text": self.text(report_id)}

    def contents(self, report_id: int) -> dict[str, Any]:
        """As of one archive, with the numbers of this one."""
        holder, number = self._place(report_id)
        with self._shelf.archive(holder) as archive:
            parts = archive.reports.contents(number)
        for rows in parts.values():
            for row in rows:
                row["report_id"] = report_id
                if row.get("capture_id") is not None:
                    row["capture_id"] = self._capture(holder, row["capture_id"])
        return parts

    def text(self, report_id: int) -> str | None:
        """As of one archive."""
        holder, number = self._place(report_id)
        with self._shelf.archive(holder) as archive:
            return archive.reports.text(number)

    def files_read(self, report_id: int) -> list[dict[str, Any]]:
        """As of one archive."""
        holder, number = self._place(report_id)
        with self._shelf.archive(holder) as archive:
            return archive.reports.files_read(number)

    def version(self, report_id: int, version: int, derive: Derive) -> dict[str, Any]:
        """As of one archive."""
        row = self._execute(
            "select capture_id, holder, report_places.number from report_versions"
            " join capture_places on capture_places.id = capture_id join report_places using (holder)"
            " where report_id = ?1 and version = ?2 and report_places.id = ?1",
            (report_id, version),
        ).fetchone()
        if row is None:
            raise KeyError(version)
        with self._shelf.archive(row["holder"]) as archive:
            words = archive.reports.version(row["number"], version, derive)
        words["seen"]["capture_id"] = row["capture_id"]
        return words

    def _place(self, report_id: int) -> tuple[str, int]:
        holder, number = self._execute(
            "select holder, number from report_places where id = ? and leads", (report_id,)
        ).fetchone()
        return holder, number

    def _capture(self, holder: str, number: int) -> int | None:
        """The number here of a capture there."""
        row = self._execute(
            "select id from capture_places where holder = ? and number = ?", (holder, number)
        ).fetchone()
        return None if row is None else int(row["id"])
