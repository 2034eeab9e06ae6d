"""Where in a text each figure stands: its cell by row and column, its sentence by its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.records.report import Figure, Place
from crawler.words.location import locate

FILE = "https://a.gov.cn/1.xls"


def cell(table: int, row: int, column: int, raw: str | None, file: str | None = None) -> Figure:
    return Figure("f2021", None, "甲", None, None, raw, None, Place(None, table, row, column, file=file), "header")


def sentence(words: str) -> Figure:
    return Figure("narrative", "disc_total", "disc_total", None, 1, "1", "条", Place(words), "sentence")


def shown(text: str, figure: Figure) -> str | None:
    """What stands at the place of a figure."""
    if figure.start is None or figure.length is None:
        return None
    return text[figure.start - 1 : figure.start - 1 + figure.length]


def test_a_cell_is_found_by_its_row_and_column() -> None:
    text = "二、表\n项\t甲\t乙\n收\t3\t\n结\t1 234\t5\n以上。"
    figures = [cell(1, 2, 2, "3"), cell(1, 2, 3, ""), cell(1, 3, 2, "1234"), cell(1, 3, 3, "5")]
    locate(figures, text, {})
    assert [shown(text, figure) for figure in figures] == ["3", "", "1 234", "5"]
    assert figures[1].start == text.index("3\t") + 3


def test_rows_that_look_alike_are_told_by_their_neighbours() -> None:
    rows = ["0\t0", "0\t0", "0\t7", "0\t0"]
    text = "\n".join(f"第{at}\t{row}" for at, row in enumerate(rows))
    figures = [
        cell(1, 1 + at, 2 + column, words)
        for at, row in enumerate(rows)
        for column, words in enumerate(row.split("\t"))
    ]
    locate(figures, text, {})
    assert [figure.start for figure in figures] == sorted({figure.start for figure in figures})
    assert [shown(text, figure) for figure in figures] == ["0", "0", "0", "0", "0", "7", "0", "0"]


def test_a_table_comes_after_the_one_before() -> None:
    text = "甲\t1\n话\n乙\t1\n话\n丙\t1"
    figures = [cell(number, 1, 2, "1") for number in (1, 2, 3)]
    locate(figures, text, {})
    assert [figure.start for figure in figures] == [3, 9, 15]


def test_a_row_without_any_cell_has_no_line() -> None:
    text = "甲\t1\n乙\t2"
    figures = [cell(1, 1, 2, "1"), cell(1, 4, 2, "2")]
    locate(figures, text, {})
    assert [shown(text, figure) for figure in figures] == ["1", "2"]


def test_a_row_that_stands_nowhere_has_no_place() -> None:
    figures = [cell(1, 1, 2, "1"), cell(1, 2, 2, "9"), cell(1, 3, 2, "3")]
    locate(figures, "甲\t1\n乙\t2\n丙\t3", {})
    assert [figure.start is None for figure in figures] == [False, True, False]


def test_the_words_of_a_file_are_its_own() -> None:
    figures = [cell(1, 1, 2, "1"), cell(1, 1, 2, "7", FILE), cell(1, 1, 2, "7", "https://a.gov.cn/lost.xls")]
    locate(figures, "甲\t1", {FILE: "前\n乙\t7"})
    assert [figure.start for figure in figures] == [3, 5, None]


def test_a_sentence_is_found_by_its_words_and_several_by_the_first() -> None:
    text = "一、概述\n公开1条。再公开2条。"
    figures = [sentence("公开1条。"), sentence("再公开2条。\n公开1条。"), sentence("别的话。")]
    locate(figures, text, {})
    assert [shown(text, figure) for figure in figures] == ["公开1条。", "再公开2条。", None]


@pytest.mark.parametrize("text", [None, "", "没有表"])
def test_without_a_table_there_is_no_place(text: str | None) -> None:
    figure = cell(1, 1, 1, "1")
    locate([figure], text, {})
    assert figure.start is None


CELLS = st.sampled_from(["", "0", "1", "12"])
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


@given(st.lists(TABLES, min_size=1, max_size=3))
def test_every_cell_of_made_up_tables_is_found(tables: list[list[list[str]]]) -> None:
    text, figures, truth = "", [], []
    for number, table in enumerate(tables, start=1):
        text += f"表{number}\n"
        for row, cells in enumerate(table, start=1):
            label = f"表{number}行{row}"
            text += label
            figures.append(cell(number, row, 1, label))
            truth.append(len(text) - len(label) + 1)
            for column, words in enumerate(cells, start=2):
                text += "\t"
                figures.append(cell(number, row, column, words))
                truth.append(len(text) + 1)
                text += words
            text += "\n"
    locate(figures, text, {})
    assert [figure.start for figure in figures] == truth
