"""Letters that are reports, lists that show their entries' words, errors in English, short reports."""

from __future__ import annotations

import pytest

from crawler.records.capture import Capture
from crawler.records.page import Page
from pipelines import derive
from tests.pipelines.test_places_on_a_page import CHAPTERS, TITLE, URL

PERIOD = "<p>本报告依照政府信息公开条例编制，数据统计期限为2021年1月1日至12月31日。</p>"


def page(title: str, body: str, url: str = URL) -> Page:
    source = f"<html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    return derive(Capture(url, 200, [], source.encode(), ""))


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("岚溪县统计局2021年政府信息公开年度报告的公告", "report"),
        ("岚溪县统计局关于上报2021年度政府信息公开年度报告的函", "report"),
        ("岚溪县统计局关于报送2021年政府信息公开工作年度报告的请示", "report"),
        ("关于做好2021年政府信息公开年度报告编制工作的通知", "article"),
        ("岚溪县统计局2021年法治政府建设年度报告", "article"),
        ("岚溪县统计局2021年部门决算信息公开报告", "article"),
    ],
)
def test_letters_and_notices(title: str, kind: str) -> None:
    assert page(title, f"<p>发布时间：2022-01-18</p><div id=zoom>{PERIOD}{CHAPTERS}</div>").kind == kind


def test_a_notice_that_names_all_chapters_in_a_row_is_none() -> None:
    text = (
        "<p>各单位的报告包括总体情况、主动公开、依申请公开、行政复议、行政诉讼、存在的问题，按政府信息公开条例编制。</p>"
        * 9
    )
    assert page("关于报送2021年政府信息公开年度报告的函", f"<p>发布时间：2022-01-18</p>{text}").kind == "article"


def test_a_list_that_shows_the_first_words_of_each_report() -> None:
    words = "根据政府信息公开条例编制，包括总体情况、主动公开政府信息、依申请公开、行政复议和行政诉讼、存在的问题。"
    rows = "".join(
        f"<dl><dt><a href=/nb/{year}.html>岚溪县统计局{year}年政府信息公开工作年度报告</a></dt><dd>{words * 2}</dd>"
        f"<dd>发布日期：{year + 1}-01-20</dd></dl>"
        for year in range(2015, 2023)
    )
    assert page("政府信息公开年报", rows, "http://www.lanxi.gov.cn/channel/9.html").kind == "list"


@pytest.mark.parametrize(
    ("title", "words", "kind"),
    [
        ("404 Page Not Found", "The resource does not exist.", "missing"),
        ("Error", "503 Service Unavailable. Please try again.", "missing"),
        ("504 Gateway Time-out", "nginx", "other"),
        ("Access Denied", "You are not allowed to open this page.", "other"),
    ],
)
def test_errors_in_english_are_no_articles(title: str, words: str, kind: str) -> None:
    assert page(title, f"<p>{words}</p>").kind == kind


def test_a_short_report_is_one_wherever_it_stands() -> None:
    heads = ("总体情况", "主动公开政府信息情况", "依申请公开情况", "行政复议、行政诉讼情况", "存在的主要问题")
    text = "".join(f"<p>{number}、{head}</p><p>无。</p>" for number, head in zip("一二三四五", heads, strict=True))
    assert page(TITLE, f"<div>{text}</div>", "http://www.lanxi.gov.cn/a/b.jsp?id=3").kind == "report"


SENTENCE = "本县统计工作会议近日召开，研究部署全年任务，明确了责任分工和时间要求。"


@pytest.mark.parametrize(
    "bar",
    [
        "<div>分享至：</div>",
        "<p>【打印】【关闭】 转发 朋友圈</p>",
        "<dl><dt>索引号</dt><dd>lx01/2022-3</dd><dt>发布机构</dt><dd>县统计局</dd><dt>发布日期</dt><dd>2022-01-18</dd></dl>",
        "<ul><li>索引号 lx01/2022-3</li><li>主题分类 统计</li><li>浏览 31</li></ul>",
    ],
)
def test_furniture_of_the_page_is_no_text(bar: str) -> None:
    found = page(
        "统计工作会议召开", f"<p>发布时间：2022-01-18</p><div class=content>{bar}{f'<p>{SENTENCE}</p>' * 5}</div>"
    )
    assert (found.text or "").startswith(SENTENCE)


def test_a_first_paragraph_in_a_block_of_its_own() -> None:
    first = "近日，县统计局的工作组到镇上调研，听取了基层的意见。"
    rest = "".join(
        f"<section><p>{SENTENCE}第{number}次走访了企业和农户，了解生产经营。</p></section>" for number in range(6)
    )
    body = f"<p>发布时间：2022-01-18</p><div><section><p>{first}</p></section><article>{rest}</article></div>"
    assert (page("工作组调研", body).text or "").startswith(first)
