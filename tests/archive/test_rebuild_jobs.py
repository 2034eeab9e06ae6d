"""`rebuild --jobs`: the same rows, ids among them, whatever the number of processes."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.reading.derivation import Derivation
from crawler.reading.pool import Pool
from crawler.records.errors import ArchiveError


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as connection:
        names = connection.execute(
            "select name from sqlite_master where type = 'table' and name not like '%fts%' and name not like 'sqlite%'"
        )
        return {
            name: connection.execute(f"select * from {name} order by 1, 2").fetchall() for (name,) in names.fetchall()
        }


def test_the_rows_are_the_same_whatever_the_number_of_processes(sample: Path, tmp_path: Path) -> None:
    before = rows(sample)
    for jobs in (1, 3):
        copy = tmp_path / f"{jobs}.db"
        shutil.copy(sample, copy)
        with Archive.open(copy) as opened, Pool(jobs) as pool:
            opened.connection.execute("update reports set text = 'damaged', title = null")
            opened.connection.execute("delete from figures")
            assert opened.rebuild(Derivation(pool))["reports"] == 224
            assert opened.verify() == []
        assert rows(copy) == before, jobs


def test_a_damaged_body_is_one_sentence_and_nothing_is_changed(sample: Path, tmp_path: Path) -> None:
    copy = tmp_path / "damaged.db"
    shutil.copy(sample, copy)
    with sqlite3.connect(copy) as connection:
        connection.execute("update blobs set body = zeroblob(10) where rowid = 200")
    before = rows(copy)
    with Archive.open(copy) as opened, Pool(2) as pool, pytest.raises(ArchiveError, match=r"damaged|body"):
        opened.rebuild(Derivation(pool))
    assert rows(copy) == before


def test_the_command_takes_a_number_of_processes(sample: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(sample, copy)
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "rebuild", "--all", "--jobs", "2", "--archive", str(copy)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert b"224 reports derived" in done.stderr
    refused = subprocess.run(
        [sys.executable, "-m", "crawler", "rebuild", "--all", "--jobs", "0", "--archive", str(copy)],
        capture_output=True,
        check=False,
    )
    assert refused.returncode == 2
