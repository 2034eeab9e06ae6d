"""TRS WCM: years first, then city, departments and districts side by side; lists in pages of createPageHTML, from 0."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from crawler.reference import divisions
from tests.servers import traps
from tests.servers.base import Answer, Report, TestPortal
from tests.servers.writing import lookalike, report

CITY = "210300"
YEARS = range(2017, 2024)
PER_PAGE = 5
COLUMN = "/zwgk/zfxxgk/zfxxgknb/"
_GROUPS = {"szf": "市政府", "sbm": "市政府&nbsp;部门", "xqzf": "各 区 县 (市)"}


def trs() -> TestPortal:
    """鞍山市 as a made-up TRS portal: 7 years of a city, its 7 districts and 3 departments."""
    pages: dict[str, Answer] = {}
    reports: list[Report] = []
    pages["/"] = _page("示例市人民政府", '<ul><li><a href="/zwgk/" title="政务公开">政务…</a></li></ul>')
    platform = (
        '<h3><a href="/zwgk/zfxxgk/zn/">政府信息<br>公开指南</a></h3><h3><a href="/zwgk/zfxxgk/zd/">政府信息<br>公开制度</a></h3>'
        f'<h3><a href="{COLUMN}">政府信息<br>公开年报</a></h3>'
    )
    pages["/zwgk/"] = _page("政务公开", platform, ["政务公开"])
    for slug, label in (("zn", "政府信息公开指南"), ("zd", "政府信息公开制度")):
        pages[f"/zwgk/zfxxgk/{slug}/"] = _page(label, "<p>测试数据</p>", ["政务公开", label])
    years = "".join(f'<li><a href="./{year}/">{year} 年</a></li>' for year in reversed(YEARS))
    pages[COLUMN] = _page("政府信息公开年报", f"<ul>{years}</ul>", ["政务公开", "政府信息公开年报"])
    for year in YEARS:
        groups = "".join(f'<li><a href="./{slug}/">{label}</a></li>' for slug, label in _GROUPS.items())
        crumbs = ["政务公开", "政府信息公开年报", f"{year}年"]
        pages[f"{COLUMN}{year}/"] = _page(f"{year}年", f"<ul>{groups}</ul>", crumbs)
        for slug, label in _GROUPS.items():
            _group(pages, reports, year, slug, [*crumbs, label.replace("&nbsp;", "").replace(" ", "")])
    pages |= traps.calendar("/rili.html") | traps.sessions("/my.html") | traps.tags("/tag.html")
    return TestPortal(pages, reports, name="trs", region=CITY)


def _group(pages: dict[str, Answer], reports: list[Report], year: int, slug: str, crumbs: list[str]) -> None:
    folder = f"{COLUMN}{year}/{slug}/"
    units = {
        "szf": [("鞍山市人民政府", "government", CITY)],
        "sbm": [(f"鞍山市{name}局", "department", CITY) for name in ("教育", "民政", "水利")],
        "xqzf": [
            (("鞍山市" if region.name.endswith("区") else "") + region.name + "人民政府", "government", region.code)
            for region in divisions.children(CITY, year)
        ],
    }[slug]
    rows: list[tuple[str, str, str]] = []
    for number, (organ, kind, code) in enumerate(units):
        serial = year * 100 + number + 10 * list(_GROUPS).index(slug)
        # Years up to 2020 were moved together: their addresses tell the day of the move.
        moved = year <= 2020
        made = report("", organ, kind, code, year, style=("plain", "editor", "word")[number % 3])
        day = "20211015" if moved else made.published_on.replace("-", "")
        path = f"{folder}{day[:6]}/t{day}_{serial}.html"
        made = Report(path, *(getattr(made, name) for name in Report.__slots__[1:]))
        reports.append(made)
        pages[path] = _article(made.title, made.published_on, made.html, crumbs, "2021-10-15" if moved else None)
        rows.append((made.published_on, made.title, f"./{day[:6]}/t{day}_{serial}.html"))
    if slug == "xqzf":
        for number in (0, 1, 4):
            false = lookalike(number + year % 2, "鞍山市", year)
            name = f"{year + 1}02/t{year + 1}0210_{year}9{number}.html"
            pages[folder + name] = _article(false.title, false.day, false.html, crumbs, None)
            rows.append((false.day, false.title, f"./{name}"))
        rows.append((f"{year + 1}-01-02", f"千山风景区{year}年政府信息公开工作年度报告", "http://{{decoy}}/nb/1.html"))
    rows.sort(reverse=True)
    count = -(-len(rows) // PER_PAGE)
    for page in range(count):
        items = "".join(
            f'<li><span>{day}</span><a href="{href}" title="{title}">{title[:18]}…</a></li>\n'
            for day, title, href in rows[page * PER_PAGE : (page + 1) * PER_PAGE]
        )
        paging = f'<div class="page"><script>createPageHTML({count}, {page}, "index", "html");</script></div>'
        body = _page(crumbs[-1], f'<ul class="list">{items}</ul>{paging}', crumbs)
        pages[folder + (f"index_{page}.html" if page else "")] = body


def _page(title: str, main: str, crumbs: list[str] | None = None, head: str = "") -> str:
    links = {"首页": "/", "政务公开": "/zwgk/", "政府信息公开年报": COLUMN}
    steps = (
        f'<a href="{links[label]}">{label}</a>' if label in links else label for label in ["首页", *(crumbs or [])]
    )
    position = f'<div class="dqwz">当前位置：{"&nbsp;&gt;&nbsp;".join(steps)}</div>' if crumbs else ""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        '<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="http://{{decoy}}/zwfw/">政务服务</a></div>'
        f"{position}{main}{traps.menu('/rili.html', '/my.html', '/tag.html')}"
        '<div class="foot"><a href="http://{{decoy}}/">铁东区政府</a> <a href="http://{{decoy}}/hc/">海城市政府</a> 主办：鞍山市人民政府办公室</div>'
        "</body></html>"
    )


def _article(title: str, day: str, html: str, crumbs: list[str], moved_on: str | None) -> str:
    head = f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{moved_on or day} 08:00:00">'
    main = (
        f'<h1>{title}</h1><div class="info">发布时间：{day}　来源：市政府办公室　【字体：<a href="#">大</a> <a href="#">小</a>】</div>'
        f'<div class="trs_editor_view TRS_UEDITOR">{html}</div><div class="share">分享到：</div>'
    )
    return _page(title, main, crumbs, head)
