"""The page of a report: its contents, checks in words, reviews of people, and what it shares with other reports."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crawler.archive.archive import Archive
from crawler.archive.queries.kin import MOST_NEIGHBOURS
from crawler.commands.cli import cli
from crawler.site.checks import sentences
from crawler.site.language import LANGUAGES, language
from crawler.site.report import comparison, report
from pipelines.statistics.checks import BLANK_AS_0, RULES
from tests.site.test_site import CHROMIUM, needs_browser
from tests.support.archive_toy import page as toy_page
from tests.support.serving import get, served

COPIED = "全年共主动公开政府信息{}条，比上年有所增加。"
OWN = "本区另设查阅点，方便群众就近查询。"


@pytest.fixture(scope="module")
def reviewed(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The sample's archive with reviews of a report that has a check that fails: its path, the report's key, and the
    code of the figure that is wrong."""
    path = tmp_path_factory.mktemp("reviewed") / "archive.db"
    with closing(sqlite3.connect(sample)) as connection, closing(sqlite3.connect(path)) as copy:
        connection.backup(copy)
        key, code = copy.execute(
            "select key, subject from checks join reports on reports.id = report_id where rule = 'A7' and holds = 0"
            " order by report_id limit 1"
        ).fetchone()
    for words in (
        [key, "checked", "--who", "甲"],
        [key, "disputed", "--who", "乙", "--note", "<b>口径</b>存疑"],
        [key, code, "wrong", "--who", "丙", "--note", "页面并非如此"],
    ):
        done = CliRunner().invoke(cli, ["review", *words, "--archive", str(path)])
        assert done.exit_code == 0, done.output
    return path, key, code


@pytest.fixture(scope="module")
def site(reviewed: tuple[Path, str, str]) -> Iterator[str]:
    with served(reviewed[0]) as address:
        yield address


def plain(markup: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", markup)))


def row_of(body: str, name: str) -> str:
    found = re.search(rf'<tr id="{re.escape(name)}">(.*?)</tr>', body, re.S)
    assert found
    return found[1]


def test_every_link_of_the_contents_and_of_a_figure_leads_somewhere(site: str, reviewed: tuple[Path, str, str]) -> None:
    body = get(f"{site}/report/{reviewed[1]}")[1]
    names = re.findall(r'\bid="([^"]+)"', body)
    assert len(names) == len(set(names))
    links = [unescape(link) for link in re.findall(r'href="#([^"]+)"', body)]
    assert [link for link in links if link not in names] == []
    assert {"text", "s1", "figures", "versions", "addresses", "checks", "reviews", "copied", "cite"} <= set(links)
    assert len(re.findall("¶", body)) == len(re.findall("<tr id=", body)) > 20


def test_what_people_say_stands_beside_what_was_read(site: str, reviewed: tuple[Path, str, str]) -> None:
    path, key, code = reviewed
    with Archive.read(path) as archive:
        number = archive.reports.find(key)
        assert number is not None
        entry = archive.reports.get(number)
    assert entry is not None
    figure = next(one for one in entry["statistics"] if one["code"] == code and one["form"] == "narrative")
    row = plain(row_of(get(f"{site}/report/{key}")[1], f"narrative.{code}"))
    assert "有误 页面并非如此 丙，" in row
    assert figure["evidence"] in row
    for lang, verdict, former in (("zh", "有争议", "另有 1 条较早的意见"), ("en", "disputed", "1 earlier reviews")):
        body = get(f"{site}/report/{key}?lang={lang}")[1]
        assert f"{verdict} <b>口径</b>存疑" in plain(body)
        assert "<b>口径" not in body
        assert former in body
        assert "已核对" not in body


def test_lists_of_hits_have_the_verdicts(site: str, reviewed: tuple[Path, str, str]) -> None:
    with Archive.read(reviewed[0]) as archive:
        number = archive.reports.find(reviewed[1])
        entry = archive.reports.get(number or 0)
    assert entry is not None
    query = f"kind={entry['organ_kind']}&year={entry['report_year']}&region={entry['region_code']}"
    body = get(f"{site}/search?{query}")[1]
    hit = re.search(rf'<h2><a href="/report/{reviewed[1]}">.*?</h2>', body)
    assert hit
    assert plain(hit[0]).endswith("有争议 1 个数字存疑")
    assert len(re.findall('class="verdict', body)) == 1


def test_a_check_that_fails_is_said_at_its_figure(site: str, reviewed: tuple[Path, str, str]) -> None:
    _, key, code = reviewed
    for lang, pattern in (
        ("zh", r"A7 «[^»]+»：表格载 (\d+)，正文写 (\d+)，相差 (\d+)。"),
        ("en", r"A7 «[^»]+»: the table says (\d+), the text says (\d+): a difference of (\d+)\."),
    ):
        body = get(f"{site}/report/{key}?lang={lang}")[1]
        found = re.search(pattern, plain(row_of(body, f"narrative.{code}")))
        assert found
        table, text, difference = map(int, found.groups())
        assert abs(table - text) == difference > 0
        section = body[body.index('<section id="checks">') :]
        assert found[0] in plain(section)
        assert re.search(rf'href="#(?:narrative\.)?{code}"', section)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_has_its_sentence(rule: str, lang: str) -> None:
    subjects = {
        "A1": "total", "A2": "natural_person", "A3": "granted", "A4": "review", "A5": "total",
        "A6": "art20_1_normative_docs", "F3": "gazette", "F1": "req_received", "F2": "disc_normative_docs",
    }  # fmt: skip
    before = {"F2": "at most ", "F3": "at most ", "J1": "near "}.get(rule, "")
    figures = [{"form": "f2021", "code": code, "position": at} for at, code in enumerate(CODES)]
    token = language.set(lang)
    try:
        told = {
            holds: sentences([check(rule, subjects.get(rule, "disc_total"), holds, f"{before}71", "83")], figures)[0]
            for holds in (0, 1, None)
        }
        nothing = sentences([check(rule, "nobody_knows", None, None, "83")], figures)[0]
    finally:
        language.reset(token)
    assert len({one.words for one in told.values()}) == 3
    for holds, one in told.items():
        assert one.holds is (None if holds is None else bool(holds))
        assert "71" in one.words
        assert "83" in one.words
        assert "at most" not in one.words
        assert not re.match(rf"«?{subjects.get(rule, 'disc_total')}\b", one.words)
        assert one.position is not None
    assert "12" in told[0].words or rule == "J1"
    assert "nobody_knows" in nothing.words
    assert nothing.position is None


CODES = (
    "req_total_processed__total", "req_total_processed__natural_person", "req_granted__total", "review_total",
    "req_carried_in__total", "art20_1_normative_docs_in_force", "disc_via_gazette", "req_received",
    "disc_normative_docs", "disc_total",
)  # fmt: skip


def check(rule: str, subject: str, holds: int | None, expected: str | None, actual: str | None) -> dict[str, Any]:
    return {"rule": rule, "subject": subject, "holds": holds, "expected": expected, "actual": actual}


def test_a_check_with_blanks_is_said_once_and_does_not_count_as_holding() -> None:
    rows = [
        check("A1", "total", None, "3", "3"),
        check("A1" + BLANK_AS_0, "total", 1, "3", "3"),
        check("A2", "total", None, "3", "4"),
        check("A2" + BLANK_AS_0, "total", 0, "3", "4"),
        check("A3", "granted", 1, "3", "3"),
    ]
    told = sentences(rows, [])
    assert [(one.rule, one.holds) for one in told] == [("A2", False), ("A1", None), ("A3", True)]
    assert "按 0 计则相符" in told[1].words
    assert "（空白按 0 计），相差 1。" in told[0].words


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A district's two years, and its neighbours: one copied from, one of another prefecture, a department."""
    path = tmp_path_factory.mktemp("copied") / "archive.db"
    with Archive.open(path) as archive:
        archive.begin_run(["somewhere"])
        archive.store(toy_page("/2018", text=COPIED.format(7) + OWN, year=2018))
        archive.store(toy_page("/2017", text="一、总体\n" + COPIED.format(6) + "\n" + OWN[:-1] + "等事项。", year=2017))
        for code, text in (("210105", OWN), ("210106", "别的一句话，谁也没有抄过它。"), ("210202", COPIED.format(1))):
            archive.store(toy_page(f"/{code}", text=text, region_code=code, year=2018, organ=code))
        archive.store(toy_page("/bureau", text=COPIED.format(2), organ_kind="department", organ="某局", year=2018))
        archive.store(toy_page("/none", text=None, year=2010, region_code="370102"))
        archive.store(toy_page("/alone", text=OWN, year=2010, region_code="370103"))
    with Archive.read(path) as archive:
        yield archive


def shown(archive: Archive, path: str) -> dict[str, Any]:
    number = archive.reports.find(f"https://www.somewhere.gov.cn{path}")
    key = archive.reports.key(number or 0)
    found = report(archive, key or "")
    assert found is not None
    return found


def test_sentences_are_held_against_last_year_and_the_neighbours(copied: Archive) -> None:
    told = shown(copied, "/2018")["copied"]
    assert told["before"]["report_year"] == 2017
    assert (told["from_before"].copied, told["from_before"].count) == (1, 2)
    assert told["neighbours"] == 2
    assert told["from_neighbours"].copied == 1
    assert told["nearest"]["region_code"] == "210105"


def test_what_cannot_be_held_against_anything_is_told(copied: Archive) -> None:
    alone = shown(copied, "/alone")["copied"]
    assert alone["before"] is alone["from_before"] is alone["nearest"] is None
    assert alone["neighbours"] == 0
    assert shown(copied, "/none")["copied"] is None
    assert shown(copied, "/bureau")["copied"]["neighbours"] == 0


def test_so_many_neighbours_are_read_and_no_more(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.begin_run(["somewhere"])
        for number in range(MOST_NEIGHBOURS + 5):
            code = f"2101{number + 1:02}"
            archive.store(toy_page(f"/{code}", text=OWN, region_code=code, year=2018))
        told = shown(archive, "/210130")["copied"]
        assert told["neighbours"] == MOST_NEIGHBOURS
        assert told["nearest"]["region_code"] == "210129"


def test_two_reports_stand_against_each_other(copied: Archive) -> None:
    keys = [shown(copied, path)["report"]["key"] for path in ("/2018", "/2017")]
    found = comparison(copied, *keys)
    assert found is not None
    assert found["share"].copied == 1
    assert "".join(change.new or "" for change in found["changes_made"]) == COPIED.format(7) + OWN
    assert comparison(copied, keys[0], "0" * 16) is None


def test_the_comparison_has_a_page_in_two_languages(site: str, reviewed: tuple[Path, str, str]) -> None:
    body = get(f"{site}/report/{reviewed[1]}")[1]
    (link, *_) = re.findall(r'href="(/report/[0-9a-f]{16}/comparison/[0-9a-f]{16})"', body)
    assert re.search(r"\d+ 句中有 \d+ 句（\d+%）也在另一份报告中。", get(site + link)[1])
    assert re.search(r"\d+ of \d+ sentences \(\d+%\) also stand", get(f"{site}{link}?lang=en")[1])
    status, body, _ = get(f"{site}/report/{reviewed[1]}/comparison/{'0' * 16}")
    assert status == 404
    assert "0000000000000000" in body


@needs_browser
def test_the_contents_go_along_on_a_desktop_and_are_folded_on_a_phone(
    site: str, reviewed: tuple[Path, str, str]
) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        wide = browser.new_context(viewport={"width": 1280, "height": 700}, java_script_enabled=True).new_page()
        wide.goto(f"{site}/report/{reviewed[1]}")
        side, fold = ".contents.side", ".contents.fold"
        assert not wide.locator(fold).is_visible()
        wide.locator(f"{side} a[href='#checks']").click()
        assert wide.evaluate("window.scrollY") > 500
        assert wide.locator(side).is_visible()
        assert 0 <= wide.evaluate(f"document.querySelector('{side}').getBoundingClientRect().top") < 50
        phone = browser.new_context(viewport={"width": 390, "height": 700}).new_page()
        phone.goto(f"{site}/report/{reviewed[1]}")
        assert not phone.locator(side).is_visible()
        assert not phone.locator(f"{fold} a").first.is_visible()
        phone.locator(f"{fold} summary").click()
        phone.locator(f"{fold} a[href='#reviews']").click()
        assert phone.evaluate("document.querySelector('#reviews').getBoundingClientRect().top") < 100
        browser.close()
