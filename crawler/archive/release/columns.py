"""What every table of a release is made of: columns with their comments, and where rows come from."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from crawler.archive.exchange.columns import Column, Row, type_of
from crawler.archive.release.resource import Resource
from crawler.archive.schema.comments import COMMENTS
from crawler.archive.write.samples import holdings

_REAL = "({0}.portal is null or {0}.portal not in (select id from portals where sample))"
"""The condition that leaves out what is made up, of a table."""
KEY = Column("key", "string", "the report's key: 16 hexadecimal digits, the same in every archive and release")
EXTRA = {
    "document": Column("document", "integer", "0: the report itself; from 1 on its attachments, in their order"),
    "sha256": Column("sha256", "string", "SHA-256 of the body of the page or file that this was read from"),
    "fetched_at": Column("fetched_at", "string", "UTC, when that page or file was fetched"),
    "redacted": Column("redacted", "integer", "1: its body was removed on a legal demand; 0: no"),
    "stands": Column("stands", "integer", "1: the last word on that report or figure; 0: a later review speaks of it"),
    "text": Column("text", "string", "the words, paragraphs parted by a line feed, cells of a table by a tab"),
}
REPORT = (("key", "reports", "key"),)


@dataclass(frozen=True, slots=True)
class Source:
    """A resource and what gives its rows."""

    resource: Resource
    rows: Callable[[sqlite3.Connection], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What goes into a release: all of an archive, or `only_real`, without what is made up."""

    only_real: bool = False

    @property
    def reports(self) -> str:
        """The reports, in SQL."""
        return f"(select * from reports where {self.condition('reports')})" if self.only_real else "reports"

    @property
    def captures(self) -> str:
        """The captures, in SQL."""
        return f"(select * from captures where {self.condition('captures')})" if self.only_real else "captures"

    def condition(self, table: str) -> str:
        """Which rows of a table that has a column `portal`, in SQL."""
        return _REAL.format(table) if self.only_real else "true"


def holdings_of(connection: sqlite3.Connection, with_sample: bool) -> Holdings:
    """All that an archive has; beside what is real without what is made up, unless `with_sample`."""
    return Holdings(only_real=not with_sample and holdings(connection).mixed)


def columns_of(table: str, names: str) -> tuple[Column, ...]:
    """Columns by name: `key`, those that a release alone has, `reports.…` of another table, else of `table`."""
    columns = []
    for name in names.split():
        place, _, column = name.rpartition(".")
        if name == "key":
            columns.append(KEY)
        elif name in EXTRA and name not in COMMENTS[table]:
            columns.append(EXTRA[name])
        else:
            columns.append(Column(column, type_of(place or table, column), COMMENTS[place or table][column]))
    return tuple(columns)


def source(resource: Resource, query: str, *values: object) -> Source:
    def rows(connection: sqlite3.Connection) -> Iterator[Row]:
        cursor = connection.cursor()
        cursor.row_factory = None
        yield from cursor.execute(query, values)

    return Source(resource, rows)


def described(name: str, columns: str, key: str, table: str | None = None, **more: object) -> Resource:
    """A resource of an archive's `table`, which has its name unless it is said."""
    table = table or name
    resource = Resource(name, name, COMMENTS[table][""], columns_of(table, columns), tuple(key.split()))
    return replace(resource, **more)  # type: ignore[arg-type]
