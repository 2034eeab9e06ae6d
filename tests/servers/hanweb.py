"""大汉 Hanweb: the list's first batch stands in the column page, the others come from dataproxy.jsp."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from crawler.reference import divisions
from crawler.sample.serving import Asked, Reply
from tests.servers import traps
from tests.servers.base import Answer, Report, TestPortal
from tests.servers.writing import lookalike, report

CITY = "331100"
PER_PAGE = 15
PROXY = "/module/web/jpage/dataproxy.jsp"
YEARS = range(2018, 2023)
_COLUMNS = {"1229": "市政府", "1230": "县(市、区)政府", "1231": "市直部门"}
Rows = list[tuple[str, str, str]]


def hanweb(only_page: bool = False) -> TestPortal:
    """丽水市 as a made-up Hanweb portal, regions first. `only_page`: its proxy ignores startrecord, as some do."""
    reports: list[Report] = []
    rows: dict[str, Rows] = {}
    pages: dict[str, Answer] = {}
    for column in _COLUMNS:
        rows[column] = _column(column, pages, reports)
    for column, label in _COLUMNS.items():
        pages[f"/col/col{column}/index.html"] = _list(column, label, rows[column])

    def proxy(asked: Asked) -> Reply:
        given = parse_qs(urlsplit(asked.target).query) | parse_qs(asked.form.decode("latin-1"))
        found = rows.get(given.get("columnid", [""])[0], [])
        numbers = {name: int(values[0]) for name, values in given.items() if values[0].isdigit()}
        if "startrecord" in numbers and not only_page:
            first, last = numbers["startrecord"] - 1, numbers.get("endrecord", 0)
        else:
            first = numbers.get("page", 0) * PER_PAGE
            last = first + PER_PAGE
        following = last < len(found)
        group = f'<nextgroup><![CDATA[<a href="{_proxy_url(given["columnid"][0], first // PER_PAGE + 1)}"></a>]]></nextgroup>'
        head = f"<totalrecord>{len(found)}</totalrecord><totalpage>{-(-len(found) // PER_PAGE)}</totalpage>"
        body = f"<datastore>{head}{group if following else ''}<recordset>{_records(found[first:last])}</recordset></datastore>"
        return Reply(body.encode(), content_type="text/xml;charset=UTF-8")

    pages[PROXY] = proxy
    pages["/"] = (
        '<html><head><meta http-equiv="refresh" content="0;url=/col/col1/index.html"><title>丽水</title></head><body></body></html>'
    )
    pages["/col/col1/index.html"] = _page("丽水市人民政府", '<a href="/col/col2/index.html">信息公开</a>')
    links = '<a href="/col/col3/index.html">信息公开指南</a><a href="/col/col4/index.html">信息公开年报</a>'
    pages["/col/col2/index.html"] = _page("信息公开", links, ["信息公开"])
    pages["/col/col3/index.html"] = _page("信息公开指南", "测试数据", ["信息公开", "信息公开指南"])
    groups = "".join(
        f'<li><a href="/col/col{column}/index.html">{label}</a></li>' for column, label in _COLUMNS.items()
    )
    pages["/col/col4/index.html"] = _page("信息公开年报", f"<ul>{groups}</ul>", ["信息公开", "信息公开年报"])
    pages |= traps.calendar("/rili.html") | traps.sessions("/my.html") | traps.tags("/tag.html")
    return TestPortal(pages, reports, name="hanweb", region=CITY, content_type="text/html;charset=UTF-8")


def _column(column: str, pages: dict[str, Answer], reports: list[Report]) -> Rows:
    rows: Rows = []
    serial = iter(range(int(column) * 1000, int(column) * 1000 + 999))
    for year in YEARS:
        units = {
            "1229": [("丽水市人民政府", "government", CITY)],
            "1230": [
                (("丽水市" if region.name.endswith("区") else "") + region.name + "人民政府", "government", region.code)
                for region in divisions.children(CITY, year)
            ],
            "1231": [(f"丽水市{name}局", "department", CITY) for name in ("教育", "财政", "交通运输", "水利")],
        }[column]
        for organ, kind, code in units:
            made = report("", organ, kind, code, year, style="editor")
            y, month, day = (int(part) for part in made.published_on.split("-"))
            path = f"/art/{y}/{month}/{day}/art_{column}_{next(serial)}.html"
            made = Report(path, *(getattr(made, name) for name in Report.__slots__[1:]))
            reports.append(made)
            pages[path] = _article(made.title, made.published_on, made.html, _COLUMNS[column])
            rows.append((made.published_on, made.title, path))
    for number in range(6 if column != "1229" else 1):
        false = lookalike(number, "丽水市", 2018 + number % 5)
        path = f"/art/{2019 + number % 5}/2/9/art_{column}_{next(serial)}.html"
        pages[path] = _article(false.title, false.day, false.html, _COLUMNS[column])
        rows.append((false.day, false.title, path))
    rows.append(
        (
            "2020-01-01",
            "景宁畲族自治县2019年政府信息公开工作年度报告（外部）",
            "http://{{decoy}}/art/2020/1/1/art_1_1.html",
        )
    )
    return sorted(rows, reverse=True)


def _proxy_url(column: str, page: int) -> str:
    common = "appid=1&webid=3&path=/&unitid=5&webname=%25E4%25B8%25BD&permissiontype=0"
    return f"{PROXY}?page={page}&{common}&columnid={column}"


def _records(rows: Rows) -> str:
    return "".join(
        f"<record><![CDATA[\n<li><a href='{href}' title='{title}' target=\"_blank\">{title[:16]}...</a><span>{day}</span></li>]]></record>\n"
        for day, title, href in rows
    )


def _list(column: str, label: str, rows: Rows) -> str:
    group = f'<nextgroup><![CDATA[<a href="{_proxy_url(column, 1)}"></a>]]></nextgroup>' if len(rows) > PER_PAGE else ""
    store = f'<script type="text/xml"><datastore>{group}<recordset>\n{_records(rows[:PER_PAGE])}</recordset></datastore></script>'
    script = (
        f'<script>$("#5").jpage({{perPage:{PER_PAGE},totalRecord:{len(rows)},groupSize:1,proxyUrl:"{PROXY}",'
        f'ajaxParam:{{col:1,appid:1,webid:3,path:"/",columnid:{column},sourceContentType:1,unitid:"5",permissiontype:0}}}});</script>'
    )
    return _page(
        label, f'<div id="5" class="default_pgContainer">{store}</div>{script}', ["信息公开", "信息公开年报", label]
    )


def _page(title: str, main: str, crumbs: list[str] | None = None) -> str:
    links = {"首页": "/col/col1/index.html", "信息公开": "/col/col2/index.html", "信息公开年报": "/col/col4/index.html"}
    links |= {label: f"/col/col{column}/index.html" for column, label in _COLUMNS.items()}
    steps = (
        f'<a href="{links[label]}">{label}</a>' if label in links else label for label in ["首页", *(crumbs or [])]
    )
    position = f'<td class="bt_link">当前位置：{" > ".join(steps)}</td>' if crumbs else "<td></td>"
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{title}</title>'
        f'<meta name="SiteName" content="丽水市人民政府"></head><body><table><tr>{position}</tr></table>{main}'
        f"{traps.menu('/rili.html', '/my.html', '/tag.html')}<p>主办：丽水市人民政府办公室 "
        '<a href="http://{{decoy}}/qt/">青田县</a> <a href="http://{{decoy}}/jy/">缙云县</a></p></body></html>'
    )


def _article(title: str, day: str, html: str, label: str) -> str:
    main = (
        f"<!--<$[标题名称(html)]>begin--><p class='title'>{title}</p><!--<$[标题名称(html)]>end-->"
        f"<table><tr><td>发布日期：{day}</td><td>浏览次数：<script src='/module/visitcount/articlehits.jsp'></script></td>"
        f"<td>来源：丽水市政府</td><td>字号：[ 大 中 小 ]</td></tr></table><div id='zoom' class='bt_content'>{html}</div>"
    )
    return _page(title, main, ["信息公开", "信息公开年报", label])
