"""新点 Epoint EWB: columns whose lists come by POST of JSON, the site's number from a script (sources/systems#epoint)."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

import json
from functools import partial

from crawler.sample.serving import Asked, Reply
from tests.servers.base import Answer, TestPortal
from tests.servers.frame import Frame, Paper, papers, reports_of

CITY, PLACE = "320300", "徐州市"
GUID = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"
SERVICE = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
COLUMN = "/dynamic/zwgk/govInfoPub.html?deptcode=&categorynum="
FRAME = Frame(
    "徐州市人民政府",
    {
        "首页": "/",
        "政府信息公开": "/zwgk/001/govpub.html",
        "政府信息公开年报": "/dynamic/zwgk/govInfoPub.html?deptcode=&categorynum=001004",
    },
)
SHELL = '<ul id="infolist"></ul><div id="pager"></div><script src="/js/webBuilderCommon.js?v=3"></script><script src="/js/govinfopub.js"></script>'
GROUPS = {
    "001004001": ("市政府", [("徐州市人民政府", "government")], range(2008, 2024)),
    "001004002": (
        "市直部门",
        [(f"徐州市{name}局", "department") for name in ("教育", "民政", "财政", "水务", "审计", "统计")],
        range(2015, 2023),
    ),
}
EMPTY = {"001004003": "乡镇街道", "001004004": "开发区"}
"""Groups that have nothing yet: the service's answer is the same, to the byte, as to any column without entries."""


def _path(number: str, day: str, serial: int) -> str:
    return f"/zwgk/001/{number}/{day.replace('-', '')}/{number}{serial:08}.html"


def epoint() -> TestPortal:
    """徐州市 as a made-up Epoint portal: two groups of organs, each a column of the same page."""
    crumbs = ["政府信息公开", "政府信息公开年报"]
    lists: dict[str, list[Paper]] = {}
    pages: dict[str, Answer] = FRAME.traps()
    for number, (label, units, years) in GROUPS.items():
        found = papers(
            CITY,
            PLACE,
            years,
            units,
            partial(_path, number),
        )
        lists[number] = found
        pages |= FRAME.articles(found, [*crumbs, label], 'class="ewb-article-info" id="zoom"')
        pages[COLUMN + number] = FRAME.page(label, SHELL, [*crumbs, label])
    for number, label in EMPTY.items():
        lists[number] = []
        pages[COLUMN + number] = FRAME.page(label, SHELL, [*crumbs, label])
    groups = "".join(
        f'<li><a href="{COLUMN}{number}">{label}</a></li>'
        for number, label in ({key: group[0] for key, group in GROUPS.items()} | EMPTY).items()
    )
    pages[f"{COLUMN}001004"] = FRAME.page(crumbs[-1], f"<ul>{groups}</ul>{SHELL}", crumbs)
    links = (
        '<li><a href="/zwgk/001001/zn.html">政府信息公开指南</a></li><li><a href="'
        + COLUMN
        + '001004">政府信息公开年报</a></li>'
    )
    pages["/zwgk/001/govpub.html"] = FRAME.page("政府信息公开", f"<ul>{links}</ul>", crumbs[:1])
    pages["/"] = FRAME.page(PLACE, '<a href="/zwgk/001/govpub.html">政府信息公开</a>')
    site = {"siteGuid": GUID, "projectName": "/EWB-FRONT", "siteName": "徐州市人民政府"}
    pages["/js/webBuilderCommon.js"] = lambda asked: Reply(
        f"var siteInfo = {json.dumps(site, ensure_ascii=False)};\nfunction getSiteInfo(){{return siteInfo;}}".encode(),
        content_type="application/javascript",
    )

    def listed(asked: Asked) -> Reply:
        if asked.method != "POST" or "application/json" not in asked.headers.get("content-type", ""):
            return Reply(b'{"status":{"code":"0"}}', 500, content_type="application/json")
        given = json.loads(asked.form)
        found = lists.get(given["categorynum"], []) if given["siteGuid"] == GUID else []
        first = int(given["pageIndex"]) * int(given["pageSize"])
        entries = [
            {"title": paper.title, "infourl": paper.path, "infodate": paper.day, "categoryname": "政府信息公开年报"}
            for paper in found[first : first + int(given["pageSize"])]
        ]
        answer = {"custom": {"data": entries, "total": len(found)}, "status": {"code": "200", "text": ""}}
        return Reply(json.dumps(answer, ensure_ascii=False).encode(), content_type="application/json;charset=utf-8")

    pages[SERVICE] = listed
    return TestPortal(
        pages, [report for found in lists.values() for report in reports_of(found)], name="epoint", region=CITY
    )
