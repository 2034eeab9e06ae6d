"""龙讯 Lonsun: /public/column/ORGAN?type=…, types by number, years in ul#timeFrame, pages by script (domain sheet 4)."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from collections.abc import Sequence

from tests.servers.base import Answer, TestPortal
from tests.servers.frame import Frame, Paper, batches, papers, reports_of

COUNTY, PLACE = "340104", "蜀山区"
PER_PAGE = 12
GOVERNMENT = "6601841"
ORGANS = {
    "6601853": ("合肥市蜀山区教育体育局", "department"),
    "6601855": ("合肥市蜀山区民政局", "department"),
    "6601861": ("合肥市蜀山区井岗镇人民政府", "township"),
    "6601863": ("合肥市蜀山区南岗镇人民政府", "township"),
}


def _column(organ: str, kind: int, action: str = "list") -> str:
    return f"/public/column/{organ}?type={kind}&action={action}"


FRAME = Frame(
    "合肥市蜀山区人民政府",
    {"首页": "/", "政务公开": _column(GOVERNMENT, 4), "政府信息公开年报": _column(GOVERNMENT, 3, "rel")},
    head='<meta name="ColumnType" content="信息公开年报">',
)


def lonsun() -> TestPortal:
    """蜀山区 as a made-up Lonsun portal: the government's own list in pages, other organs with a link for each year."""
    crumbs = ["政务公开", "政府信息公开年报"]
    own = papers(
        COUNTY,
        "合肥市蜀山区",
        range(2008, 2024),
        [("合肥市蜀山区人民政府", "government")],
        lambda day, serial: f"/public/6608171/{6554521 + serial * 10}.html",
    )
    pages: dict[str, Answer] = FRAME.articles(own, crumbs, 'class="wzcon j-fontContent"')
    reports = reports_of(own)
    for organ, unit in ORGANS.items():
        found = papers(
            COUNTY,
            "合肥市蜀山区",
            range(2017, 2023),
            [unit],
            lambda day, serial, organ=organ: f"/public/{organ}/{7654521 + serial * 10}.html",
        )  # type: ignore[misc]
        found = [paper for paper in found if paper.report is not None]
        pages |= FRAME.articles(found, [*crumbs, unit[0]], 'class="wzcon j-fontContent"')
        reports += reports_of(found)
        years = "".join(
            f'<li><a href="{paper.path}" target="_blank">{paper.report.report_year}年</a></li>'
            for paper in found
            if paper.report
        )
        pages[_column(organ, 3)] = FRAME.page(
            unit[0], f'<ul id="timeFrame" class="clearfix">{years}</ul>', [*crumbs, unit[0]]
        )
    _list(pages, own, crumbs)
    organs = "".join(
        f'<li><a title="{unit[0].removeprefix("合肥市")}" href="{_column(organ, 3)}">{unit[0].removeprefix("合肥市")}</a></li>'
        for organ, unit in ORGANS.items()
    )
    groups = f'<ul class="zt"><li><a href="{_column(GOVERNMENT, 3)}">区政府</a></li></ul><ul class="clearfix xxgk_nav_list">{organs}</ul>'
    pages[_column(GOVERNMENT, 3, "rel")] = FRAME.page(crumbs[-1], groups, crumbs)
    kinds = ((1, "政府信息公开制度"), (2, "政府信息公开指南"))
    menu = "".join(f'<li><a href="{_column(GOVERNMENT, kind)}">{label}</a></li>' for kind, label in kinds)
    menu += f'<li><a href="{_column(GOVERNMENT, 3, "rel")}">政府信息公开年报</a></li>'
    pages[_column(GOVERNMENT, 4)] = FRAME.page("政务公开", f"<ul>{menu}</ul>", crumbs[:1])
    for kind, label in kinds:
        pages[_column(GOVERNMENT, kind)] = FRAME.page(label, "<p>测试数据</p>", ["政务公开", label])
    pages["/"] = FRAME.page(PLACE, f'<a href="{_column(GOVERNMENT, 4)}">政务公开</a>')
    return TestPortal(pages | FRAME.traps(), reports, name="lonsun", region=COUNTY)


def _list(pages: dict[str, Answer], found: Sequence[Paper], crumbs: list[str]) -> None:
    """The second page is the same address with &pageIndex=2, known from a script only."""
    shown = batches(found, PER_PAGE)
    for number, part in enumerate(shown, 1):
        rows = "".join(
            f'<li class="clearfix"><a href="{paper.path}" title="{paper.title}" target="_blank">{paper.title}</a><span class="date">{paper.day}</span></li>'
            for paper in part
        )
        script = f'<div id="page_public_info"></div><script>Ls.pagination("#page_public_info",{{pageIndex:{number},pageSize:{PER_PAGE},pageCount:{len(shown)},total:{len(found)},callback:function(){{}}}});</script>'
        path = _column(GOVERNMENT, 3) + (f"&pageIndex={number}" if number > 1 else "")
        pages[path] = FRAME.page(
            "区政府", f'<ul class="clearfix xxgk_nav_list t4">{rows}</ul>{script}', [*crumbs, "区政府"]
        )
