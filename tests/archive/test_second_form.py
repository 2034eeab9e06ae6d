"""An archive of the first form is put over into the second without a loss, whenever that is interrupted."""

from __future__ import annotations

import lzma
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from crawler.archive.file.codes import is_former
from crawler.archive.file.connection import open_for_writing
from crawler.archive.write import conversion
from crawler.archive.write.conversion import convert, place_in
from crawler.records.errors import ArchiveError
from crawler.records.report import Place
from pipelines import derive
from tests import ROOT
from tests.support.thorough import THOROUGH

FORMER = ROOT / "tests" / "data" / "first_form.db.xz"
"""Eleven reports of the sample, one for each kind of table and text, archived by the last version of the first form."""
ANSWERS = {
    "statistics": "select report_id, position, form, code, item, applicant, value, raw, unit, evidence, method"
    " from statistics order by 1, 2",
    "sections": "select report_id, position, level, heading, text from sections order by 1, 2",
    "checks": "select report_id, rule, subject, holds, expected, actual from checks order by 1, 2, 3",
    "attachments": "select report_id, url, label, media_type, capture_id, text from attachments order by 1, rowid",
    "coverage": "select * from coverage order by region_code, report_year",
    "deadlines": "select * from deadlines order by report_id",
}


@pytest.fixture
def former(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    path.write_bytes(lzma.decompress(FORMER.read_bytes()))
    return path


def plain(path: Path) -> sqlite3.Connection:
    """A connection that knows none of our functions."""
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)


def answers(path: Path) -> dict[str, list[Any]]:
    with closing(plain(path)) as connection:
        found = {name: connection.execute(query).fetchall() for name, query in ANSWERS.items()}
        columns = [row[1] for row in connection.execute("pragma table_info(panel)") if row[1] != "break"]
        names = ", ".join(columns)
        found["panel"] = connection.execute(f"select {names} from panel order by region_code, report_year").fetchall()
    return found


def test_every_row_says_what_it_said(former: Path) -> None:
    before = answers(former)
    assert {len(rows) for rows in before.values()} > {0}
    Archive.open(former).close()
    assert answers(former) == before
    with closing(plain(former)) as connection:
        assert connection.execute("select count(*) from figures where words is not null").fetchone() == (0,)
        assert connection.execute("select count(*) from figures where start is null").fetchone() == (0,)
        assert not [name for (name,) in connection.execute("select name from sqlite_master where name like 'former%'")]


def test_it_is_sound_and_a_rebuild_changes_nothing(former: Path) -> None:
    with Archive.open(former) as archive:
        assert archive.verify(derive, every=True) == []
        before = dump(former)
        archive.rebuild(derive)
    assert dump(former) == before


def dump(path: Path) -> dict[str, list[Any]]:
    """All that a rebuild writes, keys and places among it."""
    with closing(plain(path)) as connection:
        return answers(path) | {
            "keys": connection.execute("select id, key, url from reports order by id").fetchall(),
            "figures": connection.execute(
                "select report_id, position, document, page, table_no, row_no, column_no, start, length from figures"
            ).fetchall(),
            "breaks": connection.execute("select region_code, report_year, break from panel order by 1, 2").fetchall(),
        }


def statements(path: Path) -> int:
    """How many statements a conversion runs."""
    count = 0

    def counted(_: str) -> None:
        nonlocal count
        count += 1

    with closing(open_for_writing(path)) as connection:
        connection.set_trace_callback(counted)
        convert(connection)
    return count


def killed(path: Path, at: int, among: str = "") -> None:
    """Open a file in a process that is killed before its statement of this number, among those that hold a word."""
    child = os.fork()
    if child == 0:
        count = 0

        def traced(statement: str) -> None:
            nonlocal count
            count += among in statement
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            connection = open_for_writing(path)
            connection.set_trace_callback(traced)
            convert(connection)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


def moments(count: int) -> Iterator[int]:
    yield from range(1, count, max(count // (24 if THOROUGH else 12), 1))


@pytest.mark.slow
def test_it_is_killed_at_any_moment_and_loses_nothing(former: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "_A_STEP", 3)
    image, before = former.read_bytes(), answers(former)
    beside = former.with_name("beside.db")
    beside.write_bytes(image)
    count = statements(beside)
    assert count > 100
    for at in moments(count):
        former.write_bytes(image)
        killed(former, at)
        Archive.open(former).close()
        assert answers(former) == before, f"killed at statement {at}"


def test_it_goes_on_after_each_of_many_kills(former: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "_A_STEP", 2)
    before = answers(former)
    for left in (9, 7, 5, 3):
        killed(former, 2, "begin")  # the second step
        with closing(open_for_writing(former)) as connection:
            (now,) = connection.execute("select count(*) from reports where key is null").fetchone()
        assert now == left
    Archive.open(former).close()
    assert answers(former) == before


def test_nobody_reads_what_is_between_the_forms(former: Path) -> None:
    with pytest.raises(ArchiveError, match="made by an older version of nianbao; `nianbao rebuild` brings it up"):
        Archive.read(former)
    with closing(open_for_writing(former)) as connection:
        assert is_former(connection)
    with pytest.raises(ArchiveError, match="`nianbao rebuild`"):
        Archive.read(former)
    Archive.open(former).close()
    Archive.read(former).close()


def test_every_table_and_view_opens_in_plain_sqlite(former: Path) -> None:
    Archive.open(former).close()
    with closing(plain(former)) as connection:
        names = connection.execute(
            "select name from sqlite_master where type in ('table', 'view') and name not like 'reports_fts_%'"
        ).fetchall()
        assert len(names) > 30
        for (name,) in names:
            connection.execute(f"select * from [{name}] limit 20").fetchall()


NAMES = {"表1": "https://a.gov.cn/1.xls", "https://a.gov.cn/2.pdf": "https://a.gov.cn/2.pdf"}


@pytest.mark.parametrize(
    ("evidence", "raw", "place"),
    [
        ("table 3, row 4 «一、甲», column 5 «自然人»: «12»", "12", Place(None, 3, 4, 5, "一、甲", "自然人")),
        ("table 3, row 4, column 5: «»", None, Place(None, 3, 4, 5)),
        ("table 1, row 2 «甲»", None, Place(None, 1, 2, None, "甲")),
        ("table 1 «甲», column «乙»", None, Place(None, 1, None, None, "甲", "乙")),
        ("table 7", None, Place(None, 7)),
        ("page 3, table 1, row 2, column 3 «乙»: «4»", "4", Place(None, 1, 2, 3, "", "乙", "page 3")),
        (
            "attachment «表1», sheet «二», table 1, row 2 «甲», column 3: «4»",
            "4",
            Place(None, 1, 2, 3, "甲", "", "sheet «二»", "https://a.gov.cn/1.xls", "表1"),
        ),
        (
            "attachment «https://a.gov.cn/2.pdf», page 2, table 1, row 2, column 3: «4»",
            "4",
            Place(None, 1, 2, 3, "", "", "page 2", "https://a.gov.cn/2.pdf", "https://a.gov.cn/2.pdf"),
        ),
        ("全年收到申请3件。", "3", Place("全年收到申请3件。")),
        ("table 3, row 4 «甲», column 5: «12»", "13", Place("table 3, row 4 «甲», column 5: «12»")),
        (
            "attachment «表9», table 1, row 2, column 3: «4»",
            "4",
            Place("attachment «表9», table 1, row 2, column 3: «4»"),
        ),
        ("x: table 1, row 2 and table 3, row 4", None, Place("x: table 1, row 2 and table 3, row 4")),
    ],
)
def test_words_of_the_first_form_name_a_place_or_stay_words(evidence: str, raw: str | None, place: Place) -> None:
    assert place_in(evidence, raw, NAMES) == place
    assert place.in_words(raw) == evidence
