"""Addresses of files as requested, and out of their viewers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request

from crawler.words.files import located, shown_file, spelled

PAGE = "http://www.mou.gov.cn/a/1.html"
SITE = "http://www.mou.gov.cn"


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("年报.doc", "/a/%E5%B9%B4%E6%8A%A5.doc"),
        ("b 2.xlsx", "/a/b%202.xlsx"),
        (" b.doc \u3000", "/a/b.doc"),
        ("b.pdf#page=2", "/a/b.pdf"),
        (r"..\f\b.doc", "/f/b.doc"),
        ("表（三）[1]+2.xls", "/a/%E8%A1%A8%EF%BC%88%E4%B8%89%EF%BC%89%5B1%5D+2.xls"),
        ("/d.jsp?name=表.xls", "/d.jsp?name=%E8%A1%A8.xls"),
        ("%B1%ED.xls", "/a/%B1%ED.xls"),
        ("100%.doc", "/a/100%.doc"),
        ("/pdfjs/web/viewer.html?file=%2Ff%2Fb.pdf#page=3", "/f/b.pdf"),
        ("/v/show.html#pdf=/f/年 报.pdf", "/f/%E5%B9%B4%20%E6%8A%A5.pdf"),
    ],
)
def test_an_address_as_it_is_requested(written: str, asked: str) -> None:
    assert located(PAGE, written) == SITE + asked


def test_a_query_is_in_the_charset_of_its_page() -> None:
    assert located(PAGE, "/d.jsp?name=表.xls", "gb18030") == SITE + "/d.jsp?name=%B1%ED.xls"


@pytest.mark.parametrize("written", ["", "#", "javascript:f()", "file:///C:/b.doc", "mailto:a@b.cn", "http://[x/b.doc"])
def test_what_is_no_address_of_a_file(written: str) -> None:
    assert located(PAGE, written) is None


@pytest.mark.parametrize(
    ("viewer", "file"),
    [
        ("/view.jsp?pdfurl=/f/b.pdf&t=1", "/f/b.pdf"),
        ("/web/viewer.html?file=b.pdf", "/web/b.pdf"),
        ("/pageflip/?pdf=../f/b.pdf", "/f/b.pdf"),
        ("/v.html?src=http%253A%252F%252Fwww.mou.gov.cn%252Fb.docx", "/b.docx"),
        ("/v.html?file=%2Ff%2Fb.pdf%23page%3D2", "/f/b.pdf"),
        # programs that deliver, names that are no address, pages that are none of this
        ("/download.jsp?file=/f/b.pdf", None),
        ("/show.jsp?filename=b.pdf", None),
        ("/show.jsp?id=3", None),
        ("/f/b.pdf?v=/f/c.pdf", None),
        ("/list.html?next=/a/2.html", None),
    ],
)
def test_the_document_that_a_viewer_shows(viewer: str, file: str | None) -> None:
    assert shown_file(SITE + viewer) == (None if file is None else SITE + file)


@given(st.text(st.characters(exclude_characters="\t\r\n", exclude_categories=["Cs", "Cc"]), max_size=40))
def test_spelled_as_scrapy_spells_a_request(name: str) -> None:
    url = f"{SITE}/f/{name}"
    assert spelled(url) == Request(url.partition("#")[0]).url
    assert spelled(spelled(url)) == spelled(url)
