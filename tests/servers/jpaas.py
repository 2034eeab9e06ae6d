"""大汉 JPaaS: lists are units that a service builds, told by queryData in the page (sources/systems#jpaas)."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

import json
from hashlib import md5
from urllib.parse import parse_qs, urlsplit

from crawler.sample.serving import Asked, Reply
from tests.servers.base import Answer, TestPortal
from tests.servers.frame import Frame, Paper, batches, papers, reports_of

CITY, PLACE = "330600", "绍兴市"
SERVICE = "/api-gateway/jpaas-publish-server/front/page/build/unit"
WEB, TEMPLATE = "8d828e408d90447786ddbe128d495e9e", "o0YcVHHq5vWtr3uiCp4SY"
FRAME = Frame(
    "绍兴市人民政府",
    {"首页": "/index.html", "政务公开": "/zwgk/index.html", "政府信息公开年报": "/zwgk/zfxxgknb/index.html"},
)
YEARS = range(2019, 2023)
UNITS = [("绍兴市人民政府", "government")] + [
    (f"绍兴市{name}局", "department")
    for name in (
        "教育",
        "民政",
        "财政",
        "水利",
        "审计",
        "统计",
        "商务",
        "司法",
        "交通运输",
        "农业农村",
        "生态环境",
        "体育",
    )
]


def jpaas(counts: bool = True) -> TestPortal:
    """绍兴市 as a made-up JPaaS portal, a column for each year. `counts`: the answers say how many entries there are."""
    crumbs = ["政务公开", "政府信息公开年报"]
    lists: dict[str, list[Paper]] = {"news": _news()}
    pages: dict[str, Answer] = FRAME.traps()
    reports = []
    for year in YEARS:
        found = papers(
            CITY,
            PLACE,
            [year],
            UNITS,
            lambda day, serial: f"/art/{day[:4]}/art_{md5(f'{day}{serial}'.encode()).hexdigest()}.html",
        )
        lists[f"page{year}"] = found
        reports += reports_of(found)
        pages |= FRAME.articles(found, [*crumbs, f"{year}年"], 'class="ccontent" id="con_con"')
        body = f'<div class="main">{_unit(f"page{year}", "信息列表")}</div><div class="side"><h3>最新动态</h3>{_unit("news", "最新动态")}</div>'
        pages[f"/zwgk/zfxxgknb/{year}/index.html"] = FRAME.page(f"{year}年", body, [*crumbs, f"{year}年"])
    years = "".join(f'<li><a href="/zwgk/zfxxgknb/{year}/index.html">{year}年</a></li>' for year in reversed(YEARS))
    pages["/zwgk/zfxxgknb/index.html"] = FRAME.page(crumbs[-1], f"<ul>{years}</ul>", crumbs)
    links = '<li><a href="/zwgk/zfxxgkzn/index.html">公开指南</a></li><li><a href="/zwgk/zfxxgknb/index.html">政府信息公开年报</a></li>'
    pages["/zwgk/index.html"] = FRAME.page("政务公开", f"<ul>{links}</ul>", crumbs[:1])
    pages["/index.html"] = FRAME.page(PLACE, '<a href="/zwgk/index.html">政务公开</a>')

    def unit(asked: Asked) -> Reply:
        given = {key: values[0] for key, values in parse_qs(urlsplit(asked.target).query).items()}
        found = lists.get(given.get("pageId", ""), [])
        turned = json.loads(given.get("paramJson", '{"pageNo":1,"pageSize":15}'))
        shown = batches(found, turned["pageSize"])
        part = shown[turned["pageNo"] - 1] if turned["pageNo"] <= len(shown) else []
        answer = {
            "success": True,
            "code": "200",
            "message": "成功",
            "data": {"html": _html(part, len(found) if counts else None)},
        }
        return Reply(json.dumps(answer, ensure_ascii=False).encode(), content_type="application/json;charset=UTF-8")

    pages[SERVICE] = unit
    return TestPortal(pages, reports, name="jpaas", region=CITY, home_path="/index.html")


def _unit(page: str, tag: str) -> str:
    query = f"{{'webId':'{WEB}','pageId':'{page}','parseType':'bulidstatic','pageType':'column','tagId':'{tag}','tplSetId':'{TEMPLATE}'}}"
    return f'<script type="text/javascript" src="/cms_files/script/unitbuild.js" url="{SERVICE}" queryData="{query}"></script>'


def _html(part: list[Paper], total: int | None) -> str:
    rows = "".join(
        f'<li class="clearfix"><a class="news" target="_blank" href="{paper.path}" title="{paper.title}">{paper.title}</a><span class="time">{paper.day}</span></li>'
        for paper in part
    )
    pager = f'<div class="pagination" count="{total}" pageSize="15"></div>' if total is not None else ""
    return f'<div class="page-content"><ul>{rows}</ul></div>{pager}'


def _news() -> list[Paper]:
    """What stands beside the list: 240 papers of the city that are no report; neither they nor more pages are asked."""
    titles = [f"市政府召开第{number}次常务会议" for number in range(240, 0, -1)]
    return [Paper("2023-05-09", title, f"/art/2023/art_{md5(title.encode()).hexdigest()}.html", "") for title in titles]
