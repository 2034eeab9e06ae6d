"""Politeness, measured by the servers: one request at a time, never faster than asked, no host in another's way."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from tests.servers.faults import Act, FaultyServer, in_turn, reply
from tests.support.crawling import crawl, page, portal

SLACK = 0.005
"""Seconds by which a request may seem early: the way to the server is not always equally long."""


def after(event: threading.Event, act: Act, tell: threading.Event | None = None, seconds: float = 10) -> Act:
    """`act` once `event` is set, or after so many seconds; `tell` is set at once."""

    def waiting(connection: socket.socket, end: threading.Event) -> None:
        if tell is not None:
            tell.set()
        event.wait(seconds)
        act(connection, end)

    return waiting


def troubled() -> dict[str, Act]:
    """A portal of six reports with redirects, failures, and an answer that takes longer than the delay."""
    return portal(
        6,
        n1=in_turn(reply(500, b"oops"), page(1)),
        n2=reply(302, b"", "Location: /moved"),
        n3=in_turn(reply(429, b"", "Retry-After: 0"), page(3)),
        n4=after(threading.Event(), page(4), seconds=0.25),
    ) | {
        "/moved": page(2),
        "/robots.txt": reply(301, b"", "Location: /rules"),
        "/rules": reply(200, b"User-agent: *\nDisallow: /x\n"),
    }


def gaps(server: FaultyServer) -> list[float]:
    """Seconds from each request to the next."""
    return [later - earlier for (_, earlier, _), (_, later, _) in pairwise(server.asked)]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_one_at_a_time_never_faster_than_the_delay_hosts_in_parallel(tmp_path: Path, stack: ExitStack) -> None:
    servers = [stack.enter_context(FaultyServer(troubled()).serve()) for _ in range(2)]
    homes = [f"http://127.0.0.1:{server.port}/" for server in servers]
    crawled = crawl(tmp_path, homes, "delay = 0.1\nallow_private_addresses = true\n")
    assert len(crawled.reports) == 12, crawled.problems
    for server, other in (servers, servers[::-1]):
        # robots.txt and where it leads, home, column, six reports, two asked again, one redirect.
        assert len(server.asked) == 13
        assert max(under_way for _, _, under_way in server.asked) == 1
        assert min(gaps(server)) >= 0.1 - SLACK, list(zip(server.paths()[1:], gaps(server), strict=True))
        begun, ended = server.asked[0][1], server.asked[-1][1]
        assert sum(begun < at < ended for _, at, _ in other.asked) >= 6, "the hosts were not asked side by side"


def test_a_longer_crawl_delay_is_obeyed(tmp_path: Path, stack: ExitStack) -> None:
    rules = b"User-agent: other\nCrawl-delay: 9\n\nUser-agent: nianbao\nCrawl-delay: 0.3\n"
    slow = stack.enter_context(FaultyServer(portal(2) | {"/robots.txt": reply(200, rules)}).serve())
    crawled = crawl(tmp_path, [f"http://127.0.0.1:{slow.port}/"], "delay = 0.05\nallow_private_addresses = true\n")
    assert len(crawled.reports) == 2
    assert min(gaps(slow)) >= 0.3 - SLACK


def test_a_slow_host_with_a_long_line_is_in_nobodys_way(tmp_path: Path, stack: ExitStack) -> None:
    """More pages wait for the slow host than a run has places, before the other host's home page even answers."""
    hangs, other_done = threading.Event(), threading.Event()
    freed: list[bool] = []

    def hang(connection: socket.socket, end: threading.Event) -> None:
        hangs.set()
        freed.append(other_done.wait(100))
        # The rest of its line need not be fetched to see what is to be seen.
        reply(503, b"", "Retry-After: 7200")(connection, end)

    slow = stack.enter_context(FaultyServer(portal(450, n0=hang)).serve())
    acts = portal(5)
    acts["/"] = after(hangs, acts["/"])
    quick = stack.enter_context(FaultyServer(acts | {"/a/4": after(hangs, page(4), other_done)}).serve())
    crawled = crawl(tmp_path, [f"http://127.0.0.1:{server.port}/" for server in (slow, quick)])
    assert freed == [True], "the quick host was not done while the slow one hung"
    assert slow.paths() == ["/robots.txt", "/", "/nb/", "/a/0"]
    assert len(crawled.reports) == 5
    assert crawled.kinds("p0").count("host_resting") >= 1
    assert crawled.kinds("p1") == []
