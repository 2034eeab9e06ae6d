"""The chapters of a text: where each begins and ends, and what is no heading."""

from __future__ import annotations

from crawler.words.chapters import read_sections


def test_sections() -> None:
    text = "引言。\n一、总体情况\n甲。\n（一）主动公开。全年一百条。\n1.网站\n乙。\n二、问题\n一、\t1\n无"
    got = read_sections(text.split("\n"))
    assert [(s.position, s.level, s.heading, s.text(text)) for s in got] == [
        (0, 1, None, "引言。"),
        (1, 1, "一、总体情况", "甲。"),
        (2, 2, "（一）主动公开", "全年一百条。"),
        (3, 3, "1.网站", "乙。"),
        (4, 1, "二、问题", "一、\t1\n无"),
    ]


def test_a_figure_is_no_heading() -> None:
    assert [s.heading for s in read_sections(["1.5万条", "2018年", "3、完成了一百件。"])] == [None]
