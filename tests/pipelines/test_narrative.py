"""What sentences state: measures of this year with the sentence as evidence, and nothing that is not one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reference.methods import OUTSIDE, SENTENCE_METHODS
from pipelines.statistics.narrative import AMBIGUOUS, read_narrative
from pipelines.statistics.narrative.numbers import UNITS, numbers_in
from pipelines.statistics.narrative.rules import _WORDS, RULES, rules_for
from tests.evaluate import gold_folder
from tests.evaluate.narrative import evaluate_narrative


def values(text: str, year: int | None = 2018) -> dict[str | None, float | None]:
    return {figure.code: figure.value for figure in read_narrative(text, year).figures if figure.value is not None}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # units, qualifiers, scales
        ("全年共主动公开政府信息1,204条。", {"disc_total": 1204}),
        ("全年主动公开政府信息3.2万余条。", {"disc_total": 32000}),
        ("全年主动公开政府信息８５条，同比增长12.5%。", {"disc_total": 85}),
        ("2018年，我市主动公开政府信息近900篇。", {"disc_total": 900}),
        # Chinese numerals
        ("全年收到政府信息公开申请十二件。", {"req_received": 12}),
        # a total with its channels
        (
            "主动公开政府信息907条，其中通过政府网站公开86条，微信公众号公开810条，政务微博公开11条。",
            {"disc_total": 907, "disc_via_website": 86, "disc_via_wechat": 810, "disc_via_weibo": 11},
        ),
        # numbers in the order of what was named before
        (
            "全年共收到政府信息公开申请75件。申请通过当面、网上、信函方式递交，分别为：6件、7件、62件。",
            {
                "req_received": 75,
                "req_received_in_person": 6,
                "req_received_online": 7,
                "req_received_letter": 62,
            },
        ),
        ("微信和微博分别发布政府信息14条、65条。", {"disc_via_wechat": 14, "disc_via_weibo": 65}),
        # several organs, their sum last or first
        (
            "市政府收到政府信息公开申请20件，各区县收到政府信息公开申请35件，全市共收到政府信息公开申请55件。",
            {"req_received": 55},
        ),
        ("全市共收到政府信息公开申请55件，其中市政府收到政府信息公开申请20件。", {"req_received": 55}),
        # all of them
        ("受理依申请公开4件，全部为互联网申请。", {"req_received": 4, "req_received_online": 4}),
        (
            "因政府信息公开引起行政复议7件，行政诉讼9件，均获维持。",
            {"review_total": 7, "suit_total": 9, "review_upheld": 7, "suit_upheld": 9},
        ),
        # none in words
        (
            "本年度未收到政府信息公开申请，没有发生行政复议、行政诉讼。",
            {"req_received": 0, "review_total": 0, "suit_total": 0},
        ),
        ("未因政府信息公开申请引起行政复议。", {"review_total": 0}),
        ("我局未发生因政府信息公开申请行政复议、提起行政诉讼的情况。", {"review_total": 0, "suit_total": 0}),
        # a comma without a space before a number is none of its digits
        ("主动公开政府信息20条,受理政府信息公开申请13件.", {"disc_total": 20, "req_received": 13}),
        # no unit, but nothing else can stand there
        ("年度主动公开政府信息158，工作平稳。", {"disc_total": 158}),
        # 元 become 万元
        ("全年收取政府信息公开信息处理费380元。", {"fee_collected_wan": 0.038}),
    ],
)
def test_read(sentence: str, expected: dict[str, float]) -> None:
    assert values(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "历年累计主动公开政府信息48210条。",
        "2017年主动公开政府信息300条。",
        "上年同期主动公开政府信息300条。",
        "与去年相比，主动公开政府信息增加300条。",
        "自2008年以来，累计主动公开政府信息4821条。",
        "根据条例第20条和第21条主动公开政府信息。",
        "全年收到群众来信75件，办理人大建议12件。",
        "窗口24个，共受理申请136437件。",
        "采购网上竞价453条。",
        "制作政府信息614条，其中予以公开29条，不予公开583条。",
        "微信号发布招聘信息20多条。",
        "未按期答复的申请没有出现过推诿。",
        "予以公开及部分公开42件。",
        "政务公开率100%，公开时限缩短至20个工作日。",
    ],
)
def test_not_a_figure_of_this_year(sentence: str) -> None:
    assert values(sentence) == {}


def test_a_heading_within_a_flattened_line_opens_a_new_stretch() -> None:
    """平潭 2015, one line a page: windows of a service hall stood behind a chapter on requests."""
    text = "一、依申请公开工作。全年收到政府信息公开申请3件。（二）政务服务。大厅网上提交453件。"
    assert values(text) == {"req_received": 3}


def test_outcomes_that_add_up_to_what_was_received_were_answered() -> None:
    text = "收到政府信息公开申请9件，其中同意公开5件，部分公开3件，不予公开1件。"
    figures = {figure.code: figure for figure in read_narrative(text, 2018).figures}
    assert figures["req_answered"].value == 9
    assert figures["req_answered"].raw is None
    assert figures["req_answered"].method == "parts add up"


_NUMBERS = st.integers(min_value=0, max_value=99_999)


@given(total=_NUMBERS, site=_NUMBERS, received=_NUMBERS, parts=st.tuples(_NUMBERS, _NUMBERS, _NUMBERS))
def test_what_is_written_is_read(total: int, site: int, received: int, parts: tuple[int, int, int]) -> None:
    granted, partial, denied = parts
    text = (
        f"一、主动公开\n全年主动公开政府信息{total}条，其中政府网站公开{site:,}条。\n"
        f"二、依申请公开\n全年收到政府信息公开申请{received}件，其中同意公开{granted}件、部分公开{partial}件、"
        f"不予公开{denied}件。"
    )
    read = values(text)
    assert (read["disc_total"], read["disc_via_website"], read["req_received"]) == (total, site, received)
    assert (read["req_ans_granted"], read["req_ans_partial"], read["req_ans_denied"]) == parts
    assert read.get("req_answered", received) == received


_PIECES = st.sampled_from(
    [
        *"一二三四五六七八九十百千万零两余多近约未无件条份次元年月日，。；：、（）%.,\n\t",
        *(
            "主动公开",
            "政府信息",
            "申请",
            "收到",
            "行政复议",
            "诉讼",
            "网站",
            "微信",
            "分别为",
            "其中",
            "同比",
            "2018年",
        ),
        *("未收到", "没有发生", "办结", "不予公开", "12", "3.5", "1,000", "0", "万元", "信函", "当面", "均", "维持"),
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=60).map("".join)))
def test_any_text_gives_figures_that_stand_in_it(text: str) -> None:
    figures = read_narrative(text, 2018).figures
    assert len({figure.code for figure in figures}) == len(figures)
    for figure in figures:
        assert figure.method in SENTENCE_METHODS
        for sentence in figure.evidence.split("\n"):
            assert sentence in text
        for raw in (figure.raw or "").split(" / "):
            assert raw in figure.evidence
        if figure.value is None:
            assert figure.method in {AMBIGUOUS, *OUTSIDE}
            continue
        assert figure.value >= 0
        if figure.value == 0 and figure.method == "sentence":
            assert any(number.value == 0 for number in numbers_in(figure.evidence))


@given(st.lists(_PIECES, min_size=5, max_size=60).map("".join))
def test_the_words_looked_for_first_are_in_all_that_the_rules_fit(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        every = {unit: tuple(rule for rule in RULES if unit in rule.units) for unit in ("", *UNITS)}
        patch.setattr("pipelines.statistics.narrative.reading.rules_for", lambda sentence: every)
        tried = values(text)
    assert values(text) == tried


def test_every_rule_is_looked_for_by_a_word() -> None:
    said = "".join(word for words in _WORDS.values() for word in words.split())
    assert {rule for rules in rules_for(said).values() for rule in rules} == set(RULES)


@pytest.mark.skipif(gold_folder() is None, reason="no folder of real pages (NIANBAO_GOLD)")
def test_whole_real_reports_are_read_exactly() -> None:
    folder = gold_folder()
    assert folder is not None
    whole, alone = evaluate_narrative(folder)
    assert whole.misses == []
    assert whole.total > 0
    assert alone.right / alone.total > 0.9
    assert "0 wrong" in alone.name


def test_a_number_beyond_all_numbers_is_told_and_has_no_value() -> None:
    (figure,) = read_narrative(f"收到政府信息公开申请{'9' * 400}件。", 2018).figures
    assert (figure.code, figure.value, figure.method) == ("req_received", None, "sentence, implausible")
