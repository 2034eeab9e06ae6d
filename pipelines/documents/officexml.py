"""Office's formats of one XML file: Word 2003, the flat form of a package, Excel's XML Spreadsheet.

They come named .doc and .xls, as exports of office systems write them (sources/pages#documents).
"""

from __future__ import annotations

import base64
import binascii
import zipfile
from io import BytesIO
from typing import Any

from lxml import etree

from crawler.records.media import MEDIA_TYPES
from pipelines.documents.docx import read_docx
from pipelines.marked.document import MAX_CELLS, Cell, Document, UnreadableError, Writer

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
_FLAT = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_MAIN = f"{MEDIA_TYPES['docx']}.main+xml"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>{}</Types>'
)


def read_word_xml(body: bytes) -> Document:
    """Raises UnreadableError for what is broken."""
    root = _root(body)
    package = _packed(root) if root.tag == _FLAT + "package" else _of_2003(root)
    document = read_docx(package)
    document.format = "wordxml"
    return document


def read_sheet_xml(body: bytes) -> Document:
    """Each visible sheet of an XML Spreadsheet one table, merged cells as they are.

    Raises UnreadableError for what is broken.
    """
    document, writer = Document("sheetxml"), Writer()
    for sheet in _root(body).iter(_SHEET + "Worksheet"):
        document.pages += 1
        if _is_hidden(sheet):
            continue
        cells = _cells(sheet)
        document.empty_pages += not cells
        if cells:
            writer.place(f"sheet «{sheet.get(_SHEET + 'Name') or document.pages}»")
            writer.table(cells)
    document.marked = writer.marked
    return document


def _root(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"it is broken ({error})"[:200]) from error
    if root is None:
        raise UnreadableError("it is broken (no XML)")
    return root


def _packed(root: Any) -> bytes:
    """A flat package as a ZIP."""
    out, types = BytesIO(), []
    with zipfile.ZipFile(out, "w") as package:
        for part in root.iter(_FLAT + "part"):
            name, data = (part.get(_FLAT + "name") or "").lstrip("/"), part.find(_FLAT + "xmlData")
            if name and data is not None and len(data):
                package.writestr(name, etree.tostring(data[0]))
                types.append((name, part.get(_FLAT + "contentType") or "application/xml"))
            elif name and (coded := part.findtext(_FLAT + "binaryData")):
                try:
                    package.writestr(name, base64.b64decode(coded))
                except (binascii.Error, ValueError):
                    continue
                types.append((name, part.get(_FLAT + "contentType") or "application/octet-stream"))
        overrides = "".join(
            etree.tostring(etree.Element("Override", PartName=f"/{name}", ContentType=kind)).decode()
            for name, kind in types
            if not name.endswith(".rels")
        )
        package.writestr("[Content_Types].xml", _TYPES.format(overrides))
    return out.getvalue()


def _of_2003(root: Any) -> bytes:
    """Word's XML of 2003 as a package: its words for runs, rows and cells are those of 2006, but for merged rows."""
    body = root.find(f"{{{_WORD_2003}}}body")
    if body is None:
        raise UnreadableError("it is broken (no body)")
    for element in list(body.iter()):
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element)
        if name.namespace != _WORD_2003:
            _open_2003(element)
            continue
        element.tag = f"{{{_WORD}}}{'vMerge' if name.localname == 'vmerge' else name.localname}"
        for key, value in list(element.attrib.items()):
            if key.startswith(f"{{{_WORD_2003}}}"):
                del element.attrib[key]
                element.set(f"{{{_WORD}}}{etree.QName(key).localname}", value)
    document = etree.Element(f"{{{_WORD}}}document", nsmap={"w": _WORD})
    document.append(body)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        main = f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/>'
        package.writestr("[Content_Types].xml", _TYPES.format(main))
        relation = f'<Relationship Id="r1" Type="{_OFFICE}" Target="word/document.xml"/>'
        package.writestr("_rels/.rels", f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>')
        package.writestr("word/document.xml", etree.tostring(document))
    return out.getvalue()


def _open_2003(element: Any) -> None:
    """Put what stands in an element of another namespace in its place: a section, a smart tag, a tracked insertion.

    What is deleted with changes tracked is taken out, a row with its mark; comments are as well.
    """
    kind = element.get(f"{{{_WORD_2003}}}type") or ""
    parent = element.getparent()
    if parent is None:
        return
    if kind.startswith("Word.") and parent.tag.rpartition("}")[2] in ("rPr", "trPr"):
        # In the properties it is the mark of a row, or of a paragraph's end, that was deleted or inserted.
        row = parent.getparent()
        parent.remove(element)
        if kind == "Word.Deletion" and parent.tag.endswith("}trPr") and row.getparent() is not None:
            row.getparent().remove(row)
        return
    at = parent.index(element)
    parent[at : at + 1] = [] if kind in ("Word.Deletion", "Word.Comment", "Word.Numbering") else list(element)


def _is_hidden(sheet: Any) -> bool:
    return any(
        element.text in ("SheetHidden", "SheetVeryHidden")
        for element in sheet.iter("{urn:schemas-microsoft-com:office:excel}Visible")
    )


def _number(element: Any, name: str, default: int) -> int:
    said = element.get(_SHEET + name) or ""
    return int(said) if said.isdigit() and len(said) < 7 else default


def _cells(sheet: Any) -> list[Cell]:
    """Cells by the places that the sheet states: an Index skips rows or columns, merged ones reach over others."""
    cells: list[Cell] = []
    down = 0
    for row in sheet.iter(_SHEET + "Row"):
        down = max(_number(row, "Index", down + 1), down + 1)
        across = 0
        for cell in row.iter(_SHEET + "Cell"):
            across = _number(cell, "Index", across + 1)
            words = "\n".join("".join(data.itertext()) for data in cell.iter(_SHEET + "Data")).strip()
            wide, high = _number(cell, "MergeAcross", 0) + 1, _number(cell, "MergeDown", 0) + 1
            cells.append(Cell(_plain(words), down - 1, across - 1, high, wide))
            across += wide - 1
            if len(cells) > MAX_CELLS or down > MAX_CELLS:
                raise UnreadableError(f"a sheet of more than {MAX_CELLS:,} cells")
    return cells if any(cell.words for cell in cells) else []


def _plain(words: str) -> str:
    """A whole number without the point that a format gave it."""
    head, point, tail = words.partition(".")
    return head if point and tail and not tail.strip("0") and head.lstrip("-").isdigit() else words
