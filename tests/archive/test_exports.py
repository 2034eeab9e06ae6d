"""Exports through the command: what other programs read out of them is what the archive holds, byte for byte again."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from crawler.records.capture import Context
from pipelines import derive
from tests import ROOT
from tests.pipelines.test_figures import capture

FORMATS = ("jsonl", "csv", "parquet", "datapackage", "xlsx")
AWKWARD = '他说："是"，\n然后=1+1'


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exports") / "archive.db"
    with Archive.open(path) as opened:
        run = opened.begin_run(["x"])
        opened.expect([("x", "210104", "大东区", 2021, "2022-03-31")])
        for year in (2021, 2022):
            says = f"主动公开政府信息{year}条。{AWKWARD}"
            opened.store(derive(capture(year, {0: 40, 1: "", 23: 35, 24: 5}, says), Context(True, False, "210100")))
        opened.settle(run, derive)
        opened.finish_run(run, "finished")
    return path


def export(archive: Path, what: str, destination: Path, *more: str) -> Result:
    if what == "xlsx":
        pytest.importorskip("xlsxwriter")
    return CliRunner().invoke(cli, ["export", what, str(destination), *more, "--archive", str(archive), "--json"])


def contents(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("what", FORMATS)
def test_the_same_archive_gives_the_same_bytes(archive: Path, tmp_path: Path, what: str) -> None:
    assert export(archive, what, tmp_path / "one").exit_code == 0
    copy = tmp_path / "copy.db"
    copy.write_bytes(archive.read_bytes())
    with Archive.open(copy) as opened:
        opened.rebuild(derive)
        opened.connection.execute("vacuum")
    assert export(copy, what, tmp_path / "two").exit_code == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_json_lines_hold_every_row_with_null_and_numbers(archive: Path, tmp_path: Path) -> None:
    told = export(archive, "jsonl", tmp_path / "out")
    counts = json.loads(told.output.splitlines()[-1])["rows"]
    with sqlite3.connect(archive) as connection:
        connection.row_factory = sqlite3.Row
        for name, count in counts.items():
            lines = [json.loads(line) for line in (tmp_path / "out" / f"{name}.jsonl").read_text("utf-8").splitlines()]
            assert len(lines) == count
            if name == "statistics":
                rows = connection.execute("select * from statistics order by report_id, position").fetchall()
                for line, row in zip(lines, rows, strict=True):
                    assert {key: line[key] for key in row.keys()} == dict(row)  # noqa: SIM118
                assert {line["region"] for line in lines} == {"大东区"}
                assert any(line["value"] is None and line["raw"] == "" for line in lines)
            if name == "reports":
                assert AWKWARD.split("\n")[0] in lines[0]["text"]
                assert lines[0]["trail"][0]["label"] == "首页"


def test_csv_keeps_line_breaks_quotes_and_null(archive: Path, tmp_path: Path) -> None:
    export(archive, "csv", tmp_path / "out")
    with (tmp_path / "out" / "reports.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with sqlite3.connect(archive) as connection:
        texts = [row[0] for row in connection.execute("select text from reports order by id")]
    assert [row["text"] for row in rows] == texts
    with (tmp_path / "out" / "statistics.csv").open(encoding="utf-8", newline="") as file:
        values = {row["code"]: row["value"] for row in csv.DictReader(file)}
    assert values["req_carried_in__total"] == ""
    assert values["req_granted__total"] == "0"
    assert values["req_new_received__total"] == "40"


def test_the_page_on_exports_names_every_table(archive: Path, tmp_path: Path) -> None:
    export(archive, "csv", tmp_path / "out")
    rows = [
        line.split("|")[1] for line in (ROOT / "docs" / "exports.md").read_text("utf-8").splitlines() if "|" in line
    ]
    named = {name for cell in rows for name in re.findall("`([a-z_]+)`", cell)}
    assert {file.stem for file in (tmp_path / "out").iterdir()} == named


def test_wide_has_a_column_for_every_measure_whatever_was_found(archive: Path, tmp_path: Path) -> None:
    export(archive, "csv", tmp_path / "out")
    Archive.open(tmp_path / "empty.db").close()
    export(tmp_path / "empty.db", "csv", tmp_path / "none")
    with (tmp_path / "out" / "statistics_wide.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["req_new_received__total"] for row in rows] == ["40", "40"]
    assert [row["text__disc_total"] for row in rows] == ["2021", "2022"]
    assert [row["disc_total"] for row in rows] == ["", ""]
    header = (tmp_path / "none" / "statistics_wide.csv").read_text("utf-8").splitlines()
    assert header == [",".join(rows[0])]


def test_frictionless_accepts_the_package(archive: Path, tmp_path: Path) -> None:
    from frictionless import Package

    assert export(archive, "datapackage", tmp_path / "out").exit_code == 0
    report = Package(str(tmp_path / "out" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        body = (tmp_path / "out" / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(body).hexdigest()
        assert resource["bytes"] == len(body)
        assert all(field["description"] for field in resource["schema"]["fields"]), resource["name"]
    assert package["sources"] == [{"title": "x", "path": "https://www.shenyang.gov.cn/"}]
    assert "req_granted__total" in (tmp_path / "out" / "codebook.md").read_text("utf-8")


def test_pandas_and_duckdb_read_the_same_sums(archive: Path, tmp_path: Path) -> None:
    import duckdb
    import pandas

    export(archive, "parquet", tmp_path / "parquet")
    export(archive, "csv", tmp_path / "csv")
    export(archive, "jsonl", tmp_path / "jsonl")
    with sqlite3.connect(archive) as connection:
        truth = connection.execute("select count(*), count(value), sum(value) from statistics").fetchone()
    for frame in (
        pandas.read_parquet(tmp_path / "parquet" / "statistics.parquet"),
        pandas.read_csv(tmp_path / "csv" / "statistics.csv"),
        pandas.read_json(tmp_path / "jsonl" / "statistics.jsonl", lines=True),
    ):
        assert (len(frame), int(frame["value"].count()), frame["value"].sum()) == truth
    for source in ("parquet/statistics.parquet", "csv/statistics.csv", "jsonl/statistics.jsonl"):
        row = duckdb.sql(f"select count(*), count(value), sum(value) from '{tmp_path / source}'").fetchall()[0]
        assert row == truth


def test_a_spreadsheet_opens_them_with_codes_as_text(archive: Path, tmp_path: Path) -> None:
    import pandas

    assert export(archive, "xlsx", tmp_path / "xlsx").exit_code == 0
    assert export(archive, "csv", tmp_path / "csv", "--bom").exit_code == 0
    assert {path.stem for path in (tmp_path / "xlsx").iterdir()} == {path.stem for path in (tmp_path / "csv").iterdir()}
    frame = pandas.read_excel(tmp_path / "xlsx" / "statistics.xlsx", engine="calamine", dtype=object)
    marked = pandas.read_csv(tmp_path / "csv" / "statistics.csv", dtype={"region_code": str})
    assert frame["region_code"].tolist() == marked["region_code"].tolist() == ["210104"] * len(frame)
    assert frame["value"].sum() == marked["value"].sum() > 0
    assert frame["value"].isna().sum() == marked["value"].isna().sum() > 0
    report = pandas.read_excel(tmp_path / "xlsx" / "reports.xlsx", engine="calamine", dtype=object)
    assert "=1+1" in report["text"][0]
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in (tmp_path / "csv").iterdir())


def test_what_a_sheet_or_a_cell_does_not_take_goes_on_or_says_so(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    from python_calamine import CalamineWorkbook

    from crawler.archive.exchange.columns import Column
    from crawler.archive.exchange.spreadsheet import SIGNS_A_CELL, spreadsheet

    columns = (Column("code", "string", "a code"), Column("value", "number", "a value"))
    rows = [("010000", 1.5), ("x" * 40_000, None), ("=1", 3)]
    assert spreadsheet(columns, rows, tmp_path / "a.xlsx", rows_a_sheet=3) == 3
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    first, second = (book.get_sheet_by_index(at).to_python() for at in (0, 1))
    assert first[:2] == [["code", "value"], ["010000", 1.5]]
    assert len(first[2][0]) == SIGNS_A_CELL
    assert first[2][0].endswith("40000 characters in all, cut here]")
    assert second == [["code", "value"], ["=1", 3.0]]


def test_coverage_is_that_of_the_day_on_which_a_page_was_last_seen(archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(archive.read_bytes())
    for day, status in (("2022-03-31", "not_due"), ("2022-04-01", "missing")):
        with Archive.open(copy) as opened:
            opened.expect([("x", "210105", "皇姑区", 2021, "2022-03-31")])
            opened.connection.execute("update captures set last_seen_at = ?", (day + "T00:00:00Z",))
        export(copy, "csv", tmp_path / day)
        with (tmp_path / day / "coverage.csv").open(encoding="utf-8", newline="") as file:
            rows = {row["region_code"]: row["status"] for row in csv.DictReader(file)}
        assert rows == {"210104": "archived", "210105": status}


@pytest.mark.parametrize("what", FORMATS)
def test_a_destination_that_exists_is_left_alone(archive: Path, tmp_path: Path, what: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    told = export(archive, what, tmp_path / "out")
    assert "exists already" in str(told.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_nothing_is_left_of_an_export_that_fails(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import crawler.archive.exchange.folder as folder

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "_synced", full)
    told = export(archive, "csv", tmp_path / "out")
    assert "No space left on device" in str(told.exception)
    assert list(tmp_path.iterdir()) == []


def test_no_archive_and_no_directory_are_one_sentence(archive: Path, tmp_path: Path) -> None:
    assert "does not exist" in str(export(tmp_path / "none.db", "csv", tmp_path / "out").exception)
    assert "does not exist" in str(export(archive, "csv", tmp_path / "no" / "out").exception)
