"""大汉's xxgk module: a page shows the report of one organ (area=) and year (fbtime=), the other years beside it."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from dataclasses import replace

from tests.servers.base import Answer, Report, TestPortal
from tests.servers.frame import Frame
from tests.servers.writing import report

CITY = "331100"
MODULE = "/module/xxgk/xxgkAnnualReport.jsp"
YEARS = range(2015, 2022)
AREAS = {
    "113325000026455663": ("丽水市人民政府", "government"),
    "113325000026455671": ("丽水市教育局", "department"),
    "113325000026455698": ("丽水市财政局", "department"),
    "113325000026455701": ("丽水市水利局", "department"),
}
FRAME = Frame(
    "丽水市人民政府",
    {"首页": "/col/col1/index.html", "信息公开": "/col/col2/index.html", "政府信息公开年报": "/col/col4/index.html"},
)


def xxgk() -> TestPortal:
    """丽水市 as a made-up portal with this module: organs side by side, each leading to its newest report."""
    crumbs = ["信息公开", "政府信息公开年报"]
    reports: list[Report] = []
    pages: dict[str, Answer] = FRAME.traps()
    for area, (organ, kind) in AREAS.items():
        for year in YEARS:
            made = replace(report("", organ, kind, CITY, year), path=_path(area, year))
            reports.append(made)
            pages[made.path] = FRAME.page(made.title, _years(area, year) + _article(made), [*crumbs, organ])
        none = f'<div id="zoom">{organ}{YEARS[0] - 1}年政府信息公开工作年度报告：暂无相关信息。测试数据。</div>'
        pages[_path(area, YEARS[0] - 1)] = FRAME.page(organ, _years(area, YEARS[0] - 1) + none, [*crumbs, organ])
    organs = "".join(
        f'<li><a href="{_path(area, YEARS[-1])}" title="{organ}">{organ}</a></li>' for area, (organ, _) in AREAS.items()
    )
    away = (
        '<li><a href="http://{{decoy}}/module/xxgk/xxgkAnnualReport.jsp?fbtime=2021&amp;area=9">丽水市税务局</a></li>'
    )
    pages["/col/col4/index.html"] = FRAME.page(crumbs[-1], f'<ul class="bm">{organs}{away}</ul>', crumbs)
    links = '<a href="/col/col3/index.html">信息公开指南</a> <a href="/col/col4/index.html">政府信息公开年报</a>'
    pages["/col/col2/index.html"] = FRAME.page("信息公开", links, crumbs[:1])
    pages["/col/col3/index.html"] = FRAME.page("信息公开指南", "测试数据", ["信息公开", "信息公开指南"])
    pages["/col/col1/index.html"] = FRAME.page("丽水市", '<a href="/col/col2/index.html">信息公开</a>')
    return TestPortal(pages, reports, name="xxgk", region=CITY, home_path="/col/col1/index.html")


def _path(area: str, year: int) -> str:
    return f"{MODULE}?fbtime={year}&area={area}"


def _years(area: str, own: int) -> str:
    links = "".join(
        f'<li{" class=on" if year == own else ""}><a href="{_path(area, year).replace("&", "&amp;")}">{year}年</a></li>'
        for year in range(YEARS[-1], YEARS[0] - 2, -1)
    )
    return f'<div class="xxgk_nb_left"><ul>{links}</ul></div>'


def _article(made: Report) -> str:
    return (
        f'<div class="xxgk_nb_right"><p class="title">{made.title}</p><table><tr><td>发布日期：{made.published_on}</td>'
        f'<td>来源：{made.organ}</td><td>字号：[ 大 中 小 ]</td></tr></table><div id="zoom" class="bt_content">{made.html}</div></div>'
    )
