"""Shapes of real pages that were once read wrong, each through all stages."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from pipelines import derive

BODY = "".join(
    f"<p>{head}</p><p>{'本年度主动公开政府信息，收到依申请公开申请，行政复议，行政诉讼，统计期限。' * 6}</p>"
    for head in (
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、依申请公开情况",
        "四、行政复议、行政诉讼",
        "五、存在的主要问题",
    )
)
DATED = "<p>发布时间：2019-03-01 来源：区政府办</p>"


def read(title: str, around: str = DATED, body: str = BODY, region: str = "210100", head: str = "") -> Page:
    html = (
        f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body><h1>{title}</h1>{around}"
        f"<div class=TRS_Editor>{body}</div></body></html>"
    )
    url = "http://www.example.gov.cn/zwgk/nb/t20211102_1.html"
    return derive(Capture(url, 200, [], html.encode(), ""), Context(region=region))


def fact(page: Page, name: str) -> Any:
    assert page.report is not None
    return getattr(page.report, name)


def report(organ: str, year: int = 2018) -> str:
    return f"{organ}{year}年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("organ", "region"),
    [("洛阳市河图区人民政府", "410300"), ("杭州市之江区", "330100"), ("杭州市之江区教育局", "330100")],
)
def test_a_district_newer_than_the_tables_is_never_its_city(organ: str, region: str) -> None:
    page = read(report(organ, 2021), region=region)
    assert (fact(page, "region_code"), fact(page, "region")) == (None, None)
    assert fact(page, "organ").startswith(organ)
    assert "region_unknown" in {problem.kind for problem in page.problems}


@pytest.mark.parametrize(
    ("organ", "region", "code"),
    [
        ("河南寨镇", "110118", "110118"),
        ("河北屯镇人民政府", "120114", "120114"),
        ("新民屯镇", "210115", "210115"),
        ("兴隆台锡伯族镇", "210113", "210113"),
    ],
)
def test_a_township_is_not_the_place_its_name_begins_with(organ: str, region: str, code: str) -> None:
    page = read(report(organ), region=region)
    assert (fact(page, "region_code"), fact(page, "organ_kind")) == (code, "township")


def test_a_short_report_that_says_something_does_not_exist_is_a_report() -> None:
    body = (
        "<p>一、总体情况</p><p>主动公开信息3条。</p><p>二、依申请公开情况</p><p>收到申请1件，经查，该信息不存在。</p>"
    )
    body += "<p>三、行政复议、行政诉讼情况</p><p>无。</p><p>四、存在的主要问题</p><p>无。</p>"
    assert read(report("沈阳市大东区二台子街道"), body=body).kind == "report"


def test_a_report_of_scanned_pages_has_no_text_and_its_pictures_noted() -> None:
    scans = "".join(f'<p><img src="/upload/{page}.png" width="800"></p>' for page in "ab")
    page = read(report("沈阳市大东区"), body=scans)
    assert (page.kind, page.text) == ("report", None)
    assert [one.url.rsplit("/", 1)[1] for one in page.attachments] == ["a.png", "b.png"]
    assert "attachment_only" in {problem.kind for problem in page.problems}


@pytest.mark.parametrize(
    ("around", "head", "date"),
    [
        ("<p>时间：2013-05-06 星期一</p>", '<meta name="PubDate" content="2019-03-05 10:00">', "2019-03-05"),
        ("<p>信息时间：2018-03-15</p>", "", "2018-03-15"),
        ("<p>日　期：2018-03-15</p>", "", "2018-03-15"),
        ("", "", None),
    ],
)
def test_the_date_a_reader_sees(around: str, head: str, date: str | None) -> None:
    body = BODY + "<p>时间：2021年5月18日；地点：区政府。</p><p>更新时间：2020年6月30日前完成。</p>"
    assert fact(read(report("沈阳市大东区"), around, body, head=head), "published_on") == date


@pytest.mark.parametrize(
    ("title", "organ"),
    [
        ("大东区2017年度（2017年1月1日至12月31日）政府信息公开工作年度报告", "沈阳市大东区人民政府"),
        ("大东区2021年度《政府信息公开工作年度报告》", "沈阳市大东区人民政府"),
        (
            "沈阳市大东区人民政府办公室关于公布2013年政府信息公开工作年度报告的通知",
            "沈阳市大东区人民政府办公室",
        ),
    ],
)
def test_words_of_the_title_are_not_the_organ(title: str, organ: str) -> None:
    assert fact(read(title), "organ") == organ


def test_a_breadcrumb_whose_separators_are_drawn_by_the_stylesheet() -> None:
    items = "".join(
        f'<li class="breadcrumb-item"><a href="/">{label}</a></li>' for label in ("首页", "政务公开", "年报")
    )
    page = read(report("沈阳市大东区"), f'<ol class="breadcrumb">{items}</ol>{DATED}')
    assert page.breadcrumb == ["首页", "政务公开", "年报"]


@pytest.mark.parametrize(
    "words", ["页面未找到", "文件不存在", "您访问的页面不存在", "抱歉，您访问的页面不存在或已被删除"]
)
def test_a_polite_absence(words: str) -> None:
    html = f"<html><meta charset=utf-8><title>某市</title><body><a href=/>首页</a><div>{words}</div></body></html>"
    page = derive(Capture("http://www.x.gov.cn/a/t20190101_1.html", 200, [], html.encode(), ""))
    assert page.kind == "missing"


def test_a_hijacked_page_is_no_report() -> None:
    page = read(report("沈阳市大东区"), head="<title>篮球比分_足球直播吧-大东区</title>")
    html = page.html or ""
    hijacked = derive(
        Capture(page.capture.url, 200, [], html.replace(f"<title>{report('沈阳市大东区')}</title>", "").encode(), "")
    )
    assert hijacked.kind != "report"
    assert "hijacked" in {problem.kind for problem in hijacked.problems}
