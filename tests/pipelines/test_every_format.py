"""The official template with figures at random in every format: each of its 200 figures exact, none invented."""

from __future__ import annotations

from random import Random

import pytest

from crawler.records.capture import Capture, Context
from pipelines import derive
from pipelines.documents.custody import read_document
from pipelines.marked.flatten import lines_of
from tests.support.formats import binary, drawn
from tests.support.formats.blocks import Table, official
from tests.support.formats.every import REPORTS, WORKBOOKS, report, sheets, values, workbook


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_has_each_figure(name: str, seed: int) -> None:
    """`python -m tests.evaluate.formats 50` tries fifty of each format."""
    kind, page, truth = report(name, seed)
    assert kind == REPORTS[name][0]
    assert (page.kind, values(page), page.problems) == ("report", truth, [])


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_of_a_report_has_each_figure(name: str, seed: int) -> None:
    kind, page, truth = workbook(name, seed)
    assert kind == WORKBOOKS[name][0]
    assert (values(page), page.problems) == (truth, [])
    assert page.figures[0].evidence.startswith("attachment «统计表», sheet «表一», table 1, ")


SIDEWAYS = "0 1 -1 0 595.28 0 cm\n"


@pytest.mark.parametrize(("rotate", "turned"), [(0, SIDEWAYS), (90, ""), (90, SIDEWAYS), (180, ""), (270, SIDEWAYS)])
def test_turned_pages_have_each_figure(rotate: int, turned: str) -> None:
    blocks, truth = official(Random(5))
    body = drawn.pdf(drawn.pages(blocks), rotate, turned)
    page = derive(Capture("http://www.example.gov.cn/a.pdf", 200, [], body, ""), Context(True))
    assert (page.kind, values(page), page.problems) == ("report", truth, [])


def test_a_workbook_of_single_bytes_and_one_without_code_page_are_left_to_the_library() -> None:
    table = Table(sheets(official(Random(0))[0])["表三"].cells)
    latin = Table(tuple(cell for cell in table.cells if cell.words.isascii()))
    body = binary.xls({"one": latin}, 95)
    whole = lines_of(read_document(body).marked)
    assert len(whole[0].split("\t")) == 15
    for other in (b"\x42\0\x02\0\xe4\x04", b"\x43\0\x02\0\xa8\x03"):
        assert lines_of(read_document(body.replace(b"\x42\0\x02\0\xa8\x03", other)).marked) == whole
