"""Figures and chapters as narrow rows: what is kept of them, and that the views say what the records say."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.archive.write.codes import Numbers
from crawler.archive.write.figurerows import FigureRows
from crawler.records.report import Attachment, Figure, Place, Section
from tests.support.archive_toy import page

TEXT = "一、概述\n全年收到申请3件。\n甲\t5\t\n二、附\n"
FILES = [Attachment("https://a.gov.cn/1.xls", "表一", None, "乙\t7"), Attachment("https://a.gov.cn/2.pdf", None, None)]
WORDS = st.text("甲乙丙«»:, 12\n", max_size=8)
PLACES = st.one_of(
    st.text("甲乙。, 12", min_size=1, max_size=8).map(Place),
    st.builds(
        lambda *place: Place(None, *place),
        st.integers(1, 40),
        st.none() | st.integers(1, 400),
        st.none() | st.integers(1, 60),
        WORDS,
        WORDS,
        st.sampled_from(["", "page 3", "page 03", "page x", "page 99999999999", "sheet 表1"]),
        st.sampled_from([None, FILES[0].url]),
        st.just("表一"),
    ),
)


@pytest.fixture
def archive(tmp_path: Path) -> Any:
    with Archive.open(tmp_path / "a.db") as opened:
        opened.begin_run(["somewhere"])
        first = page("/a.html", text=TEXT)
        first.attachments = list(FILES)
        opened.store(first)
        opened.flush()
        yield opened


def written(archive: Archive, figures: list[Figure]) -> list[sqlite3.Row]:
    archive.connection.execute("delete from figures")
    archive.connection.execute("delete from chapters")
    FigureRows(archive.connection).write(1, figures, [], TEXT, FILES)
    return archive.connection.execute("select * from statistics order by position").fetchall()


@given(
    place=PLACES,
    raw=st.none() | st.text("12,甲 ", max_size=4),
    value=st.none() | st.integers(0, 10**12) | st.floats(0, 1e6).map(lambda number: round(number, 3)),
)
def test_the_view_says_what_the_figure_says(
    archive_of_examples: Archive, place: Place, raw: str | None, value: float | None
) -> None:
    figure = Figure("f2021", "req_granted__total", "req_granted", "total", value, raw, "件", place, "header")
    (row,) = written(archive_of_examples, [figure])
    assert row["evidence"] == figure.evidence
    assert row["value"] == value
    assert row["raw"] == (raw if value is None or raw else None)
    assert (row["form"], row["code"], row["item"], row["applicant"], row["unit"], row["method"]) == (
        "f2021", "req_granted__total", "req_granted", "total", "件", "header",
    )  # fmt: skip


@pytest.fixture(scope="module")
def archive_of_examples(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Archive.open(tmp_path_factory.mktemp("rows") / "a.db") as opened:
        opened.begin_run(["somewhere"])
        first = page("/a.html", text=TEXT)
        first.attachments = list(FILES)
        opened.store(first)
        opened.flush()
        opened.connection.execute("begin")
        yield opened
        opened.connection.execute("rollback")


def test_a_sentence_is_kept_by_its_place_alone(archive: Archive) -> None:
    words = "全年收到申请3件。"
    start = TEXT.index(words) + 1
    code = "req_received"
    figure = Figure("narrative", code, code, None, 3, "3", "件", Place(words), "sentence", start, len(words))
    (row,) = written(archive, [figure])
    assert row["evidence"] == words
    (kept,) = archive.connection.execute("select words, raw, unit, start, length from figures").fetchall()
    assert tuple(kept) == (None, None, None, start, len(words))


def test_words_that_stand_nowhere_are_kept(archive: Archive) -> None:
    code = "req_received"
    figure = Figure("narrative", code, code, None, None, "3 / 4", "件", Place("甲。\n乙。"), "ambiguous", 1, 2)
    (row,) = written(archive, [figure])
    assert row["evidence"] == "甲。\n乙。"


def test_a_local_row_is_called_by_its_label(archive: Archive) -> None:
    figure = Figure("f2014", None, "接待人数", None, 9, "9", "人", Place(None, 1, 2, 3, "接待人数"), "header")
    (row,) = written(archive, [figure])
    assert (row["code"], row["item"], row["unit"]) == (None, "接待人数", "人")


def test_a_code_of_another_version_is_kept_as_it_is(archive: Archive) -> None:
    figure = Figure("f2021", "req_wondered__martian", "req_wondered", "martian", 9, "9", "件", Place("甲"), "header")
    (row,) = written(archive, [figure])
    assert (row["code"], row["item"], row["applicant"]) == ("req_wondered__martian", "req_wondered", "martian")
    assert row["unit"] == "件"


def test_a_measure_of_one_form_is_kept_once_a_report(archive: Archive) -> None:
    one = Figure("f2021", "req_granted__total", "req_granted", "total", 1, "1", "件", Place("甲"), "header")
    other = Figure("f2019", "req_granted__total", "req_granted", "total", 2, "2", "件", Place("甲"), "header")
    local = Figure("f2014", None, "甲", None, 2, "2", "件", Place(None, 1, 1, 1, "甲"), "header")
    rows = written(archive, [one, one, other, local, local])
    assert [(row["position"], row["form"]) for row in rows] == [(0, "f2021"), (2, "f2019"), (3, "f2014"), (4, "f2014")]


def test_labels_and_methods_stand_once(archive: Archive) -> None:
    place = Place(None, 1, 2, 3, "甲", "乙")
    codes = ("req_granted__total", "req_granted__natural_person")
    written(archive, [Figure("f2021", code, "", "", 1, "1", "件", place, "header") for code in codes])
    assert archive.connection.execute("select count(*) from labels").fetchone()[0] == 1
    assert archive.connection.execute("select name, meaning <> '' from methods").fetchall()[-1][:] == ("header", 1)


def test_numbers_that_were_undone_are_asked_for_again(archive: Archive) -> None:
    numbers = Numbers(archive.connection)
    numbers.ready()
    archive.connection.execute("begin")
    undone = numbers.labels("甲", "乙")
    archive.connection.execute("rollback")
    numbers.forget()
    numbers.ready()
    assert archive.connection.execute("select count(*) from labels where id = ?", (undone,)).fetchone()[0] == 0
    again = numbers.labels("甲", "乙")
    assert archive.connection.execute("select row_label from labels where id = ?", (again,)).fetchone()[0] == "甲"


def test_a_page_that_fails_leaves_no_number_behind(archive: Archive) -> None:
    bad = page("/b.html", text="乙")
    bad.figures = [Figure("f2021", None, "丙", None, 1, "1", None, Place(None, 1, 1, 1, "丙", "丁"), "header")]
    bad.sections = [Section(0, 1, None, 1, 1), Section(0, 1, None, 1, 1)]
    with pytest.raises(sqlite3.IntegrityError):
        archive.store(bad)
    bad.sections = []
    archive.store(bad)
    archive.flush()
    assert archive.connection.execute("select item from statistics").fetchall()[0][0] == "丙"
    assert archive.connection.execute("pragma foreign_key_check").fetchall() == []


def test_chapters_are_shown_with_their_words(archive: Archive) -> None:
    FigureRows(archive.connection).write(1, [], [Section(7, 1, "一、概述", 6, 9)], TEXT, [])
    row = archive.connection.execute("select heading, text, start, length from sections where position = 7").fetchone()
    assert tuple(row) == ("一、概述", "全年收到申请3件。", 6, 9)
