"""What people say of reports: written by the command, kept beside evidence that stays, listed and shown."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.archive.archive import Archive
from crawler.archive.schema import reviews
from crawler.commands.cli import cli
from crawler.records.review import VERDICTS
from tests.support import archive_toy
from tests.support.archive_small import derive
from tests.support.program import run

ME = ("--who", "王读者")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Archive.open(path) as opened:
        run = opened.begin_run(["somewhere"])
        for year in (2018, 2019):
            taken = archive_toy.capture(f"/{year}.html", kind="report", text="收到申请3件。", title="年报", year=year)
            opened.store(derive(taken))
        opened.settle(run, derive)
        opened.finish_run(run, "finished")
    return path


def review(archive: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["review", *words, "--archive", str(archive), "--json"])


def said(result: Result) -> Any:
    assert result.exit_code == 0, (result.output, result.exception)
    return json.loads(result.stdout.splitlines()[-1])


def keys(archive: Path) -> list[str]:
    with closing(sqlite3.connect(archive)) as connection:
        return [key for (key,) in connection.execute("select key from reports order by id")]


def test_a_review_stands_beside_the_report_and_changes_none_of_it(archive: Path) -> None:
    key, other = keys(archive)
    row = said(review(archive, key, "req_received", "wrong", "--note", "页面是5件", *ME))
    assert (row["key"], row["measure"], row["verdict"], row["note"], row["who"], row["stands"]) == (
        key, "req_received", "wrong", "页面是5件", "王读者", 1,
    )  # fmt: skip
    said(review(archive, other, "checked", *ME))
    told = CliRunner().invoke(cli, ["show", key, "--archive", str(archive)]).stdout
    assert "review: " in told
    assert "req_received wrong: 页面是5件 [王读者, " in told
    assert "req_received = 3件" in told
    shown = json.loads(CliRunner().invoke(cli, ["show", key, "--archive", str(archive), "--json"]).stdout)
    assert [review["verdict"] for review in shown["reviews"]] == ["wrong"]
    listed = said(review(archive, "--list"))["reviews"]
    assert [(row["key"], row["verdict"], row["note"]) for row in listed] == [
        (key, "wrong", "页面是5件"), (other, "checked", None),
    ]  # fmt: skip
    assert [row["key"] for row in said(review(archive, "--list", other))["reviews"]] == [other]


def test_the_last_word_on_a_figure_stands_and_those_before_are_kept(archive: Path) -> None:
    key = keys(archive)[0]
    for verdict in ("disputed", "checked"):
        said(review(archive, key, "req_received", verdict, "--note", "looked", *ME))
    said(review(archive, key, "disputed", "--note", "the year", *ME))
    rows = said(review(archive, "--list"))["reviews"]
    assert [(row["measure"], row["verdict"], row["stands"]) for row in rows] == [
        ("req_received", "disputed", 0), ("req_received", "checked", 1), (None, "disputed", 1),
    ]  # fmt: skip


def test_a_report_is_named_by_number_or_address_too(archive: Path) -> None:
    key = keys(archive)[0]
    assert said(review(archive, "1", "checked", *ME))["key"] == key
    assert said(review(archive, archive_toy.SITE + "/2018.html", "checked", *ME))["key"] == key


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("0" * 16, "checked"), "has no report '0000000000000000'"),
        (("1", "req_nonsense", "wrong", "--note", "x"), "no measure 'req_nonsense'"),
        (("1", "right"), "'right' is no verdict; expected one of checked, disputed, wrong"),
        (("1", "wrong"), "expected it as --note"),
        (("1",), "expected KEY [MEASURE] and a verdict"),
        (("--list", "1", "2"), "--list takes a KEY"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(archive: Path, words: tuple[str, ...], sentence: str) -> None:
    done = run("review", *words, *ME, "--archive", str(archive))
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert said(review(archive, "--list"))["reviews"] == []


def test_nobody_says_nothing(archive: Path) -> None:
    assert "--who is missing" in review(archive, "1", "checked").output


def test_a_review_outlives_its_report_a_rebuild_and_is_sealed(archive: Path) -> None:
    key = keys(archive)[0]
    said(review(archive, key, "wrong", "--note", "of another year", *ME))

    with Archive.open(archive) as opened:
        opened.rebuild(derive)
        assert [row["report_id"] for row in opened.reviews.rows()] == [1]
        opened.connection.execute("pragma foreign_keys = off")
        for table in ("findings", "figures", "chapters", "report_versions", "report_urls", "panel"):
            opened.connection.execute(f"delete from {table} where report_id = 1")
        opened.connection.execute("delete from reports where id = 1")
        assert [(row["key"], row["title"]) for row in opened.reviews.rows()] == [(key, None)]
    assert [row["note"] for row in said(review(archive, "--list", key))["reviews"]] == ["of another year"]
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute("update reviews set verdict = 'checked'")
        connection.commit()
    with Archive.read(archive) as reading:
        assert any(line.startswith("reviews row 1: it is not what was written") for line in reading.verify())


def test_the_table_knows_the_verdicts_of_the_command() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        reviews.migrate(connection)
        (sql,) = connection.execute("select sql from sqlite_master where name = 'reviews'").fetchone()
    assert f"in ({', '.join(repr(verdict) for verdict in VERDICTS)})" in sql
