"""Pages that hold several reports are told and give no values; those that only look so keep theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from crawler.commands.cli import cli
from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from pipelines import derive
from pipelines.statistics.several import several_reports
from tests.support.formats import binary, drawn, plain, word
from tests.support.formats.blocks import Block, official

TITLE = "沈阳市大东区2015年政府信息公开工作年度报告"


def chapters(received: int, marks: tuple[str, ...] = ("（一）", "（二）", "（三）", "（四）", "（五）")) -> list[str]:
    said = (
        ("总体情况", "本机关认真贯彻落实《中华人民共和国政府信息公开条例》，各项工作平稳有序，取得了新的成效。"),
        ("主动公开政府信息情况", f"全年主动公开政府信息{received * 10}条。"),
        ("依申请公开政府信息情况", f"全年收到政府信息公开申请{received}件，均按时答复。"),
        ("行政复议和行政诉讼情况", "全年未发生行政复议和行政诉讼。"),
        ("存在的主要问题", "公开的内容还不够丰富，下一步将继续加强学习。"),
    )
    return [line for mark, (head, words) in zip(marks, said, strict=True) for line in (mark + head, words)]


def read(title: str, lines: list[str]) -> Page:
    body = "".join(f"<p>{line}</p>" for line in lines)
    html = f"<html><body><h1>{title}</h1><div>来源：大东区 发布时间：2016-03-01</div><div class=TRS_Editor>{body}</div>"
    return derive(Capture("http://www.example.gov.cn/art/t20160301_1.html", 200, [], html.encode(), ""), Context(True))


def told(page: Page) -> list[str]:
    return [problem.detail for problem in page.problems if problem.kind == "several_reports"]


ONES = ("一、", "二、", "三、", "四、", "五、")
SEVERAL = {
    "years as chapters": ["一、2014年", *chapters(12), "二、2015年", *chapters(31)],
    "years in words": ["2014年政府信息公开工作情况", *chapters(12, ONES),
                       "2015年政府信息公开工作情况", *chapters(31, ONES)],
    "titles": ["大东区2015年政府信息公开工作年度报告", *chapters(31, ONES),
               "大东区2014年政府信息公开工作年度报告", *chapters(12, ONES)],
    "the first under the page's title": [*chapters(31, ONES),
                                         "沈阳市大东区2014年政府信息公开年度报告", *chapters(12, ONES)],
    "organs": ["大东区教育局2015年政府信息公开年度报告", *chapters(31, ONES),
               "大东区民政局2015年政府信息公开年度报告", *chapters(12, ONES)],
    "names of organs": ["大东区教育局", *chapters(31, ONES), "大东区民政局", *chapters(12, ONES)],
    "three years": [line for year in (2013, 2014, 2015) for line in (f"{year}年度", *chapters(year - 2000))],
}  # fmt: skip
SINGLE = {
    "one": chapters(31, ONES),
    "a table of contents": [*(line for line in chapters(31, ONES)[::2]), *chapters(31, ONES)],
    "its title once more": [TITLE, *chapters(31, ONES), TITLE, "附件：统计表"],
    "another organ's name for the same": ["大东区2015年政府信息公开工作年度报告", *chapters(31, ONES)],
    "a notice before it": ["现将大东区教育局2015年政府信息公开工作年度报告予以公布，全文约30条。",
                           "大东区人民政府2015年政府信息公开工作年度报告", *chapters(31, ONES)],
    "last year's named as a file": [*chapters(31, ONES), "附件：", "沈阳市大东区2014年政府信息公开工作年度报告"],
    "the year before": [*chapters(31, ONES), "六、2014年问题整改情况", "2014年收到政府信息公开申请12件，已经办结。"],
    "the next year": [*chapters(31, ONES), "六、2016年政府信息公开工作情况", "将继续做好主动公开。"],
    "towns": [*chapters(31, ONES), "六、各街道情况", "大东街道", "主动公开政府信息30条，收到申请3件。", "小东街道",
              "主动公开政府信息20条，收到申请2件。"],
    "towns with chapters": [*chapters(31, ONES), "大东街道", "（一）主动公开情况", "公开30条。",
                            "（二）依申请公开情况", "收到3件。", "小东街道", "（一）主动公开情况", "公开20条。",
                            "（二）依申请公开情况", "收到2件。"],
    "an annex as lines": [*chapters(31, ONES), "附件：大东区2015年政府信息公开情况统计表", "一、主动公开情况", "310",
                          "二、依申请公开情况", "31", "三、行政复议数量", "0", "四、行政诉讼数量", "0"],
}  # fmt: skip


@pytest.mark.parametrize("name", SEVERAL)
def test_several_reports_on_one_page_are_told_and_give_no_values(name: str) -> None:
    page = read(TITLE, SEVERAL[name])
    assert page.kind == "report"
    (detail,) = told(page)
    assert detail.startswith(f"{3 if name == 'three years' else 2} reports on one page: ")
    assert page.figures
    assert {(figure.value, figure.method) for figure in page.figures} == {(None, "several reports")}


WITHOUT_CHAPTERS = {
    "organs without chapters": [
        "大东区教育局2015年政府信息公开年度报告", "全年主动公开政府信息310条，收到申请31件，已经答复。",
        "大东区民政局2015年政府信息公开年度报告", "全年主动公开政府信息120条，收到申请12件，已经答复。"],
    "years without chapters": [
        "2015年政府信息公开年度报告", "全年主动公开政府信息310条，收到申请31件，已经答复。",
        "2014年政府信息公开年度报告", "全年主动公开政府信息120条，收到申请12件，已经答复。"],
}  # fmt: skip


@pytest.mark.parametrize("name", WITHOUT_CHAPTERS)
def test_reports_without_chapters_are_told_by_their_titles(name: str) -> None:
    assert len(several_reports("各单位政府信息公开年度报告", "\n".join(WITHOUT_CHAPTERS[name]))) == 2


@pytest.mark.parametrize("name", SINGLE)
def test_one_report_is_one(name: str) -> None:
    page = read(TITLE, SINGLE[name])
    assert (page.kind, told(page)) == ("report", [])
    values = {figure.code: figure.value for figure in page.figures}
    assert values["req_received"] == 31


def test_two_reports_with_tables_give_no_mixed_figures() -> None:
    blocks: list[Block] = []
    for year in (2022, 2023):
        more, _ = official(Random(year))
        blocks += [f"沈阳市大东区{year}年政府信息公开工作年度报告", *more[1:]]
    page = derive(Capture("http://www.example.gov.cn/a.htm", 200, [], plain.html(blocks), ""), Context(True))
    assert page.kind == "report"
    assert told(page) == [
        "2 reports on one page: 沈阳市大东区2022年政府信息公开工作年度报告; 沈阳市大东区2023年政府信息公开工作年度报告"
    ]
    assert {figure.value for figure in page.figures} == {None}


FORMATS: dict[str, Callable[[list[Block]], bytes]] = {
    "docx": word.docx, "doc": binary.doc, "rtf": word.rtf, "pdf": lambda blocks: drawn.pdf(drawn.pages(blocks)),
    "ofd": lambda blocks: drawn.ofd(drawn.pages(blocks)), "txt": plain.bars,
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_a_collection_in_one_file_is_told(name: str) -> None:
    blocks: list[Block] = []
    for number, organ in enumerate(("教育局", "民政局")):
        blocks += [f"沈阳市大东区{organ}2023年政府信息公开工作年度报告", *official(Random(number))[0][1:]]
    body = FORMATS[name](blocks)
    page = derive(Capture(f"http://www.example.gov.cn/a.{name}", 200, [], body, ""), Context(True))
    assert (page.kind, len(told(page))) == ("report", 1)
    assert {figure.value for figure in page.figures} == {None}


def test_offices_one_after_another_with_tables_are_told() -> None:
    blocks: list[Block] = []
    for number, organ in enumerate(("文官街道办事处", "小东街道办事处")):
        blocks += [organ, *official(Random(number))[0][1:]]
    page = derive(Capture("http://www.example.gov.cn/a.htm", 200, [], plain.html([TITLE, *blocks]), ""), Context(True))
    assert told(page) == ["2 reports on one page: 文官街道办事处; 小东街道办事处"]


def test_a_comparison_with_the_year_before_is_one_report() -> None:
    blocks, truth = official(Random(1))
    more = [
        "<table><tr><td>指标</td><td>2022年</td><td>2023年</td></tr><tr><td>收到申请</td><td>12</td><td>31</td></tr></table>"
    ]
    page = derive(
        Capture("http://www.example.gov.cn/a.htm", 200, [], plain.html([*blocks, "与上年比较", *more]), ""),
        Context(True),
    )
    values = {figure.code: figure.value for figure in page.figures if figure.code in truth}
    assert (told(page), values) == ([], truth)


def test_reports_beyond_a_hundred_are_not_counted() -> None:
    lines = [line for at in range(120) for line in (f"大东区第{at}街道2015年政府信息公开年度报告", *chapters(at, ONES))]
    assert len(several_reports(None, "\n".join(lines))) == 100


@pytest.mark.parametrize("lead", ["您的位置：", "当前位置：", "您现在的位置："])
def test_a_page_with_an_archive_of_reports_is_not_called_by_its_breadcrumb(tmp_path: Path, lead: str) -> None:
    crumbs = f"{lead}首页&gt;政务公开&gt;政府信息公开年报"
    lines = "".join(f"<p>{line}</p>" for line in SEVERAL["organs"])
    saved = tmp_path / "page.html"
    saved.write_text(f"<html><head><title>{crumbs}</title></head><body><h1>{crumbs}</h1>{lines}</body></html>", "utf-8")
    done = CliRunner().invoke(cli, ["extract", str(saved), "--url", "http://www.example.gov.cn/a.html", "--json"])
    said = json.loads(done.output.splitlines()[-1])
    assert "several_reports" in [problem["kind"] for problem in said["problems"]]
    assert "位置" not in (said["title"] or "")
