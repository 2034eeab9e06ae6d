"""Which addresses are further pages of one article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.words.parts import own_number, part_number

SITE = "http://www.mou.gov.cn"


@pytest.mark.parametrize(
    ("article", "page", "number"),
    [
        ("/a/t2023.html", "/a/t2023_1.html", 1),
        ("/a/t2023.html", "/a/t2023-2.html", 2),
        ("/a/t2023.shtml", "/a/t2023_2.shtml", 2),
        ("/a/content_123.htm", "/a/content_123_2.htm", 2),
        ("/a/55.htm", "/a/55/3.htm", 3),
        ("/a/t.html", "/a/t.html?page=2", 2),
        ("/s.jsp?id=5", "/s.jsp?id=5&pageNo=2", 2),
        ("/s.jsp?id=5&page=1", "/s.jsp?page=3&id=5", 3),
        # other articles, other lists, other hosts
        ("/a/content_123.htm", "/a/content_124.htm", None),
        ("/a/t2023_1.html", "/a/t2023_2.html", None),
        ("/s.jsp?id=5", "/s.jsp?id=6", None),
        ("/s.jsp?id=5", "/s.jsp?id=6&page=2", None),
        ("/a/t2023.html", "/b/t2023_1.html", None),
        ("/a/t2023.html", "/a/t2023_1.pdf", None),
        ("/a/t2023.html", "/a/t2023_2024.html", None),
        ("/a/t2023.html", "/a/t2023.html#2", None),
        ("/a/t2023.html", "http://www.other.gov.cn/a/t2023_1.html", None),
    ],
)
def test_the_number_of_a_page(article: str, page: str, number: int | None) -> None:
    assert part_number(SITE + article, page if page.startswith("http") else SITE + page) == number


def test_a_page_that_is_itself_numbered() -> None:
    assert own_number(SITE + "/a/t2023_1.html") == 1
    assert own_number(SITE + "/a/t.html?x_1") is None
    assert part_number(SITE + "/a/t_1.html", SITE + "/a/t_2.html", numbered=True) == 2


@given(st.text(max_size=60), st.text(max_size=60))
def test_never_raises(article: str, page: str) -> None:
    part_number(article, page)
    part_number(SITE + "/" + article, SITE + "/" + page, numbered=True)
    own_number(page)
