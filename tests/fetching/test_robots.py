"""robots.txt by RFC 9309, tried at the door: what is asked, what is not, and what the run says of it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.faults import Act, FaultyServer, reply, reset
from tests.support.crawling import Crawled, crawl, portal

LONG = b"User-agent: *\nDisallow: /a/1\n" + b"# filler\n" * 67_000 + b"Disallow: /\n"
"""589 KiB, of which the last line forbids all."""
FORBID_ALL = b"User-agent: *\nDisallow: /\n"


@dataclass(frozen=True, slots=True)
class Case:
    """A robots.txt of a portal of three reports; which of them are archived, the problems, and robots.txt's cost."""

    robots: Act
    reports: str
    kinds: tuple[str, ...] = ()
    times: int = 1


def rules(text: str) -> Act:
    """A robots.txt as it should be served."""
    return reply(200, text.encode(), "Content-Type: text/plain")


CASES = {
    "one page": Case(rules("User-agent: *\nDisallow: /a/1\n"), "02", ("robots",)),
    "our name": Case(rules("User-agent: *\nDisallow: /\n\nUser-agent: nianbao\nDisallow: /a/1\n"), "02", ("robots",)),
    "longest rule": Case(rules("\ufeffUser-agent: *\r\nDisallow: /a\r\nAllow: /a/1\r\n"), "1", ("robots", "robots")),
    "589 KiB": Case(reply(200, LONG), "02", ("robots",)),
    "redirects": Case(reply(302, b"", "Location: /r/1"), "02", ("robots",)),
    "404": Case(reply(404, FORBID_ALL), "012"),
    "403": Case(reply(403, FORBID_ALL), "012"),
    "HTML": Case(reply(200, b"<!doctype html>\n" + FORBID_ALL), "012"),
    "empty": Case(reply(200, b""), "012"),
    "garbage": Case(reply(200, b"\xff\xfe\x00garbage" * 100), "012"),
    "redirect off the hosts": Case(reply(302, b"", "Location: http://192.0.2.1/robots.txt"), "012"),
    "redirect to a file": Case(reply(302, b"", "Location: file:///etc/passwd"), "012"),
    "all": Case(rules("User-agent: *\nDisallow: /\n"), "", ("host_resting",)),
    "500": Case(reply(500, FORBID_ALL), "", ("host_resting", "robots"), 3),
    "503": Case(reply(503, b""), "", ("host_resting", "robots"), 3),
    "429": Case(reply(429, b""), "", ("host_resting", "robots"), 3),
    "reset": Case(reset, "", ("unreachable",), 3),
}
MOVED = {"/r/1": reply(301, b"", "Location: /r/2"), "/r/2": rules("User-agent: *\nDisallow: /a/1\n")}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawled, list[FaultyServer]]:
    with ExitStack() as stack:
        servers = [
            stack.enter_context(FaultyServer(portal(3) | {"/robots.txt": case.robots} | MOVED).serve())
            for case in CASES.values()
        ]
        homes = [f"http://127.0.0.1:{server.port}/" for server in servers]
        return crawl(tmp_path_factory.mktemp("robots"), homes), servers


@pytest.mark.parametrize("name", CASES)
def test_robots(crawled: tuple[Crawled, list[FaultyServer]], name: str) -> None:
    case, number = CASES[name], list(CASES).index(name)
    server = crawled[1][number]
    asked = server.paths()
    assert asked.count("/robots.txt") == case.times
    assert asked[0] == "/robots.txt"
    # What is forbidden is not asked; what is archived was.
    assert "".join(sorted(path[-1] for path in asked if path.startswith("/a/"))) == case.reports
    assert len([url for url in crawled[0].reports if f":{server.port}/" in url]) == len(case.reports)
    assert tuple(crawled[0].kinds(f"p{number}")) == case.kinds
    if not case.reports:
        assert set(asked) == {"/robots.txt"}


def test_a_forbidden_page_is_the_portals_right_a_forbidden_home_page_wants_a_person(tmp_path: Path) -> None:
    for name, code in (("one page", 0), ("all", 1)):
        with FaultyServer(portal(3) | {"/robots.txt": CASES[name].robots}).serve() as server:
            folder = tmp_path / name
            folder.mkdir()
            crawled = crawl(folder, [f"http://127.0.0.1:{server.port}/"])
        assert crawled.code == code
    [(_, kind, url, detail)] = crawled.problems
    assert (kind, url) == ("host_resting", f"http://127.0.0.1:{server.port}/")
    assert detail == "robots.txt forbids the home page; the portal is left alone"
