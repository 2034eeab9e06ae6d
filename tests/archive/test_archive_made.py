"""A disk that is full while an archive is made, at every point of it: the next try makes it, and nobody else's file."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from crawler.archive import schema
from crawler.archive.archive import Archive
from crawler.archive.file.connection import connect
from crawler.records.errors import ArchiveError, ArchiveLockedError
from tests.support.archive_toy import derive, page
from tests.support.thorough import THOROUGH

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("archives_afresh")]

STEP = 6_000 if THOROUGH else 24_000
"""Bytes between two limits: SQLite writes pages of 4,096, and to its log 4,120 for each."""


@contextmanager
def full_after(size: int) -> Iterator[None]:
    """No file of this process can become longer than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def whole(path: Path) -> bool:
    with Archive.open(path) as archive:
        archive.begin_run(["somewhere"])
        archive.store(page("/a.html", text="字"))
    with Archive.read(path) as archive:
        return archive.verify(derive, every=True) == []


def test_made_whole_or_not_at_all(tmp_path: Path) -> None:
    """What a try leaves is, for most limits, what it left for the one before: from that the next try ends the same."""
    size, failed, remains = 0, 0, set()
    while True:
        path = tmp_path / str(size) / "a.db"
        path.parent.mkdir()
        with full_after(size):
            try:
                Archive.open(path).close()
                break
            except ArchiveError:
                failed += 1
        remnant = tuple((file.name, file.read_bytes()) for file in sorted(path.parent.iterdir()))
        if remnant not in remains:
            remains.add(remnant)
            if path.exists() and path.stat().st_size:
                with suppress(sqlite3.DatabaseError), sqlite3.connect(path) as connection:
                    assert connection.execute("select count(*) from sqlite_master").fetchone() == (0,)
            assert whole(path), size
        size += STEP
    assert whole(path)
    assert failed > 20


def test_brought_up_to_date_wholly_or_not_at_all(tmp_path: Path) -> None:
    """The same where an archive of an older program gets its new tables."""
    path, size = tmp_path / "a.db", 0
    with closing(connect(path, "mode=rwc")) as connection:
        connection.execute("pragma journal_mode = wal")
        schema.migrate(connection, "0005_search")
        connection.execute("insert into runs (started_at, status, portals) values ('x', 'finished', '[]')")
    while True:
        with full_after(size):
            try:
                Archive.open(path).close()
                break
            except ArchiveError:
                size += STEP
        with closing(connect(path)) as connection:
            assert connection.execute("pragma user_version").fetchone()[0] == 4
    assert size > 10 * STEP
    assert whole(path)


def test_a_lock_on_a_full_disk_holds_all_the_same(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as first, Archive.open(tmp_path / "a.db") as second:
        with full_after(0):
            first.lock()
        with pytest.raises(ArchiveLockedError):
            second.lock()


HALF_MADE = 'create table "_sqlite_migrations" (id integer primary key, migration_set text, name text, applied_at text)'


def test_one_that_an_older_program_left_half_made_is_made_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute(HALF_MADE)
        connection.execute('create unique index half on "_sqlite_migrations" (migration_set, name)')
    connection.close()
    assert whole(path)


@pytest.mark.parametrize(
    "statements",
    [
        [HALF_MADE, "insert into _sqlite_migrations values (1, 'other', '0001', 'x')"],
        [HALF_MADE, "create table other (id)"],
        ["create table _sqlite_migrations (x)", "insert into _sqlite_migrations values (1)"],
        ["pragma application_id = 7"],
        ["create view reports as select 1"],
    ],
)
def test_a_file_of_another_program_is_left_alone(tmp_path: Path, statements: list[str]) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="other"):
        Archive.open(path)
    assert path.read_bytes() == before
