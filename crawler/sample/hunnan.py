"""The second host of the sample portal: 浑南区's own site, Hanweb, whose list comes in batches from dataproxy.jsp."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from crawler.sample import layout
from crawler.sample.contents import site
from crawler.sample.layout import Link, fill
from crawler.sample.pages import UTF8, Pages, newest_first
from crawler.sample.serving import Asked, Reply

PER_PAGE = 6
COLUMN = "/col/col1467/index.html"
PROXY = "/module/web/jpage/dataproxy.jsp"

_CRUMBS = [("首页", "/"), ("政务公开", "/col/col1461/index.html"), ("政府信息公开年报", COLUMN)]
_SEPARATOR = "&nbsp;&gt;&nbsp;"
_COLUMNS = {1460: "走进浑南", 1461: "政务公开", 1462: "互动交流", 1463: "网站地图"}


def build(pages: Pages) -> None:
    """Make every page of 浑南区's host."""
    links = newest_first([pages.link(position) for position in pages.of("hunnan")])
    values = {
        "crumbs": layout.crumbs(_CRUMBS, _SEPARATOR),
        "records": layout.records(links[:PER_PAGE]),
        "total": str(len(links)),
        "per_page": str(PER_PAGE),
    }
    labels = {"ColumnName": "政府信息公开年报", "ColumnType": "信息公开年报"}
    pages.put(1, COLUMN, _frame("政府信息公开年报", fill("hunnan_list", values), labels), links[0].day, UTF8)
    way = layout.plain_items([Link("政府信息公开年报", COLUMN), Link("网站地图", "/col/col1463/index.html")])
    pages.put(1, "/index.html", _frame("沈阳市浑南区人民政府", f"<ul>{way}</ul>"), kind=UTF8)
    for number, label in _COLUMNS.items():
        main = f'<p class="dqwz">当前位置：<a href="/">首页</a> &gt; {label}</p>'
        main += f"<ul>{way}</ul>" if label == "政务公开" else ""
        pages.put(1, f"/col/col{number}/index.html", _frame(label, main), kind=UTF8)
    for position in pages.of("hunnan"):
        _article(pages, position)


def link_from_city(pages: Pages, year: int) -> Link:
    """How the city's list points here: at the report or, for 2022, only at the column."""
    position = next(n for n in pages.of("hunnan", year) if pages.entries[n].truth is not None)
    link = pages.link(position)
    if year == 2022:
        return Link("沈阳市浑南区政府信息公开年报", "http://{{host1}}" + COLUMN, link.day)
    return Link(link.title, "http://{{host1}}" + link.href, link.day)


def dataproxy(pages: Pages, asked: Asked) -> Reply:
    """Further records: by startrecord and endrecord (from 1), else by page, where the column's own batch is page 0.

    Parameters come in the query or, as the site's own script sends them, in the form (sources/systems#hanweb).
    """
    given = parse_qs(urlsplit(asked.target).query) | parse_qs(asked.form.decode("latin-1"))
    numbers = {name: int(values[0]) for name, values in given.items() if values[0].isdigit()}
    links = newest_first([pages.link(position) for position in pages.of("hunnan")])
    if "startrecord" in numbers:
        first, last = max(0, numbers["startrecord"] - 1), numbers.get("endrecord", len(links))
    else:
        first = numbers.get("page", 0) * PER_PAGE
        last = first + PER_PAGE
    total = f"<totalrecord>{len(links)}</totalrecord><totalpage>{-(-len(links) // PER_PAGE)}</totalpage>"
    answer = f"<datastore>{total}<recordset>\n{layout.records(links[first:last])}</recordset></datastore>"
    return Reply(answer.encode(), content_type="text/xml;charset=UTF-8")


def index_no(day: str, position: int) -> str:
    """The 索引号 of an article."""
    return f"210112-{day[:4]}-{position:06}"


def _frame(title: str, main: str, labels: dict[str, str] | None = None) -> bytes:
    values = {"head_title": title, "meta": layout.meta(labels or {}), "notice": site()["notice"], "main": main}
    return fill("hunnan_frame", values).encode()


def _article(pages: Pages, position: int) -> None:
    entry = pages.entries[position]
    values = {
        "crumbs": layout.crumbs(_CRUMBS, _SEPARATOR),
        "title": entry.title,
        "day": entry.day,
        "source": entry.source or "",
        "made_on": entry.day,
        "index_no": index_no(entry.day, position),
        "body": entry.html,
    }
    labels = {"ColumnName": "政府信息公开年报", "ArticleTitle": entry.title, "PubDate": f"{entry.day} 09:30"}
    labels["ContentSource"] = entry.source or ""
    body = _frame(entry.title, fill("hunnan_article", values), labels)
    pages.put(1, pages.addresses[position][1], body, entry.day, UTF8)
