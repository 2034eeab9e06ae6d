"""What the stages told about pages is a thing derived: `rebuild` brings lost rows back, `verify --all` misses them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from crawler.reading.pool import LocalDesk, Pool
from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.records.problems import DERIVED_KINDS
from pipelines import derive, stages
from tests.support import hostile_pages
from tests.support.hostile_pages import report

pytestmark = pytest.mark.slow

SITE = "http://www.example.gov.cn/zwgk/nb/"
REGION = Context(region="210100")
Row = tuple[str, str, str]

_SEVEN = ("本年收到申请", *hostile_pages._APPLICANTS[1:])


def _table(*cells: object) -> str:
    rows = (_SEVEN, ("一、本年新收政府信息公开申请数量", *cells))
    return "<table>" + "".join(hostile_pages._row(*row) for row in rows) + "</table>"


def _named(title: str, inner: str = "") -> str:
    return report(inner, title=title)


PAGES: dict[str, str | bytes] = {
    "attachment_only": f"<title>{hostile_pages.TITLE}</title><h1>{hostile_pages.TITLE}</h1><p>发布时间：2019-03-01</p>"
    "<div class=TRS_Editor><a href='a.pdf'>报告.pdf</a></div>",
    "bad_markup": report("<div>" * 3000 + "甲"),
    "charset": report("政府信息").encode("gb18030") + b"\xff" * 3000,
    "date_implausible": report(around="<p>发布时间：2011-03-01 来源：甲</p>"),
    "document_unread": b"%PDF-1.4 broken",
    "empty_answer": b"",
    "file_without_address": report("<p>附件：<a href='javascript:unheard(\"x\")'>统计表.xls</a></p>"),
    "figure_ambiguous": report("<p>全年主动公开政府信息31条。</p><p>今年共主动公开政府信息47条。</p>"),
    "figure_implausible": report(f"<p>收到政府信息公开申请{'9' * 400}件。</p>").replace("收到申请5件。", ""),
    "hijacked": _named("澳门新葡京娱乐城"),
    "page_cut": report("".join(f"<a href='{number}.pdf'>{number}.pdf</a>" for number in range(210))),
    "region_unknown": _named("不明之地镇2018年政府信息公开工作年度报告"),
    "several_reports": report(
        "".join(
            f"<p>沈阳市大东区{year}年政府信息公开工作年度报告</p><p>一、总体情况</p><p>平稳有序。</p><p>二、主动公开情况</p>"
            "<p>公开3条。</p><p>三、依申请公开情况</p><p>收到2件。</p><p>四、存在的问题</p><p>还不够丰富。</p>"
            for year in (2017, 2018)
        )
    ),
    "table_other_year": report("<p>2015年申请情况表</p>" + _table(1, 0, 0, 0, 0, 0, 1)),
    "table_unread": report(_table("甲乙", 0, 0, 0, 0, 0, 1)),
    "year_disagrees": report("<p>报告统计期限为2016年1月1日至2016年12月31日。</p>").replace(
        "<p>根据", "<p>2016年1月1日至12月31日，根据"
    ),
    "year_unknown": _named("大东区政府信息公开工作年度报告"),
}


def _pages(kind: str) -> Iterator[Page]:
    """The captures of which something of this kind is told."""
    from tests.support.documents_made import pdf

    bodies: list[str | bytes] = [PAGES[kind]] if kind in PAGES else []
    if kind == "document_no_text":
        bodies = [pdf("")]
    elif kind == "identity_conflict":
        bodies = [report("<p>甲文。</p>"), report("<p>乙文，全不相同的一篇报告。</p>")]
    elif kind in ("stage_failed", "odd_status"):
        bodies = [report("<p>败文。</p>" if kind == "stage_failed" else "<p>全文。</p>")]
    status = 404 if kind == "odd_status" else 200
    for number, source in enumerate(bodies):
        body = source.encode("utf-8") if isinstance(source, str) else source
        yield derive(Capture(f"{SITE}t20190301_{number}.html", status, [], body, "2026-01-01T00:00:00Z", "p0"), REGION)


def _told(path: Path) -> list[Row]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("select kind, url, detail from problems order by 1, 2, 3").fetchall()
    return [(str(kind), str(url), str(detail)) for kind, url, detail in rows]


def _run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage that fails on one kind of page, for no page is known on which one does; all is read in this process."""
    monkeypatch.setattr(Pool, "submit", lambda pool, question: LocalDesk().submit(question))
    real = next(entry for entry in stages.STAGES if entry.name == "attachments")

    def run(page: Page) -> None:
        if "败文" in (page.html or ""):
            raise ValueError("failed")
        real.run(page)

    changed = tuple(replace(entry, run=run) if entry is real else entry for entry in stages.STAGES)
    monkeypatch.setattr(stages, "STAGES", changed)


# What a page that kills or grows is told by has tests of its own (tests/runs/test_reader_died.py).
@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize("kind", sorted({*PAGES, *DERIVED_KINDS} - {"reader_died", "reader_limit"}))
def test_what_a_stage_tells_comes_back_by_rebuild_and_is_missed_by_verify(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        run = archive.begin_run(["p0"])
        for page in _pages(kind):
            archive.store(page)
        archive.settle(run, derive)
        for problem in archive.loose_files(run, "p0"):
            archive.problem(run, "p0", problem)
        archive.finish_run(run, "finished")
    before = _told(path)
    assert kind in {row[0] for row in before}
    assert _run("verify", "--all", "--archive", str(path))[0] == 0
    with sqlite3.connect(path) as connection:
        connection.execute("delete from problems where kind = ?", (kind,))
    code, output = _run("verify", "--all", "--archive", str(path))
    assert (code, "problems" in output) == (1, True)
    for _ in range(2):
        assert _run("rebuild", "--archive", str(path))[0] == 0
        assert _told(path) == before
