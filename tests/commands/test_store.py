"""`nianbao store`, `query`, `index`, `search --index` and `publish --store`, as a user has them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from tests.support.corpus_toy import archive_of
from tests.support.merging import Sight


def nianbao(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)))


def said(*arguments: str | Path) -> str:
    """The sentence of an error."""
    error = nianbao(*arguments).exception
    assert error is not None
    assert "\n" not in str(error)
    return str(error)


def sight(at: int, path: str, text: str, **more: object) -> Sight:
    return Sight(at, path, {"kind": "report", "title": "报告", "text": text, "year": 2019, **more})


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two archives of one portal each, which have a report in common."""
    folder = tmp_path_factory.mktemp("archives")
    return [
        archive_of(
            folder / "one.db", "one", [sight(10, "/a.html", "不予公开3件"), sight(20, "/b.html", "4件", year=2020)]
        ),
        archive_of(folder / "two.db", "two", [sight(30, "/c.html", "不予公开3件")]),
    ]


@pytest.fixture
def store(archives: list[Path], tmp_path: Path) -> Path:
    """A store with both."""
    folder = tmp_path / "store"
    done = nianbao("store", "put", folder, *archives)
    assert done.exit_code == 0, done.output
    return folder


def test_archives_go_in_and_come_out_whole(archives: list[Path], store: Path, tmp_path: Path) -> None:
    assert {path.name for path in store.iterdir()} == {"archives", "tables", "current"}
    again = nianbao("store", "put", store, *archives, "--json")
    summary = json.loads(again.stdout)
    assert [(row["portal"], row["generation"], row["new"]) for row in summary["archives"]] == [
        ("one", 1, False), ("two", 1, False)
    ]  # fmt: skip
    target = tmp_path / "out.db"
    assert nianbao("store", "get", store, "one", target).exit_code == 0
    with Archive.read(target) as copy, Archive.read(archives[0]) as archive:
        assert copy.uuid() == archive.uuid()
        assert copy.search("公开") == archive.search("公开")
    assert "exists already" in said("store", "get", store, "one", target)
    assert "has no portal 'three'" in said("store", "get", store, "three", tmp_path / "three.db")


def test_an_archive_that_went_on_is_the_next_generation(archives: list[Path], store: Path, tmp_path: Path) -> None:
    later = tmp_path / "two.db"
    shutil.copy(archives[1], later)
    archive_of(later, "two", [sight(50, "/d.html", "5件", year=2018)])
    # What someone left behind who was killed before the seal is nobody's generation, and not written over.
    (store / "archives" / "two" / "2.db").write_bytes(b"half")
    assert nianbao("store", "put", store, later).exit_code == 0
    rows = json.loads(nianbao("store", "list", store, "--json").stdout)["portals"]
    assert [(row["portal"], row["generation"]) for row in rows] == [("one", 1), ("two", 3)]
    assert (store / "archives" / "two" / "2.db").read_bytes() == b"half"
    answer = nianbao("query", store, "select count(*) as n from reports", "--format", "json")
    assert json.loads(answer.stdout) == {"n": 3}


def test_an_archive_that_cannot_go_in_is_named_and_the_others_go(archives: list[Path], tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("a letter")
    done = nianbao("store", "put", tmp_path / "store", tmp_path / "letter.db", archives[0], "--json")
    assert done.exit_code == 2
    summary = json.loads(done.stdout)
    assert len(summary["errors"]) == len(summary["archives"]) == 1
    assert "is another archive" in nianbao("store", "put", tmp_path / "store", archives[1], "--name", "one").stderr
    assert "names no portal" in nianbao("store", "put", tmp_path / "store", archives[1], "--name", "A/B").stderr
    with Archive.open(tmp_path / "empty.db"):
        pass
    assert "has no portal yet" in nianbao("store", "put", tmp_path / "store", tmp_path / "empty.db").stderr


def test_a_question_is_answered_in_three_forms(store: Path) -> None:
    sql = "select report_year, count(*) as n, null as nothing from reports group by 1 order by 1"
    assert nianbao("query", store, sql, "--format", "csv").stdout == "report_year,n,nothing\n2019,1,\n2020,1,\n"
    lines = nianbao("query", store, sql, "--format", "json").stdout.splitlines()
    assert list(map(json.loads, lines)) == [{"report_year": year, "n": 1, "nothing": None} for year in (2019, 2020)]
    table = nianbao("query", store, sql)
    assert "report_year" in table.stdout
    assert "2 rows" in table.stderr


def test_what_is_no_question_or_store_is_said(store: Path, tmp_path: Path) -> None:
    assert 'Referenced column "nix"' in said("query", store, "select nix from reports")
    assert "no single SELECT" in said("query", store, "copy (select 1) to 'x'")
    assert "there is no such folder" in said("query", tmp_path / "none", "select 1")
    (tmp_path / "empty").mkdir()
    assert "holds no archive yet" in said("query", tmp_path / "empty", "select 1")
    table = store / "tables" / "one" / "1" / "claims.parquet"
    table.write_bytes(table.read_bytes()[:-1])
    assert "claims.parquet in" in said("query", store, "select 1")
    table.unlink()
    assert "is missing or not whole" in said("query", store, "select 1")


def test_an_index_is_searched_as_an_archive(store: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    done = json.loads(nianbao("index", index, "--store", store, "--json").stdout)
    assert (done["reports"], done["written"], done["generations"]) == (2, 2, {"one": 1, "two": 1})
    assert json.loads(nianbao("index", index, "--store", store, "--json").stdout)["written"] == 0
    found = json.loads(nianbao("search", "--index", index, "公开3", "--json").stdout)
    assert (found["total"], found["years"], found["sample"]) == (1, {"2019": 1}, [])
    assert "1 report" in nianbao("search", "--index", index, "公开3").stdout
    assert "holds no search index" in said("search", "--index", store, "公开")


def test_a_release_of_a_store_is_that_of_its_archives_merged(store: Path, archives: list[Path], tmp_path: Path) -> None:
    release = tmp_path / "release"
    merged = tmp_path / "merged.db"
    done = nianbao("publish", release, "--store", store, "--archive", merged, "--jobs", "1", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout.splitlines()[-1])["rows"]["reports"] == 2
    again = nianbao("publish", tmp_path / "again", "--store", store, "--archive", merged, "--jobs", "1")
    assert "one 1: nothing new" in again.stderr
    assert {path.name: path.read_bytes() for path in release.iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()
    }
    assert "has a run of its own" in said(
        "publish", tmp_path / "x", "--store", store, "--archive", archives[0], "--jobs", "1"
    )
