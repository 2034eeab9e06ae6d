"""The title of a page out of meta tags, headings, <title> and breadcrumb."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.records.capture import Capture
from crawler.words.display import CELL, LINE
from pipelines.decode.stage import decode
from pipelines.describe.caption import lines_of
from pipelines.describe.headline import headline

REPORT = "沈阳市大东区2018年度政府信息公开工作报告"


def title(html: str) -> str | None:
    found, evidence = headline(decode(Capture("http://x.gov.cn/a.html", 200, [], html.encode(), "")))
    assert (found is None) == (evidence is None)
    return found


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<meta name=ArticleTitle content='{REPORT}'><title>首页</title><h1>年报</h1>", REPORT),
        (
            f"<meta name=ArticleTitle content=''><title>{REPORT}_年报_某市人民政府门户网站</title><h2>{REPORT}</h2>",
            REPORT,
        ),
        (f"<title>{REPORT}_信息公开年报_某市人民政府门户网站</title>", REPORT),
        (f"<title>某市人民政府门户网站-年报-{REPORT}</title><h1>{REPORT}</h1>", REPORT),
        (f"<title>{REPORT}-某市信息网_政策,服务,民生,本地要闻</title>", REPORT),
        (f"<title>{REPORT}-某市信息网_政策-服务</title>", REPORT),
        ("<title>某市-县级-市级_某市信息网</title><p>某市-县级-市级</p>", "某市-县级-市级"),
        (f"<title>某市政府网</title><h1>{REPORT}</h1>", REPORT),
        ("<title>网站名称</title><h1>沈阳市大东区<br>2018年度政府信息公开工作报告</h1>", REPORT),
        ("<title>x</title><h1>沈阳市大东区\n  2018年度政府信息公开工作报告</h1>", REPORT),
        ("<title>政府信息公开年报 - 某市人民政府</title>", "政府信息公开年报"),
        ("<title>某市信息网</title><div>当前位置：<a>首页</a> &gt; <a>公开</a> &gt; <a>年报</a></div>", "年报"),
        (
            "<title>您的位置：首页 &gt; 政务公开 &gt; 年报</title><h1>您的位置：首页 &gt; 政务公开 &gt; 年报</h1>",
            "年报",
        ),
        (f"<title>当前位置：首页-年报</title><h1>您现在的位置：首页&gt;年报</h1><p>x</p><h1>{REPORT}</h1>", REPORT),
        (f"<meta name=ArticleTitle content='首页 &gt; 政务公开 &gt; 年报'><title>{REPORT}</title>", REPORT),
        ("<title>公 示</title><h1>公 示</h1>", "公 示"),
        ("<title>null</title><p>x</p>", None),
        ("<title>网站名称</title>", None),
        ("<p>没有标题</p>", None),
        ("<meta name=ArticleTitle content='{{title}}'><title>详情页</title>", None),
    ],
)
def test_titles(html: str, expected: str | None) -> None:
    assert title(f"<html><body>{html}</body></html>") == expected


def test_scripts_in_a_heading_are_no_words() -> None:
    assert title(f"<title>站</title><h1><script>var a=1</script>{REPORT}</h1>") == REPORT


def test_no_tree() -> None:
    assert headline(decode(Capture("http://x/", 200, [], b"", ""))) == (None, None)


@given(st.text())
def test_wild_words_never_raise(words: str) -> None:
    title(f"<title>{words}</title><h1>{words}</h1><meta name=ArticleTitle content='{words}'>")


@pytest.mark.parametrize(
    "block",
    [
        '<div class="xl_title">{}</div><div class="xl_info"><span>2025年02月01日</span><span>来源:教育局</span></div>',
        '<table><tr><td class="bt">{}</td></tr><tr><td>发布时间：2025-02-01</td></tr></table>',
        '<div id="top_tit"><div><b>{}</b></div></div><p>日期：2025-02-01</p>',
        '<p align="center"><font size="4">{}</font></p>',
    ],
)
def test_a_title_in_a_plain_block_above_the_text(block: str) -> None:
    title = "沈阳市和平区教育局2024年政府信息公开工作年度报告"
    menu = '<div class="title"><a href="/">首页</a></div><ul><li class="title">政务公开</li></ul><a>2024年年度报告</a>'
    crumb = "<div>当前位置：<a href=/>首页</a> &gt; 政务公开 &gt; 2024年</div>"
    html = f"<html><title>沈阳市人民政府</title><body>{menu}{crumb}{block.format(title)}<div>正文</div></body></html>"
    page = decode(Capture("http://x.gov.cn/t20250201_1.html", 200, [], html.encode(), ""))
    assert headline(page)[0] == title


def test_lines_are_tidy() -> None:
    words = f"年报{LINE}{LINE} 公  开 {CELL}\u3000信\u3000息\n \t{LINE}年\u034f度\n二\u200b行"
    assert lines_of(words) == ["年报", "公 开", "信 息", "年度", "二行"]
