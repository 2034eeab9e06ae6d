"""Third stage: the article's own text and nothing else, its shape kept (paragraphs, rows, sections)."""

from __future__ import annotations

from typing import Any

from lxml import etree

from crawler.records.page import Page
from crawler.words.chapters import MAX_SECTIONS, read_sections
from crawler.words.display import seen_of
from crawler.words.link import INLINE
from crawler.words.text import squeeze
from pipelines.documents.endings import media_type_of
from pipelines.marked.flatten import lines_of, marked
from pipelines.strip.container import find_container
from pipelines.strip.trim import trim

_THIN = 100
"""A report with less text than this beside files or pictures has its text in them."""


def strip(page: Page) -> None:
    """Fill `page.body`, `page.text` and `page.sections` of a report or article; other kinds have no text of their own.

    Needs `page.kind` and `page.title`. Problem `attachment_only`: a report without text beside its files or pictures;
    its text is None then, never a line that only names the file.
    """
    if page.tree is None or page.kind not in ("report", "article"):
        return
    page.body, evidence = find_container(page.tree, seen_of(page).class_values)
    if page.body is None:
        return
    by_density = evidence is not None and evidence.rule == "density"
    drop_title = page.kind == "report" or by_density or _heading_repeats(page)
    for element in seen_of(page).hidden:
        if element.tag in INLINE:  # hidden by a class: a character put in against copying says so itself from here on
            element.set("hidden", "")
    page.marked = marked(page.body)
    lines = trim(lines_of(page.marked), page.title, title_is_chrome=drop_title)
    text = "\n".join(lines)
    if evidence is not None:
        page.evidence.append(evidence)
    if (
        page.kind == "report"
        and len(squeeze(text)) < _THIN
        and (holder := _file_holder(page.body, by_density)) is not None
    ):
        page.body, page.marked = holder, None
        page.problem("attachment_only", "the report's text is in its attachments or pictures")
        return
    page.text = text or None
    note_sections(page, lines)


def note_sections(page: Page, lines: list[str]) -> None:
    """Fill `page.sections`. Problem: `page_cut`, where not every heading could begin a section."""
    page.sections = read_sections(lines)
    if len(page.sections) >= MAX_SECTIONS:
        page.problem("page_cut", f"more than {MAX_SECTIONS} headings; what follows is in the last section")


def _heading_repeats(page: Page) -> bool:
    """True if the body opens with a heading element that only repeats the title displayed above the body."""
    wanted = squeeze(page.title or "")
    first = next(page.body.iter("h1", "h2", "h3"), None)
    if first is None or not wanted or squeeze("".join(first.itertext())) != wanted:
        return False
    return any(
        other is not first and squeeze("".join(other.itertext())) == wanted
        for other in page.tree.iter("h1", "h2", "h3")
    )


_FILES: Any = etree.XPath(
    "descendant::*[self::a or self::embed or self::iframe or self::object]"
    "/@*[name()='href' or name()='src' or name()='data' or name()='oldsrc']",
    smart_strings=False,
)


def _file_holder(body: Any, by_density: bool) -> Any:
    """The body if it holds files or pictures; else the next of its ancestors that holds a document, or None."""
    told = any(media_type_of(address) for address in _FILES(body)) or next(body.iter("img"), None) is not None
    if told or (_has_file(body) and not by_density):
        return body
    at = body.getparent()
    for _ in range(3):
        if at is None or at.tag in ("body", "html"):
            return body if _has_file(body) else None
        if any(_is_document(address) for address in _FILES(at)):
            return at if by_density else body
        at = at.getparent()
    return body if _has_file(body) else None


def _is_document(address: str) -> bool:
    kind = media_type_of(address)
    return kind is not None and kind.startswith("application/")


def _has_file(element: Any) -> bool:
    return any(True for _ in element.iter("a", "img", "embed", "iframe", "object"))
