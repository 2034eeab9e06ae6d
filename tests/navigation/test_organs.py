"""Organs with columns of their own under the column of reports, and organs that a menu names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.navigation.expectations import promises
from crawler.words.addresses import trap
from crawler.words.labels import read_label
from pipelines.recognise.titles import judge_title
from tests.navigation.test_trails import html, menu, rows
from tests.support.walking import Report, walked

GROUPS = {
    "市政府及办公室": ["清河市人民政府"],
    "市直部门": ["清河市民政局", "清河市审计局"],
    "乡镇街道": ["河口镇人民政府"],
}
YEARS = (2021, 2022)
ADDRESSES: dict[str, Callable[[int], str]] = {
    "folders": lambda number: f"/col/col{number}/index.html",
    "queries": lambda number: f"/list.jsp?catid={number}",
    "Lonsun": lambda number: f"/public/column/77?type=4&catId={number}&action=list",
}
CHROME = menu(("/", "首页"), ("/news/", "新闻中心"), ("/fuwu/", "办事服务中心"), ("/shuju/", "数据中心"))


def titled(organ: str, year: int) -> str:
    return f"{organ}{year}年政府信息公开工作年度报告"


def portal(address: Callable[[int], str], footer: str = "") -> tuple[dict[str, str | Report], set[str]]:
    """A column of groups, groups of organs, organs of reports; each page a number."""
    column = address(1)
    tabs = menu(*((address(10 + at), group) for at, group in enumerate(GROUPS)))
    pages: dict[str, str | Report] = {"/": html(CHROME, menu((column, "政府信息公开年报")), footer)}
    pages[column] = html(CHROME, tabs, footer)
    reports: dict[str, str | Report] = {}
    number = 100
    for at, organs in enumerate(GROUPS.values()):
        own = {organ: address(number + count) for count, organ in enumerate(organs)}
        number += len(organs)
        links = "".join(f'<li><a href="{url}">{organ}</a></li>' for organ, url in own.items())
        pages[address(10 + at)] = html(CHROME, tabs, f"<ul class=organs>{links}</ul>", footer)
        for organ, url in own.items():
            there = {f"/art/2023/{len(reports) + k}.html": titled(organ, year) for k, year in enumerate(YEARS)}
            reports |= {path: Report(title) for path, title in there.items()}
            pages[url] = html(CHROME, tabs, rows(*there.items()), footer)
    return pages | reports, set(reports)


@pytest.mark.parametrize("shape", ADDRESSES)
def test_organs_whose_columns_are_numbered_beside_their_group_are_asked(shape: str) -> None:
    pages, reports = portal(ADDRESSES[shape])
    came = walked(pages, "210100")
    assert set(came.reports) == reports, came.problems


def test_a_column_of_reports_named_in_its_address_is_asked_wherever_it_lies() -> None:
    own = {f"/nb/{year}.html": titled("清河市人民政府", year) for year in YEARS}
    there = {"/mzj/gk/zfxxgknb/": "市民政局", "/sjj/xxgkndbg/list.html": "市审计局", "/hkz/zwgk/gzndbg2/": "河口镇"}
    doors = {"/mzj/": "市教育局", "/gk/nbgs/": "市体育局", "/zfxxgknb/index.html": "办事指南"}
    column = html(CHROME, rows(*own.items()), menu(*there.items()), menu(*doors.items()))
    pages: dict[str, str | Report] = {"/": html(menu(("/nb/", "政府信息公开年报"))), "/nb/": column}
    for number, (url, organ) in enumerate(there.items()):
        pages[url] = html(CHROME, rows((f"/{number}.html", titled(organ, 2022))))
        pages[f"/{number}.html"] = Report(titled(organ, 2022))
    came = walked(pages | {path: Report(title) for path, title in own.items()})
    assert set(came.reports) == {*own, "/0.html", "/1.html", "/2.html"}, came.asked
    assert doors.keys().isdisjoint(came.asked)


@pytest.mark.parametrize("column", ["/nb/", "/zwgk/list.jsp?catid=5", "/col/col5/index.html"])
def test_a_select_of_other_sites_in_a_footer_is_not_asked(column: str) -> None:
    titles = {f"/a/{year}.html": titled("清河市人民政府", year) for year in YEARS}
    doors = {f"/{slug}/index.html": f"市{name}局" for slug, name in (("mz", "民政"), ("jy", "教育"), ("sj", "审计"))}
    own = {
        "/nb/": "/nb/town/",
        "/zwgk/list.jsp?catid=5": "/zwgk/list.jsp?catid=6",
        "/col/col5/index.html": "/col/col6/",
    }
    footer = "<select onchange='window.open(this.value)'><option>部门网站</option>" + "".join(
        f"<option value='{url}'>{name}</option>"
        for url, name in {**doors, "http://www.else.gov.cn/pub/new/": "国家某某局"}.items()
    )
    choice = f"<select onchange='location=this.value'><option value='{own[column]}'>河口镇</option></select>"
    pages: dict[str, str | Report] = {
        "/": html(menu((column, "政府信息公开年报"))),
        column: html(CHROME, choice, rows(*titles.items()), footer + "</select>"),
        own[column]: html(rows(("/a/town.html", titled("河口镇人民政府", 2022)))),
        "/a/town.html": Report(titled("河口镇人民政府", 2022)),
    }
    came = walked(pages | {path: Report(title) for path, title in titles.items()})
    assert set(came.reports) == {*titles, "/a/town.html"}
    assert doors.keys().isdisjoint(came.asked)
    assert came.kinds() == []


def test_organs_in_a_footer_are_not_asked_where_the_page_has_more_to_show() -> None:
    doors = {f"/col/col{number}/index.html": html("<p>机构概况</p>") for number in range(900, 930)}
    footer = "<ul>" + "".join(f"<li><a href={url}>第{at}分局</a></li>" for at, url in enumerate(doors)) + "</ul>"
    titles = {f"/art/2023/{year}.html": titled("清河市人民政府", year) for year in YEARS}
    column = html(CHROME, rows(*titles.items()), footer)
    pages = {"/": html(menu(("/col/col1/index.html", "政府信息公开年报"))), "/col/col1/index.html": column}
    came = walked(pages | doors | {path: Report(title) for path, title in titles.items()})
    assert set(came.reports) == set(titles)
    assert doors.keys().isdisjoint(came.asked)


def test_a_menu_that_names_organs_among_other_things_leads_to_none() -> None:
    _, reports = portal(ADDRESSES["folders"])
    other = ("政务服务中心", "互动", "视频", "服务")
    footer = menu(*((f"/col/col{number}/index.html", label) for number, label in enumerate(other, 901)))
    pages, _ = portal(ADDRESSES["folders"], footer)
    came = walked(pages)
    assert set(came.reports) == reports
    assert "/col/col901/index.html" not in came.asked


def test_a_portal_that_answers_any_address_with_frames_of_its_own_does_not_use_up_the_walk() -> None:
    titles = {f"/nb/{year}.html": titled("清河市人民政府", year) for year in YEARS}
    frame = '<iframe src="part_files/menu.html"></iframe>'
    years = menu(*((f"/nb/{year}n/", f"{year}年") for year in YEARS))
    pages: dict[str, str | Report] = {"/": html(menu(("/nb/", "政府信息公开年报"))), "/nb/": html(years, frame)}
    for path, title in titles.items():
        pages[path.replace(".html", "n/")] = html(rows((path, title)), years, frame)
        pages[path] = Report(title)
    for folder in [url for url in pages if url.endswith("/")]:
        pages |= {f"{folder}{'part_files/' * depth}menu.html": html(CHROME, frame) for depth in range(1, 600)}
    came = walked(pages)
    assert set(came.reports) == set(titles)
    assert came.kinds() == []
    assert len(came.asked) < 20, came.asked


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/a/files/files/files/x.html", None),
        ("/a/files/files/files/files/x.html", "trap"),
        ("/files/a/files/a/files/a/files/x.html", "trap"),
        ("/files/a/files/a/files/a/files?b=/files/", None),  # the last is a page's name
        ("/a/2021/b/2022/c/2023/d/2024/x.html", None),
        ("////////x.html", None),
    ],
)
def test_a_folder_that_stands_four_times_in_an_address_is_a_trap(path: str, reason: str | None) -> None:
    assert trap("http://x.gov.cn" + path) == reason


OFFICES = (
    "审计局",
    "工商行政管理局",
    "机构编制委员会办公室",
    "绩效考核办",
    "价格评估中心",
    "法治建设委员会办公室",
    "预算编审中心",
    "会议中心",
)


@pytest.mark.parametrize("office", OFFICES)
def test_an_organ_named_with_words_of_other_papers_publishes_reports(office: str) -> None:
    for title in (titled(f"清河市{office}", 2022), f"2022年清河市{office}政府信息公开年度报告"):
        assert not read_label(title).veto
        assert promises(title)
        assert judge_title(title, "http://x.gov.cn/a.html").kind == "report"
    assert not read_label(office).veto


@pytest.mark.parametrize(
    "title",
    [
        "清河市审计局2022年部门决算公开年度报告",
        "关于编制2022年政府信息公开年度报告的通知",
        "政府信息公开工作考核办法",
        "清河市机构编制委员会办公室关于编制政府信息公开年度报告的通知",
        "清河市政府信息公开年度报告制度",
        "清河市法治办公室2022年法治政府建设年度报告",
        "清河市办公室关于政府信息公开考核工作的通报",
        "清河市政府信息公开工作方案清河市政府办公室2022年年度报告",
    ],
)
def test_an_organ_in_a_title_excuses_no_other_words(title: str) -> None:
    assert read_label(title).veto
    assert not promises(title)
    assert judge_title(title, "http://x.gov.cn/a.html").kind != "report"


@pytest.mark.parametrize("href", ["javascript:;", "#", ""])
def test_a_column_that_only_a_script_leads_to_is_named_however_long_the_menu(href: str) -> None:
    long = menu(*((f"/menu{number}/", f"栏目{chr(0x4E00 + number)}") for number in range(60)))
    pages = {"/": html(long, f'<a href="{href}">信息公开年报</a>'), "/nb/": html(long)}
    details = [problem.detail for problem in walked(pages).problems if problem.kind == "trail_broken"]
    assert len(details) == 1
    assert "stood there: 信息公开年报 (without an address; `browser = true` may follow it)" in details[0]
