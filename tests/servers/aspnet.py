"""ASP.NET: a column behind ?cid=…, its further pages by __doPostBack with the page's hidden state (sources/systems#aspnet)."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from base64 import b64encode
from urllib.parse import parse_qs

from crawler.sample.serving import Asked, Reply
from tests.servers.base import Answer, TestPortal
from tests.servers.frame import Frame, batches, papers, reports_of

CITY, PLACE = "530400", "玉溪市"
PER_PAGE = 8
COLUMN = "/InfoPublic.aspx?cid=1019&pid=971"
PAGER = "ctl00$ContentPlaceHolder1$AspNetPager1"
NEXT = "ctl00$ContentPlaceHolder1$lbtnNext"
FRAME = Frame("玉溪市人民政府", {"首页": "/Default.aspx", "信息公开": "/Open.aspx?pid=971", "政府信息公开年报": COLUMN})
UNITS = [
    ("玉溪市人民政府", "government"),
    ("玉溪市教育体育局", "department"),
    ("玉溪市财政局", "department"),
    ("玉溪市民政局", "department"),
]


def aspnet(steps: bool = False) -> TestPortal:
    """玉溪市 as a made-up ASP.NET portal. `steps`: its pages have 下一页 alone, a button that tells no number."""
    found = papers(CITY, PLACE, range(2014, 2022), UNITS, lambda day, serial: f"/InfoView.aspx?id={8100 + serial * 3}")
    crumbs = ["信息公开", "政府信息公开年报"]
    pages: dict[str, Answer] = FRAME.traps() | FRAME.articles(found, crumbs, 'class="content" id="ctl00_lblContent"')
    shown = batches(found, PER_PAGE)

    def show(number: int) -> str:
        rows = "".join(
            f'<tr><td><a href="{paper.path.lstrip("/")}" target="_blank">{paper.title}</a></td><td>[{paper.day}]</td></tr>'
            for paper in shown[number - 1]
        )
        pager = _step(number, len(shown)) if steps else _numbers(number, len(shown))
        return FRAME.page(crumbs[-1], _form(number, f'<table id="ctl00_GridView1">{rows}</table>{pager}'), crumbs)

    def column(asked: Asked) -> Reply:
        if asked.method != "POST":
            return Reply(show(1).encode(), etag=False)
        given = {key: values[0] for key, values in parse_qs(asked.form.decode()).items()}
        state = next(
            (number for number in range(1, len(shown) + 1) if _state(number) == given.get("__VIEWSTATE")), None
        )
        if state is None or given.get("__EVENTVALIDATION") != f"/wEWAgK{state}":
            return Reply("<title>错误</title>验证视图状态 MAC 失败".encode(), 500)
        wanted = state + 1 if given["__EVENTTARGET"] == NEXT else int(given["__EVENTARGUMENT"])
        return Reply(show(wanted).encode(), etag=False)

    pages[COLUMN] = column
    links = f'<li><a href="Info.aspx?cid=1018">信息公开指南</a></li><li><a href="{COLUMN.lstrip("/").replace("&", "&amp;")}">政府信息公开年报</a></li>'
    pages["/Open.aspx?pid=971"] = FRAME.page("信息公开", f"<ul>{links}</ul>", crumbs[:1])
    pages["/Info.aspx?cid=1018"] = FRAME.page("信息公开指南", "测试数据", ["信息公开", "信息公开指南"])
    pages["/Default.aspx"] = FRAME.page(PLACE, '<a href="Open.aspx?pid=971">信息公开</a>')
    return TestPortal(pages, reports_of(found), name="aspnet", region=CITY, home_path="/Default.aspx")


def _state(number: int) -> str:
    """A page's view state: as long and as telling as they are, and another one on every page."""
    return b64encode(f"page {number} of the list; ".encode() * 60).decode()


def _form(number: int, inside: str) -> str:
    return (
        f'<form method="post" action="{COLUMN.replace("/InfoPublic", "./InfoPublic").replace("&", "&amp;")}" id="aspnetForm"><div>'
        '<input type="hidden" name="__EVENTTARGET" id="__EVENTTARGET" value="" /><input type="hidden" name="__EVENTARGUMENT" id="__EVENTARGUMENT" value="" />'
        f'<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="{_state(number)}" />'
        f'<input type="hidden" name="__EVENTVALIDATION" id="__EVENTVALIDATION" value="/wEWAgK{number}" /></div>'
        '<input name="ctl00$txtKey" type="text" value="" /><input type="submit" name="ctl00$btnSearch" value="搜索" />'
        f"{inside}</form>"
    )


def _numbers(number: int, count: int) -> str:
    """Ten numbers at most, as AspNetPager shows them; the last page's is behind 尾页."""
    links = "".join(
        f"<span>{page}</span>" if page == number else _link(PAGER, str(page), str(page))
        for page in range(1, min(count, 3) + 1)
    )
    following = (
        _link(PAGER, str(number + 1), "下一页") + _link(PAGER, str(count), "尾页") if number < count else "下一页 尾页"
    )
    return f'<div id="AspNetPager1">首页 上一页 {links} {_link(PAGER, "4", "...")} {following}</div>'


def _step(number: int, count: int) -> str:
    after = _link(NEXT, "", "下一页") if number < count else "下一页"
    return f"<div>第{number}页/共{count}页 首页 上一页 {after} 尾页</div>"


def _link(target: str, argument: str, label: str) -> str:
    return f'<a href="javascript:__doPostBack(&#39;{target}&#39;,&#39;{argument}&#39;)">{label}</a> '
