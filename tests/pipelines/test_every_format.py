"""The official template with figures at random in every format: each of its 200 figures exact, none invented."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.records.report import Attachment
from pipelines import derive
from pipelines.documents import format_of
from pipelines.documents.custody import read_document
from pipelines.documents.stage import read_attached
from pipelines.marked.flatten import lines_of
from pipelines.statistics import read_statistics
from tests.support.formats import binary, drawn, plain, word
from tests.support.formats.blocks import Block, Table, official

REPORTS: dict[str, tuple[str, Callable[[list[Block]], bytes]]] = {
    "a.doc": ("doc", binary.doc),
    "a.wps": ("doc", binary.doc),
    "a.rtf": ("rtf", word.rtf),
    "a.docx": ("docx", word.docx),
    "flat.xml": ("wordxml", word.flat),
    "2003.doc": ("wordxml", word.word_2003),
    "html.doc": ("html", plain.html),
    "utf-8.htm": ("html", lambda blocks: plain.html(blocks, "utf-8")),
    "a.mht": ("mhtml", plain.mhtml),
    "gbk.tsv": ("txt", plain.tabs),
    "utf-16.tsv": ("txt", lambda blocks: plain.tabs(blocks, "utf-16")),
    "utf-8.txt": ("txt", plain.bars),
    "gbk.txt": ("txt", lambda blocks: plain.bars(blocks, "gbk")),
    "a.ofd": ("ofd", lambda blocks: drawn.ofd(drawn.pages(blocks))),
    "a.pdf": ("pdf", lambda blocks: drawn.pdf(drawn.pages(blocks))),
}
"""By the file's name: its format, and what writes a whole report in it."""
WORKBOOKS: dict[str, tuple[str, Callable[[dict[str, Table]], bytes]]] = {
    "a.xls": ("xls", binary.xls),
    "95.et": ("xls", lambda tables: binary.xls(tables, 95)),
    "a.xlsx": ("xlsx", plain.xlsx),
    "2003.xls": ("sheetxml", plain.sheet_2003),
}
"""Those that hold the tables alone, a sheet each."""


def values(page: Page) -> dict[str, float | None]:
    return {figure.code: figure.value for figure in page.figures if figure.code is not None}


def sheets(blocks: list[Block]) -> dict[str, Table]:
    return dict(zip(("表一", "表二", "表三"), (block for block in blocks if isinstance(block, Table)), strict=True))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_has_each_figure(name: str, seed: int) -> None:
    blocks, truth = official(Random(seed))
    kind, write = REPORTS[name]
    body = write(blocks)
    assert format_of(body) == kind
    page = derive(Capture(f"http://www.example.gov.cn/{name}", 200, [], body, ""), Context(True))
    assert (page.kind, values(page), page.problems) == ("report", truth, [])


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_of_a_report_has_each_figure(name: str, seed: int) -> None:
    blocks, truth = official(Random(seed))
    kind, write = WORKBOOKS[name]
    body, url = write(sheets(blocks)), f"http://www.example.gov.cn/{name}"
    assert format_of(body) == kind
    page = Page(Capture("http://www.example.gov.cn/a.html", 200, [], b"", ""), kind="report", files={url: body})
    page.attachments = [Attachment(url, "统计表", None)]
    read_attached(page)
    read_statistics(page)
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
