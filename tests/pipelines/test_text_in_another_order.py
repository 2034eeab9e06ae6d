"""Tables that came as text are counted where they stand in the form's order, and told where they do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from crawler.reference.measures import form_of
from pipelines.statistics.figures import Found
from pipelines.statistics.textlines import read_text
from pipelines.statistics.textorder import columns_in_order, groups_in_order, labels_behind, prints_zeros
from tests.pipelines.test_misleading_tables import COLUMNS, FORM, OTHER, amount, requested
from tests.pipelines.test_turned_tables import CODES, GROUPS, RESULTS, VALUES

SECTIONS = frozenset({"article20", "requests", "reviews"})
Rows = list[list[str]]
NAMES = [column.label for column in COLUMNS]
REVIEW_HEAD = [["行政复议", "行政诉讼"], [*RESULTS, GROUPS[1], GROUPS[2]], [*RESULTS * 2]]


def read(text: str) -> tuple[dict[str | None, float | None], list[str]]:
    found = Found()
    read_text(found, text, 2023, SECTIONS)
    return {figure.code: figure.value for figure in found.figures}, [detail for _, detail in found.problems]


def words(values: Sequence[int]) -> list[str]:
    return [*map(str, values)]


def requests(order: Sequence[int] = range(7), more: int = 0) -> Rows:
    head = ["项目", *(NAMES[at] for at in order)]
    return [
        head,
        *([row.label, *words([amount(n, at) + more for at in order])] for n, row in enumerate(FORM.request_rows)),
    ]


def reviews(values: Sequence[int] = VALUES, head: Rows = REVIEW_HEAD) -> Rows:
    return [["四、政府信息公开行政复议、行政诉讼情况"], *head, words(values)]


def lines(rows: Rows) -> str:
    return "\n".join("\n".join(row) for row in rows)


def tabs(rows: Rows) -> str:
    return "\n".join("\t".join(row) for row in rows)


def box(rows: Rows) -> str:
    rule = "├──┼──┤"
    return f"\n{rule}\n".join("│" + "│".join(row) + "│" for row in rows)


def commas(rows: Rows) -> str:
    return "\n".join(",".join(row) for row in rows)


def quoted(rows: Rows) -> str:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)


def units(rows: Rows) -> str:
    return lines([[f"{cell}件" if cell.isdecimal() else cell for cell in row] for row in rows])


@pytest.mark.parametrize("write", [lines, tabs, box, commas, quoted, units])
def test_strokes_commas_and_units_part_the_numbers_of_a_text(write: Callable[[Rows], str]) -> None:
    got, problems = read(write(requests() + reviews()))
    assert {code: got.get(code) for code in requested()} == requested()
    assert [got.get(code) for code in CODES] == list(VALUES)
    assert problems == []


def test_a_row_that_counts_the_columns_is_none_of_the_numbers() -> None:
    rows = requests()
    numbered = [rows[0], ["甲", *words(range(1, 8))], *rows[1:]]
    got, _ = read(lines(numbered + reviews(head=[*REVIEW_HEAD, words(range(1, 16))])))
    assert {code: got.get(code) for code in requested()} == requested()
    assert [got.get(code) for code in CODES] == list(VALUES)


@pytest.mark.parametrize(
    "rows",
    [
        requests([6, 0, 1, 2, 3, 4, 5]),
        requests([0, 2, 1, 3, 4, 5, 6]),
        requests([0, 1, 2, 3, 4, 6, 5]),
        [[*row[1:], row[0]] for row in requests()],
        requests() + requests(more=1),
        [["三、收到和处理政府信息公开申请情况"], *requests([6, 0, 1, 2, 3, 4, 5])[1:]],
    ],
    ids=["the total first", "two kinds", "the total before the last kind", "labels behind", "twice", "no heads"],
)
@pytest.mark.parametrize("write", [lines, tabs])
def test_requests_in_another_order_are_told_and_not_counted(write: Callable[[Rows], str], rows: Rows) -> None:
    got, problems = read(write(rows))
    assert not {code for code in got if str(code).startswith("req_")}
    assert problems == ["a table of requests as text, in another order than the form's or twice"]


def test_the_same_table_twice_is_read_once() -> None:
    got, problems = read(lines(requests() + requests()))
    assert {code: got.get(code) for code in requested()} == requested()
    assert problems == []


@pytest.mark.parametrize(
    "rows",
    [
        reviews(head=[["行政诉讼", "行政复议"], [GROUPS[1], GROUPS[2], *RESULTS], [*RESULTS * 2]]),
        [*reviews(), ["上年"], *reviews(OTHER)],
        [line for at in (2, 0, 1) for line in ([GROUPS[at]], [*RESULTS], words(VALUES[5 * at : 5 * at + 5]))],
    ],
    ids=["lawsuits first", "two years", "a table for each group, the last first"],
)
def test_reviews_in_another_order_are_told_and_not_counted(rows: Rows) -> None:
    got, problems = read(lines([["第二十条第（一）项"], *rows]))
    assert not set(got) & set(CODES)
    assert "a table of reviews and lawsuits as text, in another order than the form's or twice" in problems


def test_results_as_rows_of_a_text_are_told() -> None:
    rows = [["结果", *GROUPS], *([RESULTS[at], *words(VALUES[at::5])] for at in range(5))]
    got, problems = read(lines([["第二十条第（一）项"], ["四、情况"], *rows]))
    assert not set(got) & set(CODES)
    assert any("reviews and lawsuits" in detail for detail in problems)


@pytest.mark.parametrize("turned", [False, True], ids=["columns", "labels behind"])
def test_section_two_in_another_order_is_told_and_not_counted(turned: bool) -> None:
    caption = FORM.captions[0]
    rows = [
        ["信息内容", *(column.label for column in reversed(caption.columns))],
        [caption.rows[0].label, "7", "8", "9"],
    ]
    if turned:
        rows = [
            ["信息内容", *(column.label for column in caption.columns)],
            ["7", "8", "9", caption.rows[0].label, "1", "2", "3"],
        ]
    got, problems = read(lines([[caption.label], *rows]))
    assert not got
    assert any("in another order" in detail for detail in problems)


def test_digits_without_gaps_are_cut_only_where_noughts_are_printed() -> None:
    rows = [[row.label, "12", "", "21", "", "", "", "33"] for row in form_of("f2021").request_rows]
    got, problems = read("申请人情况\n" + "\n".join(map("".join, rows)))
    assert {value for code, value in got.items() if str(code).startswith("req_")} == {None}
    assert problems


@pytest.mark.parametrize(
    ("head", "in_order"),
    [
        (" ".join(["项目", *NAMES]), True),
        ("自然人 法人或其他组织 总计 商业企业 科研机构 社会公益组织 法律服务机构 其他", True),
        ("商业 科研 社会公益", True),
        ("", True),
        (" ".join(["总计", *NAMES[:-1]]), False),
        (" ".join([*NAMES, *NAMES]), False),
        (" ".join([*NAMES[:4], "总计", *NAMES[4:6]]), False),
        (" ".join([*NAMES[1:-1], NAMES[0], "总计"]), False),
    ],
)
def test_the_order_of_columns(head: str, in_order: bool) -> None:
    assert columns_in_order(head) is in_order


@pytest.mark.parametrize(
    ("head", "behind"),
    [
        ("总计\n1 2 3 0 0 0 6\n", True),
        ("总计\n1 2 3 0 0 0 6\n一、", True),
        ("总计\n1230006\n", True),
        ("总计\n1 2 3 4 5 6 7\n", False),
        ("总计\n3\n", False),
        ("总计\n", False),
    ],
)
def test_numbers_before_the_first_label(head: str, behind: bool) -> None:
    assert labels_behind(head, 7) is behind


@pytest.mark.parametrize(
    ("head", "in_order"),
    [
        ("行政复议 行政诉讼 未经复议直接起诉 复议后起诉", True),
        ("行政诉讼、行政复议情况 行政复议 行政诉讼", True),
        ("行政诉讼 行政复议", False),
        ("复议后起诉 未经复议直接起诉", False),
        ("", True),
    ],
)
def test_the_order_of_groups(head: str, in_order: bool) -> None:
    assert groups_in_order(head) is in_order


@pytest.mark.parametrize(
    ("chunks", "printed"),
    [
        (["0000000"], True),
        (["2001003"], True),
        (["05", "1"], True),
        (["1210304"], False),
        (["12", "10"], False),
        ([], False),
    ],
)
def test_noughts_that_are_printed(chunks: list[str], printed: bool) -> None:
    assert prints_zeros([chunks], 7) is printed
