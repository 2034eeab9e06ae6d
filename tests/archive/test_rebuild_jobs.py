"""`rebuild --jobs`: the same rows, ids among them, whatever the number of processes."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.reading.derivation import Derivation
from crawler.reading.pool import Pool
from crawler.records.errors import ArchiveError
from tests.support.program import run


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as connection:
        names = connection.execute(
            "select name from sqlite_master where type = 'table' and name not like '%fts%' and name not like 'sqlite%'"
        )
        return {
            name: connection.execute(f"select * from {name} order by 1, 2").fetchall() for (name,) in names.fetchall()
        }


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_rows_are_the_same_whatever_the_number_of_processes(sample: Path, tmp_path: Path, jobs: int) -> None:
    copy = Path(shutil.copy(sample, tmp_path / "copy.db"))
    with Archive.open(copy) as opened:
        opened.connection.execute("update reports set text = 'damaged', title = null")
        opened.connection.execute("delete from figures")
    done = run("rebuild", "--jobs", str(jobs), "--archive", str(copy))
    assert done.returncode == 0
    assert "224 reports derived" in done.stderr
    with Archive.read(copy) as reading:
        assert reading.verify() == []
    assert rows(copy) == rows(sample)


def test_a_damaged_body_is_one_sentence_and_nothing_is_changed(sample: Path, tmp_path: Path) -> None:
    copy = tmp_path / "damaged.db"
    shutil.copy(sample, copy)
    with sqlite3.connect(copy) as connection:
        connection.execute("update blobs set body = zeroblob(10) where rowid = 200")
    before = rows(copy)
    with Archive.open(copy) as opened, Pool(2) as pool, pytest.raises(ArchiveError, match=r"damaged|body"):
        opened.rebuild(Derivation(pool))
    assert rows(copy) == before


def test_no_process_at_all_is_refused(tmp_path: Path) -> None:
    assert run("rebuild", "--jobs", "0", "--archive", str(tmp_path / "a.db")).returncode == 2
