"""A host's cookies: what it set by header, for itself, and no more."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import Response

from crawler.fetching.cookies import MOST_COOKIES, Cookies, Jar
from crawler.fetching.luggage import Answer, Luggage
from crawler.fetching.state import RunState
from crawler.portals.profile import Profile
from crawler.records.ways import Next, Position

NOW = datetime(2026, 11, 29, tzinfo=UTC)
PAGE = "http://www.a.gov.cn/zwgk/nb/index.html"


def jar(*lines: str, url: str = PAGE) -> Jar:
    made = Jar()
    for line in lines:
        made.take(url, line, NOW)
    return made


@pytest.mark.parametrize(
    ("lines", "url", "sent"),
    [
        (["a=1; Path=/"], "http://www.a.gov.cn/", "a=1"),
        (["a=1; Path=/; Domain=.a.gov.cn"], "http://b.a.gov.cn/", None),
        (["a=1; path=/; Domain=other.cn"], "http://www.a.gov.cn/", "a=1"),
        (["a=1"], "http://www.a.gov.cn/zwgk/nb/2.html", "a=1"),
        (["a=1"], "http://www.a.gov.cn/zwgk/", None),
        (["a=1; Path=/zwgk"], "http://www.a.gov.cn/zwgkml/", None),
        (["a=1; Path=/", "a=2; Path=/"], "http://www.a.gov.cn/", "a=2"),
        (["a=1; Path=/", "b=2; Path=/zwgk/"], "http://www.a.gov.cn/zwgk/x", "b=2; a=1"),
        (["a=1; Path=/; Secure"], "http://www.a.gov.cn/", None),
        (["a=1; Path=/; Secure"], "https://www.a.gov.cn/", "a=1"),
        (["a=1; Path=/", "a=; Path=/; Max-Age=0"], "http://www.a.gov.cn/", None),
        (["a=1; Path=/", "a=; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT"], "http://www.a.gov.cn/", None),
        (["a=1; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT; HttpOnly"], "http://www.a.gov.cn/", "a=1"),
        (["a=1; Path=/; Expires=soon"], "http://www.a.gov.cn/", "a=1"),
        (['a="x y"; Path=/'], "http://www.a.gov.cn/", 'a="x y"'),
        (["a=b=c; Path=/"], "http://www.a.gov.cn/", "a=b=c"),
        (["=1; Path=/", "a b=1; Path=/", "a=1\r\nX: y; Path=/", ""], "http://www.a.gov.cn/", None),
        (["a=1; Path=/"], "http://www.a.gov.cn:8080/", None),
    ],
)
def test_what_is_sent(lines: list[str], url: str, sent: str | None) -> None:
    assert jar(*lines).header(url) == sent


def test_a_host_has_so_many_and_no_more() -> None:
    full = jar(*(f"n{number}=1; Path=/" for number in range(MOST_COOKIES + 5)))
    assert (full.header("http://www.a.gov.cn/") or "").count("=") == MOST_COOKIES


@given(st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace").decode("latin-1")))
def test_nothing_raises_and_nothing_breaks_a_header(line: str) -> None:
    sent = jar(line).header(PAGE) or ""
    assert not set(sent) & set("\r\n;\0")
    sent.encode("latin-1")


def test_what_a_challenge_sets_is_not_kept() -> None:
    profile = Profile("a", "甲", "http://www.a.gov.cn/", "210100")
    kept = Cookies(RunState([profile], range(2008, 2027)))
    luggage = Luggage(profile, Next(PAGE, "年报", Position(), "item", 1), answer=Answer("2026-11-29T00:00:00Z", ()))
    request = Request(PAGE, meta=luggage.meta())
    guard = b"<script>document.cookie='__jsl_clearance=1';location.reload()</script>"
    for status, body in ((521, guard), (200, guard)):
        response = Response(PAGE, status, {"Set-Cookie": "__jsluid=1; Path=/"}, body)
        assert asyncio.run(kept.process_response(request, response)) is response
    assert kept.jar.header(PAGE) is None
    page = Response(PAGE, 200, {"Set-Cookie": "s=1; Path=/"}, b"<h1>a page</h1>")
    assert asyncio.run(kept.process_response(request, page)) is page
    assert kept.jar.header(PAGE) == "s=1"
