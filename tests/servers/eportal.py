"""慧兰 eportal: every page is /eportal/ui?pageId=N, lists turn by javascript:next(N) (sources/systems#eportal)."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from tests.servers.base import Answer, TestPortal
from tests.servers.frame import Frame, batches, papers, reports_of

DISTRICT, PLACE = "110109", "门头沟区"
PER_PAGE = 10
COLUMN = "/eportal/ui?pageId=1841022"


def eportal() -> TestPortal:
    """门头沟区 as a made-up eportal: one list of the district, its office and two bureaus, three pages of it and more."""
    units = [
        ("北京市门头沟区人民政府", "government"),
        ("北京市门头沟区教育委员会", "department"),
    ]
    found = papers(
        DISTRICT,
        "北京市门头沟区",
        range(2009, 2024),
        units,
        lambda day, serial: f"/eportal/ui?pageId=1841022&articleKey={700000 + serial * 7}&columnId=1841030",
    )
    frame = Frame(
        "北京市门头沟区人民政府",
        {"首页": "/", "政务公开": "/eportal/ui?pageId=1840900", "政府信息公开年报": COLUMN},
        endless=("/rili.html", "/my.html", "/tag.html"),
    )
    crumbs = ["政务公开", "政府信息公开年报"]
    pages: dict[str, Answer] = frame.articles(found, crumbs, 'class="easysite-news-text" id="easysiteText"')
    shown = batches(found, PER_PAGE)
    for number, part in enumerate(shown, 1):
        rows = "".join(
            f'<li><a href="{paper.path}" title="{paper.title}">{paper.title}</a><span>{paper.day}</span></li>'
            for paper in part
        )
        numbers = "".join(f'<a href="javascript:next({other})">{other}</a> ' for other in range(1, len(shown) + 1))
        body = f'<ul class="list">{rows}</ul><div class="page">{numbers}<a href="javascript:next({min(number + 1, len(shown))})">下一页</a> 共{len(shown)}页</div>'
        pages[COLUMN + (f"&currentPage={number}" if number > 1 else "")] = frame.page(crumbs[-1], body, crumbs)
    menu = f'<ul><li><a href="{COLUMN}">政府信息公开年报</a></li></ul>'
    pages[frame.steps["政务公开"]] = frame.page("政务公开", menu, crumbs[:1])
    pages["/"] = frame.page(PLACE, f'<a href="{frame.steps["政务公开"]}">政务公开</a>')
    return TestPortal(pages | frame.traps(), reports_of(found), name="eportal", region=DISTRICT)
