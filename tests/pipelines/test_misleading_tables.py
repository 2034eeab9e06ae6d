"""Tables whose header, spans, stubs or marks mislead: each figure is what was meant, or none and told.

The door is `nianbao extract`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from crawler.reference.measures import Word, form_of
from pipelines.marked.flatten import flatten
from tests.pipelines.test_turned_tables import (
    CAPTION,
    CODES,
    GROUPS,
    RESULTS,
    VALUES,
    extract,
    table,
    td,
    unread,
    values,
)

FORM = form_of("f2021")
COLUMNS = list(FORM.request_columns)
OTHER = [value + 1 for value in VALUES]
HEAD = [
    [td("行政复议", 1, 5), td("行政诉讼", 1, 10)],
    [*(td(one, 2) for one in RESULTS), td(GROUPS[1], 1, 5), td(GROUPS[2], 1, 5)],
    [*RESULTS * 2],
]

Line = list[Any]


def amount(row: int, column: int) -> int:
    """A number of requests that differs between columns; the last column has the sum."""
    last = len(COLUMNS) - 1
    return (row + 2 * column) % 5 if column < last else sum(amount(row, at) for at in range(last))


def requested() -> dict[str, int]:
    return {
        f"req_{row.code}__{column.code}": amount(at, COLUMNS.index(column))
        for at, row in enumerate(FORM.request_rows)
        for column in COLUMNS
    }


def requests(columns: Sequence[Word] = COLUMNS, head: Sequence[Line] | None = None) -> list[Line]:
    body = [
        [row.label, *(amount(at, COLUMNS.index(column)) for column in columns)]
        for at, row in enumerate(FORM.request_rows)
    ]
    return [*([["项目", *(column.label for column in columns)]] if head is None else head), *body]


def stacked(natural: int = 2, organizations: int = 5) -> list[Line]:
    """A header in three rows: of the first column over so many rows, the organizations over so many columns."""
    return [
        [td("项目", 3), td("申请人情况", 1, 7)],
        [td("自然人", natural), td("法人或其他组织", 1, organizations), td("总计", 2)],
        [column.label for column in COLUMNS[1:-1]],
    ]


def of_requests(said: dict[str, Any]) -> dict[str, float | None]:
    return {code: value for code, value in values(said).items() if str(code).startswith("req_") and "__" in str(code)}


def of_reviews(said: dict[str, Any]) -> list[float | None]:
    return [values(said).get(code) for code in CODES]


def test_a_header_that_is_written_behind_its_rows_is_shown_over_them(tmp_path: Path) -> None:
    head, *body = table(requests(COLUMNS[::-1])).split("<tr>")[1:]
    html = f"<table><tbody><tr>{'<tr>'.join(body)}".replace("</table>", f"</tbody><thead><tr>{head}</thead></table>")
    assert of_requests(extract(tmp_path, html)) == requested()


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ("<tbody>{b}</tbody><thead>{h}</thead><tbody>{c}</tbody><thead>{d}</thead>", "hbcd"),
        ("<tr>{b}</tr><thead>{h}</thead><tbody>{c}</tbody>", "hbc"),
        ("<tfoot>{d}</tfoot><tr>{b}</tr>", "bd"),
        ("<tbody>{b}</tbody><form>{c}</form><thead>{h}</thead>", "hbc"),
    ],
    ids=["only the first head", "rows of no body", "a foot before", "a form among the parts"],
)
def test_parts_of_a_table_stand_as_a_browser_shows_them(parts: str, shown: str) -> None:
    rows = {one: f"<tr><td>{one}</td></tr>" for one in "hbcd"}
    assert flatten(html.fromstring(f"<div><table>{parts.format(**rows)}</table></div>")) == list(shown)


def test_a_span_that_takes_a_head_away_leaves_the_columns_to_be_counted(tmp_path: Path) -> None:
    said = extract(tmp_path, table(requests(head=stacked(natural=1))))
    assert (of_requests(said), unread(said)) == (requested(), [])


@pytest.mark.parametrize(
    "lines",
    [
        requests([COLUMNS[-1], *COLUMNS[:-1]], head=[[td("<img src='head.png'>", 1, 8)]]),
        requests(head=stacked(organizations=4)),
    ],
    ids=["the total first under a picture", "the total over its neighbour"],
)
def test_rows_that_add_up_to_another_column_than_the_total_have_no_values(tmp_path: Path, lines: list[Line]) -> None:
    said = extract(tmp_path, table(lines))
    assert set(of_requests(said).values()) == {None}
    assert any("another column than the total" in detail for detail in unread(said))


def test_one_row_whose_sum_does_not_hold_keeps_its_printed_numbers(tmp_path: Path) -> None:
    lines = requests()
    lines[3][-1] += 1
    assert of_requests(extract(tmp_path, table(lines))) == {**requested(), "req_granted__total": lines[3][-1]}


def test_a_table_before_the_form_that_shares_a_row_with_it_takes_no_rows_from_it(tmp_path: Path) -> None:
    decoy: list[Line] = [["类型", "自然人", "商业企业", "其他", "总计"], ["投诉", 3, 2, 1, 6], ["重复申请", 2, 0, 0, 2]]
    said = extract(tmp_path, "<p>一、总体情况</p>" + table(decoy) + "<p>三、依申请公开</p>" + table(requests()))
    assert of_requests(said) == requested()


def test_columns_that_were_not_met_are_told(tmp_path: Path) -> None:
    lines = requests()
    said = extract(tmp_path, table([line[:5] for line in lines]) + table([line[5:] for line in lines]))
    assert any("columns of section 三 were not met: 法律服务机构" in detail for detail in unread(said))


RULES = ("本年制发件数", "本年废止件数", "现行有效件数")
KINDS = ("规章", "行政规范性文件")


def test_a_label_that_a_span_pushed_under_the_columns_is_no_number(tmp_path: Path) -> None:
    lines: list[Line] = [
        [td("第二十条第（一）项", 1, 4)],
        ["信息内容", *RULES],
        [td(KINDS[0], 1, 2), 7, 8, 9],
        [KINDS[1], 1, 2, 3],
    ]
    said = extract(tmp_path, table(lines))
    assert {code: value for code, value in values(said).items() if str(code).startswith("art20_1_rules")} == {
        "art20_1_rules_issued_this_year": 7, "art20_1_rules_repealed_this_year": 8, "art20_1_rules_in_force": 9,
    }  # fmt: skip


def test_a_number_that_hangs_down_among_those_of_the_next_row_leaves_none(tmp_path: Path) -> None:
    lines: list[Line] = [
        [td("第二十条第（一）项", 1, 4)],
        ["信息内容", *RULES],
        [KINDS[0], 7, td(8, 2), 9],
        [KINDS[1], 1, 2, 3],
    ]
    said = extract(tmp_path, table(lines))
    assert {value for code, value in values(said).items() if str(code).startswith("art20_1_normative")} == {None}
    assert unread(said)


def test_kinds_beside_one_another_without_a_header_of_the_form_are_told(tmp_path: Path) -> None:
    lines: list[Line] = [["信息内容", *KINDS], *([name, 1, 2] for name in RULES)]
    said = extract(tmp_path, "<p>第二十条第（一）项</p>" + table(lines))
    assert unread(said)
    assert not any(value for code, value in values(said).items() if str(code).startswith("art20"))


@pytest.mark.parametrize(
    "lines",
    [
        [*HEAD, list(range(1, 16)), list(VALUES)],
        [[td("年度", 3), *HEAD[0]], *HEAD[1:], ["2021年", *OTHER], ["2022年", *VALUES]],
        [[td("年度", 3), *HEAD[0]], *HEAD[1:], ["上年", *OTHER], ["本年", *VALUES]],
        [*HEAD, list(VALUES), list(VALUES)],
        [[td("<img src='head.png'>", 1, 15)], list(VALUES)],
    ],
    ids=["numbers of columns", "years as stubs", "this year and the last", "the same twice", "a picture as header"],
)  # fmt: skip
def test_the_row_of_the_year_is_read(tmp_path: Path, lines: list[Line]) -> None:
    assert of_reviews(extract(tmp_path, CAPTION + table(lines))) == list(VALUES)


@pytest.mark.parametrize(
    "lines",
    [
        [*HEAD, list(VALUES), list(OTHER)],
        [[td("单位", 3), *HEAD[0]], *HEAD[1:], ["甲镇", *OTHER], ["乙镇", *VALUES]],
        [list(OTHER)],
    ],
    ids=["two rows", "two organs", "numbers whose sums do not hold under no header"],
)
def test_rows_of_which_none_is_told_for_the_organs_have_no_values(tmp_path: Path, lines: list[Line]) -> None:
    said = extract(tmp_path, CAPTION + table(lines))
    assert set(of_reviews(said)) == {None}
    assert unread(said)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([["2021年", *VALUES], ["2022年", *[""] * 15]], [None] * 15),
        ([["2021年", *VALUES]], [None] * 15),
        ([["上年", *VALUES]], [None] * 15),
        ([["2020年", *VALUES], ["2021年", *VALUES]], [None] * 15),
        ([["2021年", *OTHER], ["2022年较2021年增减", *VALUES]], [None] * 15),
        ([["本年比上年增减", *OTHER], ["本年", *VALUES]], list(VALUES)),
        ([["2021—2022年", *OTHER], ["2022年", *VALUES]], list(VALUES)),
        ([["数量", *VALUES], ["同比增减", *OTHER]], list(VALUES)),
        ([["", *VALUES], ["2021年", *OTHER]], [None] * 15),
    ],
)  # fmt: skip
def test_rows_of_other_years_and_of_changes_are_no_numbers_of_the_year(
    tmp_path: Path, rows: list[Line], wanted: list[float | None]
) -> None:
    said = extract(tmp_path, CAPTION + table([[td("年度", 3), *HEAD[0]], *HEAD[1:], *rows]))
    assert of_reviews(said) == wanted
    assert said["problems"]


def test_groups_named_in_another_order_before_a_table_leave_no_values(tmp_path: Path) -> None:
    said = extract(tmp_path, CAPTION + "<p>行政诉讼 行政复议</p>" + table([[*RESULTS * 3], list(VALUES)]))
    assert set(of_reviews(said)) == {None}
    assert unread(said)


def test_lawsuits_alone_are_neither_of_the_two_kinds(tmp_path: Path) -> None:
    html = "<p>行政复议</p>" + table([list(RESULTS), list(VALUES[:5])])
    said = extract(tmp_path, CAPTION + html + "<p>行政诉讼</p>" + table([list(RESULTS), list(VALUES[5:10])]))
    assert of_reviews(said) == [*VALUES[:5], *[None] * 10]
    assert any("未经复议直接起诉; 复议后起诉" in detail for detail in unread(said))


def test_captions_under_their_tables_name_none_of_the_tables_that_follow(tmp_path: Path) -> None:
    tables = [table([list(RESULTS), list(VALUES[5 * at : 5 * at + 5])]) for at in range(3)]
    said = extract(tmp_path, CAPTION + "".join(f"{one}<p>{name}</p>" for one, name in zip(tables, GROUPS, strict=True)))
    assert set(of_reviews(said)) == {None}
    assert unread(said)


@pytest.mark.parametrize(
    "cell",
    ["{}<sub>2</sub>", "{}<a href='#note2'>2</a>", "{}*", "{}※", "{}注2", "“{}”", "{}。", "'{}", "={}"],
)
def test_what_stands_around_a_number_is_none_of_it(tmp_path: Path, cell: str) -> None:
    said = extract(tmp_path, CAPTION + table([*HEAD, [cell.format(value) for value in VALUES]]))
    assert of_reviews(said) == list(VALUES)
