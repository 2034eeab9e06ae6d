"""DOCX by python-docx: paragraphs and tables in their order, tables within cells as the cell's words."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from pipelines.documents.archives import check_zip
from pipelines.documents.wordlists import W
from pipelines.documents.wordml import show, transitional
from pipelines.marked.document import Document, UnreadableError, Writer, merged


def read_docx(body: bytes) -> Document:
    """Raises UnreadableError for what is broken, encrypted or a bomb."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table
    from lxml import etree

    check_zip(body)
    try:
        document = docx.Document(BytesIO(transitional(body)))
    except (PackageNotFoundError, zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise UnreadableError(f"it is broken ({type(error).__name__}: {error})"[:200]) from error
    part = document.part
    show(document.element.body, *(_tree(part, name) for name in ("numbering", "styles")))
    writer = Writer()
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            _table(writer, item)
        else:
            writer.paragraph(item.text)
    found = Document("docx", writer.marked)
    if document.element.body.find(f".//{W}altChunk") is not None:
        found.problems.append("a part of it is in another format and was not read")
    return found


def _tree(part: Any, name: str) -> Any:
    """The tree of a part that the document refers to by a relationship of this name; None where there is none."""
    from lxml import etree

    for relation in part.rels.values():
        if not relation.is_external and relation.reltype.rsplit("/", 1)[-1] == name:
            try:
                return etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False))
            except etree.XMLSyntaxError:
                return None
    return None


def _table(writer: Writer, table: Any) -> None:
    """A table; one of one column is a frame around what stands in it."""
    matrix = []
    for row in table.rows:
        line: list[tuple[object, str] | None] = [None] * row.grid_cols_before
        line += [(cell._tc, _words(cell)) for cell in row.cells]
        matrix.append(line)
    if all(len(line) <= 1 for line in matrix):
        for row in table.rows:
            for cell in row.cells:
                _content(writer, cell)
    else:
        writer.table(merged(matrix))


def _content(writer: Writer, cell: Any) -> None:
    for item in cell.iter_inner_content():
        if hasattr(item, "rows"):
            _table(writer, item)
        else:
            writer.paragraph(item.text)


def _words(cell: Any) -> str:
    words = []
    for item in cell.iter_inner_content():
        if hasattr(item, "rows"):
            words += [_words(inner) for row in item.rows for inner in row.cells]
        else:
            words.append(item.text)
    return "\n".join(words)
