"""Text that was decoded wrongly before it was served, and encoded again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.records.capture import Capture
from pipelines.decode.repair import lost_in, repaired
from pipelines.decode.stage import decode

TEXT = "示例区人民政府办公室按照条例的要求编制本年度报告，全年主动公开政府信息一千二百条，收到政府信息公开申请27件。"


@pytest.mark.parametrize(
    "damaged",
    [
        TEXT.encode().decode("latin-1"),
        TEXT.encode("gb18030").decode("latin-1"),
        "<p class='x'>" + TEXT.encode().decode("latin-1") + "</p>2023",
    ],
)
def test_utf8_or_gbk_read_as_latin_is_read_again(damaged: str) -> None:
    text, repair = repaired(damaged)
    assert TEXT in text
    assert repair is not None


def test_utf8_read_as_gbk_is_read_again_as_far_as_it_goes() -> None:
    damaged = (TEXT * 4).encode().decode("gb18030", "replace")
    text, repair = repaired(damaged)
    assert ("主动公开政府信息" in text, repair is not None) == (True, True)


@pytest.mark.parametrize(
    ("source", "words"),
    [("&amp;#25919;&amp;#x5e9c;", "&#25919;&#x5e9c;"), ("a&amp;nbsp;b", "a&nbsp;b"), ("?a=1&amp;b=2", "?a=1&amp;b=2")],
)
def test_entities_escaped_twice(source: str, words: str) -> None:
    assert repaired(source)[0] == words


@pytest.mark.parametrize("text", [TEXT, "Überprüfung für Bürger", "© 2023 — «x»", "", "鏀垮簻 is 政府 read as GBK."])
def test_what_is_right_stays(text: str) -> None:
    assert repaired(text) == (text, None)


@given(st.text(max_size=200))
def test_nothing_wild_raises(text: str) -> None:
    repaired(text)
    lost_in(text)


def test_lost_characters_are_counted_where_they_are_many() -> None:
    assert lost_in("\ufffd" * 5 + TEXT) == 5
    assert lost_in("\ufffd" + TEXT) == 0
    assert lost_in("\ufffd" * 5 + TEXT * 10) == 0


def page(body: str) -> tuple[str, list[str], list[str]]:
    html = f'<html><head><meta charset="utf-8"></head><body><p>{body}</p></body></html>'
    read = decode(Capture("http://x.gov.cn/a.html", 200, [("Content-Type", "text/html")], html.encode(), ""))
    return "".join(read.tree.itertext()), [one.kind for one in read.problems], [one.rule for one in read.evidence]


def test_a_page_says_what_was_done() -> None:
    assert page(TEXT.encode().decode("latin-1")) == (TEXT, [], ["text decoded twice"])
    _, problems, _ = page(TEXT.encode("gbk").decode("utf-8", "replace"))
    assert problems == ["charset"]
    assert page(TEXT) == (TEXT, [], [])
