"""Opening, locking, reading beside a writer, and dying in the middle."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive import schema
from crawler.archive.archive import Archive
from crawler.archive.file.connection import connect
from crawler.archive.file.lock import RunLock
from crawler.archive.write.ledger import PAGES_A_COMMIT
from crawler.records.errors import EXIT_LOCKED, EXIT_USAGE, ArchiveError, ArchiveLockedError
from tests import ROOT
from tests.support.archive_toy import SITE, page


def make(path: Path) -> Path:
    with Archive.open(path) as archive:
        archive.begin_run(["somewhere"])
        archive.store(page("/a.html", text="字"))
    return path


def refused(path: Path, words: str, *, reading: bool = True) -> None:
    """Opening fails with one sentence that names the file and holds `words`."""
    for opening in (Archive.open, Archive.read) if reading else (Archive.open,):
        with pytest.raises(ArchiveError, match=words) as caught:
            opening(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
        assert caught.value.exit_code == EXIT_USAGE


def test_an_archive_is_one_file_when_closed(tmp_path: Path) -> None:
    make(tmp_path / "a.db")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.db"]


def test_the_default_folder_is_made_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Archive.open(Path("data/archive.db")).close()
    assert Path("data/archive.db").exists()
    refused(Path("elsewhere/archive.db"), "directory elsewhere does not exist", reading=False)


def test_what_is_no_archive_is_refused_and_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("SQLite is not what this is, however long the file may be")
    refused(text, "not an SQLite file")
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("create table reports (id)")
    before = other.read_bytes()
    refused(other, "other tables")
    assert other.read_bytes() == before
    refused(tmp_path, "is a directory")
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"SQLite format 3\0" + os.urandom(8192))
    refused(damaged, "cannot be read|damaged|cannot be written|other tables")


def test_an_empty_file_becomes_an_archive_but_is_none_to_read(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()
    with pytest.raises(ArchiveError, match="not an SQLite file"):
        Archive.read(tmp_path / "a.db")
    make(tmp_path / "a.db")


def test_a_missing_archive_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="does not exist"):
        Archive.read(tmp_path / "a.db")
    with pytest.raises(ArchiveError, match="does not exist"):
        Archive.open(tmp_path / "a.db", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "change",
    [
        "pragma user_version = 99",
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('nianbao', '9999_later', 'now')",
    ],
)
def test_a_newer_version_is_refused(tmp_path: Path, change: str) -> None:
    path = make(tmp_path / "a.db")
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    refused(path, "newer version")


def test_an_older_version_is_brought_up_to_date_by_writing_only(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(connect(path, "mode=rwc")) as connection:
        schema.migrate(connection, stop_before=schema.NAMES[-1])
    with pytest.raises(ArchiveError, match="older version"):
        Archive.read(path)
    make(path)
    Archive.read(path).close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.db")
    path.chmod(0o444)
    refused(path, "cannot be written", reading=False)
    tmp_path.chmod(0o555)
    refused(tmp_path / "b.db", "cannot be written", reading=False)
    with Archive.read(path) as archive:  # as on a read-only medium
        assert archive.reports.count() == 1
    tmp_path.chmod(0o755)


def test_writing_needs_an_archive_open_for_writing(tmp_path: Path) -> None:
    with Archive.read(make(tmp_path / "a.db")) as archive:
        with pytest.raises(ArchiveError, match="not open for writing"):
            archive.store(page("/b.html"))
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            archive.connection.execute("delete from problems")


def test_a_second_run_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Archive.open(path) as first, Archive.open(path) as second:
        first.lock()
        first.lock()
        with pytest.raises(ArchiveLockedError, match=rf"process {os.getpid()} on .+ since 20") as caught:
            second.lock()
        assert caught.value.exit_code == EXIT_LOCKED
        with pytest.raises(ArchiveLockedError):
            second.begin_run(["somewhere"])
    with Archive.open(path) as third:
        third.lock()


def test_the_file_of_a_dead_run_is_not_in_the_way(tmp_path: Path) -> None:
    lock = RunLock(tmp_path / "a.db")
    lock.path.write_text('{"pid": 1, "host": "here", "since": "2020-01-01T00:00:00Z"}')
    lock.acquire()
    other = RunLock(tmp_path / "a.db")
    lock.path.write_text("nonsense")
    with pytest.raises(ArchiveLockedError, match="does not say who"):
        other.acquire()
    lock.release()
    other.acquire()
    other.release()
    assert list(tmp_path.iterdir()) == []


def test_another_program_that_holds_the_file_is_named_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.archive.file.connection.BUSY_MS", 1)
    path = tmp_path / "a.db"
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("begin exclusive")
        with pytest.raises(ArchiveLockedError, match="another program"):
            Archive.open(path)
        connection.execute("rollback")


def test_a_reader_sees_whole_pages_while_a_run_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Archive.open(path) as writing:
        writing.begin_run(["somewhere"])
        with Archive.read(path) as reading:
            for year in range(2000, 2100):
                writing.store(page(f"/{year}.html", text=f"{year}\n年", year=year))
                if year % 10 == 0:
                    writing.flush()
                    assert reading.reports.count() == year - 1999
                (torn,) = reading.connection.execute(
                    "select count(*) from reports where (select count(*) from sections where report_id = id) <> 2"
                ).fetchone()
                assert torn == 0


_DYING = """
import os, signal, sys
sys.path.insert(0, {root!r})
from crawler.archive.archive import Archive
from tests.support.archive_toy import page
archive = Archive.open({path!r})
archive.begin_run(["somewhere"])
for number in range(10_000):
    archive.store(page(f"/{{number}}.html", text="一\\n二" * 500, year=number))
    if number == 150:
        print("half way", flush=True)
    if number == {last}:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_leaves_a_sound_archive_of_whole_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    root = str(ROOT)
    process = subprocess.run(
        [sys.executable, "-c", _DYING.format(root=root, path=str(path), last=330)], capture_output=True, timeout=60
    )
    assert process.returncode == -signal.SIGKILL, process.stderr
    with Archive.read(path) as archive:
        assert archive.verify() == []
        # What the dying run had not committed yet may be gone: fewer than a commit's worth of pages.
        assert archive.reports.count() > 330 - PAGES_A_COMMIT
        (torn,) = archive.connection.execute(
            "select count(*) from reports where (select count(*) from sections where report_id = id) <> 501"
        ).fetchone()
        assert torn == 0
        assert archive.runs.get(1)["reports_new"] == archive.reports.count()
    with Archive.open(path) as archive:  # the dead run's lock is gone with it
        run = archive.begin_run(["somewhere"])
        assert archive.runs.get(1)["status"] == "broken_off"
        assert not archive.store(page("/0.html", text="一\n二" * 500, year=0)).new
        archive.finish_run(run, "finished")
        assert archive.captures.body(SITE + "/0.html")
