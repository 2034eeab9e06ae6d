"""`nianbao coverage`: what should exist, region by region and year by year, as a grid and as JSON."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crawler.archive.archive import Archive
from crawler.archive.queries.grids import grids
from crawler.commands.cli import cli
from crawler.portals import selection
from crawler.records.errors import ArchiveError
from crawler.records.problems import Problem
from crawler.reference import deadlines as reportyears
from crawler.reference.deadlines import due_on
from tests.support.archive_toy import SITE, page

YEARS = range(2008, 2026)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The districts of 沈阳 as they stood from 2008 to 2025, and a few reports."""
    place = tmp_path / "archive.db"
    with Archive.open(place) as archive:
        run = archive.begin_run(["somewhere"])
        archive.expect(reportyears.expected("somewhere", "210100", YEARS))
        archive.expect([("somewhere", "210104", "大东区", 2025, (date.today() + timedelta(days=1)).isoformat())])
        archive.store(page("/2014.html", text="一", year=2014, published_on="2015-04-02"))
        archive.store(page("/2015.html", text="一", year=2015, published_on="2017-04-02"))
        archive.store(page("/2016.html", text="一", year=2016, published_on="2017-03-31"))
        archive.store(page("/hunnan.html", text="一", year=2017, region_code="210112", organ="浑南区人民政府"))
        archive.store(
            page("/b.html", text="一", year=2020, organ_kind="department", organ="教育局", published_on="2021-02-01")
        )
        archive.store(
            page("/c.html", text="一", year=2018, organ_kind="department", organ="教育局", published_on="2019-03-31")
        )
        archive.finish_run(run, "finished")
    return place


def nianbao(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["coverage", *arguments])


def cells(line: str) -> dict[int, str]:
    """The cells of a grid's row by report year, two characters each."""
    start = len(line) - 3 * len(YEARS)
    return {year: line[start + 3 * n + 1 : start + 3 * n + 3].strip() for n, year in enumerate(YEARS)}


def test_the_grid_shows_each_case_at_a_glance(path: Path) -> None:
    lines = nianbao("--archive", str(path)).output.splitlines()
    assert lines[0] == "somewhere: reports on 2008 to 2025"
    (row,) = [line for line in lines if "大东区" in line]
    shown = cells(row)
    assert {year: shown[year] for year in (2013, 2014, 2015, 2016, 2025)} == {
        2013: "-",
        2014: "2",
        2015: "99",
        2016: "+",
        2025: ".",
    }
    (liaozhong,) = [line for line in lines if "辽中区" in line]
    shown = cells(liaozhong)
    assert (shown[2014], shown[2017]) == ("", "-")
    assert "beside these 2 reports of departments, 1 of them late" in lines
    assert "\x1b" not in "".join(lines)
    grid = [line for line in lines if line[:2] == "21"]
    assert len({cell_len(line) for line in grid}) == 1
    assert max(cell_len(line) for line in lines) <= 80


def test_a_year_s_regions_are_those_that_stood_then(path: Path) -> None:
    told = json.loads(nianbao("--archive", str(path), "--json").output.splitlines()[-1])["portals"]["somewhere"]
    regions: dict[int, dict[str, str]] = {year: {} for year in YEARS}
    for row in told["rows"]:
        regions[row["report_year"]][row["region_code"]] = row["region"]
    # 辽中县 became 辽中区 in 2016, 东陵区 was renamed 浑南区 in 2014.
    assert ("210122" in regions[2015], "210115" in regions[2015]) == (True, False)
    assert ("210122" in regions[2018], "210115" in regions[2018]) == (False, True)
    assert regions[2010]["210112"] == "东陵区"
    assert regions[2018]["210112"] == "浑南区"
    assert told["statuses"]["archived"] == 4
    assert told["departments"] == {"reports": 2, "late": 1}


def test_years_and_portals_are_chosen(path: Path) -> None:
    told = json.loads(nianbao("somewhere", "--years", "2014-2015", "--archive", str(path), "--json").output)
    assert {row["report_year"] for row in told["portals"]["somewhere"]["rows"]} == {2014, 2015}
    failed = nianbao("nowhere", "--archive", str(path))
    assert isinstance(failed.exception, ArchiveError)
    assert "nothing of portal 'nowhere'" in str(failed.exception)


def test_an_archive_that_expects_nothing_says_so(tmp_path: Path) -> None:
    Archive.open(tmp_path / "a.db").close()
    assert "nothing is expected yet" in nianbao("--archive", str(tmp_path / "a.db")).output


def test_deadlines_are_those_of_the_regulation(path: Path) -> None:
    assert due_on(2018, "department") == "2019-03-31"
    assert due_on(2019, "department") == "2020-01-31"
    assert due_on(2019) == due_on(2019, "township") == "2020-03-31"
    with Archive.read(path) as archive:
        rows = archive.connection.execute(
            "select report_year, organ_kind, due_on, days_late from deadlines order by 1, 2"
        )
        for year, kind, due, late in map(tuple, rows.fetchall()):
            assert due == due_on(year, kind)
            assert (late or 0) == {2014: 2, 2015: 367, 2020: 1}.get(year, 0)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (SITE + "/zwgk/", {"210104": "blocked", "210105": "blocked"}),
        ("https://dadong.somewhere.gov.cn/x", {"210104": "blocked", "210105": "missing"}),
        ("https://other.gov.cn/x", {"210104": "missing", "210105": "missing"}),
    ],
)
def test_blocked_is_what_stands_on_a_host_that_refused(tmp_path: Path, address: str, status: dict[str, Any]) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.begin_run(["somewhere"])
        for code, name in (("210104", "大东区"), ("210105", "皇姑区")):
            archive.expect([("somewhere", code, name, 2014, "2015-03-31")])
        own = page("/2018.html", text="一", year=2018)
        own.capture.url = "https://dadong.somewhere.gov.cn/2018.html"
        archive.store(own)
        run = archive.begin_run(["somewhere"])
        archive.problem(run, "somewhere", Problem("challenge", address, "521"))
        told = {row["region_code"]: row["status"] for row in archive.coverage.rows()}
    assert told == status


def test_a_portal_that_refused_from_the_start_is_blocked(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        run = archive.begin_run(["somewhere"])
        archive.expect([("somewhere", "210104", "大东区", 2014, "2015-03-31")])
        archive.problem(run, "somewhere", Problem("robots", SITE + "/", "robots.txt forbids this address"))
        assert [row["status"] for row in archive.coverage.rows()] == ["blocked"]


def test_one_address_that_robots_txt_forbids_blocks_nothing_else(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        run = archive.begin_run(["somewhere"])
        archive.expect([("somewhere", "210104", "大东区", 2014, "2015-03-31")])
        archive.store(page("/", kind="home"))
        archive.problem(run, "somewhere", Problem("robots", SITE + "/search/", "robots.txt forbids this address"))
        assert [row["status"] for row in archive.coverage.rows()] == ["missing"]
        archive.problem(run, "somewhere", Problem("robots", SITE.replace("https", "http") + "/", "robots.txt forbids"))
        assert [row["status"] for row in archive.coverage.rows()] == ["blocked"]


def test_a_report_that_is_gone_is_shown_as_gone(path: Path) -> None:
    with Archive.open(path) as archive:
        for _ in range(2):
            archive.begin_run(["somewhere"])
            archive.store(page("/2016.html", kind="missing", status=404))
    lines = nianbao("--archive", str(path)).output.splitlines()
    (row,) = [line for line in lines if "大东区" in line]
    assert cells(row)[2016] == "x"
    assert any("1 gone" in line for line in lines)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """沈阳市 is expected of its own portal and of the province's, 大东区 of its own city's alone."""
    place = tmp_path / "shared.db"
    with Archive.open(place) as archive:
        run = archive.begin_run(["liaoning", "shenyang"])
        for name in ("shenyang", "liaoning"):
            archive.expect([(name, "210100", "沈阳市", year, f"{year + 1}-03-31") for year in (2018, 2019)])
        archive.expect([("shenyang", "210104", "大东区", 2018, "2019-03-31")])
        report = page("/2018.html", text="一", year=2018, region_code="210100", published_on="2019-04-02")
        report.capture.portal = "shenyang"
        archive.store(report)
        archive.finish_run(run, "finished")
    return place


def test_a_region_of_two_portals_has_one_row_a_year(shared: Path) -> None:
    with Archive.read(shared) as archive:
        told = [
            (row["region_code"], row["report_year"], row["portal"], row["portals"], row["status"], row["days_late"])
            for row in archive.coverage.rows()
        ]
        # The question of the README.
        missing = archive.connection.execute(
            "select report_year, count(*), group_concat(region) from coverage where status = 'missing' group by 1"
        ).fetchall()
    both = ["liaoning", "shenyang"]
    assert told == [
        ("210100", 2018, "shenyang", both, "archived", 2),
        ("210100", 2019, "liaoning", both, "missing", None),
        ("210104", 2018, "shenyang", ["shenyang"], "missing", None),
    ]
    assert [tuple(row) for row in missing] == [(2018, 1, "大东区"), (2019, 1, "沈阳市")]


def test_commands_count_it_once_and_each_portal_has_it(shared: Path) -> None:
    lines = nianbao("--archive", str(shared)).output.splitlines()
    assert lines[0] == "liaoning, shenyang: reports on 2018 to 2019"
    assert len([line for line in lines if "沈阳市" in line]) == 1
    assert "1 archived, 2 missing; 1 late" in lines
    told = json.loads(nianbao("--archive", str(shared), "--json").output)
    assert told["statuses"] == {"archived": 1, "missing": 2}
    assert {name: one["statuses"] for name, one in told["portals"].items()} == {
        "liaoning": {"archived": 1, "missing": 1},
        "shenyang": {"archived": 1, "missing": 2},
    }
    alone = json.loads(nianbao("liaoning", "--archive", str(shared), "--json").output)
    assert list(alone["portals"]) == ["liaoning"]
    assert {row["region_code"] for row in alone["portals"]["liaoning"]["rows"]} == {"210100"}


@pytest.mark.parametrize(
    ("refusing", "status"),
    [((), "missing"), (("liaoning",), "missing"), (("shenyang",), "missing"), (("liaoning", "shenyang"), "blocked")],
)
def test_what_one_of_two_portals_may_show_is_missing_not_blocked(
    shared: Path, refusing: tuple[str, ...], status: str
) -> None:
    with Archive.open(shared) as archive:
        run = archive.begin_run(["liaoning", "shenyang"])
        for name in refusing:
            archive.problem(run, name, Problem("challenge", SITE + "/", "521"))
        told = {(row["region_code"], row["report_year"]): row["status"] for row in archive.coverage.rows()}
    assert told["210100", 2018] == "archived"
    assert told["210100", 2019] == status
    assert told["210104", 2018] == ("blocked" if "shenyang" in refusing else "missing")


def test_a_report_of_a_portal_that_owes_it_not_counts_under_the_first_that_does(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.begin_run(["somewhere"])
        for name in ("b", "a"):
            archive.expect([(name, "210104", "大东区", 2018, "2019-03-31")])
        archive.store(page("/a.html", text="一"))
        (row,) = archive.coverage.rows()
    assert (row["portal"], row["portals"], row["status"]) == ("a", ["a", "b"], "archived")


def test_the_profiles_that_ship_give_each_region_and_year_one_row(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        places = []
        for profile in selection.bundled().values():
            rows = reportyears.expected(profile.id, profile.region, range(2018, 2020))
            archive.expect(rows)
            places += [(code, year) for _, code, _, year, _ in rows]
        told = [(row["region_code"], row["report_year"]) for row in archive.coverage.rows()]
    assert len(places) > len(set(places))
    assert told == sorted(set(places))


@given(st.lists(st.tuples(st.integers(0, 9), st.sets(st.sampled_from("abcdef"), min_size=1)), max_size=12))
def test_every_row_stands_in_one_grid_with_all_of_its_region(expected: list[tuple[int, set[str]]]) -> None:
    rows = [
        {"region_code": str(region), "report_year": year, "portals": sorted(names), "portal": min(names)}
        for year, (region, names) in enumerate(expected)
    ]
    found = grids(rows)
    assert sorted(row["report_year"] for grid in found for row in grid.rows) == list(range(len(rows)))
    names = [name for grid in found for name in grid.portals]
    assert len(names) == len(set(names))
    for grid in found:
        assert {name for row in grid.rows for name in row["portals"]} == set(grid.portals)
    regions = [{row["region_code"] for row in grid.rows} for grid in found]
    assert sum(map(len, regions)) == len(set().union(*regions))
