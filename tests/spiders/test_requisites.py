"""What pages need to look as they did: asked for once, within the rules, kept as a kind of its own."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.navigation.requisites import MOST, as_text, of_page, of_style
from tests.archive.test_warc import nianbao
from tests.navigation.test_trails import html, menu, report, rows
from tests.servers.faults import Act, FaultyServer, reply
from tests.support.crawling import crawl

PICTURE = b"\x89PNG\r\n\x1a\n" + b"p" * 40
STYLE = b"""@import "more.css"; /* url(/never.png) */
body { background: url('/img/body.png') } @font-face { src: url(/fonts/a.woff2) format("woff2") }"""
HEAD = '<link rel="stylesheet" href="/css/main.css"><script src="/never.js"></script>'


def dressed(page: str) -> bytes:
    return page.replace("<body>", f"{HEAD}<body><img src='/img/logo.png'>", 1).encode()


def site(**more: Act) -> dict[str, Act]:
    listed = ("/a/0", "沈阳市大东区2018年政府信息公开工作年度报告")
    text = report("大东区", 2018)
    return {
        "/": reply(200, dressed(html(menu(("/nb/", "政府信息公开年报"))))),
        "/nb/": reply(200, dressed(html(rows(listed)))),
        "/a/0": reply(200, dressed(text)),
        "/robots.txt": reply(200, b"User-agent: *\nDisallow: /fonts/\n"),
        "/css/main.css": reply(200, STYLE, "Content-Type: text/css", 'ETag: "1"'),
        "/css/more.css": reply(200, b"p { background: url(/deeper.png) }", "Content-Type: text/css"),
        "/img/logo.png": reply(302, b"", "Location: /img/moved.png"),
        "/img/moved.png": reply(200, PICTURE, "Content-Type: image/png"),
        "/img/body.png": reply(404, b"<html><body>404</body></html>", "Content-Type: text/html"),
        **more,
    }


def kinds(archive: Path, *columns: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(archive)
    try:
        query = f"select {', '.join(columns)} from captures where kind = 'requisite' order by id"
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def paths(archive: Path) -> list[str]:
    return ["/" + url.split("/", 3)[3] for (url,) in kinds(archive, "url")]


def test_styles_pictures_and_what_styles_name_are_asked_for_once_and_told(tmp_path: Path) -> None:
    with FaultyServer(site()).serve() as server:
        crawled = crawl(tmp_path, [f"http://127.0.0.1:{server.port}/"], further=["--requisites"])
        asked = server.paths()
    assert crawled.code == 0, crawled.said
    assert len(crawled.reports) == 1
    assert paths(tmp_path / "a.db") == [
        "/css/main.css", "/img/logo.png", "/img/moved.png", "/css/more.css", "/img/body.png",
    ]  # fmt: skip
    assert len(asked) == len(set(asked))
    assert not {"/never.js", "/never.png", "/deeper.png", "/fonts/a.woff2"} & set(asked)
    (problem,) = [detail for _, kind, _, detail in crawled.problems if kind == "requisites_missing"]
    assert "/img/body.png (status 404)" in problem
    assert "robots.txt forbids" in problem
    assert set(crawled.kinds()) == {"requisites_missing"}
    assert nianbao("verify", "--archive", str(tmp_path / "a.db")).exit_code == 0


def test_without_the_option_nothing_is_asked_and_a_later_run_with_it_catches_up(tmp_path: Path) -> None:
    with FaultyServer(site()).serve() as server:
        home = [f"http://127.0.0.1:{server.port}/"]
        crawl(tmp_path, home)
        assert paths(tmp_path / "a.db") == []
        keys = "delay = 0\nallow_private_addresses = true\nrequisites = true\n"
        crawl(tmp_path, home, keys)
        assert "/css/main.css" in paths(tmp_path / "a.db")
        before = len(server.paths())
        third = crawl(tmp_path, home, keys)
        again = server.paths()[before:]
    assert not [path for path in again if path.startswith(("/css/", "/img/"))]
    assert third.code == 0


def test_a_run_is_bounded_and_the_next_goes_on(tmp_path: Path) -> None:
    with FaultyServer(site()).serve() as server:
        home = [f"http://127.0.0.1:{server.port}/"]
        first = crawl(tmp_path, home, further=["--requisites"], NIANBAO_REQUISITES="1")
        assert paths(tmp_path / "a.db") == ["/css/main.css"]
        assert "left to the next run" in json.dumps(first.problems)
        crawl(tmp_path, home, further=["--requisites"])
        assert "/img/moved.png" in paths(tmp_path / "a.db")


def test_other_hosts_are_not_asked_and_named(tmp_path: Path) -> None:
    page = dressed(html(menu(("/nb/", "政府信息公开年报")))).replace(b"/img/logo.png", b"http://cdn.example.com/x.png")
    with FaultyServer(site(**{"/": reply(200, page)})).serve() as server:
        crawled = crawl(tmp_path, [f"http://127.0.0.1:{server.port}/"], further=["--requisites"])
    (problem,) = [detail for _, kind, _, detail in crawled.problems if kind == "requisites_missing"]
    assert "http://cdn.example.com/x.png (a host that the profile does not allow)" in problem


def test_rebuild_gives_them_again_and_warc_has_them(tmp_path: Path) -> None:
    archive = tmp_path / "a.db"
    with FaultyServer(site()).serve() as server:
        crawl(tmp_path, [f"http://127.0.0.1:{server.port}/"], further=["--requisites"])
    before = kinds(archive, "url", "kind", "media_type", "evidence", "context")
    assert nianbao("rebuild", "--all", "--archive", str(archive)).exit_code == 0
    assert kinds(archive, "url", "kind", "media_type", "evidence", "context") == before
    path = tmp_path / "a.warc.gz"
    assert nianbao("export", "warc", str(path), "--archive", str(archive)).exit_code == 0
    with path.open("rb") as file:
        answers = {
            record.rec_headers.get_header("WARC-Target-URI").split("/", 3)[3]: record.content_stream().read()
            for record in ArchiveIterator(file)
            if record.rec_type == "response"
        }
    assert answers["css/main.css"] == STYLE
    assert answers["img/moved.png"] == PICTURE
    other = tmp_path / "b.db"
    assert nianbao("import", str(path), "--archive", str(other)).exit_code == 0
    assert kinds(other, "url", "kind") == kinds(archive, "url", "kind")


@pytest.mark.parametrize(
    ("style", "named"),
    [
        ("a{b:url( x.png )}", ["http://a.cn/c/x.png"]),
        ('a{b:url("x y.png")}', ["http://a.cn/c/x%20y.png"]),
        ("@import '../y.css' screen;@IMPORT url(z.css);", ["http://a.cn/y.css", "http://a.cn/c/z.css"]),
        ("/* url(no.png) */ /* open url(no.png)", []),
        ("a{b:url(data:image/png;base64,AA==)} svg{fill:url(#f)} c{d:url()}", []),
        ("a{b:url(f.eot?#iefix)}", ["http://a.cn/c/f.eot?"]),
    ],
)
def test_addresses_of_a_style(style: str, named: list[str]) -> None:
    assert of_style(style, "http://a.cn/c/s.css") == named


def test_addresses_of_a_page() -> None:
    tree = lxml.html.document_fromstring(
        '<base href="/b/"><link rel="Shortcut ICON" href="i.ico"><link rel="next" href="no"><style>a{b:url(s.png)}'
        '</style><img src="p.png" srcset="q.png 1x, r.png 2x"><table background="t.gif"><td style="c:url(u.gif)">'
        '</table><script src="no.js"></script><iframe src="no"></iframe>'
    )
    found = of_page(tree, "http://a.cn/x/y.html")
    assert found == [
        f"http://a.cn/b/{name}" for name in ("i.ico", "s.png", "p.png", "q.png", "r.png", "t.gif", "u.gif")
    ]
    many = "".join(f"<img src='{number}.png'>" for number in range(MOST + 5))
    assert len(of_page(lxml.html.document_fromstring(many), "http://a.cn/")) == MOST


def test_a_style_in_either_charset() -> None:
    assert as_text("é".encode()) == "é"
    assert as_text("宋体".encode("gb18030")) == "宋体"
