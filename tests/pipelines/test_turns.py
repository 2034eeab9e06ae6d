"""Whether a page has anything that may lead to a further page of it: never less than its links say."""

from __future__ import annotations

import pytest

from crawler.records.capture import Capture
from pipelines.decode.stage import decode
from pipelines.documents.turns import may_turn

URL = "http://www.example.gov.cn/zwgk/nb/t20190301_7.html"


def turns(html: str) -> bool:
    body = f"<html><body><a href='/' class=page>首页</a><p>正文</p>{html}</body></html>"
    return may_turn(decode(Capture(URL, 200, [("Content-Type", "text/html; charset=utf-8")], body.encode(), "")))


@pytest.mark.parametrize(
    "call",
    [
        "createPageHTML(3, 0)", "showPage(3)", "turnPage (3)", "PageHTML", "var countPage = 3", "var totalPage = 3",
        "pageCount: 3", "displaypage", "displayPage", "pagination", "paginator", "new Pager(3)", "pager(3)",
    ],
)  # fmt: skip
def test_a_script_that_counts_pages_is_seen(call: str) -> None:
    assert turns(f"<script>{call}</script>")


@pytest.mark.parametrize("words", ["pages", "homepage", "page", "Page", "manager", "COUNTPAGE", "imaging"])
def test_other_words_with_such_letters_count_nothing(words: str) -> None:
    assert not turns(f"<script>{words}</script><div class='{words}'></div>")


@pytest.mark.parametrize(
    "link",
    [
        "<a href=b.html>下一页</a>", "<a href=b.html><b>第2页</b></a>", "<a href=b.html title=下一页>→</a>",
        "<a href=b.html><img src=n.gif alt=下一页></a>", "<button value=下一页></button>", "<option>2</option>",
        "<span onclick=\"go('b')\">下一页</span>", "<i data-url='/b' onclick='b()' title=末页></i>",
    ],
)  # fmt: skip
def test_what_is_called_a_further_page_is_seen(link: str) -> None:
    assert turns(link)


@pytest.mark.parametrize(
    "link",
    ["<a href=b.html>政务公开</a>", "<span data-url='/b'>下一页</span>", f"<a>2{'报' * 80}</a>", "<p>下一页</p>"],
)
def test_what_is_called_otherwise_is_not(link: str) -> None:
    assert not turns(link)
