"""A page that is a document and no HTML, and the documents that belong to a report: their words, title and place.

A document that a list leads to is told to be a report by its title and its chapters, as a page is. One that belongs to
a report's page (`Context.attached`) is an attachment: what it says is read together with its report, see `attached`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from crawler.records.capture import Capture, Evidence
from crawler.records.media import IMAGES, MEDIA_TYPES
from crawler.records.page import Page
from crawler.records.problems import Problem
from crawler.records.report import Attachment
from crawler.words.text import squeeze
from pipelines.decode.stage import decode
from pipelines.describe.headline import tidy_title
from pipelines.documents import Document, custody, format_of
from pipelines.documents.parts import join_parts
from pipelines.marked.document import UnreadableError
from pipelines.marked.flatten import lines_of, marked
from pipelines.recognise.facts import chapters_in
from pipelines.recognise.titles import judge_title
from pipelines.strip.stage import note_sections
from pipelines.strip.trim import trim

_CHAPTERS = 3
"""As many as a page's text must show (pipelines.recognise.stage)."""
_TITLE_LINES = 5
_ENDING = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf|zip|rar|7z)\s*$", re.I)
_LEAD = re.compile(r"^(?:附件|附)\s*\d*\s*[：:.、]?\s*")


def read_document(page: Page) -> None:
    """Fill `page.document`, `page.marked` and `page.title` of a response that is a document.

    Needs decode. Nothing of a page of HTML, of a picture, and of a file that belongs to a report's page: that is read
    with its report. Problems: `document_unread`, `document_no_text`.
    """
    # A status says nothing against a file that came: no server makes one up (recognise/failures.py tells of it).
    if 300 <= page.capture.status < 400 or page.context.attached:
        return
    kind = format_of(page.capture.body)
    if kind is None or kind in IMAGES or (page.html is not None and kind in ("html", "txt")):
        return
    page.media_type = MEDIA_TYPES[kind]
    document = _read(page, page.capture.body, page.capture.url)
    if document is None:
        return
    page.document, page.marked = document, document.marked
    label = page.capture.trail[-1].label if page.capture.trail else ""
    page.title, evidence = _title(lines_of(document.marked), label, page)
    page.evidence.append(evidence)


def report_of(page: Page) -> tuple[str, list[str]] | None:
    """The words of the title and the chapters that make a document a report; None for any other."""
    if page.document is None:
        return None
    verdict = judge_title(page.title, page.capture.url, page.context.trusted_host)
    chapters = chapters_in(squeeze("".join(lines_of(page.marked or ""))))
    return (verdict.detail, chapters) if verdict.kind == "report" and len(chapters) >= _CHAPTERS else None


def strip_document(page: Page) -> None:
    """Fill `page.text` and `page.sections` of a document that is a report."""
    if page.document is None or page.kind != "report":
        return
    lines = trim(lines_of(page.marked or ""), page.title, title_is_chrome=True)
    page.text = "\n".join(lines) or None
    note_sections(page, lines)


def read_attached(page: Page) -> None:
    """Read the files of a report that are here (`page.files`): words of each, and the report's text where it has none.

    Its further pages come first: their words are the report's own. A page behind 全文 gives the text where the report's
    own page has an abstract. Problems: `document_unread`, `document_no_text`.
    """
    if page.kind != "report":
        return
    join_parts(page)
    abstract = page.text is None or len(chapters_in(squeeze(page.text))) < _FEW_CHAPTERS
    best: tuple[int, list[str], str] | None = None
    for number, file in enumerate(page.attachments):
        body = page.files.get(file.url)
        if body is None or (file.part and file.text is not None):
            continue
        kind = format_of(body)
        page_in_place = _page_in_place(file, body) if kind == "html" else None
        if page_in_place is not None:
            page.problems.append(Problem("document_unread", file.url, page_in_place))
            kind = None
        elif kind == "html" and file.part:
            continue
        full = kind == "html" and file.media_type == MEDIA_TYPES["html"]
        if kind is not None:
            file = replace(file, media_type=MEDIA_TYPES[kind])
        document = None if kind is None or kind in IMAGES else _read(page, body, file.url)
        if document is not None:
            lines = lines_of(document.marked)
            file = replace(file, text="\n".join(lines) or None)
            page.documents.append((file, document.marked))
            chapters = len(chapters_in(squeeze(file.text or "")))
            fits = page.text is None or (abstract and full and chapters >= _CHAPTERS)
            if chapters >= 2 and fits and (best is None or chapters > best[0]):
                best = chapters, lines, file.url
        page.attachments[number] = file
    if best is not None:
        lines = trim(best[1], page.title, title_is_chrome=True)
        page.text = "\n".join(lines) or None
        note_sections(page, lines)
        page.evidence.append(Evidence("attachment", f"the text is that of {best[2]}"))


def _page_in_place(file: Attachment, body: bytes) -> str | None:
    """What is wrong with a page of HTML that came for a file, in words; None where it may be the file: a table or a
    text that a word processor wrote, or the page that was asked for."""
    if file.part or file.media_type == MEDIA_TYPES["html"]:
        return None
    tree = decode(Capture(file.url, 200, [("Content-Type", "text/html")], body, "")).tree
    words = squeeze("".join(lines_of(marked(tree)))) if tree is not None else ""
    form = (
        tree is not None and next((at for at in tree.iter("input") if at.get("type") == "password"), None) is not None
    )
    if (
        form
        or (len(words) < _SHORT_PAGE and _REFUSED.search(words))
        or (file.media_type is None and not _TABLE.search(body))
    ):
        return f"a page came in the place of the file: {words[:60] or 'without words'}"
    return None


_SHORT_PAGE = 600
_REFUSED = re.compile(
    "登录|登陆|无权|权限|未授权|验证码|不存在|已删除|找不到|出错|错误|请稍后|notfound|forbidden|error|login|denied",
    re.I,
)
_TABLE = re.compile(rb"<table|urn:schemas-microsoft-com", re.I)
_FEW_CHAPTERS = 2
"""With fewer chapters than this, what a page says of a report is an abstract of it."""


def _read(page: Page, body: bytes, url: str) -> Document | None:
    """A document at `url`; None, and a problem of that address, where it cannot be read."""
    try:
        if page.fatal and (cause := page.fatal.get(hashlib.sha256(body).hexdigest())) is not None:
            raise UnreadableError(cause)
        document = custody.read_document(body)
    except UnreadableError as error:
        page.problems.append(Problem("document_unread", url, str(error)))
        return None
    page.problems += [Problem("document_unread", url, one) for one in document.problems]
    if document.empty_pages:
        said = f"{document.empty_pages} of {document.pages} pages have no words: scans or pictures"
        page.problems.append(Problem("document_no_text", url, said))
    return document


def _title(lines: list[str], label: str, page: Page) -> tuple[str | None, Evidence]:
    """The title over the text, which may take some lines, where it says that this is a report; else the link's words.

    淮安 2024 and 洪泽 2023 have the organ on one line, the rest on the next.
    """
    first = [line for line in lines[:_TITLE_LINES] if "\t" not in line]
    for start in range(len(first)):
        for end in range(start + 1, min(start + 4, len(first) + 1)):
            words = tidy_title("".join(first[start:end]))
            if words and len(words) <= 80 and judge_title(words, page.capture.url, True).kind == "report":
                whole = tidy_title("".join(first[:end])) if start else words
                return (whole if whole and len(whole) <= 80 else words), Evidence("heading", "first lines of the text")
    words = tidy_title(_LEAD.sub("", _ENDING.sub("", label)))
    return words, Evidence("heading", f"the link's words: {label}")
