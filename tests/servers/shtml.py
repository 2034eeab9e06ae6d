"""The shtml family: numbered columns, articles of 32 hexadecimal digits, createPageHTML with a quoted id, from 1."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from collections.abc import Sequence
from hashlib import md5

from tests.servers.base import Answer, TestPortal
from tests.servers.frame import Frame, Paper, batches, papers, reports_of

COUNTY, PLACE = "511923", "平昌县"
PER_PAGE = 9
LIST = "/pcx/c133076/zfxxgknb_list"
FRAME = Frame(
    "平昌县人民政府", {"首页": "/", "政务公开": "/pcx/c133070/zwgk.shtml", "政府信息公开年报": f"{LIST}.shtml"}
)
UNITS = [
    ("平昌县人民政府", "government"),
    ("平昌县教育局", "department"),
    ("平昌县水利局", "department"),
    ("平昌县驷马镇人民政府", "township"),
]


def shtml() -> TestPortal:
    """平昌县 as a made-up portal of this family: one list for all years and organs."""
    found = papers(COUNTY, PLACE, range(2015, 2023), UNITS, _path)
    crumbs = ["政务公开", "政府信息公开年报"]
    pages: dict[str, Answer] = FRAME.articles(found, crumbs, 'id="UCAP-CONTENT" class="pages_content"')
    pages["/"] = FRAME.page(PLACE, '<ul><li><a href="/pcx/c133070/zwgk.shtml">政务公开</a></li></ul>')
    links = f'<h3><a href="../c133071/zn.shtml">政府信息<br>公开指南</a></h3><h3><a href="{LIST}.shtml">政府信息<br>公开年报</a></h3>'
    pages["/pcx/c133070/zwgk.shtml"] = FRAME.page("政务公开", links, crumbs[:1])
    pages["/pcx/c133071/zn.shtml"] = FRAME.page("政府信息公开指南", "<p>测试数据</p>", ["政务公开", "政府信息公开指南"])
    shown = batches(found, PER_PAGE)
    for number, part in enumerate(shown, 1):
        call = f"createPageHTML('page_div',{len(shown)}, {number},'zfxxgknb_list','shtml',{len(found)});"
        body = f'<ul class="list">{_rows(part)}</ul><div id="page_div" class="pagination"></div><script>{call}</script>'
        pages[f"{LIST}{f'_{number}' if number > 1 else ''}.shtml"] = FRAME.page(crumbs[-1], body, crumbs)
    return TestPortal(pages | FRAME.traps(), reports_of(found), name="shtml", region=COUNTY)


def _path(day: str, serial: int) -> str:
    return f"/pcx/c133076/{day[:7].replace('-', '')}/{md5(f'{day}{serial}'.encode()).hexdigest()}.shtml"


def _rows(part: Sequence[Paper]) -> str:
    return "".join(
        f'<li><a href="{paper.path}" title="{paper.title}" target="_blank">{paper.title[:20]}…</a><span>{paper.day}</span></li>\n'
        for paper in part
    )
