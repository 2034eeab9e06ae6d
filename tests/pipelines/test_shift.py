"""Rows of section 三 whose numbers stand beside their columns: told by the row's own sum, else NULL and a problem."""

from __future__ import annotations

import pytest

from pipelines.marked.document import Cell, Writer
from pipelines.statistics.figures import Found
from pipelines.statistics.grid import grids_in
from pipelines.statistics.tables import read_grids

HEAD = [["", "", "", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]]
ROWS = [["一、本年新收政府信息公开申请数量", "", "", "9", "2", "0", "1", "3", "0", "15"]]
GRANTED = ["三、本年度办理结果", "（一）予以公开", ""]
CODES = (
    "natural_person", "org_business", "org_research", "org_public_interest", "org_legal_service", "org_other", "total",
)  # fmt: skip


def table(rows: list[list[str]]) -> str:
    writer = Writer()
    writer.table(Cell(words, row, column) for row, cells in enumerate(rows) for column, words in enumerate(cells))
    return writer.marked


def read(numbers: list[str], head: list[list[str]] = HEAD) -> tuple[list[float | None], set[str]]:
    """The values of the row of granted requests with these numbers, and the kinds of problems."""
    found = Found()
    read_grids(found, grids_in(table([*head, *ROWS, [*GRANTED, *numbers]])), 2023)
    values = {figure.code: figure.value for figure in found.figures}
    return [values.get(f"req_granted__{code}") for code in CODES], {kind for kind, _ in found.problems}


RIGHT: list[float | None] = [5, 3, 0, 1, 2, 0, 11]


@pytest.mark.parametrize(
    "numbers",
    [
        "5 3 0 1 2 0 11",
        "_ 5 3 0 1 2 0 11",
        "5 3 _ 0 1 2 0 11",
        "5 3 0 1 2 0 _ 11",
        "5 3 0 1 2 0 11 _",
        "- 5 3 0 1 2 0 11",
    ],
)
def test_a_blank_cell_more_is_told_by_the_sum(numbers: str) -> None:
    assert read([number.replace("_", "") for number in numbers.split()]) == (RIGHT, set())


def test_what_was_told_by_the_sum_says_so() -> None:
    found = Found()
    rows = [*HEAD, *ROWS, [*GRANTED, "", "5", "3", "0", "1", "2", "0", "11"]]
    read_grids(found, grids_in(table(rows)), 2023)
    methods = {figure.code: figure.method for figure in found.figures}
    assert (methods["req_granted__total"], methods["req_new_received__total"]) == ("label+sum", "label+header")


@pytest.mark.parametrize("numbers", ["_ 5 3 0 1 2 0", "_ 5 3 0 1 2 9 11", "5 3 _ 9 1 2 0 11"])
def test_where_no_order_keeps_the_sum_the_row_is_null_and_told(numbers: str) -> None:
    values, problems = read([number.replace("_", "") for number in numbers.split()])
    assert (set(values), problems) == ({None}, {"table_unread"})


def test_a_blank_first_cell_of_a_row_whose_sum_holds_is_blank() -> None:
    assert read(["", "3", "0", "1", "2", "0", "6"]) == ([None, 3, 0, 1, 2, 0, 6], set())


def test_a_sum_that_does_not_hold_moves_nothing() -> None:
    assert read(["5", "3", "0", "1", "2", "0", "12"]) == ([5, 3, 0, 1, 2, 0, 12], set())


def test_heads_in_two_rows_without_spans_are_seven_columns() -> None:
    head = [["", "", "", "自然人", "法人或其他组织", "", "", "", "", "总计"], ["", "", "", "", *HEAD[0][4:9], ""]]
    assert read(["5", "3", "0", "1", "2", "0", "11"], head) == (RIGHT, set())


@pytest.mark.parametrize(
    ("numbers", "value"),
    [(["5", "3", "0", "1", "2", "0", "1\n1"], 11), (["1\n5", "3", "0", "1", "2", "0", "2\n1"], 21)],
)
def test_a_number_cut_by_a_line_end_is_one_where_the_sum_says_so(numbers: list[str], value: int) -> None:
    values, problems = read(numbers)
    assert (values[-1], problems) == (value, set())


def test_two_numbers_in_a_cell_are_none() -> None:
    values, problems = read(["1\n5", "3", "0", "1", "2", "0", "12"])
    assert (values[0], values[-1], problems) == (None, 12, {"table_unread"})
