"""Digests of rows that no capture gives again: whoever flips a bit of one, `nianbao verify` tells.

A body has its SHA-256, and what follows from bodies is derived again and compared. All else (captures' own columns,
runs, events, lists …) has a row in table `seals`. The connection that writes keeps them, by triggers of its own that
no file holds: an archive stays one that any SQLite program reads and writes. A row that was damaged, and is changed
by a later run, keeps the seal that it does not fit.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crawler.archive import schema
from crawler.archive.file import observed

_KEYS = json.JSONEncoder(ensure_ascii=False, default=bytes.hex)
MOST_NAMED = 5
"""Rows named of one table; the others are counted."""

_LOOKUP = "select digest from seals where name = ? and key = ?"
_HASHED = {"blobs": ("body",)}
"""Columns whose bytes have a hash in their own row."""
_STATISTICS = "sqlite_stat1"
_GIVEN_UP = frozenset({"ways", _STATISTICS})
"""Tables that anyone may empty: a memory of pages read, and the planner's statistics."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table with seals: the columns that tell its rows apart, all columns that a seal is over, and which rows."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    where: str = ""

    @property
    def query(self) -> str:
        """The rows, key first."""
        return f"select {', '.join((*self.key, *self.columns))} from {self.name}{self.where}"


def digest(*values: object) -> int:
    """64 bits over values as SQLite holds them; the number 1, the text 1 and the bytes 1 are three things."""
    parts: list[bytes] = []
    for value in values:
        if isinstance(value, str):
            kind, held = "s", value.encode("utf-8", "surrogateescape")
        elif isinstance(value, bytes):
            kind, held = "b", value
        else:
            kind, held = "n", repr(value).encode()
        parts += (f"{kind}{len(held)}:".encode(), held)
    return int.from_bytes(hashlib.blake2b(b"".join(parts), digest_size=8).digest(), "big", signed=True)


def key_of(*values: object) -> Any:
    """What `seals.key` has for a row: the value of its key, or a JSON list where the key has several columns."""
    return values[0] if len(values) == 1 else _KEYS.encode(values)


def keep(connection: sqlite3.Connection) -> None:
    """Let every row that this connection writes from now on be sealed."""
    connection.create_function("nianbao_digest", -1, digest, deterministic=True)
    connection.create_function("nianbao_key", -1, key_of, deterministic=True)
    # A row that another one replaces is a row deleted.
    connection.execute("pragma recursive_triggers = on")
    for table in _tables(connection):
        for statement in _triggers(table):
            connection.execute(statement)
    for name in observed.counted(connection):
        connection.execute(_COUNTED.format(name, _UPSERT))


def renew(connection: sqlite3.Connection, damaged: dict[str, set[object]]) -> None:
    """Seal every row as it stands, within the caller's transaction, but for those `damaged` (see `damages`)."""
    for table in (*_tables(connection), *_system(connection)):
        _renew(connection, table, damaged.get(table.name, set()))


def renew_statistics(connection: sqlite3.Connection) -> None:
    """Seal the planner's statistics, which SQLite writes where no trigger sees it, as they are now."""
    for table in _system(connection):
        if table.name == _STATISTICS:
            _renew(connection, table, set())


def _renew(connection: sqlite3.Connection, table: Sealed, damaged: set[object]) -> None:
    if not damaged:
        connection.execute("delete from seals where name = ?", (table.name,))
    connection.executemany(
        "insert or replace into seals values (?, ?, ?)",
        [(table.name, key, digest(*values)) for key, values in _rows(connection, table) if key not in damaged],
    )


def damages(connection: sqlite3.Connection) -> dict[str, set[object]]:
    """By table the keys of rows that do not fit their seals, that have none, or that have a seal and are gone."""
    return {
        table.name: {key for key, _ in _wrong(connection, table)}
        for table in (*_tables(connection), *_system(connection))
    }


def failures(connection: sqlite3.Connection) -> Iterator[str]:
    """A sentence for each row (of a table the first few) that is not what was written."""
    tables = (*_tables(connection), *_system(connection))
    for table in tables:
        try:
            wrong = list(_wrong(connection, table))
        except sqlite3.DatabaseError as error:
            yield f"{table.name} cannot be read: {error}"
            continue
        for key, what in wrong[:MOST_NAMED]:
            yield f"{table.name} row {key}: {what}"
        if len(wrong) > MOST_NAMED:
            yield f"{table.name}: {len(wrong) - MOST_NAMED} more rows are not what was written"
    known = {table.name for table in tables} | _GIVEN_UP
    for (name,) in connection.execute("select distinct name from seals").fetchall():
        if name not in known:
            yield f"seals row {name}: there is no such table"


def _wrong(connection: sqlite3.Connection, table: Sealed) -> Iterator[tuple[object, str]]:
    met = 0
    for key, values in _rows(connection, table):
        try:
            seal = connection.execute(_LOOKUP, (table.name, key)).fetchone()
        except UnicodeEncodeError:
            seal = None
        met += seal is not None
        if seal is None:
            yield key, "it has no seal: nianbao did not write it, or its key is damaged"
        elif seal[0] != digest(*values):
            yield key, f"it is not what was written: {', '.join(table.columns)} have another digest"
    (count,) = connection.execute("select count(*) from seals where name = ?", (table.name,)).fetchone()
    if met < count and table.name not in _GIVEN_UP:
        there = {key for key, _ in _rows(connection, table)}
        for (key,) in connection.execute("select key from seals where name = ?", (table.name,)).fetchall():
            if key not in there:
                yield key, "it was written, and is not there"


def _rows(connection: sqlite3.Connection, table: Sealed) -> Iterator[tuple[object, tuple[object, ...]]]:
    """Key and values of each row. Text that is no UTF-8 any more is read as it is; the seal will not fit it."""
    cursor = connection.cursor()
    cursor.row_factory = None
    factory = connection.text_factory
    many = len(table.key)
    try:
        connection.text_factory = _text
        cursor.execute(table.query)
        while rows := cursor.fetchmany(500):
            for row in rows:
                yield key_of(*row[:many]), row[many:]
    finally:
        connection.text_factory = factory


def _text(held: bytes) -> str:
    return held.decode("utf-8", "surrogateescape")


def _tables(connection: sqlite3.Connection) -> list[Sealed]:
    """The tables that hold what was observed, as far as they are there."""
    found = []
    for name in observed.observed(connection):
        columns = connection.execute(f"pragma table_info([{name}])").fetchall()
        others = (*schema.DERIVED_COLUMNS.get(name, ()), *_HASHED.get(name, ()))
        key = tuple(row[1] for row in sorted(columns, key=lambda row: row[5]) if row[5])
        found.append(Sealed(name, key, tuple(row[1] for row in columns if row[1] not in others)))
    return found


def _system(connection: sqlite3.Connection) -> list[Sealed]:
    """What SQLite keeps of its own: the statements that made the tables, the last numbers given, statistics."""
    names = ", ".join(f"'{name}'" for name in sorted(observed.names()))
    # Where a table begins in the file is not sealed: VACUUM moves it, and SQLite's own check follows it.
    # Sealed is also what an older program made and a migration is about to drop.
    ours = f" where name in ({names}) or name in (select key from seals where name = 'sqlite_schema')"
    held = [Sealed("sqlite_schema", ("name",), ("type", "name", "tbl_name", "sql"), ours)]
    held.append(Sealed("sqlite_sequence", ("name",), ("name", "seq")))
    if connection.execute("select 1 from sqlite_schema where name = ?", (_STATISTICS,)).fetchone():
        held.append(Sealed(_STATISTICS, ("tbl", "idx"), ("tbl", "idx", "stat")))
    return held


def _call(function: str, row: str, columns: tuple[str, ...]) -> str:
    return f"{function}({', '.join(f'{row}.{column}' for column in columns)})"


_UPSERT = "on conflict (name, key) do update set digest = excluded.digest"
"""Not `or replace`: what the statement that fires a trigger says of conflicts goes before that, and not before this."""


def _triggers(table: Sealed) -> Iterator[str]:
    """Kept in the memory of a connection (`temp`). The plus of a key takes its type off: `seals.key` has none, and is
    looked up in its index only by what has none either."""
    name = table.name
    old, new = (
        f"+{row}.{table.key[0]}" if len(table.key) == 1 else _call("nianbao_key", row, table.key)
        for row in ("old", "new")
    )
    was, is_now = (_call("nianbao_digest", row, table.columns) for row in ("old", "new"))
    begin = f"create temp trigger seal_{name}"
    gone = f"delete from seals where name = '{name}' and key = "
    yield (
        f"{begin}_insert after insert on main.{name} begin"
        f" insert into seals values ('{name}', {new}, {is_now}) {_UPSERT}; end"
    )
    yield (
        f"{begin}_update after update of {', '.join(table.columns)} on main.{name} begin"
        f" update seals set key = {new}, digest = {is_now}"
        f" where name = '{name}' and key = {old} and digest = {was}; end"
    )
    yield f"{begin}_delete after delete on main.{name} begin {gone}{old}; end"


_COUNTED = """create temp trigger seal_{0}_count after insert on main.{0} begin
    insert into seals select 'sqlite_sequence', '{0}', nianbao_digest(
        '{0}', max(new.id, coalesce((select seq from sqlite_sequence where name = '{0}'), 0))) where true {1};
end"""
"""The last number given is one that SQLite writes down after the row that has it."""
