"""Small documents of every format, made here: a table with merged cells under a heading, and what else a test asks."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import replace
from io import BytesIO

from tests.support.formats import binary, drawn, plain, word
from tests.support.formats.blocks import HEADING, TOY, Table

Rows = tuple[tuple[str | None, ...], ...]
ROWS: Rows = (
    ("行政复议", None, None, None, None),
    ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计"),
    ("3", "1", "0", "2", "6"),
)
"""The rows of TOY's table: None continues the cell to its left."""
LINES = ["行政复议\t\t\t\t", "结果维持\t结果纠正\t其他结果\t尚未审结\t总计", "3\t1\t0\t2\t6"]
"""The rows as pipelines.marked.flatten writes them."""
_TABLE = next(block for block in TOY if isinstance(block, Table))
__all__ = ["HEADING"]


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP of these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(paragraphs: tuple[str, ...] = (HEADING,), rows: Rows = ROWS) -> bytes:
    """By python-docx: paragraphs, then a table of five columns."""
    import docx as library

    document = library.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    table = document.add_table(len(rows), 5)
    for row, cells in enumerate(rows):
        for column, content in enumerate(cells):
            if content is not None:
                table.cell(row, column).text = content
    table.cell(0, 0).merge(table.cell(0, 4))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx(sheet: str = "") -> bytes:
    """The smallest workbook of one sheet; `sheet`: XML in place of the usual one."""
    return plain.xlsx({"统计表": _TABLE}, sheet)


def rtf() -> bytes:
    """With a cell of two paragraphs, a bar in the text, and GBK as its code page."""
    cells = (replace(cell, words=cell.words.replace("结果维持", "结果\n维持")) for cell in _TABLE.cells)
    return word.rtf([HEADING, "a|b", Table(tuple(cells)), "后"])


def ofd() -> bytes:
    """One page: a heading and a ruled table."""
    return drawn.ofd(drawn.pages(TOY[:2]))


def html() -> bytes:
    """What many portals serve as .doc."""
    return plain.html(TOY[:2])


def doc() -> bytes:
    """A Word 97 file after [MS-DOC]: a heading, a table with a merged first row, a paragraph."""
    return binary.doc(TOY)


def pdf(*pages: str, trailer: str = "", resources: str = "") -> bytes:
    """A PDF of these content streams, letters in Helvetica."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, page in enumerate(pages):
        packed = zlib.compress(page.encode("latin-1"))
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R"
            f" /Resources << /Font << /F1 3 0 R >> {resources} >> >>".encode()
        )
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>".encode()
        parts.append(head + b"\nstream\n" + packed + b"\nendstream")
    return drawn.pdf_of(parts, trailer)


def words(x: int, y: int, said: str, size: int = 12) -> str:
    """Words at a place of a PDF's page."""
    return f"BT /F1 {size} Tf {x} {y} Td ({said}) Tj ET\n"


def grid(left: int, top: int, columns: list[int], rows: list[list[str]], height: int = 20) -> str:
    """A ruled table on a PDF's page; `columns`: their widths."""
    edges = [left + sum(columns[:number]) for number in range(len(columns) + 1)]
    bottom = top - height * len(rows)
    drawn = "".join(f"{edges[0]} {y} m {edges[-1]} {y} l S\n" for y in range(bottom, top + 1, height))
    drawn += "".join(f"{x} {bottom} m {x} {top} l S\n" for x in edges)
    for number, row in enumerate(rows):
        for edge, said in zip(edges, row, strict=False):
            drawn += words(edge + 4, top - height * number - 14, said)
    return drawn
