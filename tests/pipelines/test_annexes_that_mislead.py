"""The annex of 2014 of another year, twice, in halves, turned, as text: each figure is the year's, or none and told."""

from __future__ import annotations

import pytest

from crawler.records.capture import Capture
from crawler.records.page import Page
from crawler.reference.measures import form_of
from pipelines import derive
from tests.pipelines.test_turned_tables import table
from tests.support.hostile_pages import report

ROWS = form_of("f2014").annex
NOW = {row.code: at + 3 for at, row in enumerate(ROWS)}
BEFORE = {code: 2 * value for code, value in NOW.items()}
HEAD = ["统计指标", "单位", "统计数"]


def annex(values: dict[str, int]) -> list[list[object]]:
    return [[*HEAD], *([row.label, row.unit or "", values[row.code]] for row in ROWS)]


def read(inner: str) -> Page:
    """A report on 2018 with this at its end."""
    body = report(f"<p>附件</p>{inner}").encode()
    return derive(
        Capture("http://www.example.gov.cn/a.html", 200, [("Content-Type", "text/html; charset=utf-8")], body, "")
    )


def values(page: Page) -> dict[str | None, float | None]:
    return {figure.code: figure.value for figure in page.figures if figure.form == "f2014"}


def told(page: Page) -> set[str]:
    return {problem.kind for problem in page.problems}


def halves() -> str:
    rows = annex(NOW)
    middle = len(rows) // 2 + 1
    right = [rows[0], *rows[middle:]]
    return table(
        [one + other for one, other in zip(rows[: len(right)], right, strict=True)] + rows[len(right) : middle]
    )


@pytest.mark.parametrize(
    "inner",
    [
        "<p>2017年统计表</p>" + table(annex(BEFORE)) + "<p>2018年统计表</p>" + table(annex(NOW)),
        "<p>2018年统计表</p>" + table(annex(NOW)) + "<p>2017年统计表</p>" + table(annex(BEFORE)),
        halves(),
        table([list(column) for column in zip(*annex(NOW), strict=True)]),
    ],
    ids=["the year before first", "the year before last", "in halves", "turned"],
)
def test_the_numbers_of_the_year_are_read(inner: str) -> None:
    assert values(read(inner)) == NOW


def test_an_annex_of_the_year_before_has_no_values() -> None:
    page = read("<p>2017年政府信息公开情况统计表</p>" + table(annex(BEFORE)))
    assert values(page) == dict.fromkeys(NOW)
    assert "table_other_year" in told(page)


@pytest.mark.parametrize("caption", [[], [["2018年统计表"]]], ids=["no caption", "a caption of one cell"])
def test_a_row_of_numbers_that_lacks_a_cell_is_told_where_the_measures_stand_beside_one_another(
    caption: list[list[object]],
) -> None:
    turned: list[list[object]] = [list(column) for column in zip(*annex(NOW), strict=True)]
    assert values(read(table([*caption, *turned]))) == NOW
    page = read(table([*caption, *turned[:-1], [*turned[-1][:1], *turned[-1][2:]]]))
    assert not any(values(page).values())
    assert "table_unread" in told(page)


def test_two_annexes_that_differ_leave_no_values() -> None:
    page = read(table(annex(BEFORE)) + table(annex(NOW)))
    assert values(page) == dict.fromkeys(NOW)
    assert "table_unread" in told(page)


@pytest.mark.parametrize(
    "inner",
    [
        "".join(f"<p>{cell}</p>" for row in annex(NOW) for cell in row),
        "".join("<p>" + ",".join(map(str, row)) + "</p>" for row in annex(NOW)),
        "".join("<p>" + "".join(map(str, row)) + "</p>" for row in annex(NOW)),
        table([[f"{label}：{number}{unit}"] for label, unit, number in annex(NOW)[1:]]),
    ],
    ids=["a cell a line", "commas", "no gaps", "label and number in one cell"],
)
def test_an_annex_that_is_no_table_is_told(inner: str) -> None:
    page = read(inner)
    assert values(page) == {}
    assert [one.detail for one in page.problems if "annex of 2014 as text" in one.detail]


def test_a_report_that_names_a_few_of_its_rows_has_no_annex() -> None:
    page = read("".join(f"<p>{row.label}</p>" for row in ROWS[:9]))
    assert not [one.detail for one in page.problems if "annex of 2014" in one.detail]
