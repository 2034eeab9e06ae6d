"""Texts of reports that a page holds without showing them, has on another page, or writes in another way."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from crawler.records.capture import Capture
from crawler.records.page import Page
from pipelines import derive
from tests.pipelines.test_places_on_a_page import CHAPTERS, TITLE, URL

LAST = "今后将丰富形式"


def page(body: str, url: str = URL, content_type: str = "text/html", files: dict[str, bytes] | None = None) -> Page:
    source = f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body>{body}</body></html>"
    text = source if content_type == "text/html" else body
    return derive(Capture(url, 200, [("Content-Type", content_type)], text.encode(), ""), files=files)


HEAD = f"<h1>{TITLE}</h1><p>发布时间：2022-01-18</p><div id=zoom></div>"
_JS = json.dumps(CHAPTERS)


@pytest.mark.parametrize(
    "held",
    [
        f"<script>document.getElementById('zoom').innerHTML = {_JS};</script>",
        f"<script>var a = {json.dumps(CHAPTERS[:300])} + {json.dumps(CHAPTERS[300:])}; show(a)</script>",
        f"<script>document.write({json.dumps(CHAPTERS[:99])});document.write({json.dumps(CHAPTERS[99:])});</script>",
        f"<script>document.write(decodeURIComponent('{quote(CHAPTERS)}'))</script>",
        f"<script>var s=`{CHAPTERS}`;</script>",
        f"<script>show(atob('{base64.b64encode(quote(CHAPTERS).encode()).decode()}'))</script>",
        f"<script>window.__STATE__={json.dumps({'data': {'detail': {'content': CHAPTERS}}})}</script>",
        f"<script type=text/html>{CHAPTERS}</script>",
        f"<template>{CHAPTERS}</template>",
        f"<textarea hidden>{CHAPTERS.replace('<', '&lt;')}</textarea>",
        f"<input type=hidden value='{CHAPTERS.replace('<', '&lt;')}'>",
        f"<div style='display:none'>{CHAPTERS}</div>",
    ],
)
def test_a_text_that_is_held_and_not_shown_is_read(held: str) -> None:
    found = page(HEAD + held)
    assert found.kind == "report"
    assert (found.text or "").count(LAST) == 4
    assert "<p>" not in (found.text or "")


def test_nothing_is_put_into_a_page_that_shows_its_text() -> None:
    found = page(f"<h1>{TITLE}</h1><div id=zoom>{CHAPTERS}</div><script>var copy={_JS};</script>")
    assert (found.text or "").count(LAST) == 4


@pytest.mark.parametrize(
    "way",
    [
        "<iframe src=/nb/77_text.html width=100%></iframe>",
        "<p><a href=/nb/77_text.html>【点击查看报告全文】</a></p>",
        "<p><a href=/nb/77_text.html>阅读原文&gt;&gt;</a></p>",
    ],
)
def test_a_text_on_a_page_of_its_own_is_the_reports(way: str) -> None:
    text = f"<html><meta charset=utf-8><body>{CHAPTERS}</body></html>".encode()
    alone = page(HEAD + way)
    assert (alone.kind, [file.url for file in alone.attachments]) == (
        "report",
        ["http://www.lanxi.gov.cn/nb/77_text.html"],
    )
    whole = page(HEAD + way, files={"http://www.lanxi.gov.cn/nb/77_text.html": text})
    assert LAST in (whole.text or "")


@pytest.mark.parametrize("frame", ["<iframe src=about:blank></iframe>", "<iframe src=/count.html height=0></iframe>"])
def test_a_frame_without_room_holds_no_text(frame: str) -> None:
    assert page(HEAD + frame).kind == "article"


PLAIN = "\n".join(
    line
    for line in (TITLE, *CHAPTERS.replace("</p>", "").split("<p>"), "科目\t本年\t上年", "甲\t1\t2", "乙\t3\t4")
    if line
)


@pytest.mark.parametrize("content_type", ["text/plain", "text/markdown; charset=utf-8"])
def test_a_report_without_mark_up(content_type: str) -> None:
    body = PLAIN if content_type == "text/plain" else "# " + PLAIN.replace("科目\t", "\n| 科目 | ").replace("\t", " | ")
    found = page(body, "http://www.lanxi.gov.cn/nb/77.txt", content_type)
    assert (found.kind, found.title) == ("report", TITLE)
    assert "甲\t1\t2" in (found.text or "") or "甲" in (found.text or "")


def test_other_plain_text_is_no_page() -> None:
    assert page("通知\n今天开会。", "http://www.lanxi.gov.cn/a.txt", "text/plain").kind == "other"


_SIMPLE = "岚县统计开总况报务条动网发时关监办结转讼问题进单围绕众类访数读没诉后丰来与标将"
_OTHER = "嵐縣統計開總況報務條動網發時關監辦結轉訟問題進單圍繞眾類訪數讀沒訴後豐來與標將"
TRADITIONAL = str.maketrans(_SIMPLE, _OTHER)


@pytest.mark.parametrize("charset", ["utf-8", "big5hkscs"])
def test_traditional_characters_are_read_in_simplified_ones(charset: str) -> None:
    words = f"<h1>{TITLE}</h1><p>发布时间：2022-01-18</p><div id=zoom>{CHAPTERS}</div>".translate(TRADITIONAL)
    source = f"<html><head><meta charset={charset}></head><body>{words}</body></html>"
    found = derive(Capture(URL, 200, [], source.encode(charset, "xmlcharrefreplace"), ""))
    assert found.kind == "report"
    assert found.report is not None
    assert (found.report.published_on, found.report.report_year) == ("2022-01-18", 2021)
    assert found.title == TITLE


def test_a_link_to_the_traditional_version_changes_nothing() -> None:
    found = page(f"<a href=/big5/>繁體版</a><h1>{TITLE}</h1><div id=zoom>{CHAPTERS}<p>專用：開總報。</p></div>")
    assert "專用：開總報。" in (found.text or "")
