"""An old ASP site in GB2312: frames at home, the list inside an iframe, everything behind ?cid=, ?page= and ?id=."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from tests.servers import traps
from tests.servers.base import Answer, Report, TestPortal
from tests.servers.writing import lookalike, report

COUNTY = "140721"
PER_PAGE = 8


def asp() -> TestPortal:
    """榆社县 as a made-up ASP portal: fifteen years of the county and some of its departments and townships."""
    reports = _reports()
    pages: dict[str, Answer] = {made.path: _article(made.title, made.published_on, made.html) for made in reports}
    rows = [(made.published_on, made.title, made.path[1:]) for made in reports]
    for number in range(5):
        false = lookalike(number, "榆社县", 2012 + number)
        path = f"/show.asp?id={700 + number}"
        pages[path] = _article(false.title, false.day, false.html)
        rows.append((false.day, false.title, path[1:]))
    rows.append(("2016-01-08", "晋中市2015年政府信息公开工作年度报告", "http://{{decoy}}/show.asp?id=3"))
    rows.sort(reverse=True)
    _list(pages, rows)
    pages["/"] = _encode(
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>榆社县人民政府</title></head>'
        '<frameset rows="120,*" border="0"><frame src="top.asp" name="top"><frame src="main.asp" name="main">'
        "<noframes><body>您的浏览器不支持框架</body></noframes></frameset></html>"
    )
    pages["/top.asp"] = _page(
        "top",
        '<a href="main.asp" target="main">首页</a> <a href="zwgk.asp" target="main">政务公开</a>',
        traps_too=False,
    )
    pages["/main.asp"] = _page(
        "榆社县人民政府", '<a href="zwgk.asp">政务公开</a> <a href="show.asp?id=900">榆社概况</a>'
    )
    pages["/show.asp?id=900"] = _article("榆社概况", "2010-05-01", "<p>榆社县位于太行山西麓。测试数据。</p>")
    links = '<li><a href="show.asp?id=901">信息公开指南</a></li><li><a href="nb.asp?cid=9">政府信息公开<br>年度报告</a></li>'
    pages["/zwgk.asp"] = _page("政务公开", f"您现在的位置：<a href=main.asp>首页</a> > 政务公开<ul>{links}</ul>")
    pages["/show.asp?id=901"] = _article(
        "榆社县政府信息公开指南", "2010-05-01", "<p>为方便公众查询，编制本指南。测试数据。</p>"
    )
    frame = '<iframe src="list.asp?cid=9" name="list" width="700" height="600" frameborder="0" scrolling="no"></iframe>'
    pages["/nb.asp?cid=9"] = _page(
        "政府信息公开年度报告", f"您现在的位置：<a href=main.asp>首页</a> > 政府信息公开年度报告{frame}"
    )
    pages |= traps.calendar("/cal.asp") | traps.sessions("/my.asp") | traps.tags("/tag.asp")
    return TestPortal(pages, reports, name="asp", region=COUNTY)


def _reports() -> list[Report]:
    made = []
    serial = iter(range(12, 500, 3))
    for year in range(2008, 2023):
        made.append(report(f"/show.asp?id={next(serial)}", "榆社县人民政府", "government", COUNTY, year))
    for year in (2013, 2014, 2015, 2016):
        for organ, kind in (("榆社县教育局", "department"), ("榆社县箕城镇人民政府", "township")):
            made.append(report(f"/show.asp?id={next(serial)}", organ, kind, COUNTY, year))
    return made


def _list(pages: dict[str, Answer], rows: list[tuple[str, str, str]]) -> None:
    """list.asp?cid=9 is the first page, list.asp?cid=9&page=2 the second."""
    count = -(-len(rows) // PER_PAGE)
    for page in range(1, count + 1):
        items = "".join(
            f'<tr><td>·<a href="{href}" target="_blank">{title}</a></td><td>[{day}]</td></tr>\n'
            for day, title, href in rows[(page - 1) * PER_PAGE : page * PER_PAGE]
        )
        first = '<a href="list.asp?cid=9">首页</a>' if page > 1 else "首页"
        before = "list.asp?cid=9" if page == 2 else f"list.asp?cid=9&page={page - 1}"
        previous = f'<a href="{before}">上一页</a>' if page > 1 else "上一页"
        following = f'<a href="list.asp?cid=9&page={page + 1}">下一页</a>' if page < count else "下一页"
        paging = f"<div>{first} {previous} {following} 第{page}页/共{count}页 共{len(rows)}条记录</div>"
        body = f"<html><head><title>list</title></head><body><table>{items}</table>{paging}</body></html>"
        pages["/list.asp?cid=9" + (f"&page={page}" if page > 1 else "")] = _encode(body)


def _encode(html: str) -> bytes:
    return html.encode("gb18030")


def _page(title: str, main: str, traps_too: bool = True) -> bytes:
    edge = traps.menu("/cal.asp", "/my.asp", "/tag.asp") if traps_too else ""
    return _encode(
        f"<HTML><HEAD><META http-equiv=Content-Type content='text/html; charset=gb2312'><TITLE>{title}</TITLE></HEAD>"
        f'<BODY bgColor=#ffffff>{main}{edge}<CENTER>榆社县人民政府办公室主办 <A href="http://{{{{decoy}}}}/">晋中市</A></CENTER></BODY></HTML>'
    )


def _article(title: str, day: str, html: str) -> bytes:
    year, month, date = (int(part) for part in day.split("-"))
    main = (
        "<table width=760 align=center><tr><td>您现在的位置：<a href=main.asp>首页</a> &gt; <a href=zwgk.asp>政务公开</a> &gt; "
        f"<a href='nb.asp?cid=9'>政府信息公开年度报告</a></td></tr><tr><td align=center><font size=4><b>{title}</b></font></td></tr>"
        f"<tr><td align=center>发布日期：{year}-{month}-{date}　阅读：<script src='hits.asp?id=1'></script>次</td></tr>"
        f"<tr><td class=content>{html}</td></tr><tr><td align=right>【<a href='javascript:window.print()'>打印</a>】【<a href='javascript:self.close()'>关闭</a>】</td></tr></table>"
    )
    return _page(title, main)
