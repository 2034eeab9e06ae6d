"""Files and pictures that belong to an article."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records.capture import Capture, Kind
from crawler.records.media import BY_ENDING
from crawler.records.page import Page
from crawler.records.report import Attachment
from pipelines.decode.stage import decode
from pipelines.documents.endings import media_type_of
from pipelines.documents.links import note_attachments
from pipelines.strip.stage import strip

URL = "http://www.mou.gov.cn/nb/201903/t20190301_1.html"
FOLDER = "http://www.mou.gov.cn/nb/201903/"
TEXT = "<p>全年通过门户网站、公报与查阅点主动公开各类政府信息一百二十条，内容涉及规划、财政与民生。</p>" * 3


def noted(body: str, kind: Kind = "report", head: str = "") -> Page:
    page = decode(Capture(URL, 200, [], f"<html><head>{head}</head><body>{body}</body></html>".encode(), ""))
    page.kind, page.title = kind, "某区报告"
    strip(page)
    note_attachments(page)
    return page


SITE = "http://www.mou.gov.cn"
DOWNFILE = "/module/download/downfile.jsp?classid=0&filename=abc.pdf"
DOWNLOAD = "/system/_content/download.jsp?id=3"


@pytest.mark.parametrize(
    ("link", "url", "label", "ending"),
    [
        ("<a href='./P020190301.pdf'>附件1</a>", FOLDER + "P020190301.pdf", "附件1", "pdf"),
        ("<a href='./W0201.docx' OLDSRC='W0201.docx'>表</a>", FOLDER + "W0201.docx", "表", "docx"),
        (
            "<a appendix='true' oldsrc='/protect/P1.xlsx' href='#'>表.xlsx</a>",
            SITE + "/protect/P1.xlsx",
            "表.xlsx",
            "xlsx",
        ),
        (f"<a href='{DOWNFILE}'>全文</a>", SITE + DOWNFILE, "全文", "pdf"),
        (f"<a href='{DOWNLOAD}'>年报.doc</a>", SITE + DOWNLOAD, "年报.doc", "doc"),
        (f"<a href='{DOWNLOAD}'>年报</a>", SITE + DOWNLOAD, "年报", None),
        ("<img src='/icons/icon_pdf.gif'><a href='a.PDF'>年 报</a>", FOLDER + "a.PDF", "年 报", "pdf"),
        ("<embed src='x/y.pdf'>", FOLDER + "x/y.pdf", None, "pdf"),
        ("<iframe src='/web/viewer.html?file=%2Ff%2Fa.pdf'></iframe>", SITE + "/f/a.pdf", None, "pdf"),
    ],
)
def test_files(link: str, url: str, label: str | None, ending: str | None) -> None:
    page = noted(f"<div id='zoom'>{TEXT}<p>{link}</p></div>")
    assert page.attachments == [Attachment(url, label, BY_ENDING[ending] if ending else None)]


@pytest.mark.parametrize(
    "link",
    [
        "<a href='javascript:print()'>打印.doc</a>",
        "<a href='/nb/a.html'>另一页</a>",
        "<a href='mailto:a@mou.gov.cn'>信箱</a>",
        "<img src='data:image/png;base64,AAAA'>",
        "<img src='/images/icon_doc.gif'>",
        "<img src='/a.png' width='16' height='16'>",
        "<a href='http://[bad/a.pdf'>坏</a>",
    ],
)
def test_no_files(link: str) -> None:
    assert noted(f"<div id='zoom'>{TEXT}<p>{link}</p></div>").attachments == []


def test_pictures_belong_to_a_report_and_not_to_news() -> None:
    body = f"<div id='zoom'>{TEXT}<p><img src='./W01.png' alt='表三'></p></div>"
    assert noted(body).attachments == [Attachment(FOLDER + "W01.png", "表三", "image/png")]
    assert noted(body, "article").attachments == []


def test_a_block_of_attachments_beside_the_body() -> None:
    page = noted(
        f"<div><div id='zoom'>{TEXT}</div><div>附件：<a href='b.xls'>统计表</a></div></div>"
        "<p><a href='c.pdf'>远</a></p>"
    )
    assert [found.url for found in page.attachments] == [FOLDER + "b.xls"]


def test_a_file_given_to_a_viewer_by_a_script() -> None:
    page = noted("<div id='zoom'><img src='x.gif' width=1><script>showPdf('/upload/2019/a.pdf');</script></div>")
    assert page.text is None
    assert [found.url for found in page.attachments] == ["http://www.mou.gov.cn/upload/2019/a.pdf"]


def test_noted_once_with_the_label_that_says_something() -> None:
    page = noted(
        f"<div id='zoom'>{TEXT}<a href='a.pdf'><img src='big.jpg'></a><a href='a.pdf'>全文</a></div>", "article"
    )
    assert page.attachments == [Attachment(FOLDER + "a.pdf", "全文", "application/pdf")]


def test_base_of_the_page_is_used() -> None:
    page = noted(f"<div id='zoom'>{TEXT}<a href='a.pdf'>全文</a></div>", head="<base href='http://file.mou.gov.cn/x/'>")
    assert page.attachments[0].url == "http://file.mou.gov.cn/x/a.pdf"


def test_media_type_of_names() -> None:
    assert media_type_of("年报.WPS") == "application/vnd.ms-works"
    assert media_type_of("http://a.gov.cn/x.html") is None
    assert media_type_of("x") is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(max_size=30))
def test_never_raises(href: str, label: str) -> None:
    noted(
        f'<div id="zoom">{TEXT}<a href="{href}">{label}.pdf</a><img src="{href}"><iframe src="{href}"></iframe></div>'
    )


DOWN = "<script>function down(id, name){ window.open('/f/get?id=' + id + '&n=' + name); }</script>"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("""<a href="javascript:void(0)" onclick="window.open('/f/b.xls')">附件：表</a>""", SITE + "/f/b.xls"),
        ("""<a href="javascript:openFile('/f/b.xls', 1)">附件：表</a>""", SITE + "/f/b.xls"),
        (f"""{DOWN}<a href="#" onclick="down('7','b.doc')">附件：b.doc</a>""", SITE + "/f/get?id=7&n=b.doc"),
        ("""<span onclick="location.href='/f/b.docx'">年报下载</span>""", SITE + "/f/b.docx"),
        ("""<button data-url="/f/b.pdf">查看年报</button>""", SITE + "/f/b.pdf"),
        ("<a href='javascript:;' data-href='/f/b.ofd'>年报</a>", SITE + "/f/b.ofd"),
        ("<object data='/f/b.pdf#view=FitH' type='application/pdf'></object>", SITE + "/f/b.pdf"),
        ("<object><param name='src' value='/f/b.pdf'></object>", SITE + "/f/b.pdf"),
        ("<iframe data-src='/v.html?file=/f/b.pdf'></iframe>", SITE + "/f/b.pdf"),
        ("附件：<a href='/f/get?id=12'>某区年度报告</a>", SITE + "/f/get?id=12"),
        ("<div class='fj_list'><p><a href='/f/12'>某区年度报告</a></p></div>", None),
        ("<div class='fujian'><p><a href='/f/12'>某区年度报告</a></p></div>", SITE + "/f/12"),
        ("<div>相关附件<ul><li><a href='/f/get?id=3'>统计表</a></li></ul></div>", SITE + "/f/get?id=3"),
        ("<a href='/f/get?id=4'>附件1：统计表</a>", SITE + "/f/get?id=4"),
        ("<a href='/f/get?id=4'>点击下载</a>", SITE + "/f/get?id=4"),
        ("<p id='fujian_1'><a href='/f/undefined.undefined'></a></p>", None),
        # pages, and words that only speak of a file
        ("附件：<a href='/nb/9.html'>某区年度报告</a>", None),
        ("详见附件中的说明，<a href='/f/get?id=5'>某办法</a>", None),
        ("""<a href="#" onclick="share('weixin')">分享</a>""", None),
    ],
)
def test_a_file_by_script_viewer_or_block(link: str, url: str | None) -> None:
    page = noted(f"<div id='zoom'>{TEXT}<div>{link}</div></div>")
    assert [found.url for found in page.attachments] == ([] if url is None else [url])
    assert page.problems == []


def test_a_file_without_an_address_is_told() -> None:
    page = noted(f"""<div id='zoom'>{TEXT}<a href="#" onclick="fetchFile('7','b.doc')">附件：b.doc</a></div>""")
    assert page.attachments == []
    ((kind, detail),) = [(one.kind, one.detail) for one in page.problems]
    assert kind == "file_without_address"
    assert "fetchFile('7','b.doc')" in detail


def test_files_that_a_script_has_in_an_array_are_told_from_their_names() -> None:
    files = r"""[{"name": "统计 表.xls", "url": "\/f\/3.xls"}, {"name": "b.pdf", "url": "/f/4.pdf"}]"""
    script = f"<script>var files = {files};</script>"
    page = noted(f"<div id='zoom'>{TEXT}{script}</div>")
    assert [found.url for found in page.attachments] == [SITE + "/f/3.xls", SITE + "/f/4.pdf"]
