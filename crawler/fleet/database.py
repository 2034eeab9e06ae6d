"""The fleet's database: how it is reached, and its tables, by migrations of its own after those of Procrastinate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any

import procrastinate
import psycopg
from procrastinate.schema import SchemaManager
from psycopg.rows import dict_row

from crawler.records.errors import NianbaoError
from crawler.words.text import one_line

Connection = psycopg.Connection[dict[str, Any]]

REACH: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "application_name": "nianbao fleet",
}
"""What a connection is opened with: one that leads nowhere any more is noticed within half a minute."""

_MIGRATIONS = "migrations"
_LOCK = 0x6E69616E
"""Of the advisory lock that init holds, so that two of them do not make tables at once."""


@contextmanager
def connected(dsn: str) -> Iterator[Connection]:
    """A connection to the fleet's database, each statement its own transaction unless a block says otherwise.

    Raises NianbaoError where it cannot be reached, or has none of the fleet's tables.
    """
    with _opened(dsn) as connection:
        if absent(connection):
            raise NianbaoError("the database has no tables of a fleet, or older ones; `nianbao fleet init` makes them")
        yield connection


@contextmanager
def _opened(dsn: str) -> Iterator[Connection]:
    try:
        connection = psycopg.connect(dsn, autocommit=True, row_factory=dict_row, **REACH)
    except psycopg.Error as error:
        reason = one_line(str(error).partition("\n")[0])
        raise NianbaoError(
            f"the fleet's database cannot be reached ({reason});"
            " expected --database or NIANBAO_FLEET as in postgresql://user@host/name"
        ) from error
    try:
        yield connection
    except psycopg.OperationalError as error:
        raise NianbaoError(f"the fleet's database went away: {str(error).splitlines()[0]}; try again") from error
    finally:
        connection.close()


def init(dsn: str, store: str) -> list[str]:
    """Make the tables that are not there yet, and note where archives are kept; what was applied, by name.

    Raises NianbaoError where the fleet keeps its archives elsewhere already.
    """
    with _opened(dsn) as connection, connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        applied = _queue(connection)
        for name in absent(connection):
            connection.execute(_text(name))
            connection.execute("insert into fleet.migrations (name) values (%s)", [name])
            applied.append(name)
        fact = connection.execute("select store from fleet.facts").fetchone()
        if fact is None:
            connection.execute(
                "insert into fleet.facts (store, procrastinate) values (%s, %s)", [store, procrastinate.__version__]
            )
        elif fact["store"] != store:
            raise NianbaoError(f"this fleet keeps its archives in {fact['store']}; expected that as --store")
        connection.execute("update fleet.facts set procrastinate = %s", [procrastinate.__version__])
    return applied


def store_of(connection: Connection) -> str:
    """The address of the store that `init` was told."""
    row = connection.execute("select store from fleet.facts").fetchone()
    assert row is not None
    store: str = row["store"]
    return store


def absent(connection: Connection) -> list[str]:
    """The fleet's migrations that are not applied, in order."""
    names = sorted(
        entry.name for entry in (resources.files("crawler.fleet") / _MIGRATIONS).iterdir() if entry.name[:4].isdigit()
    )
    row = connection.execute("select to_regclass('fleet.migrations') is not null as there").fetchone()
    if row is None or not row["there"]:
        return names
    done = {row["name"] for row in connection.execute("select name from fleet.migrations")}
    return [name for name in names if name not in done]


def _text(name: str) -> bytes:
    return (resources.files("crawler.fleet") / _MIGRATIONS / name).read_bytes()


def _queue(connection: Connection) -> list[str]:
    """Make the tables of Procrastinate, or bring them up to the release that is installed."""
    row = connection.execute("select to_regclass('procrastinate_jobs') is not null as there").fetchone()
    if row is None or not row["there"]:
        connection.execute(SchemaManager.get_schema().encode())
        return [f"procrastinate {procrastinate.__version__}"]
    row = connection.execute("select to_regclass('fleet.facts') is not null as there").fetchone()
    if row is None or not row["there"]:
        raise NianbaoError(
            "the database has jobs of Procrastinate that are no fleet's; expected a database of the fleet's own"
        )
    facts = connection.execute("select procrastinate from fleet.facts").fetchone()
    assert facts is not None
    applied = []
    for entry in sorted((resources.files("procrastinate") / "sql/migrations").iterdir(), key=lambda file: file.name):
        if (match := re.match(r"(\d+\.\d+\.\d+)_\d+_", entry.name)) and _release(match[1]) > _release(
            facts["procrastinate"]
        ):
            connection.execute(entry.read_bytes())
            applied.append(f"procrastinate {entry.name}")
    return applied


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
