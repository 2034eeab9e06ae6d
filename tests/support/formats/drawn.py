"""Formats that only know letters and lines by their places: pages are set once and then written as PDF or OFD."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Literal

from pipelines.marked.document import Cell
from tests.support.formats.blocks import Block, Table

WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 15.0
"""Of a page, in millimetres, as all lengths here."""
_SIZE, _STEP, _PAD = 3.0, 4.0, 1.0
"""Of letters, from one line to the next, and from the edges of a cell to what it says."""
_POINTS = 72 / 25.4


@dataclass(slots=True)
class Sheet:
    """A page: words with the place of the left end of their base line, lines from a point to another."""

    words: list[tuple[float, float, str]] = field(default_factory=list)
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Look:
    """How tables are set: with lines, room over and under the words of a cell, where a cell's words stand in it."""

    ruled: bool = True
    room: float = _PAD
    across: Literal["left", "middle", "right"] = "left"
    down: Literal["top", "middle"] = "middle"


def pages(blocks: Iterable[Block], look: Look = Look()) -> list[Sheet]:
    """Blocks set on pages; a table that does not end on one goes on on the next, between two rows."""
    found, at = [Sheet()], MARGIN
    for block in blocks:
        if isinstance(block, str):
            for line in _wrapped(block, WIDTH - 2 * MARGIN):
                if at + _STEP > HEIGHT - MARGIN:
                    found.append(Sheet())
                    at = MARGIN
                found[-1].words.append((MARGIN, at + _SIZE, line))
                at += _STEP
            at += _STEP / 2
        else:
            at = _set(found, at, block, look) + _STEP
    return found


def _wrapped(words: str, width: float) -> list[str]:
    """Lines of at most this width; a number is never cut."""
    lines, line, used = [], "", 0.0
    for sign in words:
        wide = _SIZE / 2 if sign.isascii() else _SIZE
        if line and used + wide > width and not (sign.isdigit() and line[-1].isdigit()):
            lines.append(line)
            line, used = "", 0.0
        line, used = line + sign, used + wide
    return [*lines, line] if line else lines


def _columns(table: Table) -> list[float]:
    """Edges of the columns: those with labels are wider."""
    labels = [False] * table.width
    for cell in table.cells:
        if cell.columns == 1 and cell.rows < 4 and len(cell.words) > 8:
            labels[cell.column] = True
    weights = [3.5 if label else 1.0 for label in labels]
    edges = [MARGIN]
    for weight in weights:
        edges.append(edges[-1] + weight / sum(weights) * (WIDTH - 2 * MARGIN))
    return edges


def _set(found: list[Sheet], at: float, table: Table, look: Look) -> float:
    """Set a table from a height on; the height at which it ends."""
    edges = _columns(table)

    def lines(cell: Cell) -> list[str]:
        return _wrapped(cell.words, edges[cell.column + cell.columns] - edges[cell.column] - 2 * _PAD)

    heights = [
        2 * look.room
        + _STEP * max(len(lines(cell)) if cell.rows == 1 else 1 for cell in table.cells if cell.row == row)
        if any(cell.row == row for cell in table.cells)
        else 2 * look.room + _STEP
        for row in range(table.height)
    ]
    first = 0
    while first < table.height:
        last, end = first, at
        while last < table.height and end + heights[last] <= HEIGHT - MARGIN:
            end += heights[last]
            last += 1
        if last == first:
            assert at > MARGIN
            found.append(Sheet())
            at = MARGIN
            continue
        tops = [at + sum(heights[first:row]) for row in range(first, last + 1)]
        _draw(found[-1], table, edges, tops, first, last, lines, look)
        first, at = last, end
    return at


def _draw(
    sheet: Sheet,
    table: Table,
    edges: list[float],
    tops: list[float],
    first: int,
    last: int,
    lines: Callable[[Cell], list[str]],
    look: Look,
) -> None:
    """Put the rows from `first` to before `last` on a page."""
    for cell in table.cells:
        begin, end = max(cell.row, first), min(cell.row + cell.rows, last)
        if begin >= end:
            continue
        left, right = edges[cell.column], edges[cell.column + cell.columns]
        top, bottom = tops[begin - first], tops[end - first]
        said = lines(cell) if cell.row >= first else []
        high = _STEP * len(said)
        start = (top + bottom - high) / 2 if look.down == "middle" and bottom - top > high else top + look.room
        for number, line in enumerate(said):
            free = right - left - _wide(line) if not re.search("[\u4e00-\u9fff]", cell.words) else 2 * _PAD
            x = left + {"left": _PAD, "middle": free / 2, "right": free - _PAD}[look.across]
            sheet.words.append((x, start + number * _STEP + _SIZE, line))
        if look.ruled:
            sheet.lines += [(left, top, right, top), (left, bottom, right, bottom)]
            sheet.lines += [(left, top, left, bottom), (right, top, right, bottom)]


def _wide(words: str) -> float:
    return sum(_SIZE / 2 if sign.isascii() else _SIZE for sign in words)


def ofd(sheets: list[Sheet]) -> bytes:
    """After GB/T 33190: a text object for each line of words, a path for each line."""
    space = 'xmlns="http://www.ofdspec.org/2016"'
    listed = "".join(f'<Page ID="{number}" BaseLoc="Pages/P{number}.xml"/>' for number in range(len(sheets)))
    parts = {
        "OFD.xml": f"<OFD {space}><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>",
        "Doc_0/Document.xml": f"<Document {space}><Pages>{listed}</Pages></Document>",
    }
    for number, sheet in enumerate(sheets):
        items = ""
        for x, y, words in sheet.words:
            steps = " ".join(f"{_SIZE / 2 if sign.isascii() else _SIZE}" for sign in words[:-1])
            items += (
                f'<TextObject Boundary="{x:.2f} {y - _SIZE:.2f} 100 {_SIZE}" Size="{_SIZE}">'
                f'<TextCode X="0" Y="{_SIZE}" DeltaX="{steps}">{words}</TextCode></TextObject>'
            )
        for x0, y0, x1, y1 in sheet.lines:
            path = f"M {x0:.2f} {y0:.2f} L {x1:.2f} {y1:.2f}"
            items += (
                f'<PathObject Boundary="0 0 {WIDTH} {HEIGHT}"><AbbreviatedData>{path}</AbbreviatedData></PathObject>'
            )
        parts[f"Doc_0/Pages/P{number}.xml"] = f"<Page {space}><Content><Layer>{items}</Layer></Content></Page>"
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts"
    " [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500]"
    " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>] >>"
)
"""A font that every reader has, by its own names for Chinese letters."""


def pdf(sheets: list[Sheet], rotate: int = 0, turned: str = "") -> bytes:
    """`rotate`: degrees that a reader turns the pages; `turned`: what is done to the page's coordinates before."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(sheets)))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>".encode(),
        FONT.encode(),
    ]
    for number, sheet in enumerate(sheets):
        content = turned
        for x, y, words in sheet.words:
            place = f"{x * _POINTS:.2f} {(HEIGHT - y) * _POINTS:.2f}"
            content += f"BT /F1 {_SIZE * _POINTS:.2f} Tf {place} Td <{words.encode('utf-16-be').hex()}> Tj ET\n"
        for line in sheet.lines:
            x0, y0, x1, y1 = (value * _POINTS for value in line)
            top = HEIGHT * _POINTS
            content += f"{x0:.2f} {top - y0:.2f} m {x1:.2f} {top - y1:.2f} l S\n"
        packed = zlib.compress(content.encode("ascii"))
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH * _POINTS:.2f} {HEIGHT * _POINTS:.2f}]"
            f" /Rotate {rotate} /Contents {5 + 2 * number} 0 R /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>".encode()
        parts.append(head + b"\nstream\n" + packed + b"\nendstream")
    return pdf_of(parts)


def pdf_of(parts: list[bytes], trailer: str = "") -> bytes:
    """A PDF of these objects, the first of which is the root."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + part + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
