"""The queries of docs/series.md, over the lists of codes and a few figures of three forms."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from crawler.reference.codes import measure_codes
from crawler.reference.regions import region_codes
from crawler.reference.series import every_series
from tests import ROOT

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


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path_factory.mktemp("archive") / "a.db")
    for name, rows in (("measures", measure_codes()), ("regions", region_codes())):
        cells = [
            {column: json.dumps(cell) if isinstance(cell, tuple) else cell for column, cell in asdict(row).items()}
            for row in rows
        ]
        connection.execute(f"create table {name} ({', '.join(cells[0])})")
        marks = ", ".join("?" * len(cells[0]))
        connection.executemany(f"insert into {name} values ({marks})", [tuple(row.values()) for row in cells])
    connection.executescript("""
        create table reports (id, organ_kind, region_code, region, report_year);
        insert into reports values
            (1, 'government', '210104', '大东区', 2018),
            (2, 'government', '210104', '大东区', 2019),
            (3, 'government', '210104', '大东区', 2021), (4, 'government', '210104', '大东区', 2012);
        create table statistics (report_id, form, code, value);
        create table panel (region_code, report_year, received, received_source, "break", conflict);
        insert into panel values
            ('220381', 2018, 7, 'f2014', null, 0), ('220381', 2019, 8, 'f2019', 'f2014 → f2019', 0),
            ('220184', 2020, 9, 'f2019', null, 0), ('220184', 2021, 5, 'f2021', 'f2019 → f2021', 0),
            ('210104', 2012, 3, 'narrative', null, 0), ('210104', 2018, 4, 'f2014', 'narrative → f2014', 0),
            ('210104', 2019, 6, 'f2019', 'f2014 → f2019', 0), ('210104', 2020, 9, 'f2019', null, 0);
    """)
    connection.executemany("insert into statistics values (?, ?, ?, ?)", FIGURES)
    connection.commit()
    yield connection
    connection.close()


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


def test_every_series_the_page_names_is_there() -> None:
    ids = {series.id for series in every_series()}
    assert (
        set(re.findall(r"series = '(\w+)'", PAGE)) | {"received", "denied", "lawsuits_upheld", "rules_in_force"} <= ids
    )
