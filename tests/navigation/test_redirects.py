"""Pages that only send on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.navigation.redirects import redirect_target
from crawler.navigation.walk import Walk
from crawler.records.capture import Capture, Step
from crawler.records.ways import Plan, Position
from pipelines.decode.stage import decode

URL = "http://www.x.gov.cn/zwgk/index.html"


def target(html: str, status: int = 200, headers: list[tuple[str, str]] | None = None) -> str | None:
    return redirect_target(decode(Capture(URL, status, headers or [], html.encode(), "")))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<meta http-equiv="refresh" content="0;url=/new/">', "http://www.x.gov.cn/new/"),
        ("<META HTTP-EQUIV=REFRESH CONTENT=\"5; URL='new.html'\">", "http://www.x.gov.cn/zwgk/new.html"),
        ("<script>location.href='a.html'</script>", "http://www.x.gov.cn/zwgk/a.html"),
        ('<script>window.location.replace("https://x.gov.cn/");</script>', "https://x.gov.cn/"),
        ("<script>top.location = '../'</script>", "http://www.x.gov.cn/"),
        ("<script>setTimeout(\"location.href='/b/'\",5000)</script>", "http://www.x.gov.cn/b/"),
        ("<body onload=\"location.assign('/c/')\">", "http://www.x.gov.cn/c/"),
        ("<script>// location.href='/old/'\nlocation.href='/new/'</script>", "http://www.x.gov.cn/new/"),
        ('<!-- <meta http-equiv="refresh" content="0;url=/new/"> -->', None),
        ('<meta http-equiv="refresh" content="30">', None),
        ("<script>location.href='/d?id='+id</script>", None),
        ("<script>if(/Android/.test(navigator.userAgent))location.href='/m/'</script>", None),
        ("<script>location.href=url</script>", None),
        ("<p>" + "政府信息公开" * 40 + "</p><script>location.href='a.html'</script>", None),
        ("<script>location.href='javascript:;'</script>", None),
        ("", None),
    ],
)
def test_where_a_page_sends_on_to(html: str, expected: str | None) -> None:
    assert target(html) == expected


def test_location_of_a_redirect() -> None:
    assert target("", 302, [("Location", "/a/")]) == "http://www.x.gov.cn/a/"
    assert target("", 301, []) is None
    raw = "/年报/".encode().decode("latin-1")
    assert target("", 301, [("location", raw)]) == "http://www.x.gov.cn/%E5%B9%B4%E6%8A%A5/"
    assert (
        target("<meta http-equiv=refresh content='0;url=/b/'>", 200, [("Location", "/a/")]) == "http://www.x.gov.cn/b/"
    )


@settings(max_examples=80, deadline=None)
@given(
    st.integers(200, 399),
    st.lists(
        st.sampled_from(
            [
                "<script>",
                "</script>",
                "location.href=",
                "'",
                '"',
                "<meta http-equiv=refresh content=",
                "url=",
                "//",
                "/*",
            ]
        )
        | st.text(max_size=8),
        max_size=30,
    ).map("".join),
)
def test_nothing_raises(status: int, html: str) -> None:
    page = decode(Capture(URL, status, [("Location", html)], html.encode("utf-8", "replace"), ""))
    assert redirect_target(page) is None or str(redirect_target(page)).startswith("http")


HOME = "http://www.x.gov.cn/"


@pytest.mark.parametrize(("redirects", "followed"), [(0, True), (1, True), (4, True), (5, False), (6, False)])
def test_five_redirects_in_a_row_are_followed(redirects: int, followed: bool) -> None:
    """`redirects`: those that led to the page, itself a redirect."""
    walk = Walk(Plan(HOME, "210100", None, range(2008, 2027), lambda url: True))
    page = decode(Capture(URL, 302, [("Location", "/nb/")], b"", ""))
    page.kind = "redirect"
    ways = walk.arrive(page, Position((Step("首页", HOME), Step("年报", URL))), "redirect", redirects)
    assert [way.url for way in ways] == [HOME + "nb/"] * followed
    assert [problem.kind for problem in page.problems] == ["redirect_loop"] * (not followed)
