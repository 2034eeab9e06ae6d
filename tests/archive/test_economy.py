"""An archive with checks and headings in words is put over into numbers without a loss, whenever that is killed."""

from __future__ import annotations

import lzma
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from crawler.archive.file import connection as opening
from crawler.archive.schema import economy
from pipelines import derive
from tests import ROOT

FORMER = ROOT / "tests" / "data" / "second_form.db.xz"
"""The archive of test_second_form, as the last version before this form derived it."""
ANSWERS = (
    "select * from checks order by 1, 2, 3",
    "select * from sections order by 1, 2",
    "select * from statistics order by 1, 2",
    "select * from reports order by id",
)


@pytest.fixture
def former(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    path.write_bytes(lzma.decompress(FORMER.read_bytes()))
    return path


def answers(path: Path) -> list[list[Any]]:
    """In plain SQLite, without our functions."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as plain:
        return [plain.execute(query).fetchall() for query in ANSWERS]


def test_every_row_says_what_it_said_and_a_rebuild_changes_nothing(former: Path) -> None:
    before = answers(former)
    assert all(before)
    with Archive.open(former) as archive:
        assert archive.verify(derive, every=True) == []
        assert answers(former) == before
        archive.rebuild(derive)
    assert answers(former) == before


def test_headings_and_numbers_are_not_kept_as_words(former: Path) -> None:
    Archive.open(former).close()
    with closing(sqlite3.connect(former)) as plain:
        kept = plain.execute("select count(heading), count(heading_length) > 0 from chapters").fetchone()
        assert kept == (0, 1)
        assert "integer" in {row[0] for row in plain.execute("select typeof(expected) from findings")}


def test_it_is_killed_within_and_the_next_one_goes_on(former: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = answers(former)
    count = len((*economy._CHECKS, *economy._CHAPTERS, *economy._MEASURES))
    for at in range(1, count, 3):
        child = os.fork()
        if child == 0:

            def dying(connection: sqlite3.Connection, at: int = at) -> None:
                for statement in (*economy._CHECKS, *economy._CHAPTERS, *economy._MEASURES)[:at]:
                    connection.execute(statement)
                os.kill(os.getpid(), signal.SIGKILL)

            monkeypatch.setattr(economy, "migrate", dying)
            try:
                opening.open_for_writing(former)
            finally:
                os._exit(1)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        assert answers(former) == before
    Archive.open(former).close()
    assert answers(former) == before
