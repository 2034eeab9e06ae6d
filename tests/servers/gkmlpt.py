"""广东's gkmlpt: a page with the tree of columns in a script, lists as JSON by column number and page (sources/systems#gkmlpt)."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crawler.sample.serving import Asked, Reply
from tests.servers.base import Answer, TestPortal
from tests.servers.frame import Frame, Paper, batches, papers, reports_of

CITY, PLACE = "441200", "肇庆市"
PER_PAGE = 30
SID = "758001"
INDEX = "/gkmlpt/index"
FRAME = Frame("肇庆市人民政府", {"首页": "/", "政府信息公开": INDEX})
UNITS = [("肇庆市人民政府", "government")] + [
    (f"肇庆市{name}局", "department") for name in ("教育", "民政", "财政", "水利", "审计")
]


def gkmlpt(picked: bool = False, one_page: bool = False) -> TestPortal:
    """肇庆市 as a made-up gkmlpt portal. `picked`: the home page leads to the column as index#721; `one_page`: further
    pages are 404 although the column is said to hold more, as seen on one city's sites."""
    found = papers(
        CITY,
        PLACE,
        range(2015, 2022),
        UNITS,
        lambda day, serial: f"/gkmlpt/content/2/{2500 + serial // 1000}/post_{2500000 + serial * 17}.html",
    )
    if one_page:
        found = (
            found[:PER_PAGE]
            if any(not paper.html for paper in found[:PER_PAGE])
            else [*found[: PER_PAGE - 1], found[-1]]
        )
    pages: dict[str, Answer] = FRAME.traps() | FRAME.articles(
        found, ["政府信息公开", "政府信息公开年报"], 'class="article-content"'
    )
    label = f'<a href="{INDEX}#721">政府信息公开年报</a>' if picked else f'<a href="{INDEX}">政府信息公开</a>'
    pages["/"] = FRAME.page(PLACE, f'<ul><li><a href="/zwfw/">政务服务</a></li><li>{label}</li></ul>')
    pages[INDEX] = FRAME.page(
        "政府信息公开", f'<div id="app"></div><script>{_config()}</script><script src="/gkmlpt/js/app.js"></script>'
    )

    def listed(asked: Asked) -> Reply:
        given = parse_qs(urlsplit(asked.target).query)
        number = int(given["page"][0])
        shown = batches(found, PER_PAGE)
        if given.get("sid") != [SID] or number > len(shown):
            return Reply(b'{"message":"Not Found"}', 404, content_type="application/json")
        total = len(found) + 30 * one_page
        answer: dict[str, Any] = {
            "classify": {"id": 721, "name": "政府信息公开年报", "parent": 0, "post_count": total},
            "articles": [_article(paper) for paper in shown[number - 1]],
        }
        if not one_page:
            answer["total"] = total
        return Reply(json.dumps(answer).encode(), content_type="application/json")

    pages["/gkmlpt/api/all/721"] = listed
    return TestPortal(pages, reports_of(found), name="gkmlpt", region=CITY)


def _article(paper: Paper) -> dict[str, object]:
    url = paper.path if paper.path.startswith("http") else f"http://{{{{host}}}}{paper.path}"
    return {
        "id": 1,
        "title": paper.title,
        "publisher": "肇庆市人民政府办公室",
        "created_at": f"{paper.day} 10:12:00",
        "date": 1548518400,
        "url": url,
        "post_url": url,
        "abstract": "",
    }


def _config() -> str:
    def node(number: int, name: str, *children: dict[str, object]) -> dict[str, object]:
        return {"id": number, "name": name, "parent": 0, "post_count": 9, "jump_url": "", "children": list(children)}

    tree = [
        node(700, "政府信息公开指南"),
        node(701, "政府信息公开制度"),
        node(702, "法定主动公开内容", node(703, "机构职能"), node(704, "财政预决算", node(705, "年度决算"))),
        node(721, "政府信息公开年报"),
    ]
    return (
        f"window._CONFIG = {{ APP_URL: '', SITE_NAME: '肇庆市人民政府', SID: '{SID}', "
        f"TREE: {json.dumps(tree, ensure_ascii=False)}, SERVICE_AREA_ID: '1', CLASSIFY: {{}} }};"
    )
