"""Title, date and source are those at the article: whatever is hidden or stands beside it."""

from __future__ import annotations

import pytest

from crawler.records.capture import Capture, Context, Step
from crawler.records.page import Page
from crawler.words.text import squeeze
from pipelines import derive
from tests.evaluate.variants import BOXES, HIDDEN

TITLE = "岚溪县统计局2021年政府信息公开工作年度报告"
CHAPTERS = "".join(
    f"<p>{head}</p><p>{text * 4}</p>"
    for head, text in (
        ("一、总体情况", "本局围绕统计工作，依照政府信息公开条例主动公开各类信息，接受群众监督。"),
        ("二、主动公开政府信息情况", "全年在网站发布统计数据和解读，及时更新目录。"),
        ("三、收到和处理政府信息公开申请情况", "全年没有收到申请，没有结转办理。"),
        ("四、行政复议、行政诉讼情况", "没有发生行政复议，也没有行政诉讼。"),
        ("五、存在的主要问题及改进情况", "解读的形式单一，今后将丰富形式。"),
    )
)
URL = "http://www.lanxi.gov.cn/tjj/nb/202201/t20220118_77.html"
OTHER = {"title": "远山市商务局2030年政府信息公开工作年度报告", "line": "发布时间：2031-03-04 来源：远山市商务局"}


def read(body: str, head: str = f"<title>{TITLE}</title>", label: str = "") -> Page:
    page = f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    trail = (Step(label, URL),) if label else ()
    return derive(Capture(URL, 200, [], page.encode(), "", trail=trail), Context(region="330700"))


def facts(page: Page) -> tuple[str, str | None, str | None]:
    assert page.report is not None
    return squeeze(page.title or ""), page.report.published_on, page.report.source


OWN = f"<h2>{TITLE}</h2><p>时间：2022-01-18　来源：县统计局</p><div id=zoom>{CHAPTERS}</div>"


@pytest.mark.parametrize("way", [*HIDDEN, '<p class="hidden">{}</p>', '<div style="font-size:0">{}</div>'])
@pytest.mark.parametrize("behind", [False, True])
def test_what_is_hidden_does_not_exist(way: str, behind: bool) -> None:
    decoy = way.format(f"<h1>{OTHER['title']}</h1><p>{OTHER['line']}</p>")
    page = read(OWN + decoy if behind else decoy + OWN)
    assert facts(page) == (TITLE, "2022-01-18", "县统计局")
    assert "远山" not in (page.text or "")


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("behind", [False, True])
def test_a_box_of_another_page_says_nothing_of_this(box: str, behind: bool) -> None:
    decoy = box.format(**OTHER)
    assert facts(read(OWN + decoy if behind else decoy + OWN)) == (TITLE, "2022-01-18", "县统计局")


def test_an_article_that_a_script_will_show_is_no_hidden_one() -> None:
    page = read(f"<div style='visibility:hidden'>{OWN}</div>")
    assert (page.kind, *facts(page)) == ("report", TITLE, "2022-01-18", "县统计局")


def test_rules_of_the_telephone_and_of_print_hide_nothing() -> None:
    sheet = "<style>@media print { .p1 { display:none } } .p2, p.p3 { color:red }</style>"
    assert facts(read(sheet + OWN.replace("<p>时间", "<p class='p1 p2 p3'>时间"))) == (TITLE, "2022-01-18", "县统计局")


@pytest.mark.parametrize(
    "window",
    [
        "{}_信息公开年报_岚溪县政府门户网站",
        "岚溪县政府门户网站 &gt; 信息公开年报 &gt; {}",
        "岚溪县政府 信息公开年报 {}",
        "信息公开年报——{}",
        "信息公开年报_岚溪县政府门户网站",
        "岚溪县政府门户网站",
    ],
)
@pytest.mark.parametrize(
    "tag", ["<div class=arti_t>{}</div>", "<p align=center><b>{}</b></p>", "<font size=5>{}</font><br>"]
)
def test_title_in_any_order_and_mark_up(window: str, tag: str) -> None:
    crumbs = "<div>当前位置：<a href=/>首页</a> &gt; <a href=/nb/>信息公开年报</a></div>"
    body = crumbs + tag.format(TITLE) + f"<div>发布日期：2022-01-18 信息来源：县统计局</div><div>{CHAPTERS}</div>"
    assert facts(read(body, f"<title>{window.format(TITLE)}</title>")) == (TITLE, "2022-01-18", "县统计局")


def test_title_over_two_lines_and_from_the_link() -> None:
    two = f"<p>岚溪县统计局</p><p>2021年政府信息公开工作年度报告</p>{CHAPTERS}"
    assert squeeze(read(two, "<title>岚溪政务</title>").title or "") == TITLE
    assert read(CHAPTERS, "<title>岚溪政务</title>", TITLE).title == TITLE


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>发布时间：【2022-01-18】</p>", "2022-01-18"),
        ("<p>发布时间 20220118</p>", "2022-01-18"),
        ("<p>发布时间：Tue Jan 18 09:05:00 CST 2022</p>", "2022-01-18"),
        ("<p>Date: x</p><p>发布于 January 18, 2022</p>", "2022-01-18"),
        ("<p>日期：18 Jan 2022</p>", "2022-01-18"),
        ("<p>（二〇二二年一月十八日）</p>", "2022-01-18"),
        ("<div class=date><b>18</b><br><i>2022-01</i></div>", "2022-01-18"),
        ("<time datetime='2022-01-18T09:05:00+08:00'></time>", "2022-01-18"),
        ("<div data-publish-time='1642467900000'></div>", "2022-01-18"),
        ('<script type=\'application/ld+json\'>{"datePublished": "2022-01-18 09:05"}</script>', "2022-01-18"),
        ("<dl><dt>发布日期</dt><dd>2022年1月18日</dd></dl>", "2022-01-18"),
        ("<p>发布时间：20221318</p>", None),
        ("<p>电话：20220118</p>", None),
    ],
)
def test_forms_of_a_date(line: str, expected: str | None) -> None:
    assert facts(read(f"<h1>{TITLE}</h1>{line}<div id=zoom>{CHAPTERS}</div>"))[1] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>来源：县统计局（县普查办）</p>", "县统计局（县普查办）"),
        ("<p>来源：（县统计局）</p>", "县统计局"),
        ("<p>稿源：县统计局 编辑：张三</p>", "县统计局"),
        ("<p>作者：县统计局</p>", "县统计局"),
        ("<p>作者：张三</p>", None),
        ("<ul><li>来源</li><li>县统计局</li></ul>", "县统计局"),
        ("<p><span>发布时间</span><span>2022-01-18</span><span>来源</span><span>县统计局</span></p>", "县统计局"),
        ("<p>来源：</p><p>字号：大 中 小</p>", None),
    ],
)
def test_forms_of_a_source(line: str, expected: str | None) -> None:
    assert facts(read(f"<h1>{TITLE}</h1>{line}<div id=zoom>{CHAPTERS}</div>"))[2] == expected


def test_a_source_of_the_meta_tag_alone_counts() -> None:
    head = f"<title>{TITLE}</title><meta name=ContentSource content=县统计局>"
    assert facts(read(f"<h1>{TITLE}</h1>{CHAPTERS}", head))[2] == "县统计局"
