"""Tables that stand turned against the form are read exactly; numbers of the form's tables that are not read are told.

The door is `nianbao extract`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crawler.commands.cli import cli
from crawler.reference.measures import form_of
from tests.support.hostile_pages import report

RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
GROUPS = ("行政复议", "未经复议直接起诉", "复议后起诉")
VALUES = (1, 2, 3, 4, 10, 5, 6, 7, 8, 26, 0, 1, 0, 2, 3)
CODES = [f"{group.code}_{result.code}" for group in form_of("f2021").groups for result in form_of("f2021").results]
CAPTION = "<p>四、政府信息公开行政复议、行政诉讼情况</p>"

Line = list[Any]


def td(words: object, rows: int = 1, columns: int = 1) -> str:
    return f"<td rowspan={rows} colspan={columns}>{words}</td>"


def table(lines: list[Line]) -> str:
    def row(line: Line) -> str:
        return "".join(str(cell) if str(cell).startswith("<td") else td(cell) for cell in line)

    return "<table>" + "".join(f"<tr>{row(line)}</tr>" for line in lines) + "</table>"


def extract(tmp_path: Path, html: str) -> dict[str, Any]:
    """What `nianbao extract` prints of a report on 2022."""
    page = tmp_path / "page.html"
    whole = report(html).replace("2018", "2022").replace("<p>四、行政复议</p><p>未发生行政复议、行政诉讼。</p>", "")
    page.write_text(whole, "utf-8")
    done = CliRunner().invoke(cli, ["extract", str(page), "--url", "http://www.example.gov.cn/a.html", "--json"])
    assert done.exit_code == 0, done.output
    said: dict[str, Any] = json.loads(done.output.splitlines()[-1])
    return said


def values(said: dict[str, Any]) -> dict[str, float | None]:
    return {figure["code"]: figure["value"] for figure in said["statistics"]}


def unread(said: dict[str, Any]) -> list[str]:
    return [problem["detail"] for problem in said["problems"] if problem["kind"] == "table_unread"]


def by_result() -> list[Line]:
    return [[RESULTS[at], *VALUES[at::5]] for at in range(5)]


def stretch(group: int, *before: Line) -> list[Line]:
    """The five rows of a group, with what stands before its results in the first and in the others."""
    first, other = before if before else ([], [])
    return [[*(other if at else first), RESULTS[at], VALUES[5 * group + at]] for at in range(5)]


TURNED: dict[str, list[Line]] = {
    "results as rows": [
        [td("", 2), td("行政复议", 2), td("行政诉讼", 1, 2)],
        list(GROUPS[1:]),
        *by_result(),
    ],
    "results as rows under one header": [["结果", *GROUPS], *by_result()],
    "results as rows, a header without spans": [
        ["类别", "行政复议", td("行政诉讼", 1, 2)],
        ["", "", *GROUPS[1:]],
        *by_result(),
    ],
    "by 90 degrees": [
        *stretch(0, [td("行政复议", 5, 2)], []),
        *stretch(1, [td("行政诉讼", 10), td(GROUPS[1], 5)], []),
        *stretch(2, [td(GROUPS[2], 5)], []),
    ],
    "by 90 degrees under a header": [
        ["类别", "结果", "件数"],
        *(line for group in range(3) for line in stretch(group, [td(GROUPS[group], 5)], [])),
    ],
    "by 90 degrees without spans": [
        *stretch(0, ["行政复议", ""], ["", ""]),
        *stretch(1, ["行政诉讼", GROUPS[1]], ["", ""]),
        *stretch(2, ["", GROUPS[2]], ["", ""]),
    ],
    "groups across": [line for group in range(3) for line in [[td(GROUPS[group], 1, 2)], *stretch(group)]],
    "groups as rows": [
        ["", "", *RESULTS],
        ["行政复议", "", *VALUES[:5]],
        ["行政诉讼", GROUPS[1], *VALUES[5:10]],
        ["", GROUPS[2], *VALUES[10:]],
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TURNED)
def test_reviews_turned_are_read_exactly(tmp_path: Path, name: str) -> None:
    said = extract(tmp_path, CAPTION + table(TURNED[name]))
    got = values(said)
    assert {code: got.get(code) for code in CODES} == dict(zip(CODES, VALUES, strict=True))
    assert not unread(said)


def test_a_turned_cell_is_named_where_it_stands(tmp_path: Path) -> None:
    said = extract(tmp_path, CAPTION + table(TURNED["results as rows under one header"]))
    (figure,) = [one for one in said["statistics"] if one["code"] == "suit_direct_pending"]
    assert figure["evidence"].startswith("table 1, row 5, column 3")


UNTOLD: dict[str, list[Line]] = {
    "groups in the middle of their rows": [
        *([GROUPS[group] if at == 2 else "", *line] for group in (0, 2, 1) for at, line in enumerate(stretch(group))),
    ],
    "a result of its own": [["结果", *GROUPS], *by_result(), ["撤诉结案", 1, 2, 3]],
    "reviews in lines of words": [
        ["行政复议", "结果维持", 1, "结果纠正", 2], ["行政诉讼", "结果维持", 3, "尚未审结", 4],
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", UNTOLD)
def test_numbers_of_the_form_that_are_not_read_are_told(tmp_path: Path, name: str) -> None:
    said = extract(tmp_path, CAPTION + table(UNTOLD[name]))
    read = {code: value for code, value in values(said).items() if code in CODES and value is not None}
    assert read.items() <= dict(zip(CODES, VALUES, strict=True)).items()
    assert unread(said)


def test_a_turned_table_of_another_year_gives_no_value(tmp_path: Path) -> None:
    said = extract(tmp_path, CAPTION + table([[td("2021年度", 1, 4)], *TURNED["results as rows under one header"]]))
    assert {values(said).get(code) for code in CODES} == {None}
    assert "table_other_year" in {problem["kind"] for problem in said["problems"]}


APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
REQUESTS: list[Line] = [
    ["", *APPLICANTS],
    *([row.label, at, 0, 2, 0, 0, 1, at + 3] for at, row in enumerate(form_of("f2021").request_rows)),
]
MOVED: dict[str, list[Line]] = {
    "by 90 degrees": [list(line) for line in zip(*REQUESTS, strict=True)],
    "names behind the numbers": [[*line[1:], line[0]] for line in REQUESTS],
    "names behind the numbers under a header": [
        [*APPLICANTS, "项目"],
        *([*line[1:], line[0]] for line in REQUESTS[1:]),
    ],
}


@pytest.mark.parametrize("name", MOVED)
def test_requests_turned_are_read_as_those_that_are_not(tmp_path: Path, name: str) -> None:
    caption = "<p>三、收到和处理政府信息公开申请情况</p>"
    straight = values(extract(tmp_path, caption + table(REQUESTS)))
    assert sum(value is not None for code, value in straight.items() if code and "__" in code) > 150
    assert values(extract(tmp_path, caption + table(MOVED[name]))) == straight
