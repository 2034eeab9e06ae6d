"""Entries that are no plain links, and what is told of those that become no report."""

from __future__ import annotations

import pytest
from lxml import etree

from crawler.conventions.functions import Functions
from crawler.conventions.literals import literal_rows
from crawler.conventions.loads import loaded
from crawler.navigation.links import read_links
from crawler.navigation.omissions import MAX_TOLD
from crawler.words.entries import is_cut_title, is_silent
from crawler.words.labels import read_label, tidy
from tests.support.walking import HOST, Report, Walked, walked

PLACES = ("和平区", "大东区", "铁西区")
HOME = '<a href="/">首页</a> <a href="/zwgk/">政务公开</a> <a href="/nb/">政府信息公开年报</a>'
REPORTS = {f"/d/{at}.html": Report(f"{place}人民政府2020年政府信息公开工作年度报告") for at, place in enumerate(PLACES)}


def title(place: str) -> str:
    return f"{place}人民政府2020年政府信息公开工作年度报告"


def walk(column: str, **pages: str | Report) -> Walked:
    """A portal whose column shows `column`, with the three reports and further pages by path."""
    return walked({"/": HOME, "/nb/": f"<html><body>{column}</body></html>", **REPORTS, **pages})


def rows(form: str) -> str:
    return "".join(form.format(path, place, title(place)) for path, place in zip(REPORTS, PLACES, strict=True))


COLUMNS = {
    "dt": f"<dl><dt>2020年</dt>{rows('<dd><a href={0}>{1}</a></dd>')}</dl>",
    "heading": f"<div><h4>2020年度</h4><div>{rows('<span><a href={0}>{1}</a></span>')}</div></div>",
    "caption": f"<table><caption>2020年</caption><tr>{rows('<td><a href={0}>{1}人民政府</a></td>')}</tr></table>",
    "first cell of the row": "<table>" + rows("<tr><td>{1}</td><td><a href={0}>2020年</a></td></tr>") + "</table>",
    "head of the column": "<table><tr><th>单位</th><th>2020年</th></tr>"
    + rows("<tr><td>{1}</td><td><a href={0}>查看</a></td></tr>")
    + "</table>",
    "words before": f"<ul>{rows('<li>{1}：<a href={0}>2020</a></li>')}</ul>",
    "tab": f"<ul class=tabs><li>2020年</li><li>2019年</li></ul><div><div>{rows('<p><a href={0}>{1}</a></p>')}</div>"
    "<div>暂无</div></div>",
    "cut": "<ul>" + rows("<li><a href={0}>{1}人民政府2020年政府信…</a> 2021-01-20</li>") + "</ul>",
    "title of the row": "<ul>" + rows("<li title={2}><a href={0}>{1}人民…</a></li>") + "</ul>",
    "a form": "<form action=/go><input type=hidden name=k value=nb><select name=y>"
    "<option value=7>2020年</option></select></form>",
}


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_every_report_is_reached(column: str) -> None:
    listed = "".join(f'<li><a href="{path}">{report.title}</a></li>' for path, report in REPORTS.items())
    came = walk(column, **{"/go?k=nb&y=7": f"<ul>{listed}</ul>"})
    assert came.reports.keys() == REPORTS.keys()
    assert came.kinds() == []


@pytest.mark.parametrize(
    "script",
    [
        '$("#l").load("/nb/part.html #rows")',
        'var u="/nb/part"; fetch(u+".html").then(r=>r.text())',
        'document.getElementById("f").src="/nb/part.html"',
        "var x=new XMLHttpRequest();x.open('GET','part.html?t='+Math.random())",
    ],
)
def test_a_list_that_a_script_loads_is_asked(script: str) -> None:
    part = f"<ul>{rows('<li><a href={0}>{2}</a></li>')}</ul>"
    came = walk(f"<div id=l></div><script>{script}</script>", **{"/nb/part.html": part, "/nb/part.html?t=1": part})
    assert came.reports.keys() == REPORTS.keys()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<html><body></body></html>", "a page without a word"),
        ("<div id=app></div><script src=/a.js></script>", "`browser = true`"),
        ('{"code":500}', "JSON"),
        (HOME, "led to"),
        ("<h1>关于放假的通知</h1><p>发布时间：2021-01-20</p><p>" + "各单位按时放假。" * 60, "article"),
    ],
)
def test_an_entry_that_became_no_report_is_named_and_its_list_wants_a_person(page: str, words: str) -> None:
    lost = f"<li><a href=/lost.html>{title('沈河区')}</a></li>"
    came = walk(f"<ul>{rows('<li><a href={0}>{2}</a></li>')}{lost}</ul>", **{"/lost.html": page})
    (entry,) = [problem for problem in came.problems if problem.kind == "entry_no_report"]
    assert entry.url == f"{HOST}/lost.html"
    assert words in entry.detail
    assert [problem.url for problem in came.problems if problem.kind == "entries_no_report"] == [f"{HOST}/nb/"]


def test_one_in_many_is_named_and_wants_nobody() -> None:
    more = {f"/e/{at}.html": Report(f"示范{at}镇2020年政府信息公开工作年度报告") for at in range(12)}
    listed = "".join(f'<li><a href="{path}">{report.title}</a></li>' for path, report in more.items())
    came = walk(
        f"<ul>{listed}<li><a href=/lost.html>{title('沈河区')}</a></li></ul>",
        **more,
        **{"/lost.html": "<html><body></body></html>"},
    )
    assert came.kinds() == ["entry_no_report"]


@pytest.mark.parametrize(
    "entry",
    [
        "<li><a href='#'>{0}</a></li>",
        "<li><a href=\"javascript:show('4')\">{0}</a></li>",
        "<li onclick='show(4)'>{0}</li>",
        "<li>{0}</li>",
    ],
)
def test_an_entry_without_an_address_is_named(entry: str) -> None:
    came = walk(f"<ul>{rows('<li><a href={0}>{2}</a></li>')}{entry.format(title('沈河区'))}</ul>")
    assert came.reports.keys() == REPORTS.keys()
    assert [title("沈河区") in p.detail for p in came.problems if p.kind == "entry_no_report"] == [True]


@pytest.mark.parametrize(
    "words", ["关于编制2020年政府信息公开年报的通知", "政府信息公开指南", "政府信息公开年报的解读"]
)
def test_what_says_that_it_is_none_is_quiet(words: str) -> None:
    notice = "<h1>通知</h1><p>发布时间：2021-01-20</p><p>" + "请各单位按时报送。" * 60
    came = walk(
        f"<ul>{rows('<li><a href={0}>{2}</a></li>')}<li><a href=/search?q=1>{words}</a></li>"
        f"<li><a href=/n.html>{words}</a></li></ul>",
        **{"/n.html": notice},
    )
    assert not {"entry_no_report", "entries_no_report"} & set(came.kinds())


def test_a_year_whose_entries_another_list_has_already_is_no_loss() -> None:
    listed = rows("<li><a href={0}>{2}</a></li>")
    came = walk(f"<p><a href=/nb/2020/>2020年</a></p><ul>{listed}</ul>", **{"/nb/2020/": f"<ul>{listed}</ul>"})
    assert came.kinds() == []


@pytest.mark.parametrize(
    "home",
    ["<a href=/main.html>进入网站</a>", "<a href=/main.html><img src=s.jpg></a>",
     "<div onclick=\"go()\">点击进入</div><script>function go(){location.href='/main.html'}</script>"],
)  # fmt: skip
def test_a_home_page_that_is_a_way_in_is_gone_through(home: str) -> None:
    column = f"<ul>{rows('<li><a href={0}>{2}</a></li>')}</ul>"
    assert walked({"/": home, "/main.html": HOME, "/nb/": column, **REPORTS}).reports.keys() == REPORTS.keys()


def test_words_that_stand_beside_a_link() -> None:
    card = (
        "<div><h3>政府信息公开年报</h3><p>历年报告</p><a href=/nb/>进入</a></div><a href=/x/><img title=政务公开></a>"
    )
    assert [link.label for link in read_links(etree.HTML(card), HOST)] == ["政府信息公开年报", "政务公开"]
    row = "<ul><li><a href=/a>大东区2020年政府信息公开年报</a><a href=/a.pdf>下载</a></li></ul>"
    assert [link.label for link in read_links(etree.HTML(row), HOST)][1] == "下载"


@pytest.mark.parametrize(
    ("label", "kind"),
    [("政府信息公开年报（2010-2021）", "column"), ("年报（2015至今）", "column"), ("信息公开年度报告(16)", "column"),
     ("政府信息公开年报（2021）", "year"), ("2010-2014年政府信息公开年报", "years")],
)  # fmt: skip
def test_a_column_with_years_or_a_number_behind(label: str, kind: str) -> None:
    assert read_label(tidy(label)).kind == kind


def test_cut_titles_and_silent_words() -> None:
    assert all(map(is_cut_title, ("市水务局20…", "铁西区人民政府2020年政府信息...", "2020年度政府信…")))
    assert not any(map(is_cut_title, ("铁西区召开2020年工作…", "关于2020年放假的通知…", "2020年政府工作…")))
    assert all(map(is_silent, ("", "查看", "[查看详情]", "点击下载", "PDF")))
    assert not any(map(is_silent, ("年报", "大东区", "2020年")))


def test_records_need_a_title_and_what_is_none_is_left_alone() -> None:
    page = "<script>var s=[{name:'政府信息公开年报搜索'}], c={total:3, url:'/hits.jsp'}; var y=['2020年'];</script>"
    assert literal_rows(page, Functions(page, HOST)) is None
    counters = '<script>$.get("/hits/count.jsp");$.getJSON("/weather.json");$.get(base+id);fetch(u)</script>'
    assert loaded(counters, Functions(counters, HOST)) == []


def test_more_entries_than_are_named_are_counted() -> None:
    dead = "".join(f"<li><a>{title(f'第{at}个镇')}</a></li>" for at in range(MAX_TOLD + 7))
    came = walk(f"<ul>{rows('<li><a href={0}>{2}</a></li>')}{dead}</ul>")
    named = [problem.detail for problem in came.problems if problem.kind == "entry_no_report"]
    assert (len(named), named[-1]) == (MAX_TOLD + 1, "7 more entries of this page lead nowhere, too")
    assert "entries_no_report" in came.kinds()


def listed(*entries: tuple[str, str]) -> str:
    return f"<ul>{''.join(f'<li><a href={path}>{label}</a></li>' for path, label in entries)}</ul>"


def test_an_entry_that_leads_to_the_report_of_another_is_told_once_and_by_name() -> None:
    column = listed(*zip(REPORTS, map(title, ("和平区", "皇姑区", "铁西区")), strict=True))
    came = walk(column)
    ((kind, url, detail),) = [(problem.kind, problem.url, problem.detail) for problem in came.problems]
    assert (kind, url) == ("entry_no_report", f"{HOST}/d/1.html")
    assert "'皇姑区人民政府2020年" in detail
    assert "another organ" in detail
    older = listed(("/d/0.html", title("和平区")), ("/d/1.html", title("大东区").replace("2020", "2019")))
    assert ["another year" in problem.detail for problem in walk(older).problems] == [True]


def test_an_entry_with_a_wrong_address_whose_report_is_there_is_not_told() -> None:
    column = listed(("/d/0.html", title("大东区")), ("/d/1.html", title("大东区")), ("/d/2.html", title("铁西区")))
    assert walk(column).kinds() == []


@pytest.mark.parametrize("mark", ["#/show/{}", "#{}", ""])
def test_entries_of_one_address_are_told_but_for_the_first(mark: str) -> None:
    column = listed(*((f"/d/0.html{mark.format(at)}", title(place)) for at, place in enumerate(PLACES)))
    told = [problem.detail for problem in walk(column).problems if problem.kind == "entry_no_report"]
    assert [detail[:4].strip("'") for detail in told] == [place[:3] for place in PLACES[1:]]
