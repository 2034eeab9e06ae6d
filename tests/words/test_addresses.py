"""Addresses: joining as browsers do, one form for comparing, what a shape gives away."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.conventions.registry import is_article
from crawler.words.addresses import (
    canonical,
    column_prefix,
    is_beside,
    is_root,
    join,
    trap,
)

BASE = "http://www.x.gov.cn/zwgk/nb/index.html"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("./202111/t1.html", "http://www.x.gov.cn/zwgk/nb/202111/t1.html"),
        ("202111/t1.html", "http://www.x.gov.cn/zwgk/nb/202111/t1.html"),
        ("../2018n/", "http://www.x.gov.cn/zwgk/2018n/"),
        ("../../../../a.html", "http://www.x.gov.cn/a.html"),
        ("/a/../b.html", "http://www.x.gov.cn/b.html"),
        ("//y.gov.cn/a", "http://y.gov.cn/a"),
        ("https://y.gov.cn:8443", "https://y.gov.cn:8443"),
        (" /a\n b.html ", "http://www.x.gov.cn/a%20b.html"),
        ("\\zwgk\\a.htm", "http://www.x.gov.cn/zwgk/a.htm"),
        ("?page=2", "http://www.x.gov.cn/zwgk/nb/index.html?page=2"),
        ("\x7f?page=2", "http://www.x.gov.cn/zwgk/nb/index.html?page=2"),
        ("a.html#721", "http://www.x.gov.cn/zwgk/nb/a.html"),
        ("list.jsp;jsessionid=0A1B2C?id=3", "http://www.x.gov.cn/zwgk/nb/list.jsp?id=3"),
        ("#top", None),
        ("", None),
        ("javascript:void(0)", None),
        ("JavaScript:;", None),
        ("mailto:a@x.gov.cn", None),
        ("{{item.url}}", None),
        ("http://", None),
        ("http://x.gov.cn:port/", None),
    ],
)
def test_join(href: str, expected: str | None) -> None:
    assert join(BASE, href) == expected


@given(st.lists(st.sampled_from(["..", ".", "a", "b.html", "2018n"]), min_size=1, max_size=6).map("/".join))
def test_join_of_paths_is_what_urljoin_says(href: str) -> None:
    joined = join(BASE, href)
    assert joined is not None
    assert canonical(joined) == canonical(urljoin(BASE, href))


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_raises(base: str, href: str) -> None:
    for address in (join(base, href), join(BASE, href), base, "http://" + href):
        if address is not None:
            canonical(address)
            is_article(address)
            is_root(address)
            column_prefix(address)
            trap(address)


@given(st.text(max_size=60))
def test_canonical_is_its_own_canonical_form(path: str) -> None:
    once = canonical("http://x.gov.cn/" + path)
    assert canonical(once) == once


def test_canonical_forms_that_are_one() -> None:
    forms = [
        "HTTP://WWW.X.gov.cn:80/a%e5%b9%b4?id=1",
        "http://www.x.gov.cn/a%E5%B9%B4?id=1#top",
        "http://www.x.gov.cn./a年?id=1&utm_source=wx",
        "http://www.x.gov.cn/a年;jsessionid=AB12?id=1",
        "http://www.x.gov.cn/%61年?id=1&PHPSESSID=abcdef",
    ]
    assert len({canonical(form) for form in forms}) == 1


def test_canonical_forms_that_stay_apart() -> None:
    forms = [
        "http://x.gov.cn/a/",
        "https://x.gov.cn/a/",
        "http://x.gov.cn/a/index.html",
        "http://x.gov.cn/A/",
        "http://x.gov.cn:8080/a/",
        "http://x.gov.cn/a/?sid=2",
    ]
    assert len({canonical(form) for form in forms}) == len(forms)


@pytest.mark.parametrize(
    ("url", "prefix"),
    [
        ("http://x.gov.cn/zwgk/nb/", "http://x.gov.cn/zwgk/nb/"),
        ("http://x.gov.cn/zwgk/nb/index.html", "http://x.gov.cn/zwgk/nb/"),
        ("http://x.gov.cn/zwgk/nb.htm", "http://x.gov.cn/zwgk/nb/"),
        ("http://x.gov.cn/zwgk/nb", "http://x.gov.cn/zwgk/nb/"),
        ("http://x.gov.cn/c1/zfxxgk_list.shtml", "http://x.gov.cn/c1/"),
        ("http://x.gov.cn/", None),
        ("http://x.gov.cn/list.asp?cid=9", None),
    ],
)
def test_column_prefix(url: str, prefix: str | None) -> None:
    assert column_prefix(url) == prefix


def test_columns_that_are_only_numbers_stand_beside_each_other() -> None:
    assert is_beside("http://x.gov.cn/col/col283/index.html", "http://x.gov.cn/col/col282/index.html")
    assert is_beside("http://x.gov.cn/zw/c133077/", "http://x.gov.cn/zw/c133076/")
    assert is_beside("http://x.gov.cn/list.asp?cid=10", "http://x.gov.cn/list.asp?cid=9")
    assert not is_beside("http://x.gov.cn/zwgk/tzgg/", "http://x.gov.cn/zwgk/nb/")
    assert not is_beside("http://y.gov.cn/col/col283/", "http://x.gov.cn/col/col282/")


@pytest.mark.parametrize(
    "path",
    [
        "/zwgk/202111/t20211102_628771.html",
        "/art/2018/2/28/art_46355_1634538.html",
        "/zfb/201802/a21fdc42a21fdc42a21fdc42a21fdc42.shtml",
        "/info/1037/6799.htm",
        "/gkmlpt/content/0/963/post_963149.html",
        "/show.asp",
        "/a/P020.pdf",
        "/web/zwgkx/zfxxgknb/7ED90F8968BD491FB190A231069CA87B/index.shtml",
    ],
)
def test_addresses_of_articles(path: str) -> None:
    assert is_article("http://x.gov.cn" + path)


def test_addresses_of_columns_are_none() -> None:
    for path in ("/zwgk/2018n/", "/col/col282/index.html", "/list.asp?cid=9", "/zwgk/nb/3.htm"):
        assert not is_article("http://x.gov.cn" + path)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/search?q=a", "search_form"),
        ("/jsearch/index.jsp", "search_form"),
        ("/list.asp?keyword=a", "search_form"),
        ("/list.asp?keyword=", None),
        ("/tag/a.html", "trap"),
        ("/nb/?date=2018-01-01", "trap"),
        ("/nb/2018n/", None),
    ],
)
def test_traps(path: str, reason: str | None) -> None:
    assert trap("http://x.gov.cn" + path) == reason
