"""A release of the corpus through the command: what it has, that others read it, that it is the same again, and that a
release and the next one's delta are the next one."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from crawler.archive.archive import Archive
from crawler.archive.release.delta import CHANGES
from crawler.archive.release.guard import losses
from crawler.archive.release.package import Release, read_release
from crawler.archive.release.sums import sums
from crawler.commands.cli import cli
from crawler.records.capture import Context
from crawler.records.review import Review
from pipelines import derive as stages
from tests.pipelines.test_figures import capture as page_of
from tests.support import archive_small, archive_toy
from tests.support.archive_small import derive
from tests.support.program import run

pytest.importorskip("xlsxwriter")

PLACES = {"大东区": "210104", "皇姑区": "210105", "东城区": "110101"}


def made(path: Path, reports: dict[tuple[str, int], str], day: str = "2026-01-01") -> Path:
    """An archive of reports by region and year, each with a text."""
    with Archive.open(path) as archive:
        run = archive.begin_run(["somewhere"])
        archive.expect([("somewhere", PLACES[name], name, year, f"{year + 1}-03-31") for name, year in reports])
        for (name, year), text in reports.items():
            says: dict[str, Any] = {"kind": "report", "text": text, "title": f"{name}{year}年度报告", "year": year}
            says |= {"organ": name + "人民政府", "region_code": PLACES[name], "files": ["f.xls"]}
            archive.store(derive(archive_toy.capture(f"/{PLACES[name]}/{year}.html", f"{day}T00:00:00Z", **says)))
        archive.settle(run, derive)
        archive.finish_run(run, "finished")
    return path


FIRST = {("大东区", year): f"收到申请{year}件。" for year in (2015, 2016)} | {("东城区", 2016): "北京\n收到申请"}
SECOND = {key: text for key, text in FIRST.items() if key != ("大东区", 2015)} | {
    ("大东区", 2016): "收到申请3件，改过。",
    ("皇姑区", 2016): '他说："是"，\n=1+1',
    ("皇姑区", 2019): "新",
}


def publish(archive: Path, destination: Path, *more: str) -> Result:
    return CliRunner().invoke(cli, ["publish", str(destination), "--archive", str(archive), "--json", *more])


def done(result: Result) -> Any:
    assert result.exit_code == 0, (result.output, result.exception)
    return json.loads(result.stdout.splitlines()[-1])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    from pyarrow import parquet  # type: ignore[import-untyped]

    listed: list[dict[str, Any]] = parquet.read_table(folder / name).to_pylist()
    return listed


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports with the tables of 2021, and a row in every table beside them."""
    path = tmp_path_factory.mktemp("publish") / "archive.db"
    archive_small.make(path)
    with Archive.open(path) as opened:
        run = opened.begin_run(["x"])
        for year in (2021, 2022):
            says = f'主动公开政府信息{year}条。他说："是"，\n=1+1'
            opened.store(stages(page_of(year, {0: 40, 1: "", 23: 35, 24: 5}, says), Context(True, False, "210100")))
        opened.settle(run, stages)
        opened.finish_run(run, "finished")
    return path


@pytest.fixture(scope="module")
def release(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "out"
    done(publish(archive, folder))
    return folder


def test_it_is_a_flat_folder_of_at_most_a_hundred_files_that_its_papers_name(release: Path) -> None:
    names = set(contents(release))
    assert all(path.is_file() for path in release.iterdir())
    assert len(names) <= 100
    for readme in ("README.md", "README.zh-CN.md"):
        text = (release / readme).read_text("utf-8")
        files = set(re.findall(r"^\| (.*?) \|", text, re.M)) - {"file", "文件", "---"}
        listed = {name for cell in files for name in re.findall("`([^`]+)`", cell)}
        assert listed == names - {"README.md", "README.zh-CN.md"}
        assert "2026.1.3" in text
    sums = (release / "SHA256SUMS").read_text("utf-8").splitlines()
    assert {line[66:] for line in sums} == names - {"SHA256SUMS"}
    checked = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=release, capture_output=True, check=False)
    assert checked.returncode == 0


def test_the_same_archive_gives_the_same_bytes(archive: Path, release: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(archive.read_bytes())
    with Archive.open(copy) as opened:
        opened.connection.execute("vacuum")
    done(publish(copy, tmp_path / "two"))
    assert contents(tmp_path / "two") == contents(release)


def test_a_rebuild_gives_the_same_bytes(tmp_path: Path) -> None:
    archive = made(tmp_path / "a.db", FIRST)
    done(publish(archive, tmp_path / "one"))
    with Archive.open(archive) as opened:
        opened.rebuild(derive)
    done(publish(archive, tmp_path / "two"))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_no_number_of_one_archive_names_anything(release: Path) -> None:
    columns = {column.name for resource in read_release(release).resources.values() for column in resource.columns}
    assert not {"report_id", "capture_id", "run_id", "redaction_id"} & columns
    keys = {row["key"] for row in table(release, "reports.parquet")}
    assert all(re.fullmatch("[0-9a-f]{16}", key) for key in keys)
    held = table(release, "statistics-2021.parquet") + table(release, "checks.parquet") + rows(release, "panel.csv")
    assert {row["key"] for row in held} <= keys


def test_frictionless_accepts_it(release: Path) -> None:
    from frictionless import Package

    report = Package(str(release / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
    said = json.loads((release / "datapackage.json").read_text("utf-8"))
    assert said["$schema"].endswith("/2.0/datapackage.json")
    assert said["licenses"]
    assert said["contributors"]
    assert {source["title"] for source in said["sources"]} == {"somewhere", "x"}
    assert all(column["description"] for resource in said["resources"] for column in resource["schema"]["fields"])


def test_croissant_and_citation_are_valid(release: Path) -> None:
    cited = yaml.safe_load((release / "CITATION.cff").read_text("utf-8"))
    assert (cited["type"], cited["version"], cited["date-released"]) == ("dataset", "2026.1.3", "2026-01-03")
    said = json.loads((release / "croissant.json").read_text("utf-8"))
    ids = {file["@id"] for file in said["distribution"]}
    assert {field["source"]["fileObject"]["@id"] for part in said["recordSet"] for field in part["field"]} == ids


def test_the_program_of_croissant_reads_it(release: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    dataset = mlcroissant.Dataset(str(release / "croissant.json"))
    assert not dataset.metadata.issues.errors
    assert len(list(dataset.records("panel"))) == len(rows(release, "panel.csv"))
    assert len(list(dataset.records("statistics-2021"))) == len(table(release, "statistics-2021.parquet"))


def test_the_program_of_citations_reads_it(release: Path) -> None:
    cffconvert = pytest.importorskip("cffconvert")
    cffconvert.Citation((release / "CITATION.cff").read_text("utf-8")).validate()


def test_pandas_duckdb_and_a_spreadsheet_read_the_same(archive: Path, release: Path) -> None:
    import duckdb
    import pandas

    with closing(sqlite3.connect(archive)) as connection:
        truth = connection.execute("select count(*), count(value), sum(value) from statistics").fetchone()
        wide = connection.execute(
            "select sum(value) from statistics where code = 'req_new_received__total' and form = 'f2021'"
        ).fetchone()
    found = duckdb.sql(f"select count(*), count(value), sum(value) from '{release}/statistics-*.parquet'").fetchall()
    assert found == [truth]
    frame = pandas.read_parquet(release / "statistics_wide.parquet")
    assert frame["req_new_received__total"].sum() == wide[0] == 80
    for name in ("panel", "coverage"):
        marked = pandas.read_csv(release / f"{name}.csv", dtype=str, keep_default_na=False)
        book = pandas.read_excel(release / f"{name}.xlsx", engine="calamine", dtype=str, keep_default_na=False)
        assert book.columns.tolist() == marked.columns.tolist()
        assert book["region_code"].tolist() == marked["region_code"].tolist()
        assert len(book) == len(marked) > 0
        assert (release / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_texts_stand_by_province_and_not_in_the_reports(tmp_path: Path) -> None:
    done(publish(made(tmp_path / "a.db", FIRST), tmp_path / "out"))
    assert "text" not in table(tmp_path / "out", "reports.parquet")[0]
    assert [row["text"] for row in table(tmp_path / "out", "texts-11.parquet")] == ["北京\n收到申请"]
    assert {row["text"] for row in table(tmp_path / "out", "texts-21.parquet")} == {
        "收到申请2015件。", "收到申请2016件。",
    }  # fmt: skip


def test_what_people_say_is_published_and_what_is_wrong_stands_in_the_errata(tmp_path: Path) -> None:
    archive = made(tmp_path / "a.db", FIRST)
    with Archive.open(archive) as opened:
        key = str((opened.reports.get(1) or {})["key"])
        for verdict, measure in (("wrong", "req_received"), ("disputed", None), ("checked", None)):
            opened.keep_review(Review(key, measure, verdict, "页面是5件", "王读者"))
        opened.connection.execute(
            "update findings set holds = 0, expected = 4"
            " where report_id = 2 and criterion in (select id from criteria where rule = 'A1')"
        )
    done(publish(archive, tmp_path / "out"))
    assert {(row["verdict"], row["stands"]) for row in rows(tmp_path / "out", "reviews.csv")} == {
        ("disputed", "0"), ("checked", "1"), ("wrong", "1"),
    }  # fmt: skip
    listed = [(row["kind"], row["verdict"], row["subject"]) for row in rows(tmp_path / "out", "errata.csv")]
    assert sorted(listed) == [("check", "A1", "req_received"), ("review", "wrong", "req_received")]
    paper = (tmp_path / "out" / "ERRATA.md").read_text("utf-8")
    assert f"- {key} (大东区人民政府 2015), req_received: wrong. 页面是5件 [王读者, " in paper
    assert "- A1: 1" in paper


def test_what_was_redacted_is_not_published(release: Path) -> None:
    assert not any("王某某" in path.read_bytes().decode("utf-8", "replace") for path in release.iterdir())
    assert [row["reason"] for row in rows(release, "redactions.csv")] == ["a demand"]
    assert sum(row["redacted"] for row in table(release, "captures.parquet")) == 1


def test_made_up_reports_are_left_out_beside_real_ones(tmp_path: Path) -> None:
    archive = made(tmp_path / "a.db", FIRST)
    with Archive.open(archive) as opened:
        opened.admit({"sample": True}, mixed=True)
        opened.connection.execute("update reports set portal = 'sample' where region_code = '110101'")
        opened.connection.execute("update captures set portal = 'sample' where url like '%/110101/%'")
        opened.connection.execute("update panel set portal = 'sample' where region_code = '110101'")
    told = done(publish(archive, tmp_path / "real"))
    assert (told["rows"]["reports"], told["sample"]) == (2, [])
    assert not (tmp_path / "real" / "texts-11.parquet").exists()
    assert {row["region_code"] for row in rows(tmp_path / "real", "panel.csv")} == {"210104"}
    assert not any("/110101/" in row["url"] for row in table(tmp_path / "real", "captures.parquet"))
    told = done(publish(archive, tmp_path / "all", "--with-sample"))
    assert (told["rows"]["reports"], told["sample"]) == (3, ["sample"])
    assert "made up" in (tmp_path / "all" / "README.md").read_text("utf-8")
    assert "虚构" in (tmp_path / "all" / "README.zh-CN.md").read_text("utf-8")


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """A release, and the next one with its delta: a report more, one less, one that says something else."""
    done(publish(made(tmp_path / "old.db", FIRST), tmp_path / "old"))
    archive = made(tmp_path / "new.db", SECOND, "2026-02-01")
    assert done(publish(archive, tmp_path / "new", "--since", str(tmp_path / "old"), "--force"))["since"] == "2026.1.1"
    return tmp_path / "old", tmp_path / "new"


def test_old_and_delta_are_new_byte_for_byte(two: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = two
    result = publish(tmp_path / "no.db", tmp_path / "made", "--since", str(old), "--apply", str(new / "delta.parquet"))
    assert done(result)["changes"] > 0
    assert contents(tmp_path / "made") == contents(new)


def test_the_delta_says_what_came_what_changed_and_what_went(two: tuple[Path, Path]) -> None:
    new = two[1]
    before, after = ({row["key"]: row for row in table(folder, "reports.parquet")} for folder in two)
    changes = table(new, "delta.parquet")
    reports = {json.loads(row["key"])[0]: row for row in changes if row["file"] == "reports.parquet"}
    kinds = {key: row["change"] for key, row in reports.items()}
    assert {key for key, kind in kinds.items() if kind == "ADD"} == after.keys() - before.keys() != set()
    assert {key for key, kind in kinds.items() if kind == "DEL"} == before.keys() - after.keys() != set()
    assert {key for key, kind in kinds.items() if kind == "MOD"} <= before.keys() & after.keys()
    nulls = {(row["change"], row["was"] is None, row["now"] is None, row["row"] is None) for row in changes}
    assert nulls == {("ADD", True, False, False), ("MOD", False, False, False), ("DEL", False, True, True)}
    papers = {row["file"] for row in changes if row["key"] is None}
    assert {"CHANGELOG.md", "README.md", "datapackage.json", "SHA256SUMS"} <= papers
    log = (new / "CHANGELOG.md").read_text("utf-8")
    assert "| reports | 2 | 2 | 1 |" in log
    assert log.index("## 2026.2.1") < log.index("Since 2026.1.1") < log.index("## 2026.1.1")


def test_a_release_of_the_same_day_has_another_version(tmp_path: Path) -> None:
    archive = made(tmp_path / "a.db", FIRST)
    done(publish(archive, tmp_path / "1"))
    for number in (2, 3):
        told = done(publish(archive, tmp_path / str(number), "--since", str(tmp_path / str(number - 1))))
        assert told["version"] == f"2026.1.1+{number}"
    delta = str(tmp_path / "3" / "delta.parquet")
    done(publish(archive, tmp_path / "made", "--since", str(tmp_path / "2"), "--apply", delta))
    assert contents(tmp_path / "made") == contents(tmp_path / "3")


def test_a_release_of_other_columns_leads_on_too(tmp_path: Path) -> None:
    """A later version of the program has a column more: every row of that table is another one."""
    archive = made(tmp_path / "a.db", FIRST)
    done(publish(archive, tmp_path / "old"))
    package = json.loads((tmp_path / "old" / "datapackage.json").read_text("utf-8"))
    (portals,) = (resource for resource in package["resources"] if resource["name"] == "portals")
    portals["schema"]["fields"].pop()
    (tmp_path / "old" / "datapackage.json").write_text(json.dumps(package), "utf-8")
    (tmp_path / "old" / "portals.csv").write_text("id\nsomewhere\nelsewhere\n", "utf-8")
    (tmp_path / "old" / "SHA256SUMS").write_text(sums(tmp_path / "old"), "utf-8")
    done(publish(archive, tmp_path / "new", "--since", str(tmp_path / "old"), "--force"))
    changes = [row for row in table(tmp_path / "new", "delta.parquet") if row["file"] == "portals.csv"]
    assert [(row["change"], row["key"]) for row in changes] == [("MOD", '["somewhere"]'), ("DEL", '["elsewhere"]')]
    delta = str(tmp_path / "new" / "delta.parquet")
    done(publish(archive, tmp_path / "made", "--since", str(tmp_path / "old"), "--apply", delta))
    assert contents(tmp_path / "made") == contents(tmp_path / "new")


def test_what_another_version_of_a_package_wrote_is_named(two: tuple[Path, Path], tmp_path: Path) -> None:
    """The rows come out, their bytes do not: said, and nothing is left that is neither."""
    old, new = two
    release = read_release(new)
    changes = [list(row) for row in CHANGES.read(new)]
    (promise,) = (row for row in changes if row[0] == "SHA256SUMS")
    promise[5] = "".join("0" * 64 + line[64:] if "panel.xlsx" in line else line for line in promise[5].splitlines(True))
    CHANGES.write(map(tuple, changes), tmp_path)
    code, told = said(str(tmp_path / "made"), "--since", str(old), "--apply", str(tmp_path / "delta.parquet"))
    assert code == 2
    assert "panel.xlsx" in told
    assert f"the rows are those of release {release.version}, the bytes are not" in told
    assert not (tmp_path / "made").exists()


def test_a_missing_package_is_said_at_once(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    assert "XLSX needs XlsxWriter; `" in str(publish(archive, tmp_path / "out").exception)
    assert list(tmp_path.iterdir()) == []


def said(*words: str) -> tuple[int, str]:
    """The exit code and the words of a command as a user runs it."""
    done = run("publish", *words)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_what_is_no_release_or_no_delta_is_one_sentence(two: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = two
    delta = ("--apply", str(new / "delta.parquet"))
    made_of = [str(tmp_path / "made"), "--since"]
    code, words = said(*made_of, str(tmp_path), *delta)
    assert (code, "has no SHA256SUMS" in words) == (2, True)
    code, words = said(*made_of, str(new), *delta)
    assert (code, "starts from release 2026.1.1, " in words) == (2, True)
    code, words = said(*made_of, str(old), "--apply", str(new / "panel.csv"))
    assert (code, "expected the file delta.parquet" in words) == (2, True)
    code, words = said(str(tmp_path / "made"), *delta)
    assert (code, "--apply needs --since" in words) == (2, True)
    (old / "panel.csv").write_text("another")
    code, words = said(*made_of, str(old), *delta)
    assert (code, "is not what its SHA256SUMS says: panel.csv" in words) == (2, True)
    code, words = said(str(tmp_path / "x"), "--archive", str(tmp_path / "new.db"), "--since", str(old))
    assert (code, "is not what its SHA256SUMS says: panel.csv" in words) == (2, True)
    assert not (tmp_path / "made").exists()
    assert not (tmp_path / "x").exists()


def test_a_loss_is_refused_unless_it_is_asked_for(tmp_path: Path) -> None:
    done(publish(made(tmp_path / "old.db", FIRST), tmp_path / "old"))
    fewer = made(tmp_path / "new.db", {key: text for key, text in FIRST.items() if key[0] != "东城区"})
    since = ("--archive", str(fewer), "--since", str(tmp_path / "old"))
    code, words = said(str(tmp_path / "new"), *since)
    assert code == 2
    assert "reports shrinks from 3 to 2 rows" in words
    assert "no report of province 11 is there any more" in words
    assert "--force publishes it all the same" in words
    assert not (tmp_path / "new").exists()
    assert said(str(tmp_path / "new"), *since, "--force")[0] == 0
    assert "no report of province 11" in (tmp_path / "new" / "CHANGELOG.md").read_text("utf-8")
    old, new = read_release(tmp_path / "old"), read_release(tmp_path / "new")
    assert list(losses(old, old)) == list(losses(new, old)) == []


@pytest.mark.parametrize(
    ("before", "after", "is_loss"), [(100, 98, False), (100, 97, True), (0, 0, False), (1, 0, True)]
)
def test_a_table_may_shrink_by_two_in_a_hundred(before: int, after: int, is_loss: bool, tmp_path: Path) -> None:
    def release(rows: int) -> Any:
        said = {"resources": [{"nianbao": {"table": "checks", "rows": rows}}]}
        return Release(tmp_path, said, {})

    assert bool(list(losses(release(before), release(after)))) is is_loss


def test_a_licence_and_authors_are_those_named(tmp_path: Path) -> None:
    archive = made(tmp_path / "a.db", FIRST)
    done(publish(archive, tmp_path / "out", "--author", "某实验室", "--licence", "CC-BY-4.0"))
    assert yaml.safe_load((tmp_path / "out/CITATION.cff").read_text("utf-8"))["authors"] == [{"name": "某实验室"}]
    assert "CC-BY-4.0" in (tmp_path / "out/LICENCE.md").read_text("utf-8")
    assert json.loads((tmp_path / "out/datapackage.json").read_text("utf-8"))["licenses"][0]["name"] == "CC-BY-4.0"


def test_an_empty_archive_is_published_too(tmp_path: Path) -> None:
    Archive.open(tmp_path / "a.db").close()
    assert done(publish(tmp_path / "a.db", tmp_path / "out"))["rows"]["reports"] == 0


def test_a_destination_that_exists_is_left_alone(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert "exists already" in str(publish(archive, tmp_path / "out").exception)
    assert list((tmp_path / "out").iterdir()) == []
