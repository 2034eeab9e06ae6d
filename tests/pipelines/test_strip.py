"""The article's own text: container, paragraphs, tables, what stands around it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records.capture import Capture, Kind
from crawler.records.page import Page
from pipelines.decode.stage import decode
from pipelines.strip.stage import strip

TITLE = "某某区2018年政府信息公开工作年度报告"
LONG = "全年通过门户网站、公报与查阅点主动公开各类政府信息一百二十条，内容涉及规划、财政与民生。"


def stripped(body: str, kind: Kind = "report", title: str = TITLE) -> Page:
    page = decode(Capture("http://www.mou.gov.cn/a.html", 200, [], f"<html><body>{body}</body></html>".encode(), ""))
    page.kind, page.title = kind, title
    strip(page)
    return page


def lines(body: str, kind: Kind = "report") -> list[str]:
    return (stripped(f"<div id='zoom'>{body}<p>{LONG}</p></div>", kind).text or "").split("\n")[:-1]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>甲</p><p>乙</p>", ["甲", "乙"]),
        ("<p><span>20</span><span>1</span><b>8</b>年</p>", ["2018年"]),  # Word's spans split a number
        ("<p><span>主动</span>\n<span>公开</span></p>", ["主动公开"]),  # a line wrapped in the source
        ("<p>Word and\nExcel</p>", ["Word and Excel"]),
        ("<p>甲<br>乙<br/>丙</p>", ["甲", "乙", "丙"]),
        ("<p>　　甲&nbsp;&nbsp; 乙　</p><p>&nbsp;</p>", ["甲 乙"]),
        ("<p>公\u200b开\ufeff</p>", ["公开"]),
        ("甲<div>乙<div>丙</div>丁</div>戊", ["甲", "乙", "丙", "丁", "戊"]),
        ("<ul><li>甲</li><li>乙</li></ul>", ["甲", "乙"]),
        ("<p>甲<script>var a=1;</script><!-- 注 --><style>p{}</style></p>", ["甲"]),
        ("<p>甲<span style='display: none'>暗</span></p>", ["甲"]),
        ("<p>第一句。　　第二段。</p>", ["第一句。", "第二段。"]),  # two paragraphs pasted on one line
        ("<pre>甲\n乙</pre>", ["甲", "乙"]),
    ],
)
def test_paragraphs(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td></td></tr>", ["甲\t1", "乙\t"]),
        ("<tr><td>本年新<br>制作数量</td><td><p>1</p></td></tr>", ["本年新制作数量\t1"]),  # a cell is one line
        ("<tr><td colspan=2>甲</td><td>乙</td></tr><tr><td>1</td><td>2</td><td>3</td></tr>", ["甲\t\t乙", "1\t2\t3"]),
        ("<tr><td rowspan='2'>甲</td><td>1</td></tr><tr><td>2</td></tr>", ["甲\t1", "\t2"]),
        (
            "<tr><td rowspan=2 colspan=2>甲</td><td>1</td></tr><tr><td>2</td></tr>"
            "<tr><td>a</td><td>b</td><td>c</td></tr>",
            ["甲\t\t1", "\t\t2", "a\tb\tc"],
        ),
        ("<tr><td>1</td><td rowspan=2>甲</td></tr><tr><td>2</td></tr>", ["1\t甲", "2\t"]),
        ("<tr><td colspan='x'>甲</td><td rowspan='0'>乙</td></tr>", ["甲\t乙"]),
        ("<tr><td>　</td><td> </td></tr>", []),
        ("<tr><td>甲</td></tr><tr><td>乙</td></tr>", ["甲", "乙"]),  # one column is layout
        ("<tr><td>左</td><td><table><tr><td>1</td><td>2</td></tr></table></td></tr>", ["左", "1\t2"]),
        (
            "<thead><tr><th>甲</th><th>乙</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody>",
            ["甲\t乙", "1\t2"],
        ),
    ],
)
def test_tables(table: str, expected: list[str]) -> None:
    assert lines(f"<table>{table}</table>") == expected


def test_a_span_of_thousands_does_not_fill_the_memory() -> None:
    got = lines("<table><tr><td colspan='99999' rowspan='99999'>甲</td><td>1</td></tr><tr><td>2</td></tr></table>")
    assert [line.replace("\t", "") for line in got] == ["甲1", "2"]
    assert max(map(len, got)) < 200


NAVIGATION = "<ul>" + "".join(f"<li><a href='/{n}'>某某区人民政府栏目{n}</a></li>" for n in range(30)) + "</ul>"
FOOTER = (
    "<div>主办单位：某某区人民政府办公室 网站标识码：2100000000 建议使用1024分辨率浏览器访问本网站以获得最佳效果</div>"
)
BODY = f"<p>{LONG}</p><p>一、总体情况</p><p>{LONG}</p><p>某某区人民政府办公室</p><p>2019年3月6日</p>"
OWN = [LONG, "一、总体情况", LONG, "某某区人民政府办公室", "2019年3月6日"]


@pytest.mark.parametrize(
    "page",
    [
        "{n}<h1>{t}</h1><div>发布时间：2019-03-27 来源：大东区</div><div id='zoom'>{b}</div>{f}",
        "{n}<div class='x'><h1>{t}</h1><p>2019年03月27日来源:某某区</p><p>[字体: ] 打印</p><p>某某区 2019年03月27日</p>"
        "{b}</div>{f}",
        "{n}<div><h1>{t}</h1><div class='q9'>{b}<p>【打印本页】【关闭窗口】</p></div></div>{f}",
        "{n}<div class='TRS_Editor'><p>{t}</p>{b}<p>责任编辑：张三</p></div><div>上一篇：无</div>{f}",
        "{n}<div class='q9'>{b}<p>上一篇：另一份报告</p><p>下一篇：又一份报告</p></div>{f}",
        "{n}<div class='q9'>{b}<p>扫一扫在手机打开当前页</p><p>某某区微信公众号</p></div>{f}",
        "{n}<div><table><tr><td>索引号</td><td>11/2019-1</td></tr><tr><td>发布机构</td><td>某某区</td></tr></table>{b}</div>{f}",
        "<table><tr><td>{n}</td><td><table><tr><td>{b}</td></tr></table></td></tr></table>{f}",
        "{n}<ucapcontent>{b}</ucapcontent>{f}",
    ],
)
def test_only_the_article(page: str) -> None:
    filled = page.format(n=NAVIGATION, t=TITLE, b=BODY, f=FOOTER)
    assert (stripped(filled).text or "").split("\n") == OWN


def test_an_article_keeps_the_title_its_document_begins_with_a_report_does_not() -> None:
    body = f"<h1>{TITLE}</h1><div id='zoom'><p>{TITLE[:6]}</p><p>{TITLE[6:]}</p>{BODY}</div>"
    assert (stripped(body).text or "").startswith(LONG)
    assert (stripped(body, "article").text or "").startswith(TITLE[:6])


def test_a_date_under_the_title_is_the_reports_own() -> None:
    got = stripped(f"<div id='zoom'><p>{TITLE}</p><p>（2019年1月17日）</p>{BODY}</div>")
    assert (got.text or "").startswith("（2019年1月17日）\n")


def test_tables_beside_the_narrative_belong_to_it() -> None:
    rows = "".join(f"<tr><td>事项{n}</td><td>{n}</td><td>条</td></tr>" for n in range(12))
    got = stripped(f"{NAVIGATION}<div><div class='n'>{BODY}</div><div><table>{rows}</table></div></div>{FOOTER}")
    assert (got.text or "").count("\t") == 24


def test_a_report_in_a_file_has_no_text() -> None:
    got = stripped("<div id='zoom'><p><a href='./P1.pdf'>某某区2018年报告.pdf</a></p></div>")
    assert got.text is None
    assert [problem.kind for problem in got.problems] == ["attachment_only"]


def test_lists_and_homes_have_no_text() -> None:
    assert stripped(f"<div id='zoom'>{BODY}</div>", "list").text is None


def test_empty_page() -> None:
    assert stripped("").text is None


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200),
    st.sampled_from(["<table><tr><td>", "<div id=zoom><p>", "<pre>", "<ul><li><a>", "\ufdd1\ufdd3\ufdd4"]),
)
def test_never_raises(text: str, before: str) -> None:
    for kind in ("report", "article"):
        page = stripped(before + text + before, kind, text[:20])
        assert page.text is None or page.text.strip()
