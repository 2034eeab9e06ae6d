"""The queries of docs/series.md, over the lists of codes and a few figures of three forms."""

from __future__ import annotations

import csv
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive.file.connection import open_for_writing
from crawler.archive.write.codes import Numbers
from crawler.reference.series import every_series
from tests import ROOT

R = ("Rscript", "--vanilla", "-e")
PAGE = (ROOT / "docs" / "series.md").read_text("utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.S)
PANEL, CODES, SERIES, REASON, REGION, SPLIT = range(6)

FIGURES = (
    (1, "f2014", "suit_upheld", 2), (1, "narrative", "suit_upheld", 9), (1, "f2014", "req_denied_state_secret", 1),
    (2, "f2019", "suit_direct_upheld", 3), (2, "f2019", "suit_after_review_upheld", 4),
    (2, "f2019", "req_denied_state_secret__total", 5),
    (3, "f2021", "suit_direct_upheld", 6), (3, "f2021", "suit_after_review_upheld", None),
    (4, "narrative", "suit_upheld", 1),
)  # fmt: skip


REPORTS = (("210104", 2018), ("210104", 2019), ("210104", 2021), ("210104", 2012))
LINES = (
    ("220381", 2018, 7, "f2014", None), ("220381", 2019, 8, "f2019", "f2014 → f2019"),
    ("220184", 2020, 9, "f2019", None), ("220184", 2021, 5, "f2021", "f2019 → f2021"),
    ("210104", 2012, 3, "narrative", None), ("210104", 2018, 4, "f2014", "narrative → f2014"),
    ("210104", 2019, 6, "f2019", "f2014 → f2019"), ("210104", 2020, 9, "f2019", None),
)  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """An archive with these figures and rows of the panel, over a connection that knows none of our functions."""
    path = tmp_path_factory.mktemp("archive") / "a.db"
    with closing(open_for_writing(path)) as written:
        written.execute("pragma foreign_keys = off")
        written.execute("begin")
        written.executemany(
            "insert into reports (id, key, url, organ_kind, region_code, region, report_year, breadcrumb, trail,"
            " first_seen_at, last_seen_at, capture_id, evidence)"
            " values (?, ?, '', 'government', ?, '大东区', ?, '[]', '[]', '', '', 1, '{}')",
            [(number, f"{number:016x}", code, year) for number, (code, year) in enumerate(REPORTS, start=1)],
        )
        numbers = Numbers(written)
        numbers.ready()
        written.executemany(
            "insert into figures (report_id, position, form, measure, value, method, words)"
            " values (?, ?, ?, ?, ?, ?, '')",
            [
                (number, at, numbers.forms[form], numbers.measure(code, form)[0], value, numbers.method("header"))
                for at, (number, form, code, value) in enumerate(FIGURES)
            ],
        )
        written.executemany(
            'insert into panel (report_id, url, region_code, report_year, received, received_source, "break", conflict,'
            " sample) values (1, '', ?, ?, ?, ?, ?, 0, 0)",
            LINES,
        )
        written.execute("commit")
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def test_a_line_of_the_panel_shows_its_breaks(archive: sqlite3.Connection) -> None:
    rows = archive.execute(QUERIES[PANEL]).fetchall()
    assert [(year, value, change) for year, value, _, change, _ in rows] == [
        (2012, 3, None), (2018, 4, "narrative → f2014"), (2019, 6, "f2014 → f2019"), (2020, 9, None),
    ]  # fmt: skip


def test_the_codes_of_a_series_say_how_they_compare(archive: sqlite3.Connection) -> None:
    rows = archive.execute(QUERIES[CODES]).fetchall()
    assert [(row[0], row[-1]) for row in rows] == [
        ("suit_upheld", "other"), ("suit_direct_upheld", "same"), ("suit_after_review_upheld", "same"),
    ]  # fmt: skip


def test_a_series_is_one_answer_a_report_from_its_best_form(archive: sqlite3.Connection) -> None:
    rows = archive.execute(QUERIES[SERIES]).fetchall()
    assert [row[1:] for row in rows] == [
        (2012, 1, "narrative", 0, "other"), (2018, 2, "f2014", 0, "other"),
        (2019, 7, "f2019", 0, "same"), (2021, 6, "f2021", 1, "same"),
    ]  # fmt: skip


def test_one_reason_goes_on_through_the_forms(archive: sqlite3.Connection) -> None:
    assert archive.execute(QUERIES[REASON]).fetchall() == [(2018, "f2014", 1, 1), (2019, "f2019", 1, 5)]


def test_the_reason_on_the_page_has_the_codes_of_its_series() -> None:
    series = next(series for series in every_series() if series.id == "denied_state_secret")
    assert set(re.findall(r"'(req_[a-z_]+)'", QUERIES[REASON])) == {c for m in series.members for c in m.codes}


def test_a_region_is_followed_through_its_codes(archive: sqlite3.Connection) -> None:
    rows = archive.execute(QUERIES[REGION]).fetchall()
    assert [row[:2] for row in rows] == [(2018, "220381"), (2019, "220381"), (2020, "220184"), (2021, "220184")]


def test_regions_that_were_split_are_those_that_no_sum_tells(archive: sqlite3.Connection) -> None:
    codes = [row[0] for row in archive.execute(QUERIES[SPLIT])]
    assert "330104" in codes
    assert "220381" not in codes


def test_changes_in_pandas_leave_the_breaks_out(
    archive: sqlite3.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    names: dict[str, object] = {}
    (_, _, path) = archive.execute("pragma database_list").fetchone()
    exec(program.replace("data/archive.db", Path(path).as_posix()), names)
    panel = names["panel"]
    changes = panel[panel["change"].notna()][["region_code", "report_year", "change"]]  # type: ignore[index]
    assert changes.values.tolist() == [["210104", 2020, 3.0]]
    assert panel[panel["region_code"] == "210104"]["part"].tolist() == [0, 1, 2, 2]  # type: ignore[index]


def test_changes_in_r_are_those_in_pandas(archive: sqlite3.Connection, tmp_path: Path) -> None:
    if shutil.which("Rscript") is None or subprocess.run([*R, "library(RSQLite)"], capture_output=True).returncode:
        pytest.skip("R with RSQLite is not installed")
    (program,) = re.findall(r"```r\n(.*?)```", PAGE, re.S)
    (_, _, path) = archive.execute("pragma database_list").fetchone()
    told = 'write.csv(panel[c("region_code", "report_year", "part", "change")], row.names = FALSE)'
    script = tmp_path / "page.R"
    script.write_text(program.replace("data/archive.db", Path(path).as_posix()) + told, "utf-8")
    done = subprocess.run(["Rscript", "--vanilla", str(script)], capture_output=True, text=True, check=True)
    rows = list(csv.DictReader(done.stdout[done.stdout.index('"region_code"') :].splitlines()))
    assert [tuple(row.values()) for row in rows if row["change"] != "NA"] == [("210104", "2020", "2", "3")]
    assert [row["part"] for row in rows if row["region_code"] == "210104"] == ["0", "1", "2", "2"]


def test_every_series_the_page_names_is_there() -> None:
    ids = {series.id for series in every_series()}
    assert (
        set(re.findall(r"series = '(\w+)'", PAGE)) | {"received", "denied", "lawsuits_upheld", "rules_in_force"} <= ids
    )
