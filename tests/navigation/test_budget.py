"""A run has an end: by its time, and by the number of pages that lead on and to no report; what was left is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.records.errors import NianbaoError
from crawler.sample.serving import Asked, Reply, serving
from crawler.words.durations import duration, parse_at_most
from tests.navigation.test_trails import html, menu, report, rows
from tests.servers.faults import FaultyServer, reply
from tests.servers.living import living
from tests.support.crawling import crawl
from tests.support.program import run

SPENT = "budget_spent"
KEYS = "delay = 0\nallow_private_addresses = true\n"
PLACES = ("和平区", "沈河区", "大东区", "皇姑区", "铁西区", "浑南区", "于洪区", "沈北新区", "苏家屯区", "市直部门")
TITLE = "沈阳市大东区2018年政府信息公开工作年度报告"


def years(path: str) -> str:
    return html(menu(*((f"{path}{year}/", f"{year}年") for year in range(2006, 2025))))


def places(path: str) -> str:
    return html(menu(*((f"{path}{number}/", place) for number, place in enumerate(PLACES))))


def columns(path: str) -> str:
    return html(menu(*((f"{path}{number}/", "政府信息公开年报") for number in range(19))))


def entries(path: str) -> str:
    return html(rows(*((f"{path}{number}/", TITLE) for number in range(19))))


def sessions(path: str) -> str:
    """The same report beside its other years, each under an address that no page had before."""
    return report("大东区", 2018) + menu(*((f"{path}{year}/", f"{year}年") for year in range(2006, 2025)))


TRAPS: tuple[Callable[[str], str], ...] = (years, places, columns, entries, sessions)


def test_portals_in_which_every_page_is_a_new_column_end(tmp_path: Path) -> None:
    asked: list[list[str]] = [[] for _ in TRAPS]

    def respond(number: int, request: Asked) -> Reply:
        asked[number].append(request.target)
        home = html(menu(("/nb/", "政府信息公开年报")))
        return serve(home if request.target == "/" else TRAPS[number](request.target))

    with ExitStack() as stack:
        ports = [stack.enter_context(serving(partial(respond, number))) for number in range(len(TRAPS))]
        homes = [f"http://127.0.0.1:{port}/" for port in ports]
        done = crawl(tmp_path, homes, KEYS + "budget = 20\n")
    assert (done.code, done.summary["status"]) == (1, "finished")
    for number, home in enumerate(homes):
        assert 20 < len(asked[number]) < 60, TRAPS[number]
        told = [(url, detail) for owner, kind, url, detail in done.problems if (owner, kind) == (f"p{number}", SPENT)]
        ((url, detail),) = told
        assert url == home
        assert detail.startswith(("21 pages led on, 0 reports met", "23 pages led on, 1 report met")), detail
        assert "requests left" in detail
        assert f"the first to {home}" in detail


def serve(page: str) -> Reply:
    return Reply(page.encode())


def test_reports_pay_for_the_pages_that_lead_to_them(tmp_path: Path) -> None:
    """A page for each unit and each year, one report on each: more columns than the budget, and all are walked."""
    units = {f"/nb/{unit}/": [f"/nb/{unit}/{year}/" for year in range(2014, 2018)] for unit in range(5)}
    pages = {"/": html(menu(("/nb/", "政府信息公开年报")))}
    pages["/nb/"] = html(menu(*((path, PLACES[number]) for number, path in enumerate(units))))
    for number, (path, of_years) in enumerate(units.items()):
        pages[path] = html(menu(*((year, f"{year[-5:-1]}年") for year in of_years)))
        for year in of_years:
            title = f"沈阳市{PLACES[number]}{year[-5:-1]}年政府信息公开工作年度报告"
            pages[year] = html(rows((f"{year}r.html", title)))
            pages[f"{year}r.html"] = report(PLACES[number], int(year[-5:-1]))
    acts = {path: reply(200, page.encode()) for path, page in pages.items()}
    with FaultyServer(acts).serve() as server:
        done = crawl(tmp_path, [f"http://127.0.0.1:{server.port}/"], KEYS + "budget = 10\n")
    assert (done.code, done.kinds()) == (0, [])
    assert len(done.reports) == 20


def test_a_portal_without_an_end_ends_with_its_time(tmp_path: Path) -> None:
    """Its own, by the profile, while the other one is walked to its end; then all, by the command."""

    def endless(request: Asked) -> Reply:
        return serve(html(menu(("/nb/", "政府信息公开年报"))) if request.target == "/" else entries(request.target))

    with serving(endless) as port, living(tmp_path) as other:
        first = tmp_path / "first.toml"
        first.write_text(
            f'id = "endless"\nname = "示例"\nhome = "http://127.0.0.1:{port}/"\nregion = "210100"\n{KEYS}'
            'budget = 1000000\nat_most = "1s"\n',
            "utf-8",
        )
        second = tmp_path / "second.toml"
        second.write_text(other.profile_toml, "utf-8")
        archive = tmp_path / "a.db"
        line = ["crawl", "--json", "--archive", str(archive), "--profile", str(first)]
        done = run(*line, "--profile", str(second), timeout=60)
        assert done.returncode == 1, done.stderr
        assert json.loads(done.stdout)["more"] is False, "the portal's own time was up, not the run's"
        with Archive.read(archive) as reading:
            (problem,) = reading.runs.problems(1)
            assert (problem["portal"], problem["kind"]) == ("endless", "budget_spent")
            assert problem["detail"].startswith("the profile gives this portal 1 s a run; ")
            assert " left (" in problem["detail"]
            assert list(reading.runs.get(1)["yields"]) == ["living"]
            assert reading.reports.count() == 15
        first.write_text(first.read_text("utf-8").replace('at_most = "1s"\n', ""), "utf-8")
        done = run(*line, "--at-most", "1s", timeout=60)
        assert done.returncode == 1, done.stderr
        assert json.loads(done.stdout)["more"] is True
        with Archive.read(archive) as reading:
            assert reading.runs.get(2)["status"] == "finished"
            assert reading.runs.get(2)["deadline"] > reading.runs.get(2)["started_at"]
            assert reading.runs.problems(2)[-1]["detail"].startswith("the run was given 1 s; ")


@given(st.integers(1, 99_999), st.sampled_from("smhdw"))
def test_durations(number: int, unit: str) -> None:
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}[unit]
    assert duration(f"{number}{unit}", "smhdw") == timedelta(seconds=number * seconds)
    if unit != "w" and number * seconds <= 31 * 86400:
        assert parse_at_most(f"{number}{unit}") == number * seconds


@pytest.mark.parametrize(
    "text", ["6", "h", "0s", "-1h", "1.5h", "6 h", "6H", "2w", "32d", "99999d", "١h", "six", "1h30m"]
)
def test_a_length_that_is_none_is_one_sentence(text: str) -> None:
    with pytest.raises(NianbaoError, match=r"--at-most is .*; expected a length as in 90s, 45m, 6h or 2d"):
        parse_at_most(text)
    assert parse_at_most("") == 0
