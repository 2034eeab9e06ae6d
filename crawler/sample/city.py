"""The city's host of the sample portal: TRS, years first, three columns under each year."""

from __future__ import annotations

from crawler.reference import divisions
from crawler.sample import hunnan, layout
from crawler.sample.contents import CITY, HUNNAN_SINCE, MIGRATED_ON, YEARS, Entry, site
from crawler.sample.layout import Link, chinese_date, fill
from crawler.sample.pages import COLUMN, GROUPS, RULES, Pages, folder, newest_first

PER_PAGE = 10
"""Rows of a list page: the thirteen districts and what stands between them take two."""

_HOME = ("首页", "/")
_OPEN = ("政务公开", "/zwgk/")
_REPORTS = ("政府信息公开年报", COLUMN)
_SEPARATOR = " -&gt; "
_EMPTY_COLUMNS = {
    "关于我们": "/zzyy/gywm/",
    "网站地图": "/zzyy/wzdt/",
    "联系我们": "/zzyy/lxwm/",
    "无障碍": "/wza/",
    "手机版": "/sjb/",
}


def build(pages: Pages) -> None:
    """Make every page of the city's host."""
    platform = [Link(label, href) for label, href in site()["platform"].items()]
    news = [
        Link(entry["title"], f"/zwgk/zwdt/202504/t202504{28 - n:02}_{4980000 + n}.html", f"2025-04-{28 - n:02}")
        for n, entry in enumerate(site()["news"])
    ]
    home = fill("city_home", {"news": layout.items(news[:6]), "platform": layout.plain_items(platform)})
    pages.put(0, "/index.html", frame("沈阳市人民政府", "", home), "2025-04-28")
    for label, path in (site()["menu"] | _EMPTY_COLUMNS).items():
        _column(pages, path, label, [_HOME, (label, "")], "<p>栏目建设中。</p>")
    _column(pages, "/zwgk/", "政务公开", [_HOME, _OPEN], f"<ul>{layout.plain_items(platform)}</ul>")
    _list(pages, "/zwgk/zwdt/", "政务动态", [_HOME, _OPEN, ("政务动态", "")], news)
    for link in news:
        _news(pages, link)
    for label in ("政府信息公开指南", "法定主动公开内容", "依申请公开", "政府公报"):
        text = f"<p>本页为{label}栏目的示例数据。</p>"
        _column(pages, site()["platform"][label], label, [_HOME, _OPEN, (label, "")], text)
    crumbs = [_HOME, _OPEN, ("政府信息公开制度", RULES)]
    _list(pages, RULES, "政府信息公开制度", crumbs, [pages.link(position) for position in pages.of("rules")])
    _articles(pages, pages.of("rules"))
    years = [Link(f"{year}年", f"./{year}n/") for year in reversed(YEARS)]
    _column(pages, COLUMN, "政府信息公开年报", [_HOME, _OPEN, _REPORTS], f"<ul>{layout.plain_items(years)}</ul>")
    for year in YEARS:
        _year(pages, year)
    pages.put(0, "/robots.txt", b"User-agent: *\nDisallow: /search\n", "2025-01-02", "text/plain")


def missing() -> bytes:
    """The page that says politely that there is none; with status 404 or, for removed articles, 200."""
    return frame("沈阳市人民政府", "", fill("city_missing", {}))


def frame(title: str, column: str, main: str, labels: dict[str, str] | None = None, charset: str = "utf-8") -> bytes:
    """A page around `main`; `labels` are its meta elements. Declared gb2312 it is written in GBK, as real ones are."""
    menu = [Link(label, href) for label, href in site()["menu"].items()]
    names = [region.name for region in divisions.children(CITY, YEARS[-1])]
    page = fill(
        "city_frame",
        {
            "head_title": f"{title}_{column}_沈阳市人民政府" if column else title,
            "meta": layout.meta(labels or {}),
            "channel": column,
            "notice": site()["notice"],
            "menu": layout.plain_items(menu),
            "main": main,
            "districts": "".join(
                f'<dd><a href="http://district{n}.example/">{name}政府</a></dd>\n' for n, name in enumerate(names)
            ),
            "charset": charset,
        },
    )
    return page.encode("gbk" if charset == "gb2312" else "utf-8")


def _column(pages: Pages, path: str, title: str, crumbs: list[tuple[str, str]], content: str) -> None:
    values = {"crumbs": layout.crumbs(crumbs, _SEPARATOR), "column": title, "content": content}
    labels = {"ColumnName": title, "ColumnType": title}
    pages.put(0, f"{path}index.html", frame(title, "", fill("city_column", values), labels))


def _year(pages: Pages, year: int) -> None:
    crumbs = [_HOME, _OPEN, _REPORTS, (f"{year}年", f"{COLUMN}{year}n/")]
    groups = [Link(label, f"./{folder(year, name).split('/')[-2]}/") for name, (_, label) in GROUPS.items()]
    _column(pages, f"{COLUMN}{year}n/", f"{year}年", crumbs, f"<ul>{layout.plain_items(groups)}</ul>")
    for name, (_, label) in GROUPS.items():
        links = [pages.link(position) for position in pages.of(name, year)]
        if name == "districts" and year >= HUNNAN_SINCE:
            links.append(hunnan.link_from_city(pages, year))
        place = folder(year, name)
        _list(pages, place, label, [*crumbs, (label, place)], links)
        _articles(pages, pages.of(name, year))


def _list(pages: Pages, place: str, label: str, crumbs: list[tuple[str, str]], links: list[Link]) -> None:
    """A TRS list: index.html, index_1.html …, links relative to the folder."""
    newest = newest_first(links)
    count = max(1, -(-len(newest) // PER_PAGE))
    for page in range(count):
        shown = [
            Link(link.title, link.href.replace(place, "./", 1), link.day)
            for link in newest[page * PER_PAGE : (page + 1) * PER_PAGE]
        ]
        values = {
            "crumbs": layout.crumbs(crumbs, _SEPARATOR),
            "years": _years(),
            "column": label,
            "items": layout.items(shown),
            "pages": str(count),
            "page": str(page),
        }
        body = frame(label, "", fill("city_list", values), {"ColumnName": label})
        pages.put(0, place + (f"index_{page}.html" if page else "index.html"), body, newest[0].day)


def _articles(pages: Pages, positions: list[int]) -> None:
    for place, position in enumerate(positions):
        before = pages.link(positions[place - 1]) if place else None
        after = pages.link(positions[place + 1]) if place + 1 < len(positions) else None
        _article(pages, position, before, after)


def _article(pages: Pages, position: int, before: Link | None, after: Link | None) -> None:
    entry = pages.entries[position]
    path = pages.addresses[position][1]
    if entry.soft_404:
        pages.put(0, path, missing())
        return
    crumbs, label = _article_crumbs(entry)
    again = f'<div class="xl_src">{entry.source} {chinese_date(entry.day)}</div>' if entry.second_line else ""
    values = {
        "crumbs": layout.crumbs(crumbs, _SEPARATOR),
        "title": entry.title,
        "day": chinese_date(entry.day),
        "source": entry.source or "",
        "second_line": again,
        "body": entry.html,
        "previous": f'<a href="{before.href}">{before.title}</a>' if before else "没有了",
        "next": f'<a href="{after.href}">{after.title}</a>' if after else "没有了",
        "years": _years(),
        "related": layout.plain_items([pages.link(n) for n in pages.of("city", entry.year) if n != position]),
    }
    changed = MIGRATED_ON if entry.year <= 2020 else entry.day
    labels = {
        "ColumnName": label,
        "ColumnType": "信息公开年报",
        "ArticleTitle": entry.title,
        "PubDate": f"{changed} 10:12",
        "ContentSource": entry.source or "",
    }
    pages.put(0, path, frame(entry.title, label, fill("city_article", values), labels, entry.charset), changed)


def _news(pages: Pages, link: Link) -> None:
    values = {
        "crumbs": layout.crumbs([_HOME, _OPEN, ("政务动态", "/zwgk/zwdt/")], _SEPARATOR),
        "title": link.title,
        "day": chinese_date(link.day),
        "source": "示例日报",
        "body": f"<p>　　{link.title}。本文为示例数据，内容纯属虚构。</p>",
        "previous": "没有了",
        "next": "没有了",
        "years": _years(),
    }
    body = frame(link.title, "政务动态", fill("city_article", values), {"ArticleTitle": link.title})
    pages.put(0, link.href, body, link.day)


def _years() -> str:
    return layout.plain_items([Link(f"{year}年", f"{COLUMN}{year}n/") for year in reversed(YEARS)])


def _article_crumbs(entry: Entry) -> tuple[list[tuple[str, str]], str]:
    """The breadcrumb of an article, which ends with its column, and the column's label."""
    if entry.column == "rules":
        return [_HOME, _OPEN, ("政府信息公开制度", RULES)], "政府信息公开制度"
    label = GROUPS[entry.column][1]
    year = (f"{entry.year}年", f"{COLUMN}{entry.year}n/")
    return [_HOME, _OPEN, _REPORTS, year, (label, folder(entry.year, entry.column))], label
