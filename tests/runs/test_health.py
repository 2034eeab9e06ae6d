"""A healthy run, stated by a profile or not: a breach is a problem row, a line in the summary, exit code 1."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.portals.notation import parse
from crawler.portals.profile import Band, Expect
from crawler.records.errors import ProfileError
from crawler.runs import health
from crawler.runs.health import Yield
from crawler.sample.serving import Reply
from tests.servers.living import LivingPortal, html, living, report

TOP = "/nb/a/20200.html"
SPARE = {"id": "x", "name": "x", "home": "https://www.shenyang.gov.cn/", "region": "210100"}


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[LivingPortal]:
    with living(tmp_path) as served:
        yield served


def problems(portal: LivingPortal) -> dict[str, str]:
    return dict(
        portal.rows("select kind, detail from problems where run_id = (select max(id) from runs) order by id desc")
    )


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("reports = { min = 16 }", "15 reports, at least 16 expected"),
        ("reports_per_year = { min = 6 }", "5 reports on 2018, at least 6 expected"),
        ("list_pages = { min = 4 }", "3 pages of lists, at least 4 expected"),
        ("with_text = 1.0", "93% of the reports have their text, 100% expected"),
    ],
)
def test_what_the_profile_expects_and_the_portal_does_not_yield(portal: LivingPortal, expect: str, told: str) -> None:
    title = "沈阳市和平区2020年政府信息公开工作年度报告"
    portal.pages[TOP] = html(
        f"<h1>{title}</h1><p>发布时间：2021-03-01</p><div class=TRS_Editor>",
        f'<p><a href="./P020210301.pdf">{title}.pdf</a></p></div>',
    )
    result = portal.crawl(expect=f"[expect]\n{expect}\n", code=1)
    assert problems(portal)["expectation"] == told
    assert f"wants a person: expectation at {portal.home}: {told}" in result["said"]


def test_what_is_kept_is_healthy(portal: LivingPortal) -> None:
    expect = "[expect]\nreports = { min = 15, max = 15 }\nlist_pages = { min = 3 }\nwith_text = 1\nmax_drop = 0\n"
    portal.crawl(expect=expect)
    portal.crawl(expect=expect)
    assert problems(portal) == {}


def test_more_than_expected_is_a_warning(portal: LivingPortal) -> None:
    portal.crawl(expect="[expect]\nreports = { max = 14 }\n", code=0)
    assert problems(portal) == {"expectation_above": "15 reports, at most 14 expected"}


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("with_text = 1.5", "a share from 0 to 1"),
        ("with_text = true", "a share from 0 to 1"),
        ("reports = 5", "{ min = N, max = N }"),
        ("list_pages = { min = 5, max = 4 }", "min above max"),
        ("pages = { min = 5 }", "expected one of reports_per_year, reports, list_pages, with_text, max_drop"),
    ],
)
def test_an_expectation_that_makes_no_sense_is_named(entry: str, told: str) -> None:
    import tomllib

    with pytest.raises(ProfileError, match=told.replace("{", r"\{").replace("}", r"\}")):
        parse(SPARE | {"expect": tomllib.loads(entry)}, "x.toml")


def test_a_list_that_shrank_by_half_is_told_once(portal: LivingPortal) -> None:
    portal.crawl()
    del portal.entries[7:]
    portal.age(8)
    result = portal.crawl(code=1)
    assert problems(portal)["list_shrank"] == "the list had 15 entries, now it has 7"
    assert "wants a person: list_shrank" in result["said"]
    portal.age(8)
    portal.crawl()


def test_a_list_that_is_empty_now_is_told(portal: LivingPortal) -> None:
    portal.crawl()
    portal.entries.clear()
    portal.extra = "<p>暂无数据</p>"
    portal.crawl(code=1)
    assert problems(portal)["list_shrank"] == "the list had 15 entries, now it has 0"


def test_a_year_that_had_reports_and_is_listed_no_more_is_told_once(portal: LivingPortal) -> None:
    portal.crawl()
    del portal.entries[10:]
    portal.age(8)
    portal.crawl(code=1)
    assert problems(portal) == {"year_emptied": "5 reports on 2018 listed before, now none"}
    portal.age(8)
    portal.crawl()
    assert problems(portal) == {}


def test_a_drop_is_held_against_what_was_listed_before(portal: LivingPortal) -> None:
    portal.crawl()
    portal.entries.pop()
    portal.entries.pop(4)
    portal.age(8)
    portal.crawl(expect="[expect]\nmax_drop = 0.1\n", code=1)
    assert problems(portal) == {
        "expectation": "13 reports listed, 15 before; a drop of at most 10% is expected",
    }


def test_a_text_suddenly_half_as_long_is_told(portal: LivingPortal) -> None:
    portal.crawl()
    portal.pages[TOP] = report("和平区", 2020)[:700] + "</div></body></html>"
    result = portal.crawl("--recheck", "all", code=1)
    assert result["reports_changed"] == 1
    assert "text_shrank" in problems(portal)


def test_a_rise_in_problems_is_told(portal: LivingPortal) -> None:
    portal.crawl()
    for path in list(portal.pages)[:13]:
        portal.pages[path] = Reply(b"", 404)
    portal.crawl("--recheck", "all", code=1)
    assert problems(portal)["problems_rose"] == "13 problems, at most 0 in the last 1 run"


def test_a_program_that_fails_on_the_way_does_not_end_well(portal: LivingPortal) -> None:
    """The silent zero: a run in which the walk stopped before its time says so."""
    portal.crawl()
    with sqlite3.connect(portal.archive) as connection:
        connection.execute("update captures set context = '{\"no_such_field\": 1}' where kind = 'list'")
    connection.close()
    code, _, said = portal.run()
    assert code == 1
    assert "walk_broken_off" in problems(portal)
    assert "wants a person: walk_broken_off" in said


def test_rules_without_a_run() -> None:
    profile = parse(SPARE, "x.toml")
    assert list(health.losses(profile, range(2014, 2020), None, Yield())) == []
    assert list(health.breaches(profile, range(2014, 2020), {}, Yield())) == []
    assert list(health.shrunk("u", 3, 0)) == []
    assert list(health.shrunk("u", 4, 2)) == []
    assert [found.kind for found in health.shrunk("u", 5, 2)] == ["list_shrank"]
    assert list(health.rise("u", [], 50)) == []
    assert list(health.rise("u", [20, 3], 40)) == []
    assert list(health.rise("u", [1, 3], 13)) == []
    assert [found.kind for found in health.rise("u", [1, 3], 14)] == ["problems_rose"]
    assert Expect(reports=Band(1)).reports == Band(min=1, max=None)


def kin(*counts: int, **expect: dict[str, int]) -> list[tuple[str, str]]:
    """What is told of portals of cities that yielded so many reports each."""
    more = {"expect": expect} if expect else {}
    profiles = [parse(SPARE | {"id": f"p{at}"} | more, "x.toml") for at in range(len(counts))]
    yields = {profile.id: Yield(reports=count).as_json() for profile, count in zip(profiles, counts, strict=True)}
    return [(profile.id, problem.kind) for profile, problem in health.meagre(profiles, yields)]


def test_a_portal_with_far_less_than_its_kind_is_told() -> None:
    assert kin(40, 35, 7, 50, 41) == [("p2", "portal_meagre")]
    assert kin(40, 35, 8, 50, 40) == []  # a fifth
    assert kin(40, 35, 7, 50) == []  # too few to say what is usual
    assert kin(9, 9, 1, 9, 9) == []  # small ones, all of them
    assert kin(40, 35, 7, 50, 41, reports={"min": 5}) == []
