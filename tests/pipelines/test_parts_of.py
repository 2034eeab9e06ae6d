"""Further pages of an article, by whatever the links to them are called."""

from __future__ import annotations

import pytest

from crawler.records.capture import Capture
from pipelines.decode.stage import decode
from pipelines.documents.parts import parts_of

URL = "http://www.example.gov.cn/zwgk/nb/t20190301_7.html"


def parts(pager: str) -> list[str]:
    body = f"<html><body><a href='/'>首页</a><div><p>正文</p></div><p>{pager}</p></body></html>"
    page = decode(Capture(URL, 200, [("Content-Type", "text/html; charset=utf-8")], body.encode(), ""))
    return [part.url.rpartition("/")[2] for part in parts_of(page)]


@pytest.mark.parametrize(
    "words",
    [
        "下一页", "[2]", "2", "第2页", "【 下一页 】", "下一页(2)", "后一页", "次页", "尾页", "继续阅读", "余下全文",
        "next page", "&gt;&gt;", "›", "\n        2\n        ", "<b>2</b>", "<img src=n.gif alt=下一页>",
        "<i></i><span>下一页</span>",
    ],
)  # fmt: skip
def test_a_link_to_a_further_page_is_known_by_its_words(words: str) -> None:
    assert parts(f"<a href='t20190301_7_1.html'>{words}</a>") == ["t20190301_7_1.html"]


def test_numbers_without_the_second_and_scripts_lead_on() -> None:
    assert parts("<b>2</b> <a href='t20190301_7_2.html'>3</a>") == ["t20190301_7_2.html"]
    assert parts("<span onclick=\"location.href='t20190301_7_1.html'\">下一页</span>") == ["t20190301_7_1.html"]
    assert parts("<script>createPageHTML(3, 0, 't20190301_7', 'html');</script>") == [
        "t20190301_7_1.html", "t20190301_7_2.html",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "pager",
    [
        "",
        "<table><tr><td>2</td></tr></table>",
        "<a href='t20190302_8.html'>下一篇</a>",
        "<a href='/zwgk/index_1.html'>2</a>",
        "下一步，继续推进。<a href='t20190301_7_1.html'>附表</a>",
    ],
)
def test_what_leads_to_no_further_page(pager: str) -> None:
    assert parts(pager) == []
