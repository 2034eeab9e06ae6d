"""PDF by pdfplumber: its letters and lines page by page; what they make stands in `layout`."""

from __future__ import annotations

from io import BytesIO

from pipelines.documents.items import Item
from pipelines.documents.layout import items_of, lines_of_letters
from pipelines.documents.letters import printed
from pipelines.documents.pagebreaks import written
from pipelines.marked.document import Document, UnreadableError

MAX_PAGES = 400
"""The longest report seen has 60 pages; beyond this a document is a book."""


def read_pdf(body: bytes) -> Document:
    """Raises UnreadableError for what is broken or encrypted."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        pdf = pdfplumber.open(BytesIO(body))
        count = len(pdf.pages)
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise UnreadableError("it is encrypted") from error
        raise UnreadableError(f"it is broken ({error})"[:200]) from error
    if count == 0:
        raise UnreadableError("it has no page that could be read")
    document = Document("pdf", pages=count)
    if count > MAX_PAGES:
        document.problems.append(f"only the first {MAX_PAGES} of {count} pages were read")
    pages: list[tuple[int, list[Item]]] = []
    asides: dict[int, list[str]] = {}
    with pdf:
        for number, page in enumerate(pdf.pages[:MAX_PAGES], 1):
            try:
                found = printed(page.chars, page.edges, float(page.width), float(page.height))
                items = items_of(found.letters, found.edges)
                asides[number] = lines_of_letters(found.aside)
                if found.lost:
                    document.problems.append(
                        f"{found.lost} letters of page {number} have no meaning: their font says no Unicode"
                    )
            except (PdfminerException, ArithmeticError, LookupError, ValueError, TypeError, AttributeError) as error:
                document.problems.append(f"page {number} cannot be read ({type(error).__name__}: {error})"[:200])
                items = []
            page.close()
            document.empty_pages += not items
            pages.append((number, items))
    document.marked = written(pages, asides)
    return document
