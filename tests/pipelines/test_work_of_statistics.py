"""What reading a report's figures costs, counted in steps and calls, never in time; and that what is asked first to
spare the rest leaves nothing out."""

from __future__ import annotations

import re
import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.records.capture import Capture, Context
from pipelines import derive
from pipelines.marked import tables
from pipelines.statistics.figures import Found
from pipelines.statistics.narrative import none, read_narrative, reading, scope
from pipelines.statistics.narrative.numbers import _NUMBER, UNITS, _matches
from pipelines.statistics.textlines import read_text

_WORDS = sorted(
    {
        word
        for pattern in (scope._TIME, scope._WHOSE, scope._COMPARISON, scope._PLAIN_AIM, scope._CHANNEL_NAME)
        for word in re.findall("[\u4e00-\u9fff]{1,4}", pattern.pattern)
    }
)
_SCOPES = st.lists(st.sampled_from([*_WORDS, *"0129—至、，。《》（）“年月日", "2017", "2016年"]), max_size=40).map(
    "".join
)
_SIGNS = st.lists(
    st.sampled_from(
        [
            *UNITS,
            *"0129９三十百万亿两余多来近约.．,，；。-至年月号第〔〕() \u3000\xa0①²",
            "公开申请",
            "政府信息",
            "左右",
        ]
    ),
    max_size=30,
).map("".join)


def steps(text: str) -> int:
    """Lines of Python that reading a text takes."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read_narrative(text, 2017, "某区人民政府")
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "part",
    [
        "2016年公开信息5条、各部门收到申请7件、",
        "通过网站主动公开信息12条、",
        "围绕就业公开信息5条、",
        "公开就业信息0条、",
        "分别为12件、",
    ],
)
def test_the_work_on_a_sentence_grows_as_its_length(part: str) -> None:
    made = ["一、公开申请主动公开信息情况\n" + part * (length // len(part)) + "。" for length in (1000, 3900, 15_000)]
    for text in made:
        read_narrative(text, 2017, "某区人民政府")  # what is compiled or kept is not counted
    short, middle, long = map(steps, made)
    assert middle < 4.5 * short
    assert long < 17 * short


def test_the_work_on_a_text_grows_as_its_sentences() -> None:
    made = ["政府信息公开行政复议3件，撤销1件，确认违法1件。" * count for count in (40, 400)]
    read_narrative(made[0], 2017, "某区人民政府")
    few, many = map(steps, made)
    assert many < 12 * few


def test_numbers_are_looked_for_only_where_a_rule_may_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    numbers_in = reading.numbers_in
    monkeypatch.setattr(reading, "numbers_in", lambda text: asked.append(text) or numbers_in(text))
    read_narrative("全区有12个村，栽树300株。\n主动公开政府信息30条。", 2017)
    assert asked == ["主动公开政府信息30条。"]


@given(_SIGNS)
def test_no_number_is_left_out_by_the_sign_behind_it(text: str) -> None:
    assert [found.span() for found in _matches(text)] == [found.span() for found in _NUMBER.finditer(text)]


@pytest.mark.parametrize("name", ["_TIME", "_WHOSE", "_COMPARISON", "_PLAIN_AIM"])
@given(_SCOPES)
def test_no_scope_is_left_out_by_its_first_sign(name: str, text: str) -> None:
    pattern = getattr(scope, name)
    anywhere = re.compile(pattern.pattern[pattern.pattern.index("])") + 2 :])
    assert [found.span() for found in pattern.finditer(text)] == [found.span() for found in anywhere.finditer(text)]


@given(st.lists(st.sampled_from(["未收到", "没有", "0件", "为0", "因公开申请引起的", "行政复", "议", "诉讼", "举报", "投诉", "收取任何费用", "依申请公开", "要求公开的信息", "政府信息的申请", "，", "。", "公开"]), max_size=12).map("".join))  # fmt: skip  # noqa: E501
def test_no_word_for_none_is_left_out_by_the_signs_asked_first(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(none, "_NAMING", re.compile(""))
        asked = read_narrative(text, 2017)
    assert read_narrative(text, 2017) == asked


def test_halves_of_surrogate_pairs_cost_no_sentence() -> None:
    (figure,) = read_narrative("\ud800主动公开政府信息30条。", 2017).figures
    assert figure.value == 30


class Untouched(str):
    """A text that nobody may go through sign by sign."""

    def translate(self, table: Any) -> str:
        raise AssertionError("translated")


def test_a_text_without_the_rows_of_the_forms_is_not_gone_through() -> None:
    found = Found()
    read_text(found, Untouched("全年主动公开政府信息30条。\n" * 20), 2023, frozenset({"requests"}))
    assert found.figures == []
    with pytest.raises(AssertionError, match="translated"):
        read_text(found, Untouched("第 二\u3000十条第（一）项"), 2023, frozenset({"article20"}))


def test_the_tables_of_a_page_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    rows_of = tables.rows_of
    monkeypatch.setattr(tables, "rows_of", lambda inside: parsed.append(inside) or rows_of(inside))
    row = "<tr><td>一、本年新收政府信息公开申请数量</td>" + "<td>1</td>" * 7 + "</tr>"
    chapters = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、存在的主要问题")
    words = "".join(f"<p>　　{name}</p><p>　　本年度，通过网站主动公开政府信息1234条。</p>" for name in chapters)
    title = "和平区人民政府2022年政府信息公开工作年度报告"
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div class='TRS_Editor'>{words}<table>{row}{row}</table></div></body></html>"  # noqa: E501
    page = derive(
        Capture("http://www.x.gov.cn/a/t20230101_1.html", 200, [], body.encode(), ""), Context(trusted_host=True)
    )
    assert page.kind == "report"
    assert page.text is not None
    assert "\t1\t" in page.text
    assert len(parsed) == 1
