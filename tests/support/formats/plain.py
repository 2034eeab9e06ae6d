"""Formats that are text: a page, alone or with its files (MHTML), tabs, bars; Excel's XML of 2003, its package."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.quoprimime import body_encode
from io import BytesIO, StringIO

from pipelines.marked.document import Cell
from tests.support.formats.blocks import Block, Table

_SHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def html(blocks: Iterable[Block], charset: str = "gbk") -> bytes:
    """What many portals serve as .doc."""
    body = "".join(f"<p>{block}</p>" if isinstance(block, str) else _table(block) for block in blocks)
    return f"<html><head><meta charset={charset}></head><body>{body}</body></html>".encode(charset)


def _table(table: Table) -> str:
    def spans(cell: Cell) -> str:
        across = f" colspan={cell.columns}" if cell.columns > 1 else ""
        return across + (f" rowspan={cell.rows}" if cell.rows > 1 else "")

    rows = (
        "".join(f"<td{spans(cell)}>{cell.words}</td>" for cell, goes_on in row if not goes_on) for row in table.rows()
    )
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def mhtml(blocks: Iterable[Block]) -> bytes:
    """A page as Word saves it in one file: quoted-printable, in the Chinese charset, with a list of files beside."""
    whole = MIMEMultipart("related", type="text/html")
    page = MIMENonMultipart("text", "html", charset="gb2312")
    page.set_payload(body_encode(html(blocks).decode("latin-1"), eol="\n"))
    page["Content-Transfer-Encoding"] = "quoted-printable"
    page["Content-Location"] = "file:///C:/1/report.htm"
    listed = MIMENonMultipart("text", "xml", charset="utf-8")
    listed.set_payload('<xml><o:File HRef="image001.gif"/></xml>')
    whole.attach(page)
    whole.attach(listed)
    return whole.as_bytes()


def tabs(blocks: Iterable[Block], charset: str = "gbk") -> bytes:
    """What Excel saves as text: a row a line, its fields parted by tabs."""
    lines = []
    for block in blocks:
        lines += [block] if isinstance(block, str) else ["\t".join(row) for row in block.fields()]
    return "".join(f"{line}\r\n" for line in lines).encode(charset)


def bars(blocks: Iterable[Block], charset: str = "utf-8") -> bytes:
    """Tables as bars part them in plain text, a rule under the first row."""
    lines = []
    for block in blocks:
        if isinstance(block, str):
            lines += [block, ""]
            continue
        rows = [f"| {' | '.join(row)} |" for row in block.fields()]
        lines += [rows[0], "|" + "---|" * block.width, *rows[1:], ""]
    return "\n".join(lines).encode(charset)


def markdown(blocks: Iterable[Block]) -> bytes:
    """Markdown as programs write it: chapters as headings, the first row of a table as its head."""
    lines = bars(blocks).decode().split("\n")
    heads = (
        f"## {line}" if line[1:2] == "、" else f"# {line}" if line.endswith("年度报告") else line for line in lines
    )
    return "\n".join(heads).encode()


def commas(blocks: Iterable[Block]) -> bytes:
    """What a spreadsheet saves with commas: words that have one stand in quotation marks."""
    out = StringIO()
    rows = csv.writer(out)
    for block in blocks:
        rows.writerows([[block]] if isinstance(block, str) else block.fields())
    return out.getvalue().encode("utf-8-sig")


def sheet_2003(tables: dict[str, Table]) -> bytes:
    """Excel's XML Spreadsheet of 2003; merged cells reach over those that are not written."""
    sheets = ""
    for name, table in tables.items():
        rows = ""
        for row in table.rows():
            rows += "<Row>"
            for cell, goes_on in row:
                if goes_on:
                    continue
                kind = "Number" if cell.words.replace(".", "", 1).isdecimal() else "String"
                spans = f' ss:MergeAcross="{cell.columns - 1}"' if cell.columns > 1 else ""
                spans += f' ss:MergeDown="{cell.rows - 1}"' if cell.rows > 1 else ""
                data = f'<Data ss:Type="{kind}">{cell.words}</Data>'
                rows += f'<Cell ss:Index="{cell.column + 1}"{spans}>{data}</Cell>'
            rows += "</Row>"
        sheets += f'<Worksheet ss:Name="{name}"><Table>{rows}</Table></Worksheet>'
    head = '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>'
    return f'{head}<Workbook xmlns="{_SHEET}" xmlns:ss="{_SHEET}">{sheets}</Workbook>'.encode()


def xlsx(tables: dict[str, Table], more: str = "") -> bytes:
    """The smallest workbook of these sheets; `more`: XML in place of the first sheet's usual one."""
    target = '<Relationship Id="r{}" Type="{}/{}" Target="{}"/>'
    names = enumerate(tables, 1)
    sheets = "".join(f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>' for number, name in names)
    relations = "".join(
        target.format(number, _OFFICE, "worksheet", f"worksheets/sheet{number}.xml")
        for number in range(1, len(tables) + 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + target.format(1, _OFFICE, "officeDocument", "xl/workbook.xml")
        + "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
    }
    for number, table in enumerate(tables.values(), 1):
        inside = more if more and number == 1 else _sheet(table)
        parts[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{_MAIN}">{inside}</worksheet>'
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _sheet(table: Table) -> str:
    rows, merged = "", ""
    for number, row in enumerate(table.rows(), 1):
        rows += f'<row r="{number}">'
        for cell, goes_on in row:
            if goes_on:
                continue
            place = _place(number - 1, cell.column)
            if cell.rows > 1 or cell.columns > 1:
                last = _place(number - 2 + cell.rows, cell.column + cell.columns - 1)
                merged += f'<mergeCell ref="{place}:{last}"/>'
            if cell.words.replace(".", "", 1).isdecimal():
                rows += f'<c r="{place}"><v>{cell.words}</v></c>'
            else:
                rows += f'<c r="{place}" t="inlineStr"><is><t>{cell.words}</t></is></c>'
        rows += "</row>"
    return f"<sheetData>{rows}</sheetData>" + (f"<mergeCells>{merged}</mergeCells>" if merged else "")


def _place(row: int, column: int) -> str:
    return f"{chr(65 + column)}{row + 1}"
