"""What is held of what is due, by region, province, portal and year; and coverage of some regions alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from tests.support.archive_country import EXPECTED, country, expectation


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("country") / "archive.db"
    country(path, 1_000)
    return path


@pytest.fixture(scope="module")
def archive(path: Path) -> Iterator[Archive]:
    with Archive.read(path) as opened:
        yield opened


def changed(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_coverage_of_some_regions_is_that_of_all_for_these(archive: Archive) -> None:
    rows = list(archive.coverage.rows())
    codes = sorted({row["region_code"] for row in rows})
    assert {row["status"] for row in rows} == {"archived", "missing", "blocked"}
    for some in (codes[:1], codes[::7], codes):
        assert archive.coverage.of_regions(some) == [row for row in rows if row["region_code"] in some]
    assert archive.coverage.of_regions(["999999"]) == []


def test_regions_say_what_is_due_and_held(archive: Archive) -> None:
    regions = archive.country.regions()
    assert len(regions) == 100
    assert {(row["due"], row["held"], row["latest_year"]) for row in regions} == {(len(EXPECTED), 10, 2019)}
    assert {row["level"] for row in regions} == {"county"}
    first = archive.coverage.of_region(regions[0]["region_code"])[11]
    assert (first["key"], first["days_late"]) == (regions[0]["latest_key"], regions[0]["days_late"])
    panel = archive.panel.rows([regions[0]["region_code"]])[-1]
    assert regions[0]["refused_share"] == round((panel["denied"] + panel["refused"]) / panel["processed"], 4)
    assert regions[0]["refused_year"] == 2019


def test_years_of_a_province_are_those_of_its_regions(archive: Archive) -> None:
    years = archive.country.years("210000")
    counted = sum(row["region_code"].startswith("21") for row in archive.country.regions())
    assert [row["report_year"] for row in years] == list(EXPECTED)
    assert {(row["due"], row["held"]) for row in years} == {(counted, counted), (counted, 0)}
    assert archive.country.years("990000") == []


def test_what_is_made_up_counts_only_alone(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    expectation(path, 2)
    with Archive.read(path) as archive:
        assert len(archive.country.regions()) == 20
    changed(path, "update portals set sample = 1 where id = 'p1'")
    with Archive.read(path) as archive:
        assert len(archive.country.regions()) == 10
    changed(path, "update portals set sample = 1")
    with Archive.read(path) as archive:
        assert [row["sample"] for row in archive.country.regions()] == [1] * 20


def test_a_review_closes_a_check(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    country(path, 100)
    say = "insert into reviews (key, measure, verdict, who, at) select key, {}, 'checked', 'w', '' from reports"
    with Archive.read(path) as archive:
        code = archive.country.regions()[0]["region_code"]
        assert archive.country.regions()[0]["open_checks"] == 10
    for measure, number, left in (("null", 1, 9), ("'req_received'", 2, 8), ("'disc_total'", 3, 8)):
        changed(path, say.format(measure) + f" where id = {number}")
        with Archive.read(path) as archive:
            assert archive.country.regions()[0]["open_checks"] == left
            assert archive.country.regions()[0]["region_code"] == code


def test_a_report_that_nobody_expected_is_held(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    country(path, 100)
    changed(path, "delete from expected")
    with Archive.read(path) as archive:
        first = archive.country.regions()[0]
        assert (first["due"], first["held"], first["latest_year"], first["days_late"]) == (0, 0, 2019, None)


def test_a_portal_says_how_runs_went_with_it(archive: Archive, path: Path) -> None:
    visits = archive.visits
    assert [visits.known(name) for name in ("p7", "p8", "nothing")] == [True, True, False]
    runs = visits.runs("p7", 3)
    assert [run["id"] for run in runs] == [20, 19, 18]
    assert runs[0]["kinds"] == {"encoding": 5, "host_resting": 100}
    assert runs[0]["wants_a_person"] == ["host_resting"]
    problems = visits.problems("p7", 20)
    assert len(problems) == 105
    assert {problem["portal"] for problem in problems} == {"p7"}
    assert visits.home("p7") == "https://h79.cn/"
    assert len(visits.hosts("p7")) == 10
    assert len(visits.regions("p7")) == 10
    assert len(visits.lists("p7")) == 100
    assert visits.lost("p7") == []
    changed(path, "update report_urls set gone_at = '2026-02-02' where url = 'https://h70.cn/old/700'")
    assert [(one["url"], one["report_year"]) for one in visits.lost("p7")] == [("https://h70.cn/old/700", 2010)]
    years = visits.years("p7")
    assert [row["report_year"] for row in years] == list(EXPECTED)
    assert {(row["due"], row["held"], row["reports"]) for row in years} == {(10, 10, 10), (10, 0, 0)}
    assert sum(one["regions"] for code in {code[:2] for code in visits.regions("p7")} for one in visits.within(code)
               if one["portal"] == "p7") == 10  # fmt: skip


def test_the_outline_of_runs_says_what_the_whole_says(archive: Archive) -> None:
    whole = archive.runs.latest(3)
    for short, long in zip(archive.runs.outline(3), whole, strict=True):
        assert short == {name: long[name] for name in short}
        assert short["wants_a_person"] == ["host_resting"] * (short["id"] == 20)
