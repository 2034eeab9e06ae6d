"""Small documents of every format, made here: a table with merged cells under a heading, and what else a test asks."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

HEADING = "示例市2023年政府信息公开工作年度报告"
ROWS = (
    ("行政复议", None, None, None, None),
    ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计"),
    ("3", "1", "0", "2", "6"),
)
"""The head of section 四 over five columns: None continues the cell to its left."""
LINES = ["行政复议\t\t\t\t", "结果维持\t结果纠正\t其他结果\t尚未审结\t总计", "3\t1\t0\t2\t6"]
"""The rows as pipelines.marked.flatten writes them."""


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP of these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


Rows = tuple[tuple[str | None, ...], ...]


def docx(paragraphs: tuple[str, ...] = (HEADING,), rows: Rows = ROWS) -> bytes:
    """By python-docx: paragraphs, then a table of five columns."""
    import docx as library

    document = library.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    table = document.add_table(len(rows), 5)
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            if words is not None:
                table.cell(row, column).text = words
    table.cell(0, 0).merge(table.cell(0, 4))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx(sheet: str = "") -> bytes:
    """The smallest workbook of one sheet; `sheet`: XML in place of the usual one."""
    rows = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + column)}{number}"><v>{words}</v></c>'
            if words.isdecimal()
            else f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{words}</t></is></c>'
            for column, words in enumerate(cells)
            if words is not None
        )
        + "</row>"
        for number, cells in enumerate(ROWS, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/package/2006"
    whole = f'<sheetData>{rows}</sheetData><mergeCells count="1"><mergeCell ref="A1:E1"/></mergeCells>'
    target = '<Relationship Id="r1" Type="{}/{}" Target="{}"/>'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{kinds}/content-types"></Types>',
            "_rels/.rels": f'<Relationships xmlns="{kinds}/relationships">'
            + target.format(rels, "officeDocument", "xl/workbook.xml")
            + "</Relationships>",
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rels}"><sheets>'
            '<sheet name="统计表" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{kinds}/relationships">'
            + target.format(rels, "worksheet", "worksheets/sheet1.xml")
            + "</Relationships>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet or whole}</worksheet>',
        }
    )


def rtf() -> bytes:
    """With a cell of two paragraphs, a bar in the text, and GBK as its code page."""

    def said(words: str) -> str:
        return "".join(sign if sign.isascii() else f"\\u{ord(sign)}?" for sign in words)

    def row(cells: tuple[str | None, ...]) -> str:
        edges = [f"\\cellx{1000 * (place + 1)}" for place, _ in enumerate(cells)]
        if cells[1] is None:
            edges, cells = ["\\cellx5000"], cells[:1]
        words = "".join(f"{said(words or '')}\\cell " for words in cells)
        return f"\\trowd\\trleft0{''.join(edges)}\\pard\\intbl {words}\\row\n"

    table = "".join(row(cells) for cells in ROWS).replace(said("结果维持"), f"{said('结果')}\\par {said('维持')}")
    body = f"{said(HEADING)}\\par a|b\\par\n{table}\\pard {said('后')}\\par"
    return f"{{\\rtf1\\ansi\\ansicpg936 {{\\fonttbl{{\\f0 SimSun;}}}}\n{body}}}".encode("ascii")


def ofd() -> bytes:
    """One page: a heading and a ruled table, in millimetres."""
    steps = f"g {len(HEADING)} 5"
    items = [
        '<TextObject Boundary="20 20 100 6" Size="5">'
        f'<TextCode X="0" Y="5" DeltaX="{steps}">{HEADING}</TextCode></TextObject>'
    ]
    tops = (40, 50, 60, 70)
    for top, cells in zip(tops, ROWS, strict=False):
        for column, words in enumerate(cells):
            if words is not None:
                items.append(
                    f'<TextObject Boundary="{22 + 30 * column} {top + 2} 30 6" Size="4">'
                    f'<TextCode X="0" Y="4" DeltaX="g {len(words)} 4">{words}</TextCode></TextObject>'
                )
    lines = [(20, top, 170, top) for top in tops]
    lines += [(20 + 30 * column, 40 if column in (0, 5) else 50, 20 + 30 * column, 70) for column in range(6)]
    for x0, y0, x1, y1 in lines:
        path = f"M {x0} {y0} L {x1} {y1}"
        items.append(f'<PathObject Boundary="0 0 210 297"><AbbreviatedData>{path}</AbbreviatedData></PathObject>')
    space = 'xmlns="http://www.ofdspec.org/2016"'
    return zipped(
        {
            "OFD.xml": f"<OFD {space}><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>",
            "Doc_0/Document.xml": f'<Document {space}><Pages><Page ID="1" BaseLoc="Pages/P0.xml"/></Pages></Document>',
            "Doc_0/Pages/P0.xml": f"<Page {space}><Content><Layer>{''.join(items)}</Layer></Content></Page>",
        }
    )


def html() -> bytes:
    """What many portals serve as .doc."""
    rows = ""
    for cells in ROWS:
        span = " colspan=5" if None in cells else ""
        rows += "<tr>" + "".join(f"<td{span}>{words}</td>" for words in cells if words) + "</tr>"
    page = f"<html><head><meta charset=gbk></head><body><p>{HEADING}</p><table>{rows}</table></body></html>"
    return page.encode("gbk")


def doc() -> bytes:
    """A Word 97 file after [MS-DOC]: text in one piece, paragraphs told in pages of properties, a merged first row."""
    paragraphs: list[tuple[str, bytes]] = [(HEADING + "\r", b"")]
    inside = struct.pack("<HB", 0x2416, 1)
    for cells in ROWS:
        words = [one for one in cells if one is not None]
        edges = [0, 5000] if None in cells else [1000 * place for place in range(6)]
        paragraphs += [(one + "\x07", inside) for one in words]
        told = bytes([len(words)]) + struct.pack(f"<{len(edges)}h", *edges) + bytes(20 * len(words))
        end = inside + struct.pack("<HB", 0x2417, 1) + struct.pack("<HH", 0xD608, len(told) + 1) + told
        paragraphs.append(("\x07", end))
    paragraphs.append(("后\r", b""))
    text, start = "".join(words for words, _ in paragraphs), 0x800
    main = bytearray(start) + text.encode("utf-16-le")
    main += bytes(-len(main) % 512)
    pages, at = [], start
    for batch in (paragraphs[place : place + 5] for place in range(0, len(paragraphs), 5)):
        page, bounds, heads, free = bytearray(512), [at], b"", 511
        for words, told in batch:
            at += 2 * len(words)
            bounds.append(at)
            papx = b"\0\0" + told + (b"" if len(told) % 2 else b"\0")
            papx = bytes([(len(papx) + 1) // 2]) + papx
            free = (free - len(papx)) // 2 * 2
            page[free : free + len(papx)] = papx
            heads += bytes([free // 2]) + bytes(12)
        page[: 4 * len(bounds)] = struct.pack(f"<{len(bounds)}I", *bounds)
        page[4 * len(bounds) : 4 * len(bounds) + len(heads)] = heads
        page[511] = len(batch)
        pages.append((bounds[0], len(main) // 512))
        main += page
    table = struct.pack(f"<{len(pages) + 1}I", *(first for first, _ in pages), at)
    table += struct.pack(f"<{len(pages)}I", *(number for _, number in pages))
    clx = b"\2" + struct.pack("<I", 16) + struct.pack("<IIHIH", 0, len(text), 0, start, 0)
    struct.pack_into("<H", main, 0, 0xA5EC)
    struct.pack_into("<H", main, 0x0A, 0x0200)
    struct.pack_into("<I", main, 0x4C, len(text))
    struct.pack_into("<II", main, 0x102, 0, len(table))
    struct.pack_into("<II", main, 0x1A2, len(table), len(clx))
    return ole({"WordDocument": bytes(main), "1Table": table + clx})


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file after [MS-CFB]: one sector for the table of sectors, one for the directory, then the streams."""
    padded = {name: body + bytes(max(4096 - len(body), 0)) for name, body in streams.items()}
    fat, sectors, entries = [0xFFFFFFFD, 0xFFFFFFFE], b"", []
    for name, body in padded.items():
        first, count = len(fat), -(-len(body) // 512)
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        sectors += body + bytes(count * 512 - len(body))
        entries.append((name, 2, first, len(body)))
    assert len(fat) <= 128

    def entry(name: str, kind: int, child: int, right: int, first: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        head = raw + bytes(64 - len(raw)) + struct.pack("<HBB", len(raw), kind, 1)
        return head + struct.pack("<III", 0xFFFFFFFF, right, child) + bytes(36) + struct.pack("<IQ", first, size)

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFF, 0xFFFFFFFE, 0)
    for number, (name, kind, first, size) in enumerate(entries, 1):
        right = number + 1 if number < len(entries) else 0xFFFFFFFF
        directory += entry(name, kind, 0xFFFFFFFF, right, first, size)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    head += struct.pack("<108I", *([0xFFFFFFFF] * 108))
    table = struct.pack("<128I", *(fat + [0xFFFFFFFF] * (128 - len(fat))))
    return head + table + directory + bytes(512 - len(directory)) + sectors


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
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + part + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


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
