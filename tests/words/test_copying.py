"""Which sentences of a text stand in another one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.words.copying import LEAST, Share, sentences, share

LONG = "全年共主动公开政府信息"


def test_figures_and_white_space_make_no_other_sentence() -> None:
    assert (
        sentences(f"{LONG} 1,204 条，增长3.5%。")
        == sentences(f"{LONG}７条，增\u3000长12%。")
        == [f"{LONG}#条，增长#%。"]
    )
    assert sentences(f"{LONG}若干条。") != sentences(f"{LONG}很多条。")


def test_short_ones_and_tables_do_not_count() -> None:
    assert sentences("一、总体情况\n2019年3月27日\n" + "甲" * (LEAST - 2) + "9。") == []
    assert sentences("甲" * (LEAST - 1) + "9。") != []
    assert sentences(f"{LONG}\t3\t4") == []


def test_a_sentence_ends_with_its_mark_or_its_paragraph() -> None:
    assert len(sentences(f"{LONG}甲；{LONG}乙。{LONG}丙！\n{LONG}丁")) == 4
    assert len(sentences(f"{LONG}3.5件，{LONG}甲")) == 1


def test_each_counts_as_often_as_it_stands() -> None:
    told = share(["甲", "乙", "甲"], frozenset({"甲"}))
    assert told == Share(2, 3)
    assert told.percent == 66
    assert share([], frozenset({"甲"})).percent == 0


@given(st.text("甲乙。；\n\t 0123456789，.", max_size=60))
def test_a_text_is_copied_from_itself(text: str) -> None:
    own = sentences(text)
    assert share(own, frozenset(own)).copied == len(own)
