"""What web archives do wrong, or hold that is no page: told, never archived as what it is not, and gone on with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.navigation.test_trails import html, menu, report
from tests.navigation.test_trails import rows as listing
from tests.portals.test_probe import nianbao
from tests.servers.mementos import Held, WebArchive
from tests.support.generations import backfill, rows

pytestmark = pytest.mark.crawl

HOST = "http://www.dadong.gov.cn"
PROFILE = 'id = "dadong"\nname = "大东区"\nhome = "http://www.dadong.gov.cn/"\nregion = "210104"\n'
YEARS = (2010, 2011, 2012)
PROBLEMS = "select kind, url, detail from problems where kind like 'memento%' order by id"


def page(path: str, stamp: str, body: str, **more: Any) -> Held:
    return Held(HOST + path, stamp, body.encode(), **more)


def portal(stamp: str = "20130615080000", years: tuple[int, ...] = YEARS, **changed: str) -> list[Held]:
    """Home page, column and a report a year, as captured at one time; `changed`: bodies by name."""
    links = [(f"/a/{year}.html", f"沈阳市大东区{year}年政府信息公开工作年度报告") for year in years]
    bodies = {
        "/": html(menu(("/nb/", "政府信息公开年报"))),
        "/nb/": html(listing(*links)),
        **{f"/a/{year}.html": report("大东区", year) for year in years},
    }
    return [page(path, stamp, changed.get(path.strip("/"), body)) for path, body in bodies.items()]


def outcome(
    folder: Path, held: list[Held], faults: Mapping[str, Any] | None = None, dialect: str = "wayback", *more: str
) -> tuple[int, dict[str, Any], WebArchive, str]:
    """Exit code and summary of a backfill, the web archive as it was asked, and what was said."""
    (folder / "portal.toml").write_text(PROFILE, "utf-8")
    with WebArchive(dialect, held, dict(faults or {})).serve() as web:
        done = backfill(folder, web.toml, "--years", "2010-2013", *more)
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), web, done.stderr


def reports(folder: Path) -> list[int]:
    return [year for (year,) in rows(folder / "archive.db", "select report_year from reports order by 1")]


def problems(folder: Path) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in rows(folder / "archive.db", PROBLEMS)]


def test_an_archive_that_is_busy_is_asked_again(tmp_path: Path) -> None:
    code, summary, web, _ = outcome(tmp_path, portal(), {"busy": 2})
    assert (code, reports(tmp_path), summary["resting"]) == (0, list(YEARS), [])
    assert web.asked[0] == web.asked[1] == web.asked[2] != web.asked[3]


def test_an_archive_that_asks_to_be_left_alone_is_and_the_next_run_goes_on(tmp_path: Path) -> None:
    code, summary, web, said = outcome(tmp_path, portal(), {"resting": True})
    assert (code, len(web.asked)) == (1, 1)
    assert "asks to be left alone for 3600 s" in summary["resting"][0]
    assert "left alone: wayback" in said
    assert [kind for kind, *_ in problems(tmp_path)] == ["memento_resting"]
    assert rows(tmp_path / "archive.db", "select archives from coverage where report_year = 2011") == [(None,)]
    code, summary, _, _ = outcome(tmp_path, portal())
    assert (code, reports(tmp_path)) == (0, list(YEARS))


@pytest.mark.parametrize("dialect", ["wayback", "pywb", "commoncrawl"])
def test_an_index_that_is_cut_is_told_and_asked_again(dialect: str, tmp_path: Path) -> None:
    code, _, _, _ = outcome(tmp_path, portal(), {"cut": 1}, dialect)
    assert code == 1
    assert any(kind == "memento_index" and "in the middle of a row" in detail for kind, _, detail in problems(tmp_path))
    assert rows(tmp_path / "archive.db", "select count(*) from inquiries where finished = 0") == [(1,)]
    code, _, _web, _ = outcome(tmp_path, portal(), {}, dialect)
    assert (code, reports(tmp_path)) == (0, list(YEARS))
    assert rows(tmp_path / "archive.db", "select count(*) from inquiries where finished = 0") == [(0,)]


@pytest.mark.parametrize(
    ("dialect", "row"),
    [
        ("wayback", "http://www.dadong.gov.cn/a/9.html 2013 text/html"),
        ("wayback", "http://www.dadong.gov.cn/a/9.html 20131399000000 text/html 200 - 10"),
        ("wayback", "javascript:void 20130101000000 text/html 200 - 10"),
        ("wayback", "http://www.dadong.gov.cn/a/9.html 20130101000000 text/html 200 no-digest 10"),
        ("wayback", "http://www.elsewhere.example/ 20130101000000 text/html 200 - 10"),
        ("pywb", '["no", "object"]'),
        ("pywb", '{"url": "http://www.dadong.gov.cn/a/9.html", "timestamp": "20130101000000", "status": "abc"}'),
    ],
)
def test_rows_that_are_none_are_told(dialect: str, row: str, tmp_path: Path) -> None:
    code, _, _, _ = outcome(tmp_path, portal(), {"bad_rows": [row]}, dialect)
    assert (code, reports(tmp_path)) == (1, list(YEARS))
    assert any("could not be read" in detail for _, _, detail in problems(tmp_path))
    assert rows(tmp_path / "archive.db", "select count(*) from mementos where url like '%/a/9%'") == [(0,)]


def test_an_index_that_never_ends_is_left(tmp_path: Path) -> None:
    code, _, web, _ = outcome(tmp_path, portal(), {"again": True})
    assert code == 1
    assert len(web.asked) < 30
    assert any("leads back to the same page" in detail for _, _, detail in problems(tmp_path))


@pytest.mark.parametrize(
    ("fault", "words"),
    [("rewritten", "rewritten by the archive"), ("wrong_digest", "the digest"), ("other_time", "its index says")],
)
def test_what_is_not_as_it_was_served_is_refused(fault: str, words: str, tmp_path: Path) -> None:
    code, summary, _, _ = outcome(tmp_path, portal(), {fault: "/a/2011"})
    assert (code, reports(tmp_path), summary["refused"]) == (0, [2010, 2012], 1)
    ((kind, url, detail),) = problems(tmp_path)
    assert (kind, url) == ("memento_refused", f"{HOST}/a/2011.html")
    assert words in detail
    assert rows(tmp_path / "archive.db", "select outcome from mementos where url like '%2011%'") == [("refused",)]
    # A gap stays a gap, and says what was asked.
    told = rows(tmp_path / "archive.db", "select status, via, archives from coverage where report_year = 2011")
    assert told[0][:2] == ("missing", None)
    assert '"mementos":5' in told[0][2]
    said = nianbao("coverage", "--gaps", "--archive", str(tmp_path / "archive.db")).stdout.splitlines()
    gap = [line for line in said if line.startswith("210104 大东区 2011 missing: wayback asked 20")]
    assert len(gap) == 1
    assert gap[0].endswith("Z, 5 captures from after that year")


def test_a_rewritten_page_is_told_without_a_digest_too(tmp_path: Path) -> None:
    _code, summary, _, _ = outcome(tmp_path, portal(), {"rewritten": "/a/2011"}, "timemap")
    assert (reports(tmp_path), summary["refused"]) == ([2010, 2012], 1)
    assert "rewritten" in problems(tmp_path)[0][2]


def test_another_capture_is_taken_where_the_nearest_is_refused(tmp_path: Path) -> None:
    held = [*portal(), page("/a/2011.html", "20120301000000", report("大东区", 2011) + " ")]
    _code, summary, _, _ = outcome(tmp_path, held, {"other_time": "/a/2011"})
    assert reports(tmp_path) == [2010, 2012]
    assert summary["refused"] == 2


def test_ten_thousand_rows_for_one_address(tmp_path: Path) -> None:
    body = html(menu(("/nb/", "政府信息公开年报")))
    many = [
        page("/", f"2013{1 + n // 900:02}{1 + n % 28:02}{n % 24:02}{n % 60:02}{n % 59:02}", body) for n in range(10_000)
    ]
    many = list({one.stamp: one for one in many}.values())
    code, _, web, _ = outcome(tmp_path, [*portal(), *many], {}, "pywb")
    assert (code, reports(tmp_path)) == (0, list(YEARS))
    (count,) = rows(tmp_path / "archive.db", "select count(*) from mementos")[0]
    assert count <= 12 + len(portal())
    ((left,),) = rows(tmp_path / "archive.db", "select max(left_out) from inquiries where match = 'host'")
    assert left > 4_000
    assert len(web.of("/replay/")) == len(portal())


def test_challenges_soft_404s_and_lookalikes_are_told_apart_and_prove_no_absence(tmp_path: Path) -> None:
    challenge = (
        "<html><head><title>Just a moment...</title></head><body><script>var _cf_chl_opt={};</script>"
        '<form id="challenge-form" action="/cdn-cgi/challenge-platform/h/b"></form></body></html>'
    )
    soft = "<html><head><title>404</title></head><body><p>对不起，您访问的页面不存在。</p></body></html>"
    other = html("<h1>关于报送2012年政府信息公开工作年度报告的通知</h1><p>各区县：请按时报送。</p>")
    held = portal(**{"a/2010.html": challenge, "a/2011.html": soft, "a/2012.html": other})
    code, _, _, _ = outcome(tmp_path, held)
    assert (code, reports(tmp_path)) == (0, [])
    archive = tmp_path / "archive.db"
    kinds = rows(archive, "select substr(url, -9, 4), kind from captures where url like '%/a/%' order by url")
    assert kinds[:2] == [("2010", "challenge"), ("2011", "missing")]
    assert kinds[2][1] not in ("report", "missing")
    assert rows(archive, "select distinct status from coverage where report_year < 2013") == [("missing",)]
    assert rows(archive, "select count(*) from absences") == [(0,)]


def test_entries_are_taken_as_they_stood_about_that_time(tmp_path: Path) -> None:
    """The list of 2013 leads to captures near it; one from far is told, one from too far is not taken."""
    far = page("/a/2012.html", "20150615080000", report("大东区", 2012))
    late = page("/a/2011.html", "20240615080000", report("大东区", 2011))
    held = [one for one in portal() if not one.url.endswith(("2011.html", "2012.html"))]
    code, summary, _, _ = outcome(tmp_path, [*held, far, late])
    assert (code, reports(tmp_path), summary["distant"]) == (0, [2010, 2012], 1)
    ((kind, url, detail),) = problems(tmp_path)
    assert (kind, url) == ("memento_distant", far.url)
    assert "2015-06-15" in detail
    assert "730 days" in detail
    missing = rows(tmp_path / "archive.db", "select url, detail from problems where kind = 'not_captured'")
    assert missing[0][0] == late.url
    assert "too far" in missing[0][1]


def test_an_address_that_is_overwritten_every_year_gives_each_year(tmp_path: Path) -> None:
    """And nothing newer is undone, in whatever order they come."""

    def at(year: int) -> list[Held]:
        menu_ = html(menu(("/nb/", "政府信息公开年报")))
        label = f"沈阳市大东区{year - 1}年政府信息公开工作年度报告"
        stamp = f"{year}0615080000"
        return [
            page("/", stamp, menu_ + " " * year),
            page("/nb/", stamp, html(listing(("/nb/now.html", label)))),
            page("/nb/now.html", stamp, report("大东区", year - 1)),
        ]

    outcome(tmp_path, at(2013))
    code, _, _, _ = outcome(tmp_path, [*at(2011), *at(2012)], {}, "pywb")
    assert (code, reports(tmp_path)) == (0, [2010, 2011, 2012])
    told = rows(tmp_path / "archive.db", "select report_year, status, via from coverage order by 1")
    assert told == [
        (2010, "archived", "pywb"),
        (2011, "archived", "pywb"),
        (2012, "archived", "wayback"),
        (2013, "missing", None),
    ]
    before = rows(tmp_path / "archive.db", "select key, url, report_year, gone_at from reports order by 1")
    assert nianbao("rebuild", "--all", "--archive", str(tmp_path / "archive.db")).returncode == 0
    assert rows(tmp_path / "archive.db", "select key, url, report_year, gone_at from reports order by 1") == before


def test_only_what_is_missing(tmp_path: Path) -> None:
    """Single years within a column: the walk of 2012 is after one alone, and when that is filled nothing is left for
    the walk of 2013."""
    outcome(tmp_path, portal(years=(2010, 2012)))
    held = [*portal("20120615080000", (2010, 2011)), *portal()]
    code, summary, web, said = outcome(tmp_path, held, {}, "pywb", "--missing-only")
    assert (code, summary["reports_new"], reports(tmp_path)) == (0, 1, [2010, 2011, 2012])
    assert min(target.partition("from=")[2][:4] for target in web.of("/cdx")) == "2012"
    asked = sorted(target.partition("id_/")[2] for target in web.of("/replay/"))
    assert asked == [f"{HOST}/", f"{HOST}/a/2011.html", f"{HOST}/nb/"]
    assert "dadong: 2 years with gaps: 2011, 2013" in said
    assert "dadong as of 2012-06-15: after 2011 alone" in said
    assert "dadong as of 2013-06-15: no gap is left that it could fill" in said
    code, _, web, said = outcome(tmp_path, held, {}, "pywb", "--years", "2010-2012", "--missing-only")
    assert (code, web.asked) == (0, [])
    assert "coverage knows of no gap in these years; nobody was asked" in said
