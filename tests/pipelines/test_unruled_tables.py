"""Tables without lines: read by what stands under one another, else told; and digits that lost their gaps."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from pipelines import derive
from pipelines.documents.alignment import aligned_tables
from pipelines.documents.custody import read_document
from pipelines.documents.pieces import Letter
from pipelines.marked.flatten import lines_of
from pipelines.statistics.figures import Found
from pipelines.statistics.sums import run_together
from pipelines.statistics.textlines import read_text
from tests.support.formats import drawn
from tests.support.formats.blocks import Block, Table, official

WRITERS = {"pdf": drawn.pdf, "ofd": drawn.ofd}


def read(blocks: list[Block], look: drawn.Look, name: str) -> Page:
    body = WRITERS[name](drawn.pages(blocks, look))
    return derive(Capture(f"http://www.example.gov.cn/a.{name}", 200, [], body, ""), Context(True))


def values(page: Page) -> dict[str, float | None]:
    return {figure.code: figure.value for figure in page.figures if figure.code is not None}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("seed", range(2))
def test_each_figure_is_read_though_labels_are_cut_over_three_lines(name: str, seed: int) -> None:
    blocks, truth = official(Random(seed))
    page = read(blocks, drawn.Look(ruled=False), name)
    assert (page.kind, values(page), page.problems) == ("report", truth, [])


@pytest.mark.parametrize("seed", [*range(20), 261])
def test_however_it_is_set_nothing_is_wrong_or_left_out_untold(seed: int) -> None:
    random = Random(seed)
    blocks, truth = official(random)
    look = drawn.Look(
        False, random.choice((0, 0.3, 0.6, 1.0, 1.5)), random.choice(("left", "middle", "right")),
        random.choice(("top", "middle")),
    )  # fmt: skip
    zero = random.choice(("0", "", "-"))
    stated: dict[str, float | None] = dict(truth)
    if zero != "0":
        blocks = [_blanked(block, zero) if isinstance(block, Table) else block for block in blocks]
        stated |= {code: None for code, value in truth.items() if value == 0}
    blocks[1:1] = ["各项工作稳步推进。"] * random.choice((0, 7, 19))
    page = read(blocks, look, random.choice(tuple(WRITERS)))
    got = values(page)
    assert page.kind == "report"
    assert {code: value for code, value in got.items() if value is not None and value != stated[code]} == {}
    missed = [code for code, value in stated.items() if value is not None and got.get(code) is None]
    assert not missed or "table_unread" in {problem.kind for problem in page.problems}


def _blanked(table: Table, zero: str) -> Table:
    return Table(tuple(replace(cell, words=zero) if cell.words == "0" else cell for cell in table.cells))


def letters(*lines: tuple[float, float, str]) -> list[Letter]:
    """Letters of ten points of words from a place on: x, top, words."""
    return [
        {"text": sign, "x0": x + 10 * at, "x1": x + 10 * at + 10, "top": top, "bottom": top + 10}
        for x, top, words in lines
        for at, sign in enumerate(words)
    ]


def row(top: float, label: str, *numbers: str) -> list[tuple[float, float, str]]:
    return [(0, top, label), *((200 + 60 * at, top, words) for at, words in enumerate(numbers) if words)]


def tables(*lines: tuple[float, float, str]) -> list[list[str]]:
    return [[cell.words for cell in table.cells] for table, _ in aligned_tables(letters(*lines))]


def test_a_label_belongs_to_the_row_that_it_stands_around() -> None:
    lines = [
        *row(0, "一二", *"12345"),
        (0, 26, "上面"),
        *row(32, "", *"67890"),
        (0, 38, "下面"),
        *row(64, "三四", *"12345"),
    ]
    assert tables(*lines) == [["一二", *"12345", "上面下面", *"67890", "三四", *"12345"]]


def test_a_row_without_numbers_gives_its_label_to_no_other() -> None:
    lines = [*row(0, "1.甲", *"12345"), (0, 15, "2.乙"), *row(30, "3.丙", *"67890")]
    assert tables(*lines) == [["1.甲", *"12345", "3.丙", *"67890"]]


def test_a_blank_cell_stays_blank_and_a_page_number_is_no_row() -> None:
    lines = [*row(0, "甲", *"12345"), *row(20, "乙", "", "", "7"), *row(40, "丙", *"67890"), (260, 90, "4")]
    assert tables(*lines) == [["甲", *"12345", "乙", "7", "丙", *"67890"]]
    ((table, _),) = aligned_tables(letters(*lines))
    assert [(cell.row, cell.column) for cell in table.cells if cell.words == "7"] == [(1, 3), (2, 2)]


def test_heads_that_do_not_agree_with_the_columns_are_none() -> None:
    heads = [(200 + 60 * at, -20, words) for at, words in enumerate(("甲", "乙", "丙", "丁", "戊", "己"))]
    full = [*heads[:5], *row(0, "甲", *"12345"), *row(20, "乙", *"67890")]
    assert tables(*full)[0][:5] == ["甲", "乙", "丙", "丁", "戊"]
    hole = [*heads, *row(0, "甲", "1", "", "2", "3", "4", "5"), *row(20, "乙", "6", "", "7", "8", "9", "0")]
    assert tables(*hole) == [["甲", *"12345", "乙", *"67890"]]


@pytest.mark.parametrize(
    "lines",
    [
        [(0, 0, "全年收到申请12件其中予以公开"), (0, 20, "3 4 5 6 7")],
        [*row(0, "甲", *"1234"), *row(20, "乙", *"5678")],
        [row(0, "甲", *"12345")[0]],
        [],
    ],
)
def test_prose_and_narrow_rows_make_no_table(lines: list[tuple[float, float, str]]) -> None:
    assert tables(*lines) == []


def test_words_between_two_tables_part_them() -> None:
    lines = [*row(0, "甲", *"12345"), (0, 20, "四" * 30), *row(40, "乙", *"67890")]
    assert tables(*lines) == [["甲", *"12345"], ["乙", *"67890"]]


def test_the_lines_of_heads_and_labels_stand_once_in_the_text() -> None:
    blocks, _ = official(Random(0))
    found = lines_of(read_document(drawn.pdf(drawn.pages(blocks, drawn.Look(ruled=False)))).marked)
    assert sum("没有现成信息需要另行制作" in line for line in found) == 1
    assert sum("结果维持" in line for line in found) == 1


@pytest.mark.parametrize(
    ("words", "together"),
    [("000", True), ("123", True), (" 1 68", False), (" 000", True), (" 07 5", True), (" 5.06", False)],
)
def test_digits_are_cut_only_where_gaps_were_lost(words: str, together: bool) -> None:
    assert run_together(words) is together


def test_rows_of_a_table_as_text_that_fell_apart_are_told() -> None:
    lines = ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"]
    lines += [
        f"{mark}{name} 1 0 0 0 0 0 1"
        for mark, name in (("一、", "本年新收政府信息公开申请数量"), ("（一）", "予以公开"))
    ]
    found = Found()
    read_text(found, "\n".join(lines), 2023, frozenset({"requests"}))
    assert [detail for _, detail in found.problems] == ["a table of requests as text that fell apart into lines"]
    heads = (
        "四、情况\n行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n结果维 结果纠\n持 正\n1 0 0 0 1\n第二十条第（一）项"
    )
    found = Found()
    read_text(found, heads, 2023, frozenset({"reviews"}))
    assert [detail for _, detail in found.problems] == [
        "a table of reviews and lawsuits as text that fell apart into lines"
    ]
