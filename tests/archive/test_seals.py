"""Rows that no capture gives again have a digest of their own, kept by whatever writes them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import schema
from crawler.archive.archive import Archive
from crawler.archive.file import seals
from crawler.archive.file.connection import connect
from crawler.records.problems import Problem
from tests.support.archive_small import derive, make
from tests.support.archive_toy import SITE, page

pytestmark = pytest.mark.slow

VALUES = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text() | st.binary()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make(tmp_path_factory.mktemp("seals") / "a.db")


@pytest.fixture
def archive(whole: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    path.write_bytes(whole)
    return path


def change(path: Path, statement: str) -> None:
    """As another program would."""
    connection = sqlite3.connect(path)
    with connection:
        assert connection.execute(statement).rowcount
    connection.close()


def said(path: Path) -> list[str]:
    with Archive.read(path) as reading:
        return reading.verify()


OBSERVED = {
    ("captures", column): f"update captures set {column} = {value} where id = 2"
    for column, value in {
        "portal": "'x'", "fetched_at": "'2020-01-01T00:00:00Z'", "status": "status + 1", "headers": "'[]'",
        "content_type": "'text/plain'", "trail": "'[]'", "links_skipped": "'{\"a\":1}'", "context": "'{}'",
        "last_seen_at": "'2020-01-01T00:00:00Z'", "last_run_id": "last_run_id + 1",
    }.items()
} | {
    ("runs", "bytes"): "update runs set bytes = bytes + 1 where id = 2",
    ("runs", "yields"): "update runs set yields = '{}' where id = 2",
    ("events", "at"): "update events set at = 'x' where id = 1",
    ("expected", "due_on"): "update expected set due_on = '2016-04-01' where report_year = 2015",
    ("problems", "detail"): "update problems set detail = 'x' where id = 1",
    ("lists", "items"): "update lists set items = 1",
    ("absences", "since"): "update absences set since = 'x'",
    ("ways", "ways"): "update ways set ways = x'00' where capture_id = 1",
    ("dictionaries", "host"): "update dictionaries set host = 'x'",
    ("blobs", "packed_crc32"): "update blobs set packed_crc32 = null",
    ("ocr", "confidence"): "update ocr set confidence = 0.5 where position = 0",
    ("ocr", "text"): "update ocr set text = cast(text as blob) where position = 0",
    ("problems", "row"): "delete from problems where id = 1",
    ("expected", "row"): "insert into expected values ('x', 'x', 'x', 1, 'x')",
    ("sqlite_sequence", "seq"): "update sqlite_sequence set seq = seq + 1 where name = 'captures'",
    ("sqlite_stat1", "stat"): "update sqlite_stat1 set stat = '7 7' where idx = 'captures_run'",
    ("sqlite_schema", "sql"): "drop index captures_run",
    ("seals", "name"): "update seals set name = 'capturet' where name = 'captures' and key = 1",
}  # fmt: skip


@pytest.mark.parametrize("named", OBSERVED)
def test_what_another_program_changes_is_told(archive: Path, named: tuple[str, str]) -> None:
    if named == ("sqlite_schema", "sql"):
        connection = sqlite3.connect(archive)
        connection.execute(OBSERVED[named])
        connection.close()
    else:
        change(archive, OBSERVED[named])
    assert any(one.startswith(f"{named[0]} row ") for one in said(archive))


def test_a_memory_that_was_emptied_and_tables_of_others_are_no_failures(archive: Path) -> None:
    change(archive, "delete from ways")
    connection = sqlite3.connect(archive)
    connection.execute("create table notes (id integer primary key, words text)")
    connection.execute("create view mine as select * from reports")
    connection.execute("vacuum")
    connection.close()
    assert said(archive) == []


def test_many_rows_are_counted(archive: Path) -> None:
    change(archive, "update captures set portal = 'x'")
    told = [one for one in said(archive) if one.startswith("captures")]
    assert len(told) == seals.MOST_NAMED + 1
    assert "more rows" in told[-1]


def test_a_damaged_row_that_a_later_run_writes_stays_told(archive: Path) -> None:
    change(archive, "update captures set trail = '[]' where id = 1")
    with Archive.open(archive) as writing:
        run = writing.begin_run(["somewhere"])
        writing.connection.execute("update captures set last_seen_at = 'now' where id in (1, 2)")
        writing.settle(run, derive)
        writing.finish_run(run, "finished")
    assert [one.split(":")[0] for one in said(archive)] == ["captures row 1"]


def test_a_page_that_is_undone_leaves_no_seal(archive: Path) -> None:
    with Archive.open(archive) as writing:
        writing.begin_run(["somewhere"])
        undone = page("/undone.html", text="x")
        undone.problems.append(Problem("reader_died", SITE, object()))  # type: ignore[arg-type]
        with pytest.raises(sqlite3.Error):
            writing.store(undone)
    assert said(archive) == []


def test_an_older_archive_is_sealed_as_it_is_and_what_was_damaged_before_stays_told(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    connection = connect(path, "mode=rwc")
    schema.migrate(connection, next(name for name in schema.NAMES if name.endswith("_seals")))
    connection.execute("insert into runs (started_at, status, portals) values ('x', 'finished', '[]')")
    connection.execute("insert into expected values ('p', '210100', 'r', 2018, '2019-03-31')")
    connection.close()
    Archive.open(path).close()
    assert said(path) == []
    change(path, "update expected set region = 'x'")
    with Archive.open(path) as writing:
        seals.renew(writing.connection, seals.damages(writing.connection))
    assert [one.split(":")[0] for one in said(path)] == ['expected row ["p", "210100", 2018]']


def test_an_index_that_is_not_what_texts_give_is_told(archive: Path) -> None:
    connection = connect(archive)
    connection.execute("insert into reports_fts (rowid, text, title) values (1, nianbao_tokens('多'), '')")
    connection.close()
    with Archive.read(archive) as reading:
        assert any("search index" in one for one in reading.verify(derive, every=True))
    with Archive.open(archive) as writing:
        writing.rebuild(derive)
        assert not any("search index" in one for one in writing.verify(derive, every=True))


@given(st.lists(VALUES, min_size=1), st.lists(VALUES, min_size=1))
def test_other_values_have_other_digests(some: list[object], others: list[object]) -> None:
    assert (seals.digest(*some) == seals.digest(*others)) == (repr(some) == repr(others))


@given(st.lists(st.tuples(VALUES, VALUES, VALUES, VALUES), max_size=5))
def test_a_row_is_sealed_as_sqlite_keeps_it(rows: list[tuple[object, ...]]) -> None:
    """Whatever type a column makes of a value (a number in words, a whole number in a column of reals)."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("create table seals (name, key, digest, primary key (name, key)) without rowid")
    connection.execute("create table wild (id integer primary key, a integer, b real, c text, d blob)")
    connection.create_function("nianbao_digest", -1, seals.digest)
    table = seals.Sealed("wild", ("id",), ("id", "a", "b", "c", "d"))
    for statement in seals._triggers(table):
        connection.execute(statement)
    for row in rows:
        connection.execute("insert into wild (a, b, c, d) values (?, ?, ?, ?)", row)
    connection.execute("update wild set c = a, b = a, a = c where id % 2")
    assert list(seals._wrong(connection, table)) == []
    connection.close()


@pytest.mark.parametrize("policy", ["", "or ignore ", "or replace ", "or abort "])
def test_a_row_takes_the_place_of_one_that_another_program_took_out(archive: Path, policy: str) -> None:
    """Its seal was left behind, and is made anew whatever the statement says of conflicts."""
    with sqlite3.connect(archive) as other:
        other.execute("insert into portals (id, sample) values ('p', 0)")
        other.execute("insert or replace into seals values ('portals', 'p', 1)")
        other.execute("delete from portals where id = 'p'")
    with Archive.open(archive) as writing:
        writing.lock()
        writing.begin_run([])
        writing.connection.execute(f"insert {policy}into portals (id, sample) values ('p', 1)")
        writing.connection.commit()
        assert not seals.damages(writing.connection)["portals"]
