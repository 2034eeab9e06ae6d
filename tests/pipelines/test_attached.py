"""Files of reports, in a crawl: fetched, kept, told by their bytes, and read with their report."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from crawler.archive.archive import Archive
from crawler.archive.file.captures import pages_again
from crawler.commands.cli import cli
from crawler.sample.serving import Reply
from pipelines import derive
from tests.servers.living import LivingPortal, html, living
from tests.site.test_site import served
from tests.support import documents_made as made

CHAPTERS = (
    "本报告根据《中华人民共和国政府信息公开条例》编制，统计期限为2023年1月1日至12月31日。",
    "一、总体情况",
    "本年度主动公开政府信息三百条，各项工作稳步推进。" * 4,
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
)


def rows(*values: str) -> made.Rows:
    return (*made.ROWS[:2], values)


def word(title: str = "沈阳市大东区2023年政府信息公开工作年度报告", *values: str) -> bytes:
    """A whole report as a Word file; section 四 has five figures of reviews."""
    return made.docx((title, *CHAPTERS), rows(*(values or ("3", "1", "0", "2", "6"))))


def landing(title: str, *links: str, inside: str = "") -> str:
    listed = "".join(f"<p>{link}</p>" for link in links)
    return html(f"<h1>{title}</h1><p>发布时间：2024-03-01 来源：大东区</p><div class=TRS_Editor>{inside}{listed}</div>")


TITLE = "沈阳市大东区2023年政府信息公开工作年度报告"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[LivingPortal]:
    with living(tmp_path) as served:
        served.entries.insert(0, ("/nb/a/landing.html", TITLE, "2024-03-02"))
        yield served


def sound(portal: LivingPortal) -> None:
    with Archive.read(portal.archive) as archive:
        assert archive.verify(derive, every=True) == []
        assert archive.verify(derive, count=10_000) == []


def figures(portal: LivingPortal) -> dict[str, tuple[float | None, str]]:
    query = "select code, value, statistics.evidence from statistics join reports on reports.id = report_id"
    return {code: (value, told) for code, value, told in portal.rows(f"{query} where report_year = 2023")}


def test_a_report_that_is_only_an_attachment_is_a_full_report(portal: LivingPortal) -> None:
    portal.pages["/nb/a/landing.html"] = landing(TITLE, '<a href="/f/1">附件：年报全文.doc</a>')
    name = 'attachment; filename="年报.doc"'.encode("gbk").decode("latin-1")
    portal.pages["/f/1"] = Reply(word(), 200, "application/octet-stream", headers={"Content-Disposition": name})
    portal.crawl()
    ((text, year, kind),) = portal.rows(
        "select reports.text, report_year, captures.kind from reports join attachments on report_id = reports.id"
        " join captures on captures.id = attachments.capture_id"
    )
    assert (year, kind) == (2023, "attachment")
    assert text.startswith("本报告根据")
    assert "3\t1\t0\t2\t6" in text
    value, evidence = figures(portal)["review_upheld"]
    assert value == 3
    assert evidence.startswith("attachment «附件：年报全文.doc», table 1, row 3")
    ((media_type, said),) = portal.rows("select media_type, text from attachments")
    assert media_type.endswith("wordprocessingml.document")
    assert said.startswith(TITLE)
    assert [row[0] for row in portal.rows("select kind from problems where url like '%landing%'")] == [
        "attachment_only"
    ]
    sound(portal)
    found = CliRunner().invoke(cli, ["search", "各项工作稳步推进", "--archive", str(portal.archive)])
    assert TITLE in found.output
    again = portal.crawl()
    assert [path for path in again["asked"] if path.startswith(("/f/", "/nb/a/"))] == []
    assert portal.rows("select count(*) from report_versions") == [(16,)]


def test_a_report_given_twice_is_one_and_its_figures_are_compared(portal: LivingPortal) -> None:
    cells = "".join(
        "<tr>" + "".join(f"<td{' colspan=5' if None in row else ''}>{words}</td>" for words in row if words) + "</tr>"
        for row in rows("3", "1", "0", "2", "6")
    )
    inside = "".join(f"<p>{words}</p>" for words in CHAPTERS) + f"<table>{cells}</table>"
    portal.pages["/nb/a/landing.html"] = landing(TITLE, '<a href="/f/1.docx">文件下载</a>', inside=inside)
    portal.pages["/f/1.docx"] = word(TITLE, "3", "1", "0", "4", "8")
    portal.crawl()
    assert portal.rows("select count(*) from reports where report_year = 2023") == [(1,)]
    assert figures(portal)["review_pending"][0] == 2
    assert not figures(portal)["review_pending"][1].startswith("attachment")
    compared = portal.rows("select subject, holds, expected, actual from checks where rule = 'D1' order by 1")
    assert ("review_pending", 0, "2", "4") in compared
    assert ("review_upheld", 1, "3", "3") in compared
    sound(portal)


def test_an_annex_gives_the_figures_that_the_page_has_not(portal: LivingPortal) -> None:
    inside = "".join(f"<p>{words}</p>" for words in CHAPTERS)
    link = '<a href="/f/table.xls">附件：统计表</a>'
    portal.pages["/nb/a/landing.html"] = landing(TITLE, link, inside=inside)
    portal.pages["/f/table.xls"] = Reply(made.xlsx(), 200, "text/html")
    portal.crawl()
    value, evidence = figures(portal)["review_total"]
    assert value == 6
    assert evidence.startswith("attachment «附件：统计表», sheet «统计表», table 1, row 3, column 5")
    sound(portal)


def test_a_list_that_leads_to_a_file_leads_to_a_report(portal: LivingPortal) -> None:
    portal.entries[0] = ("/nb/a/2023.docx", TITLE, "2024-03-02")
    portal.pages["/nb/a/2023.docx"] = word()
    portal.crawl()
    ((organ, region, kind),) = portal.rows(
        "select organ, region, captures.kind from reports join captures on captures.id = capture_id"
        " where report_year = 2023"
    )
    assert (organ, region, kind) == ("沈阳市大东区人民政府", "大东区", "report")
    assert figures(portal)["review_upheld"] == (3, "table 1, row 3, column 1 «行政复议 / 结果维持»: «3»")
    sound(portal)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Reply(b"%PDF-1.4 broken"), "document_unread"),
        (Reply(made.pdf("")), "document_no_text"),
        (Reply(b"", 404), "dead_link"),
        (Reply("<html><title>404</title><body>您访问的页面不存在</body></html>".encode()), "dead_link"),
    ],
    ids=["broken", "scan", "404", "soft 404"],
)
def test_a_file_that_cannot_be_had_or_read_costs_no_report(portal: LivingPortal, answer: Reply, told: str) -> None:
    portal.pages["/nb/a/landing.html"] = landing(TITLE, '<a href="/f/1.pdf">年报.pdf</a>')
    portal.pages["/f/1.pdf"] = answer
    portal.crawl()
    assert portal.rows("select report_year, text from reports where report_year = 2023") == [(2023, None)]
    assert portal.rows("select kind from problems where url like '%/f/1.pdf'") == [(told,)]
    sound(portal)


def test_a_file_that_did_not_come_is_asked_again(portal: LivingPortal) -> None:
    portal.pages["/nb/a/landing.html"] = landing(TITLE, '<a href="/f/1.docx">年报.docx</a>')
    portal.pages["/f/1.docx"] = Reply(b"", 503)
    portal.crawl(code=1)
    assert portal.rows("select text from reports where report_year = 2023") == [(None,)]
    portal.pages["/f/1.docx"] = word()
    assert portal.crawl()["asked"].count("/f/1.docx") == 1
    assert portal.rows("select text is not null from reports where report_year = 2023") == [(1,)]
    sound(portal)


def test_a_file_that_changed_is_read_anew(portal: LivingPortal) -> None:
    portal.pages["/nb/a/landing.html"] = landing(TITLE, '<a href="/f/1.docx">年报.docx</a>')
    portal.pages["/f/1.docx"] = word()
    portal.crawl()
    portal.pages["/f/1.docx"] = word(TITLE, "4", "1", "0", "2", "7")
    portal.crawl("--recheck", "all")
    assert figures(portal)["review_upheld"][0] == 4
    assert portal.rows("select count(*) from captures where url like '%/f/1.docx'") == [(2,)]
    # It is a version of its report, whose difference is that of the files.
    versions = portal.rows(
        "select version, captures.kind, report_versions.url like '%.docx' from report_versions"
        " join captures on captures.id = report_versions.capture_id join reports on reports.id = report_id"
        " where report_year = 2023 order by 1"
    )
    assert versions == [(1, "report", 0), (2, "attachment", 1)]
    found = portal.rows("select events.kind, events.url like '%.docx' from events where run_id = 2")
    assert found == [("changed", 1)]
    assert portal.rows("select reports_changed from runs where id = 2") == [(1,)]
    ((number,),) = portal.rows("select id from reports where report_year = 2023")
    told = CliRunner().invoke(cli, ["diff", str(number), "--archive", str(portal.archive)])
    assert "attachment changed: 年报.docx" in told.output
    assert "[-6-]{+7+}" in told.output
    sound(portal)
    # Another page later: versions by page and by file stand in the order in which they were met.
    portal.pages["/nb/a/landing.html"] = landing(TITLE, '<a href="/f/1.docx">年报（更正）.docx</a>')
    portal.crawl("--recheck", "all")
    portal.pages["/f/1.docx"] = word(TITLE, "5", "1", "0", "2", "8")
    portal.crawl("--recheck", "all")
    versions = portal.rows("select version, url like '%.docx' from report_versions where version > 1 order by 1")
    assert versions == [(2, 1), (3, 0), (4, 1)]
    told = CliRunner().invoke(cli, ["diff", str(number), "--to", "4", "--from", "1", "--archive", str(portal.archive)])
    assert "[-6-]{+8+}" in told.output
    told = CliRunner().invoke(cli, ["diff", str(number), "--to", "3", "--archive", str(portal.archive)])
    assert "attachment changed" not in told.output
    assert "更正" in told.output
    sound(portal)


def test_a_file_made_anew_with_the_same_words_is_no_version(portal: LivingPortal) -> None:
    portal.pages["/nb/a/landing.html"] = landing(TITLE, '<a href="/f/1.docx">年报.docx</a>')
    portal.pages["/f/1.docx"] = word()
    portal.crawl()
    portal.pages["/f/1.docx"] = word() + b"\0made at another hour"
    portal.crawl("--recheck", "all")
    assert portal.rows("select count(*) from captures where url like '%/f/1.docx'") == [(2,)]
    assert portal.rows("select count(*) from report_versions where version > 1") == [(0,)]
    assert portal.rows("select count(*) from events where run_id = 2") == [(0,)]
    sound(portal)


def test_another_scan_is_a_version(portal: LivingPortal) -> None:
    """Without words the bytes decide."""
    portal.pages["/nb/a/landing.html"] = landing(TITLE, '<a href="/f/1.pdf">年报.pdf</a>')
    portal.pages["/f/1.pdf"] = made.pdf("")
    portal.crawl()
    portal.pages["/f/1.pdf"] = made.pdf("", "")
    portal.crawl("--recheck", "all")
    assert portal.rows("select count(*) from report_versions where version > 1") == [(1,)]
    sound(portal)


def test_what_a_killed_run_met_is_told_by_the_next(portal: LivingPortal) -> None:
    portal.pages["/nb/a/landing.html"] = landing(TITLE, '<a href="/f/1.docx">年报.docx</a>')
    portal.pages["/f/1.docx"] = word()
    portal.crawl()
    portal.pages["/f/1.docx"] = word(TITLE, "4", "1", "0", "2", "7")
    with Archive.open(portal.archive) as archive:
        # A run that kept the file and was then killed: nothing was settled.
        archive.begin_run(["x"])
        ids = [row[0] for row in portal.rows("select id from captures where url like '%/f/1.docx'")]
        ((_, old),) = pages_again(archive.connection, derive, ids)
        new = replace(old.capture, body=word(TITLE, "4", "1", "0", "2", "7"), fetched_at="2099-01-01T00:00:00Z")
        archive.store(derive(new, old.context))
    portal.crawl()
    assert portal.rows("select status from runs order by id") == [("finished",), ("broken_off",), ("finished",)]
    assert portal.rows("select count(*) from report_versions where version > 1") == [(1,)]
    assert figures(portal)["review_upheld"][0] == 4
    sound(portal)


def test_the_site_cites_the_file_with_its_page(portal: LivingPortal) -> None:
    portal.pages["/nb/a/landing.html"] = landing(TITLE, '<a href="/f/1.docx">年报.docx</a>')
    portal.pages["/f/1.docx"] = word()
    portal.crawl()
    ((number, sha256),) = portal.rows(
        "select report_id, sha256 from attachments join captures on captures.id = attachments.capture_id"
    )
    with served(portal.archive) as address, urlopen(f"{address}/report/{number}") as answer:
        page = answer.read().decode()
    assert page.count("/f/1.docx, 存档 archived ") == 1
    assert page.count(f"SHA-256 {sha256}") == 2  # in the sentence and in BibTeX


def test_files_on_other_hosts_are_left_alone(portal: LivingPortal) -> None:
    portal.pages["/nb/a/landing.html"] = landing(TITLE, '<a href="http://{{decoy}}/1.docx">年报.docx</a>')
    portal.crawl()
    assert portal.decoy_requests == []
    ((skipped,),) = portal.rows("select links_skipped from captures where url like '%landing%'")
    assert '"other_host":1' in skipped


def test_what_a_run_has_not_come_to_yet_is_no_failure(portal: LivingPortal) -> None:
    """A run under way, or killed, has reports without their files, and no checks over years."""
    for year in (2022, 2023):
        title = TITLE.replace("2023", str(year))
        portal.entries.insert(0, (f"/nb/a/{year}.html", title, f"{year + 1}-03-02"))
        portal.pages[f"/nb/a/{year}.html"] = landing(title, f'<a href="/f/{year}.docx">附件：年报全文</a>')
        portal.pages[f"/f/{year}.docx"] = Reply(word(title), 200, "application/octet-stream")
    portal.pages["/nb/a/landing.html"] = html("<p>关于年报的通知</p>")
    portal.crawl()
    half = portal.folder / "half.db"
    with Archive.read(portal.archive) as settled, Archive.open(half) as writing:
        writing.begin_run(["somewhere"])
        for row in settled.connection.execute("select id from captures order by id").fetchall():
            for _, page in pages_again(settled.connection, derive, [row["id"]]):
                writing.store(page)
    whole = "select 1 from attachments where capture_id is not null", "select 1 from checks where rule = 'J1'"
    for query in whole:
        assert portal.rows(query)
    portal.archive = half
    for query in whole:
        assert not portal.rows(query)
    sound(portal)
    with closing(sqlite3.connect(half)) as damaging, damaging:
        damaging.execute("update reports set organ = 'x' where id not in (select report_id from attachments)")
    with Archive.read(half) as reading:
        assert any("organ is not what capture" in told for told in reading.verify(derive))
        assert any(told.startswith("reports: ") for told in reading.verify(derive, every=True))
