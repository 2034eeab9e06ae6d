"""龙讯 Lonsun: /public/column/ORGAN?type=…, types by number, years in ul#timeFrame, pages by script (sources/systems#lonsun)."""

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


def lonsun(kind: int = 3) -> TestPortal:
    """蜀山区 as a made-up Lonsun portal: the government's own list in pages, other organs with a link for each year.

    `kind`: the type of its columns of reports; 4, that of the catalogue, on some sites.
    """
    column = _column(GOVERNMENT, kind, "rel")
    frame = Frame(
        "合肥市蜀山区人民政府",
        {"首页": "/", "政务公开": "/public/column/6601841?type=4&action=index", "政府信息公开年报": column},
        head='<meta name="ColumnType" content="信息公开年报">',
    )
    crumbs = ["政务公开", "政府信息公开年报"]
    own = _papers("6608171", ("合肥市蜀山区人民政府", "government"), range(2008, 2024))
    pages: dict[str, Answer] = frame.articles(own, crumbs, 'class="wzcon j-fontContent"')
    reports = reports_of(own)
    for organ, unit in ORGANS.items():
        found = [paper for paper in _papers(organ, unit, range(2017, 2023)) if paper.report is not None]
        pages |= frame.articles(found, [*crumbs, unit[0]], 'class="wzcon j-fontContent"')
        reports += reports_of(found)
        years = "".join(f'<li><a href="{paper.path}">{int(paper.day[:4]) - 1}年</a></li>' for paper in found)
        body = f'{_catalogue()}<ul id="timeFrame" class="clearfix">{years}</ul>'
        pages[_column(organ, kind)] = frame.page(unit[0], body, [*crumbs, unit[0]])
    pages |= _list(_column(GOVERNMENT, kind), own, frame, [*crumbs, "区政府"])
    organs = "".join(
        f'<li><a title="{name}" href="{_column(organ, kind)}">{name}</a></li>'
        for organ, name in ((organ, unit[0].removeprefix("合肥市")) for organ, unit in ORGANS.items())
    )
    groups = f'<ul class="zt"><li><a href="{_column(GOVERNMENT, kind)}">区政府</a></li></ul><ul class="clearfix xxgk_nav_list">{organs}</ul>'
    pages[column] = frame.page(crumbs[-1], _catalogue() + groups, crumbs)
    others = ((1, "政府信息公开制度"), (2, "政府信息公开指南"))
    menu = "".join(f'<li><a href="{_column(GOVERNMENT, number)}">{label}</a></li>' for number, label in others)
    menu += f'<li><a href="{column}">政府信息公开年报</a></li>'
    pages[frame.steps["政务公开"]] = frame.page("政务公开", f"{_catalogue()}<ul>{menu}</ul>", crumbs[:1])
    for number, label in others:
        pages[_column(GOVERNMENT, number)] = frame.page(label, "<p>测试数据</p>", ["政务公开", label])
    pages["/"] = frame.page(PLACE, f'<a href="{frame.steps["政务公开"]}">政务公开</a>')
    return TestPortal(pages | frame.traps(), reports, name="lonsun", region=COUNTY)


def _papers(folder: str, unit: tuple[str, str], years: range) -> list[Paper]:
    return papers(
        COUNTY, "合肥市蜀山区", years, [unit], lambda day, serial: f"/public/{folder}/{6554521 + serial * 10}.html"
    )


def _catalogue() -> str:
    """The tree of the other columns, as it stands at the edge of every page; nothing of it is of the reports."""
    labels = ("机构领导", "机构设置", "财政预决算", "行政权力运行", "重大建设项目")
    links = (
        f'<li><a href="/public/column/{GOVERNMENT}?type=4&catId={6721101 + number * 50}&action=list">{label}</a></li>'
        for number, label in enumerate(labels)
    )
    return f'<ul class="ztree">{"".join(links)}</ul>'


def _list(path: str, found: Sequence[Paper], frame: Frame, crumbs: list[str]) -> dict[str, Answer]:
    """The second page is the same address with &pageIndex=2, known from a script only."""
    pages: dict[str, Answer] = {}
    shown = batches(found, PER_PAGE)
    for number, part in enumerate(shown, 1):
        rows = "".join(
            f'<li class="clearfix"><a href="{paper.path}" title="{paper.title}" target="_blank">{paper.title}</a><span class="date">{paper.day}</span></li>'
            for paper in part
        )
        script = f'<div id="page_public_info"></div><script>Ls.pagination("#page_public_info",{{pageIndex:{number},pageSize:{PER_PAGE},pageCount:{len(shown)},total:{len(found)},callback:function(){{}}}});</script>'
        body = f'{_catalogue()}<ul class="clearfix xxgk_nav_list t4">{rows}</ul>{script}'
        pages[path + (f"&pageIndex={number}" if number > 1 else "")] = frame.page(crumbs[-1], body, crumbs)
    return pages
