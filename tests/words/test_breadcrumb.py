"""The breadcrumb by its words: separators, lead-ins, decoys; and where it contradicts the trail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawler.words.breadcrumb import disagreement, read_breadcrumb

MENU = "<ul><li><a href='/'>首页</a></li><li><a>政务公开</a></li><li><a>互动交流</a></li></ul>"
PAGER = "<div>共632条 1/28页 <a>首页</a> <a>上一页</a> <a>下一页</a> <a>尾页</a></div>"
WANTED = ["首页", "政务公开", "政府信息公开年报"]


def read(inner: str) -> list[str]:
    page = f"<html><head><title>x</title></head><body>{MENU}{inner}{PAGER}<p>正文。</p></body></html>"
    return read_breadcrumb(etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8")))


@pytest.mark.parametrize("separator", ["&gt;", "&gt;&gt;", "-&gt;", "--&gt;", "»", "→", "/", "＞", "›"])
@pytest.mark.parametrize("lead", ["", "当前位置：", "您现在的位置:", "您的位置：", "您当前所在位置：", "当前位置 "])
def test_separators_and_lead_ins(separator: str, lead: str) -> None:
    links = f" {separator} ".join(f"<a href='#'>{label}</a>" for label in WANTED)
    assert read(f"<div class='x'>{lead}{links}</div>") == WANTED


@pytest.mark.parametrize(
    "markup",
    [
        "<p>当前位置：首页 &gt; 政务公开 &gt; 政府信息公开年报</p>",
        "<div><span>当前位置：</span><a>首页</a> | <a>政务公开</a> | <a>政府信息公开年报</a></div>",
        "<div><span>当前位置：</span><a>首页</a> - <a>政务公开</a> - <a>政府信息公开年报</a></div>",
        "<div>当前位置：\n首页\n政务公开\n政府信息公开年报</div>",
        "<table><tr><td>当前位置：</td><td><a>首页</a></td><td><table><tr><td>&gt;<a>政务公开</a></td>"
        "<td>&gt;<a>政府信息公开年报</a></td></tr></table></td></tr></table>",
        "<ul class=b><li><a>首页</a></li><li><span>&gt;</span> <a>政务公开</a></li>"
        "<li><span>&gt;</span> 政府信息公开年报</li></ul>",
        "<div><a>[首页]</a>&nbsp;>>&nbsp;<a>政务公开</a>&nbsp;>>&nbsp;<a><span>政府信息公开年报</span></a></div>",
        "<div><a>首 页</a></div>"
        "<div>您的位置：<a>首页</a>&nbsp;&raquo;&nbsp;<a>政 务 公 开</a>&raquo;<a>政府信息公开年报</a></div>",
    ],
)
def test_shapes(markup: str) -> None:
    assert read(markup) == WANTED


def test_what_follows_without_a_separator_is_no_label() -> None:
    assert read("<div>当前位置：<a>首页</a> &gt; <a>公开</a> &gt; <a>年报</a> <span>年报</span> 打印</div>") == [
        "首页",
        "公开",
        "年报",
    ]


def test_a_decoy_does_not_win() -> None:
    decoy = "<div>当前位置：<a>网站首页</a> &gt; 详情页</div>"
    true = "<div><a>首页</a> &gt; <a>政务公开</a> &gt; <a>政府信息公开年报</a></div>"
    assert read(decoy + true) == WANTED


def test_comments_scripts_and_hidden_ones_are_not_read() -> None:
    assert read("<!-- 当前位置：<a>首页</a> &gt; <a>甲</a> -->") == []
    assert read("<script>var a='当前位置：首页 > 甲'</script>") == []
    assert read("<div style='display:none'><a>首页</a> &gt; <a>甲</a></div>") == []


def test_menus_pagers_and_sentences_are_none() -> None:
    assert read("<p>我区地理位置优越。</p><div><a>首页</a> | <a>公开</a> | <a>互动</a></div>") == []


def test_the_own_title_is_left_out_and_a_last_word_kept() -> None:
    title = "大东区2018年度政府信息公开工作报告"
    inner = f"<div>当前位置：<a>首页</a> &gt; <a>年报</a> &gt; {title}</div>"
    page = f"<html><head><meta name='ArticleTitle' content='{title}'></head><body>{inner}</body></html>"
    assert read_breadcrumb(etree.fromstring(page, etree.HTMLParser())) == ["首页", "年报"]
    assert read("<div>当前位置：<a>首页</a> &gt; <a>年报</a> &gt; 正文</div>") == ["首页", "年报", "正文"]


def test_disagreement() -> None:
    trail = ["首页", "政务公开", "政府信息公开年报", "2018年"]
    assert disagreement(["首页", "政府信息公开年度报告", "2018年"], trail, 2018) is None
    assert disagreement([], trail, 2018) is None
    assert "2017" in (disagreement(["首页", "政府信息公开年报", "2017年"], trail, 2018) or "")
    assert disagreement(["首页", "招商引资"], trail, None) is not None
    assert disagreement(["首页", "正文"], trail, None) is None


@given(
    st.lists(
        st.sampled_from(
            ["<div>", "</div>", "<a>", "当前位置：", "首页", ">", "&gt;", "政务公开", "<ul><li>", "\n", "<br>", "/"]
        )
    )
)
def test_wild_markup_never_raises(pieces: list[str]) -> None:
    tree = etree.fromstring("<html><body>" + "".join(pieces) + "</body></html>", etree.HTMLParser())
    assert all(label and len(label) <= 60 for label in read_breadcrumb(tree))


def test_no_tree() -> None:
    assert read_breadcrumb(None) == []
