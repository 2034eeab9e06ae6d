"""Trails as portals really have them, crawled through the command line with a profile of four lines."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from crawler.sample.serving import Asked, Reply, serving
from tests.support.program import run

CHAPTERS = "".join(
    f"<p>{head}</p><p>{'本年度主动公开政府信息，收到依申请公开申请，行政复议，行政诉讼，统计期限。' * 8}</p>"
    for head in (
        "一、概述",
        "二、主动公开政府信息情况",
        "三、依申请公开情况",
        "四、行政复议、行政诉讼",
        "五、存在的主要问题",
    )
)
PLACES = {"dd": "大东区", "hp": "和平区", "xm": "新民市"}


def html(*parts: str, head: str = "") -> str:
    return f'<html><head><meta charset="utf-8">{head}</head><body>{"".join(parts)}</body></html>'


def report(place: str, year: int) -> str:
    title = f"沈阳市{place}{year}年政府信息公开工作年度报告"
    text = f"<p>本报告统计期限为{year}年1月1日至12月31日，{place}。</p>{CHAPTERS}"
    return html(f"<h1>{title}</h1><p>发布时间：{year + 1}-03-01 来源：{place}</p><div class=TRS_Editor>{text}</div>")


def rows(*links: tuple[str, str]) -> str:
    return (
        "<ul>"
        + "".join(f'<li><a href="{href}">{label}</a><span>2019-03-01</span></li>' for href, label in links)
        + "</ul>"
    )


def menu(*links: tuple[str, str]) -> str:
    return "<div class=menu>" + "".join(f'<a href="{href}">{label}</a>' for href, label in links) + "</div>"


CHROME = menu(("/", "首页"), ("/news/", "新闻中心"), ("/zwgk/", "政务公开"), ("/nb/", "政府信息公开年报"))
ALL = {f"/a/{year}{slug}.html": report(place, year) for year in (2017, 2018) for slug, place in PLACES.items()}


def titled(year: int, slug: str) -> tuple[str, str]:
    return (f"/a/{year}{slug}.html", f"沈阳市{PLACES[slug]}{year}年政府信息公开工作年度报告")


def of_year(year: int) -> list[tuple[str, str]]:
    return [titled(year, slug) for slug in PLACES]


REGIONS_FIRST = {
    "/": html(CHROME),
    "/nb/": html(CHROME, menu(*((f"/nb/{slug}/", place) for slug, place in PLACES.items()))),
    **{
        f"/nb/{slug}/": html(CHROME, menu((f"/nb/{slug}/17/", "2017年"), (f"/nb/{slug}/18/", "2018年")))
        for slug in PLACES
    },
    **{
        f"/nb/{slug}/{year - 2000}/": html(CHROME, rows(titled(year, slug))) for slug in PLACES for year in (2017, 2018)
    },
}
FLAT = {"/": html(CHROME), "/nb/": html(CHROME, rows(*of_year(2018), *of_year(2017)))}
DOUBLED = {
    "/": html(menu(("/zwgk/", "政务公开"))),
    "/zwgk/": html(menu(("/zwgk/", "政务公开"), ("/zwgk/zfxxgk/", "政府信息<br>公开"))),
    "/zwgk/zfxxgk/": html(menu(("/zwgk/nb/", " 政 府 信 息<br/>公 开 年 报 "))),
    "/zwgk/nb/": html(menu(("/zwgk/nb/nb/", "政府信息公开年报"))),
    "/zwgk/nb/nb/": html(menu(("/zwgk/nb/nb/2017/", "２０１７年"), ("/zwgk/nb/nb/2018/", "二〇一八年"))),
    "/zwgk/nb/nb/2017/": html(rows(*of_year(2017))),
    "/zwgk/nb/nb/2018/": html(menu(("/zwgk/nb/nb/2018/qx/", "各区县（市）"))),
    "/zwgk/nb/nb/2018/qx/": html(rows(*of_year(2018))),
}
CUT = {
    "/": html('<a href="/nb/" title="政府信息公开年报">政府信息公…</a>'),
    "/nb/": html(
        "<ul>",
        *(
            f'<li><a href="{href}" title="{label}">{label[:9]}...</a></li>'
            for year in (2017, 2018)
            for href, label in of_year(year)
        ),
        "</ul>",
    ),
}
FRAMED = {
    "/": html(CHROME),
    "/nb/": html(CHROME, '<iframe src="/frame/list.html"></iframe>'),
    "/frame/list.html": html(rows(*of_year(2018)), '<a href="/frame/list_2.html">下一页</a>'),
    "/frame/list_2.html": html(rows(*of_year(2017)), '<a href="/frame/list.html">上一页</a>'),
}
REDIRECTED = {
    "/": html(head='<meta http-equiv="refresh" content="0;url=/index2.html">'),
    "/index2.html": html("<script>window.location.href='/home/';</script>"),
    "/home/": html(CHROME),
    "/nb/": html("<script>location.replace('/column/nb/')</script>"),
    "/column/nb/": html(CHROME, rows(*of_year(2018), *of_year(2017))),
}
BY_NAME_ONLY = {
    "/": html(CHROME),
    "/nb/": html(CHROME, menu(("/nb/2017/", "2017"), ("/nb/2018/", "2018"))),
    **{
        f"/nb/{y}/": html(CHROME, rows(*((f"/a/{y}{s}.html", place) for s, place in PLACES.items())))
        for y in (2017, 2018)
    },
}
PAGED = {
    "/": html(CHROME),
    "/nb/": html(CHROME, rows(*of_year(2018)), '<script>createPageHTML(2, 0, "index", "html");</script>'),
    "/nb/index_1.html": html(CHROME, rows(*of_year(2017)), '<script>createPageHTML(2, 1, "index", "html");</script>'),
}
ONE_REPORT_A_YEAR = {
    "/": html(CHROME),
    "/nb/": html(CHROME, menu(*((f"/nb/{slug}/", place) for slug, place in PLACES.items()))),
    **{
        f"/nb/{slug}/{query}": report(place, year).replace(
            "<body>", "<body>" + menu((f"/nb/{slug}/?fbtime=2017", "2017年"), (f"/nb/{slug}/?fbtime=2018", "2018年"))
        )
        for slug, place in PLACES.items()
        for query, year in (("", 2018), ("?fbtime=2017", 2017))
    },
}
TRAILS: dict[str, Mapping[str, str]] = {
    "regions first": REGIONS_FIRST,
    "one flat list": FLAT,
    "steps doubled, labels broken": DOUBLED,
    "labels cut off": CUT,
    "list in a frame": FRAMED,
    "redirects in the page": REDIRECTED,
    "entries named by the place only": BY_NAME_ONLY,
    "TRS paging": PAGED,
    "each year a report that links to the others": ONE_REPORT_A_YEAR,
}


def crawl(folder: Path, pages: Mapping[str, str | Reply], *options: str) -> tuple[int, Path, list[str], str]:
    asked: list[str] = []

    def respond(request: Asked) -> Reply:
        if request.target != "/robots.txt":
            asked.append(request.target)
        answer = pages.get(request.target)
        if answer is None:
            return Reply(b"", 404)
        return answer if isinstance(answer, Reply) else Reply(answer.encode())

    with serving(respond) as port:
        profile = folder / "p.toml"
        profile.write_text(
            f'id = "p"\nname = "沈阳市人民政府"\nhome = "http://127.0.0.1:{port}/"\nregion = "210100"\n'
            f"delay = 0\nallow_private_addresses = true\n",
            encoding="utf-8",
        )
        done = run("crawl", "--profile", str(profile), "--archive", str(folder / "a.db"), *options)
    assert "Traceback" not in done.stderr
    return done.returncode, folder / "a.db", asked, done.stderr


def found(archive: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(archive) as connection:
        return sorted(connection.execute("select region, report_year, organ_kind from reports"))


EVERY = sorted((place, year, "government") for place in PLACES.values() for year in (2017, 2018))


@pytest.mark.parametrize("name", TRAILS)
def test_every_report_each_page_once(tmp_path: Path, name: str) -> None:
    code, archive, asked, said = crawl(tmp_path, {**ALL, **TRAILS[name]})
    assert found(archive) == EVERY, said
    assert code == 0, said
    assert sorted(asked) == sorted(set(asked))


def test_the_way_is_kept_and_nothing_else_is_asked(tmp_path: Path) -> None:
    _, archive, asked, _ = crawl(tmp_path, {**ALL, **REGIONS_FIRST})
    assert len(asked) == 1 + 1 + 3 + 6 + 6
    with sqlite3.connect(archive) as connection:
        trails = [json.loads(row[0]) for row in connection.execute("select trail from reports order by id")]
    assert {trail[-2]["label"] for trail in trails} == {"2017年", "2018年"}
    assert all(trail[-1]["url"].endswith(".html") for trail in trails)


def test_years_asked_for(tmp_path: Path) -> None:
    for name in ("regions first", "one flat list"):
        (folder := tmp_path / name).mkdir()
        _, archive, asked, _ = crawl(folder, {**ALL, **TRAILS[name]}, "--years", "2018")
        assert found(archive) == [row for row in EVERY if row[1] == 2018]
        assert not [target for target in asked if "2017" in target or target.endswith("/17/")]


def test_http_redirects_are_captures_and_loops_end(tmp_path: Path) -> None:
    pages: dict[str, str | Reply] = {
        **ALL,
        "/": Reply(b"", 302, headers={"Location": "/home/"}),
        "/home/": html(CHROME),
        "/nb/": html(
            CHROME, rows(*of_year(2018), *of_year(2017), ("/a/loop.html", "沈阳市皇姑区2018年政府信息公开工作年度报告"))
        ),
        "/a/loop.html": Reply(b"", 302, headers={"Location": "/a/loop2.html"}),
        "/a/loop2.html": Reply(b"", 302, headers={"Location": "/a/loop.html"}),
    }
    code, archive, asked, _ = crawl(tmp_path, pages)
    assert found(archive) == EVERY
    assert len(asked) < 20
    with sqlite3.connect(archive) as connection:
        redirects = [url for (url,) in connection.execute("select url from captures where kind = 'redirect'")]
    assert len(redirects) == 3
    assert code in (0, 1)


def test_what_a_server_refuses_is_a_problem_and_costs_no_other_page(tmp_path: Path) -> None:
    refused = {"/a/2018dd.html": Reply(b"<html>oops</html>", 500), "/a/2017dd.html": Reply(b"", 403)}
    code, archive, _, _ = crawl(tmp_path, {**ALL, **FLAT, **refused})
    assert found(archive) == [row for row in EVERY if row[0] != "大东区"]
    assert code == 1
    with sqlite3.connect(archive) as connection:
        told = connection.execute("select kind, detail from problems order by detail").fetchall()
    assert [(kind, detail[:10]) for kind, detail in told] == [
        ("http_error", "status 403"),
        ("http_error", "status 500"),
    ]


def test_a_page_sent_compressed_is_kept_as_the_page(tmp_path: Path) -> None:
    page = ALL["/a/2018dd.html"].encode()
    packed = Reply(gzip.compress(page), headers={"Content-Encoding": "gzip"})
    _, archive, _, _ = crawl(tmp_path, {**ALL, **FLAT, "/a/2018dd.html": packed})
    with sqlite3.connect(archive) as connection:
        url, headers = connection.execute("select url, headers from captures where url like '%2018dd%'").fetchone()
    assert ["Content-Encoding", "gzip"] in json.loads(headers)
    assert run("cat", url, "--archive", str(archive)).stdout.encode() == page


def test_a_redirect_to_a_foreign_host_is_not_followed(tmp_path: Path) -> None:
    visited: list[str] = []

    def foreign(request: Asked) -> Reply:
        visited.append(request.target)
        return Reply(b"")

    with serving(foreign) as port:
        pages: dict[str, str | Reply] = {
            **ALL,
            **FLAT,
            "/a/2018dd.html": Reply(b"", 302, headers={"Location": f"http://127.0.0.1:{port}/x"}),
        }
        _, archive, _, _ = crawl(tmp_path, pages)
    assert visited == []
    assert len(found(archive)) == 5
    with sqlite3.connect(archive) as connection:
        assert connection.execute("select count(*) from problems where kind = 'host_not_allowed'").fetchone() == (1,)


def test_a_list_that_shows_fewer_than_it_states(tmp_path: Path) -> None:
    column = html(
        CHROME, rows(*of_year(2018), *of_year(2017)), "<script>createPageHTML('p',1,1,'index','html',9);</script>"
    )
    code, archive, _, said = crawl(tmp_path, {**ALL, **FLAT, "/nb/": column})
    assert found(archive) == EVERY
    assert code == 1
    assert "list_incomplete" in said
    assert "9 items" in said


def test_a_breadcrumb_that_names_another_place_is_a_problem(tmp_path: Path) -> None:
    crumb = '<div>当前位置：<a href="/">首页</a> &gt; <a href="/t/">旅游</a> &gt; <a href="/t/s/">景点介绍</a></div>'
    wrong = ALL["/a/2018dd.html"].replace("<h1>", crumb + "<h1>")
    _, archive, _, _ = crawl(tmp_path, {**ALL, **FLAT, "/a/2018dd.html": wrong})
    assert found(archive) == EVERY
    with sqlite3.connect(archive) as connection:
        told = connection.execute("select url, detail from problems where kind = 'breadcrumb_disagrees'").fetchall()
    assert len(told) == 1
    assert "景点介绍" in told[0][1]


def test_a_report_that_is_only_an_attachment(tmp_path: Path) -> None:
    title = "沈阳市大东区2018年政府信息公开工作年度报告"
    link = f'<p><a href="./P020190301.pdf">{title}.pdf</a></p>'
    body = f"<h1>{title}</h1><p>发布时间：2019-03-01</p><div class=TRS_Editor>{link}</div>"
    _, archive, _, _ = crawl(tmp_path, {**ALL, **FLAT, "/a/2018dd.html": html(body)})
    with sqlite3.connect(archive) as connection:
        text, report_id = connection.execute(
            "select text, id from reports where region = '大东区' and report_year = 2018"
        ).fetchone()
        files = connection.execute("select url, label, media_type from attachments where report_id = ?", (report_id,))
        (file,) = files.fetchall()
    assert text is None
    assert file[0].endswith("/a/P020190301.pdf")
    assert file[1:] == (f"{title}.pdf", "application/pdf")
