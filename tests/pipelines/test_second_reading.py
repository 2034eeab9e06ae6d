"""A page nested deeper than libxml2 reads: BeautifulSoup keeps the tables and links that the flattened copy loses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records.capture import Capture
from crawler.records.page import Page
from pipelines.decode import second
from pipelines.decode.stage import decode
from pipelines.marked.flatten import flatten
from pipelines.statistics.grid import grids_of

TABLE = "<table><tr><td>新收<td>12<td>0<tr><td>结转<td>3<td>1</table>"


def page(body: str) -> Page:
    return decode(Capture("http://www.mou.gov.cn/a.html", 200, [], f"<html><body>{body}".encode(), ""))


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"<div><p>第{number}段" for number in range(2300)) + TABLE + "<p>末段",
        "".join(f"<p><font color=red>第{number}段<div class=x>" for number in range(2300)) + TABLE + "<center>末段",
        "<blockquote>" * 2500 + f"<a href=/f.pdf>附件</a>{TABLE}末段",
    ],
    ids=["divs", "fonts", "indents"],
)
def test_tables_of_a_page_that_closes_nothing_are_kept(body: str) -> None:
    got = page(body)
    assert [(problem.kind, "second parser" in problem.detail) for problem in got.problems] == [("bad_markup", True)]
    lines = flatten(got.tree)
    assert lines[-1] == "末段"
    ((first, other),) = [[[cell.raw for cell in row.printed] for row in grid.rows] for grid in grids_of(got.tree)]
    assert (first, other) == (["新收", "12", "0"], ["结转", "3", "1"])
    assert len(got.tree.findall(".//a[@href]")) == body.count("<a ")


def test_paragraphs_beyond_the_depth_stay_apart() -> None:
    assert "第2200段" in flatten(page("".join(f"<div>第{number}段" for number in range(2300)) + TABLE).tree)


def test_a_page_too_large_for_a_second_reading_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second, "MAX_TAGS", 2999)
    got = page("<div>" * 3000 + "甲")
    assert "beyond 1,000,000 characters or 2,999 tags" in got.problems[0].detail
    assert flatten(got.tree) == ["甲"]


def test_the_second_is_taken_only_where_it_keeps_more() -> None:
    few, many, short = (second.second_reading(text) for text in ("<p>甲乙", f"<p>甲乙{TABLE}", "<table><tr><td>甲"))
    assert second.better(few, many)
    assert not second.better(many, few)
    assert not second.better(few, short), "a cell more, but a character less"
    assert not second.better(few, few)
    assert second.better(None, few)
    assert not second.better(few, None)


@settings(max_examples=50)
@given(st.text(st.sampled_from("<>/!-='\"& \0\ufffe甲tdrap:"), max_size=60))
def test_a_second_reading_never_fails(text: str) -> None:
    second.second_reading(text)
