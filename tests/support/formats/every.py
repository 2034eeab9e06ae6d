"""Every format that is read: what writes the official template in it, and how many of its 200 figures come back."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.records.report import Attachment
from pipelines import derive
from pipelines.documents import format_of
from pipelines.documents.stage import read_attached
from pipelines.statistics import read_statistics
from tests.support.formats import binary, drawn, plain, word
from tests.support.formats.blocks import Block, Table, Truth, official

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
    "a.md": ("txt", plain.markdown),
    "a.csv": ("txt", plain.commas),
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


def report(name: str, seed: int) -> tuple[str | None, Page, Truth]:
    """A whole report in a format, read: what its bytes are, the page, and its true figures."""
    blocks, truth = official(Random(seed))
    body = REPORTS[name][1](blocks)
    return (
        format_of(body),
        derive(Capture(f"http://www.example.gov.cn/{name}", 200, [], body, ""), Context(True)),
        truth,
    )


def workbook(name: str, seed: int) -> tuple[str | None, Page, Truth]:
    """The tables of a report in a workbook beside it, read."""
    blocks, truth = official(Random(seed))
    body, url = WORKBOOKS[name][1](sheets(blocks)), f"http://www.example.gov.cn/{name}"
    page = Page(Capture("http://www.example.gov.cn/a.html", 200, [], b"", ""), kind="report", files={url: body})
    page.attachments = [Attachment(url, "统计表", None)]
    read_attached(page)
    read_statistics(page)
    return format_of(body), page, truth
