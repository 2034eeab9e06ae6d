"""Every fault of the network, tried over loopback in one crawl of many portals: what becomes of it, and what it costs.

docs/faults.md has the same table; a test holds them against each other.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from tests import ROOT
from tests.navigation.test_trails import html, menu, report, rows
from tests.servers.faults import Act, FaultyServer, drip, endless, in_turn, raw, reply, reset

FAULT = "/a/2018xm.html"
GOOD = "/a/2018dd.html"
PAGE = report("新民市", 2018).encode()
BIG = PAGE.replace(b"</body>", b"<!--" + b"x" * (20 << 20) + b"--></body>")
CHALLENGE = b"<script>document.cookie='__jsl_clearance=1';location.href=location.pathname</script>"
OK = reply(200, PAGE)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
ODD = "X Serial No: 7\r\n校验: ok\r\nX-Powered-By : a\r\n folded\r\nno colon\r\n".encode()
HALVES = PAGE[:700], PAGE[700:]
CHUNKS = b"".join(b"  %x  ;note\r\n%s\r\n" % (len(half), half) for half in HALVES)
"""Chunks with blanks around their sizes, and none at the end."""
LF_CHUNKS = b"".join(b"%X\n%s\n" % (len(half), half) for half in HALVES) + b"0\n\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
WAIT = "<html><body>页面正在打开，请稍等……</body></html>".encode()
LATER = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
SOON = format_datetime(datetime.now(UTC), usegmt=True)


@dataclass(frozen=True, slots=True)
class Fault:
    """`act` at `at`; `kind` of problem that must be told (None: none), words in it, requests of the address."""

    act: Act
    kind: str | None
    words: str = ""
    asked: int = 1
    at: str = FAULT
    others: bool = True
    """Whether the other pages of the portal are archived."""


FAULTS: dict[str, Fault] = {
    "connection reset": Fault(reset, "unreachable", "broke off", 3),
    "slow drip": Fault(drip, "unreachable", "no answer in time", 3),
    "no end": Fault(endless, "too_large", "size limit"),
    "cut short": Fault(reply(200, PAGE[:-100], length=len(PAGE)), "truncated", "fewer bytes", 3),
    "gzip cut short": Fault(reply(200, gzip.compress(PAGE)[:-50], "Content-Encoding: gzip"), "truncated", "middle"),
    "brotli cut short": Fault(reply(200, brotli.compress(PAGE)[:-9], "Content-Encoding: br"), "truncated", "middle"),
    "zstd cut short": Fault(reply(200, zstandard.compress(PAGE)[:-9], "Content-Encoding: zstd"), "truncated", "middle"),
    "says gzip, is plain": Fault(reply(200, PAGE, "Content-Encoding: gzip"), None),
    "gzip twice": Fault(reply(200, gzip.compress(gzip.compress(PAGE)), "Content-Encoding: gzip"), None),
    "says br, is garbage": Fault(reply(200, b"\x03garbage" * 50, "Content-Encoding: br"), "bad_coding", "br"),
    "gzip bomb": Fault(
        reply(200, gzip.compress(b" " * (80 << 20)), "Content-Encoding: gzip"), "too_large", "unpack to more"
    ),
    "20 MB page": Fault(reply(200, BIG), None),
    "redirect loop": Fault(reply(302, b"", f"Location: {FAULT}"), "redirect_loop", "itself"),
    "redirect to another host": Fault(reply(302, b"", "Location: http://192.0.2.1/"), "host_not_allowed", "192.0.2.1"),
    "500 once": Fault(in_turn(reply(500, b"oops"), OK), None, "", 2),
    "500 for ever": Fault(reply(500, b"oops"), "http_error", "500", 3),
    "429, Retry-After: 0": Fault(in_turn(reply(429, b"", "Retry-After: 0"), OK), None, "", 2),
    "503, Retry-After: date": Fault(in_turn(reply(503, b"", f"Retry-After: {SOON}"), OK), None, "", 2),
    "503, Retry-After: 7200": Fault(reply(503, b"", "Retry-After: 7200"), "host_resting", "7200 seconds"),
    "503, Retry-After: date hours away": Fault(reply(503, b"", f"Retry-After: {LATER}"), "host_resting", "to wait"),
    "challenge with 503": Fault(reply(503, CHALLENGE), "challenge", "503", 2),
    "no header's name": Fault(raw(HEAD + ODD + b"\r\n" + PAGE), None),
    "no status line": Fault(raw(PAGE), None),
    "blank lines before the status line": Fault(raw(b"\r\n\r\n" + HEAD + b"\r\n" + PAGE), None),
    "a status line without a version": Fault(raw(b"HTTP 200 fine\nContent-Type: text/html\n\n" + PAGE), None),
    "lengths that disagree": Fault(
        raw(HEAD + b"Content-Length: 9\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE), None
    ),
    "an empty length": Fault(raw(HEAD + b"Content-Length:\r\n\r\n" + PAGE), None),
    "a length that is too great": Fault(reply(200, PAGE, length=len(PAGE) + 60), None),
    "coded as identity": Fault(raw(HEAD + b"Transfer-Encoding: identity\r\n\r\n" + PAGE), None),
    "padded chunks": Fault(raw(CHUNKED + CHUNKS + b" 0 \r\n\r\n"), None),
    "chunks with LF alone": Fault(raw(CHUNKED + LF_CHUNKS), None),
    "no last chunk": Fault(raw(CHUNKED + CHUNKS), None),
    "half of the chunks": Fault(raw(CHUNKED + CHUNKS[:600]), "truncated", "fewer bytes", 3),
    "says chunked, is not": Fault(raw(CHUNKED + PAGE), None),
    "nothing at first": Fault(in_turn(reply(200, b""), OK), None, "", 2),
    "please wait at first": Fault(in_turn(reply(202, WAIT), OK), None, "", 2),
    "nothing for ever": Fault(reply(200, b""), "empty_answer", "nothing came", 3),
    "404 over a report": Fault(reply(404, PAGE), "odd_status", "404"),
    "500 over a report": Fault(reply(500, PAGE), "odd_status", "500"),
    "a cookie, and itself again": Fault(
        in_turn(reply(302, b"", f"Location: {FAULT}", "Set-Cookie: visit=1; path=/"), OK), None, "", 2
    ),
    "a cookie, and itself for ever": Fault(
        reply(302, b"", f"Location: {FAULT}", "Set-Cookie: visit=1"), "redirect_loop", "itself", 3
    ),
    "robots.txt forbids": Fault(reply(200, f"User-agent: *\nDisallow: {FAULT}".encode()), "robots", "forbids", 0),
    "robots.txt is a 500": Fault(reply(500, b"oops"), "host_resting", "500", 3, "/robots.txt", others=False),
    "robots.txt is HTML": Fault(reply(200, b"<html><pre>\nUser-agent: *\nDisallow: /\n"), None, "", 1, "/robots.txt"),
    "robots.txt redirects for ever": Fault(reply(302, b"", "Location: /robots.txt"), None, "", 6, "/robots.txt"),
}


def site(fault: Fault, name: str) -> FaultyServer:
    links = (GOOD, "沈阳市大东区2018年政府信息公开工作年度报告"), (FAULT, "沈阳市新民市2018年政府信息公开工作年度报告")
    pages: dict[str, Act] = {
        "/": reply(200, html(menu(("/nb/", "政府信息公开年报"))).encode()),
        "/nb/": reply(200, html(rows(*links)).encode()),
        GOOD: reply(200, report("大东区", 2018).encode()),
        FAULT: OK,
    }
    return FaultyServer(pages | {"/robots.txt" if name == "robots.txt forbids" else fault.at: fault.act})


TIMES_OUT = "slow drip"
"""The fault that is over by the clock alone. It has a crawl of its own: in no other does a request end because the
machine was busy, and a request that was made twice would be counted."""
NEVER = "600"


def environment(**more: str) -> dict[str, str]:
    return os.environ | {"NIANBAO_TIMEOUT": NEVER, "NIANBAO_RETRY_WAITS": "0.02,0.05"} | more


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("faults")
    arguments: dict[str, list[str]] = {NEVER: [], "3": []}
    with ExitStack() as stack:
        servers = {}
        for number, (name, fault) in enumerate(FAULTS.items()):
            server = servers[name] = stack.enter_context(site(fault, name).serve())
            profile = folder / f"p{number}.toml"
            profile.write_text(
                f'id = "p{number}"\nname = "示例"\nhome = "http://127.0.0.1:{server.port}/"\nregion = "210100"\n'
                "delay = 0\nallow_private_addresses = true\n"
            )
            arguments["3" if name == TIMES_OUT else NEVER] += ["--profile", str(profile)]
        crawls = [
            stack.enter_context(
                subprocess.Popen(
                    [
                        sys.executable,
                        "-m",
                        "crawler",
                        "crawl",
                        "--archive",
                        str(folder / f"{seconds}.db"),
                        "--json",
                        *of,
                    ],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    cwd=ROOT,
                    env=environment(NIANBAO_TIMEOUT=seconds),
                )
            )
            for seconds, of in arguments.items()
        ]
        done = [(*crawl.communicate(), crawl.returncode) for crawl in crawls]
    problems, urls = [], []
    for seconds in arguments:
        with sqlite3.connect(folder / f"{seconds}.db") as archive:
            problems += archive.execute("select portal, kind, detail from problems").fetchall()
            urls += archive.execute("select portal, url, length from captures where kind = 'report'").fetchall()
    return {"done": done, "servers": servers, "problems": problems, "reports": urls}


def test_ends_well(crawled: dict[str, Any]) -> None:
    for printed, said, code in crawled["done"]:
        assert code == 1
        assert "Traceback" not in said
        assert json.loads(printed.splitlines()[-1])["status"] == "finished"


@pytest.mark.parametrize("name", FAULTS)
def test_fault(crawled: dict[str, Any], name: str) -> None:
    fault, portal = FAULTS[name], f"p{list(FAULTS).index(name)}"
    told = [(kind, detail) for owner, kind, detail in crawled["problems"] if owner == portal]
    if fault.kind is None:
        # A page of 20 MB is fetched whole; of its source no more is read than any real one has.
        assert [kind for kind, _ in told] == (["page_cut"] if name == "20 MB page" else [])
    else:
        assert any(kind == fault.kind and fault.words in detail for kind, detail in told), told
    paths = crawled["servers"][name].paths()
    assert paths.count(fault.at) == fault.asked
    reports = {
        url.partition("127.0.0.1")[2].partition("/")[2]: size
        for owner, url, size in crawled["reports"]
        if owner == portal
    }
    assert (GOOD[1:] in reports) == fault.others
    assert (FAULT[1:] in reports) == (fault.kind in (None, "odd_status"))
    if name == "20 MB page":
        assert reports[FAULT[1:]] == len(BIG)


def test_the_docs_have_every_fault() -> None:
    page = (ROOT / "docs" / "faults.md").read_text("utf-8")
    for name, fault in FAULTS.items():
        assert f"| {name} | {fault.kind or 'none'} | {fault.asked} |" in page
