"""Lists that once ended in silence, crawled by the command: walked to their end, or told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.navigation.test_trails import html, menu, report, rows
from tests.servers.faults import Act, FaultyServer, reply
from tests.support.crawling import crawl

PLACES = ("大东区", "和平区", "新民市")
PAGE = 3
COUNT = 7


def entry(number: int) -> tuple[str, str]:
    place, year = PLACES[number % 3], 2015 + number // 3
    return f"/a/{number}.html", f"沈阳市{place}{year}年政府信息公开工作年度报告"


def portal(foot: Callable[[int], str], header: Callable[[int], str | None] = lambda page: None) -> dict[str, Act]:
    """A list of three pages, /nb/, /nb/index_1.html and /nb/index_2.html; `foot` stands below the rows of each, and
    `header` comes with it, by its number from 1."""
    pages = {"/": reply(200, html(menu(("/nb/", "政府信息公开年报"))).encode())}
    for page in range(1, 4):
        shown = [entry(number) for number in range(PAGE * (page - 1), min(COUNT, PAGE * page))]
        said = header(page)
        address = "/nb/" if page == 1 else f"/nb/index_{page - 1}.html"
        pages[address] = reply(200, html(rows(*shown), foot(page)).encode(), *([said] if said else []))
    for number in range(COUNT):
        pages[entry(number)[0]] = reply(200, report(PLACES[number % 3], 2015 + number // 3).encode())
    return pages


def following(page: int) -> str | None:
    return f'Link: </nb/>; rel="first", <index_{page}.html>; rel="next"' if page < 3 else None


LOOP = (
    "<script>for(var i=1;i<=3;i++){document.write('<a href=\"index'+(i==1?'':'_'+(i-1))+'.html\">'+i+'</a>')}</script>"
)
WALKED = {
    "a header says the next page": portal(lambda page: "", following),
    "a loop writes the pager": portal(lambda page: LOOP),
}


def without(address: str, status: int) -> dict[str, Act]:
    """The same list turned by links, of which what stands at an address is an answer of nothing."""
    pages = portal(lambda page: f"<a href=/nb/index_{page}.html>下一页</a>" if page < 3 else "")
    return pages | {address: reply(status, b"")}


EMPTY = {204: "/nb/index_2.html", 205: "/nb/index_1.html", 200: "/nb/index_2.html"}
TOLD = {
    "a loop of unknown bounds": (
        portal(lambda page: f"<script src=/n.js></script>{LOOP.replace('i<=3', 'i<=pages')}"),
        "paging_doubtful",
        "a loop of a script",
    ),
    "a script counts the entries": (
        portal(lambda page: "<script>var totalCount = 7;\nvar pageSize = 3;</script>"),
        "list_incomplete",
        "states 7 items and 3",
    ),
}


def test_no_list_ends_in_silence(tmp_path: Path) -> None:
    portals = [*WALKED.values(), *(pages for pages, _, _ in TOLD.values())]
    with ExitStack() as stack:
        servers = [FaultyServer(pages) for pages in portals]
        for server in servers:
            stack.enter_context(server.serve())
        homes = [f"http://127.0.0.1:{server.port}/" for server in servers]
        came = crawl(tmp_path, homes)
    found = [sum(url.startswith(home) for url in came.reports) for home in homes]
    assert found == [COUNT] * len(WALKED) + [PAGE] * len(TOLD)
    told = {owner: (kind, detail) for owner, kind, _, detail in came.problems if kind.startswith(("paging", "list"))}
    assert sorted(told) == [f"p{number}" for number in range(len(WALKED), len(portals))]
    for owner, (_, expected, words) in zip(sorted(told), TOLD.values(), strict=True):
        kind, detail = told[owner]
        assert kind == expected
        assert words in detail


def test_a_page_of_a_list_and_a_file_that_are_nothing_are_told(tmp_path: Path) -> None:
    file = b'<p><a href="/a/x.pdf">2015.pdf</a></p></div>'
    whole = report(PLACES[0], 2015).encode().replace(b"</div>", file)
    portals = [
        *(without(address, status) for status, address in EMPTY.items()),
        *(
            without("/a/x.pdf", status) | {"/a/x.pdf": reply(status, b"", "Content-Type: application/pdf")}
            for status in (204, 200)
        ),
    ]
    for pages in portals[-2:]:
        pages["/a/0.html"] = reply(200, whole)
    with ExitStack() as stack:
        servers = [FaultyServer(pages) for pages in portals]
        for server in servers:
            stack.enter_context(server.serve())
        homes = [f"http://127.0.0.1:{server.port}/" for server in servers]
        came = crawl(tmp_path, homes)
    told = sorted((owner, kind, "/" + url.split("/", 3)[3]) for owner, kind, url, _ in came.problems)
    addresses = [*EMPTY.values(), "/a/x.pdf", "/a/x.pdf"]
    assert [row for row in told if row[1] == "empty_answer"] == [
        (f"p{number}", "empty_answer", address) for number, address in enumerate(addresses)
    ]
