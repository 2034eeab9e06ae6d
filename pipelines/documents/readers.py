"""Which reader reads which format; what none can read says so."""

from __future__ import annotations

from collections.abc import Callable

from crawler.records.media import IMAGES
from pipelines.documents.archives import read_archive
from pipelines.documents.doc import read_doc
from pipelines.documents.docx import read_docx
from pipelines.documents.kind import format_of
from pipelines.documents.ofd import read_ofd
from pipelines.documents.officexml import read_sheet_xml, read_word_xml
from pipelines.documents.page import read_page
from pipelines.documents.pdf import read_pdf
from pipelines.documents.plain import read_mhtml, read_plain
from pipelines.documents.rtf import read_rtf
from pipelines.documents.sheets import read_sheets
from pipelines.marked.document import Document, UnreadableError

READERS: dict[str, Callable[[bytes], Document]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "xlsx": read_sheets,
    "xls": read_sheets,
    "doc": read_doc,
    "ofd": read_ofd,
    "rtf": read_rtf,
    "html": read_page,
    "wordxml": read_word_xml,
    "sheetxml": read_sheet_xml,
    "mhtml": read_mhtml,
    "txt": read_plain,
}
"""By format. What is no document but holds some (zip, rar, 7z) is read by `archives`."""


def read(body: bytes) -> Document:
    """A document by its bytes. Raises UnreadableError, and whatever a reader's library raises."""
    name = format_of(body)
    if name is None:
        raise UnreadableError("its bytes are of no known format")
    if name in IMAGES:
        return Document(name, pages=1, empty_pages=1)
    if name in ("zip", "rar", "7z"):
        return read_archive(body, name, read)
    reader = READERS.get(name)
    if reader is None:
        raise UnreadableError("an OLE file that is neither of Word nor of Excel; it may be encrypted")
    return reader(body)
