"""From bytes to text: media types by bytes, the charset ladder, broken and hostile pages."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records.capture import Capture
from crawler.records.page import Page
from pipelines.decode.charset import is_all_of, read_text
from pipelines.decode.media import media_type
from pipelines.decode.stage import decode

TEXT = "某某区2018年政府信息公开工作年度报告，主动公开政府信息四十二条。"

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def page(body: bytes, content_type: str | None = "text/html") -> Page:
    headers = [("Content-Type", content_type)] if content_type else []
    return decode(Capture("http://www.mou.gov.cn/a.html", 200, headers, body, "2026-01-01T00:00:00Z"))


def html(charset: str | None, text: str = TEXT) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    return f"<html><head>{meta}<title>年报</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("body", "content_type", "declared", "used"),
    [
        (html("utf-8").encode(), "text/html", "utf-8", "utf-8"),
        (html("gb2312").encode("gbk"), "text/html", "gb2312", "gb18030"),
        (html("gb2312").encode(), "text/html", "gb2312", "utf-8"),  # UTF-8 under a lying meta
        (html("utf-8").encode("gbk"), "text/html", "utf-8", "gb18030"),
        (html("utf-8").encode("gbk"), "text/html; charset=GBK", "gbk", "gb18030"),  # the header goes before the meta
        (html("iso-8859-1").encode("gbk"), "text/html", "iso-8859-1", "gb18030"),
        (html(None).encode("gbk"), None, None, "gb18030"),
        (html("big5", "臺北市政府資訊公開年度").replace("年报", "").encode("big5"), "text/html", "big5", "big5"),
        (b"\xef\xbb\xbf" + html("gbk").encode(), "text/html", "gbk", "utf-8"),
        (b"\xff\xfe" + html("utf-8").encode("utf-16le"), "text/html", "utf-8", "utf-16le"),
        (html("x-unknown").encode(), "text/html", "x-unknown", "utf-8"),
    ],
)
def test_ladder(body: bytes, content_type: str | None, declared: str | None, used: str) -> None:
    got = page(body, content_type)
    assert (got.charset_declared, got.charset) == (declared, used)
    assert "年度" in (got.html or "")
    assert got.tree is not None
    assert got.problems == []


def test_gbk_characters_beyond_gb2312_are_read() -> None:
    assert "朱镕基" in (page(html("gb2312", "朱镕基").encode("gbk")).html or "")


def test_a_character_cut_in_the_middle_is_no_charset_problem() -> None:
    got = page(html("utf-8").encode()[: -len("</p></body></html>") - 1])
    assert got.charset == "utf-8"
    assert got.problems == []
    assert "四十二条" in got.tree.xpath("string(//p)")


def test_a_stray_byte_does_not_turn_a_utf8_page_into_another_charset() -> None:
    got = page((html("utf-8", TEXT * 40)).encode() + b"\xff")
    assert got.charset == "utf-8"
    assert [problem.kind for problem in got.problems] == ["charset"]


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"%PDF-1.7\n", "text/html", "application/pdf"),
        (b"PK\x03\x04....word/document.xml", None, DOCX),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16le"), None, "application/msword"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", "application/octet-stream", "application/x-ole-storage"),
        (b"<html><body>x", "application/msword", "text/html"),
        (b"  <!DOCTYPE html><html>", "text/plain", "text/html"),
        (b"<?xml version='1.0'?><datastore><nextgroup/></datastore>", "text/html", "application/xml"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="x"><body/></html>', "text/html", "text/html"),
        (b'{"data": {"html": "<ul></ul>"}}', "text/html", "application/json"),
        (b'{"code":"200","data":{"html":"<div><p>"}}', "application/json;charset=UTF-8", "application/json"),
        (b'[ {"title": "<title>"}]', "text/html", "application/json"),
        (b"{{el.name}}<html><body>x", "text/html", "text/html"),
        (b'{"x"}', "text/html", "application/json"),
        (b"", "text/html", "text/html"),
        (b"", None, None),
    ],
)  # fmt: skip
def test_media_type_by_bytes(body: bytes, content_type: str | None, expected: str | None) -> None:
    assert media_type(body, content_type) == expected


def test_a_pdf_has_neither_text_nor_tree() -> None:
    got = page(b"%PDF-1.4 \x00\x01")
    assert (got.media_type, got.html, got.tree) == ("application/pdf", None, None)


def test_nul_bytes_vanish() -> None:
    got = page("<html><body><p>主动\0公开</p></body></html>".encode())
    assert got.tree.xpath("string(//p)") == "主动公开"


def test_a_page_cut_in_a_tag_keeps_what_came() -> None:
    assert page("<html><body><p>主动公开</p><table><tr><td cl".encode()).tree.xpath("string(//p)") == "主动公开"


def test_text_after_a_second_end_of_page_is_kept() -> None:
    got = page("<html><body><p>甲</p></body></html><div><p>乙</p></div></body></html>".encode())
    assert got.tree.xpath("string(/html/body)") == "甲乙"


def test_300_levels_of_unclosed_inline_tags_lose_nothing() -> None:
    got = page(("<html><body>" + "<font><p>字</p>" * 300 + "<p>末</p>").encode())
    assert got.tree.xpath("string(//body)").endswith("末")
    assert got.problems == []


def test_five_megabytes_of_nested_tables_keep_their_words() -> None:
    got = page(("<html><body>" + "<table><tr><td>甲" * 250_000 + "末</body></html>").encode())
    assert [problem.kind for problem in got.problems] == ["bad_markup"]
    assert got.tree.xpath("string(//body)").endswith("甲末")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([None, "text/html", "text/html; charset=gb2312", "x;charset=utf-7"]))
def test_never_raises(body: bytes, content_type: str | None) -> None:
    for wild in (body, b"<html>" + body, b"<html><body><p>" + body + b"</p>"):
        got = page(wild, content_type)
        assert got.html is None or "\0" not in got.html


def test_the_source_of_what_a_page_shows_has_the_article_that_a_script_holds() -> None:
    chapters = "".join(f"<p>{name}：全年情况如下。</p>" for name in ("总体情况", "主动公开", "依申请公开", "行政复议"))
    article = f"<div Onclick=\"window.open('/a/t.pdf')\">{chapters * 4}</div>"
    held = base64.b64encode(article.encode()).decode()
    page = decode(
        Capture("http://a.gov.cn/1.html", 200, [], f"<body><script>show('{held}')</script></body>".encode(), "")
    )
    assert page.seen.source is not None
    assert b"onclick" in page.seen.source
    assert [one.tag for one in page.seen.pressed] == ["div"]


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        (b"<p>x</p>", True),
        ("<p>年报</p>".encode(), True),
        (b"\xef\xbb\xbf<p>x</p>", False),
        (b"<p>\0x</p>", False),
        ("<p>年报".encode()[:-1], False),
        ("<p>年报".encode(), False),
    ],
)
def test_what_need_not_be_encoded_again(body: bytes, whole: bool) -> None:
    assert is_all_of(body) == whole
    text, charset, _ = read_text(body, None)
    assert charset == "utf-8"
    assert not whole or text.encode() == body
