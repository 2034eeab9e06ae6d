"""博达 VSB in GBK that says gb2312: one list for all years, whose further pages are numbered downwards."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from tests.servers import traps
from tests.servers.base import Answer, Report, TestPortal
from tests.servers.writing import lookalike, report

COUNTY = "210381"
PER_PAGE = 10


def vsb() -> TestPortal:
    """海城市 as a made-up VSB portal: the government, its office, departments and townships in one list."""
    reports = _reports()
    rows = [(made.published_on, made.title, made.path) for made in reports]
    pages: dict[str, Answer] = {made.path: _article(made.title, made.published_on, made.html) for made in reports}
    for number in range(6):
        false = lookalike(number, "海城市", 2015 + number)
        path = f"/info/1037/{5000 + number}.htm"
        pages[path] = _article(false.title, false.day, false.html)
        rows.append((false.day, false.title, path))
    rows.append(("2020-01-05", "海城市温香镇2019年政府信息公开工作年度报告", "http://{{decoy}}/info/1/2.htm"))
    rows.sort(reverse=True)
    _list(pages, rows)
    pages["/"] = _page(
        "海城市人民政府", '<script type="text/javascript">window.location.href="/index.htm";</script>', bare=True
    )
    pages["/index.htm"] = _page("海城市人民政府", '<div><a href="/zwgk.htm">政务公开</a></div>')
    links = '<li><a href="zwgk/zn.htm">公开指南</a></li><li><a href="zwgk/nb.htm">信息公开年报</a></li>'
    pages["/zwgk.htm"] = _page("政务公开", f"<ul>{links}</ul>", ["政务公开"])
    pages["/zwgk/zn.htm"] = _page("公开指南", "<p>测试数据</p>", ["政务公开", "公开指南"])
    pages |= traps.calendar("/rili.htm") | traps.sessions("/my.htm") | traps.tags("/tag.htm")
    return TestPortal(pages, reports, name="vsb", region=COUNTY)


def _reports() -> list[Report]:
    made = []
    serial = iter(range(6799, 9999, 7))
    for year in range(2012, 2024):
        made.append(report(f"/info/1037/{next(serial)}.htm", "海城市人民政府", "government", COUNTY, year))
    for year in range(2018, 2023):
        for organ, kind in (
            ("海城市财政局", "department"),
            ("海城市南台镇人民政府", "township"),
            ("海城市腾鳌镇人民政府", "township"),
        ):
            made.append(report(f"/info/1037/{next(serial)}.htm", organ, kind, COUNTY, year, style="word"))
    return made


def _list(pages: dict[str, Answer], rows: list[tuple[str, str, str]]) -> None:
    """/zwgk/nb.htm is the first page; of four the second is nb/3.htm, the last nb/1.htm."""
    count = -(-len(rows) // PER_PAGE)
    for page in range(count):
        inner = page > 0
        up = "../../" if inner else "../"
        items = "".join(
            f'<li id="line_u7_{n}"><a href="{href if href.startswith("http") else up + href[1:]}" title="{title}">{title}</a>'
            f"<span>{day}</span></li>\n"
            for n, (day, title, href) in enumerate(rows[page * PER_PAGE : (page + 1) * PER_PAGE])
        )
        own = "" if inner else "nb/"
        following = f'<a href="{own}{count - page - 1}.htm" class="Next">下页</a>' if page + 1 < count else "下页"
        before = (
            f'<a href="{"../nb.htm" if page == 1 else f"{count - page + 1}.htm"}" class="Prev">上页</a>'
            if inner
            else "上页"
        )
        last = f'<a href="{own}1.htm">尾页</a>' if page + 1 < count else "尾页"
        paging = f'<div class="pb_sys">共{len(rows)}条　{page + 1}/{count}　首页 {before} {following} {last}</div>'
        path = f"/zwgk/nb/{count - page}.htm" if inner else "/zwgk/nb.htm"
        pages[path] = _page("信息公开年报", f"<ul>{items}</ul>{paging}", ["政务公开", "信息公开年报"])


def _page(title: str, main: str, crumbs: list[str] | None = None, bare: bool = False) -> bytes:
    links = {"首页": "/index.htm", "政务公开": "/zwgk.htm", "信息公开年报": "/zwgk/nb.htm"}
    steps = (
        f'<a href="{links[label]}">{label}</a>' if label in links else label for label in ["首页", *(crumbs or [])]
    )
    position = f'<div class="weizhi">您当前的位置：{" >> ".join(steps)}</div>' if crumbs else ""
    edge = "" if bare else traps.menu("/rili.htm", "/my.htm", "/tag.htm")
    html = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{title}</title></head>'
        f'<body>{position}{main}{edge}<div class="foot">海城市人民政府主办 喆 <a href="http://{{{{decoy}}}}/">鞍山市政府</a></div></body></html>'
    )
    return html.encode("gbk")


def _article(title: str, day: str, html: str) -> bytes:
    script = '<script>_showDynClicks("wbnews", 1356, 6799)</script>'
    main = (
        f'<form name="_newscontent_fromname"><h2 class="title">{title}</h2>'
        f'<div class="xx">{day.replace("-", "年", 1).replace("-", "月")}日　点击：[{script}]　作者：　来源：市政府办</div>'
        f'<div id="vsb_content"><div class="v_news_content">{html}</div></div></form><p>上一条：无</p>【<a href="javascript:window.opener=null;window.close()">关闭</a>】'
    )
    return _page(title, main, ["政务公开", "信息公开年报", "正文"])
