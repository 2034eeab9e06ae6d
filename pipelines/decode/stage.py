"""First stage: from bytes to text and one tree."""

from __future__ import annotations

from html import escape
from typing import Any

from crawler.records.capture import Capture, Context, Evidence
from crawler.records.page import Page
from crawler.words.display import Seen
from crawler.words.source import Source
from crawler.words.traditional import is_traditional, simplified, without_references
from pipelines.decode.bounds import bounded, without_marks
from pipelines.decode.charset import declared_charset, is_all_of, read_text
from pipelines.decode.literals import carried
from pipelines.decode.media import media_type
from pipelines.decode.plain import TYPES, as_markup
from pipelines.decode.repair import lost_in, repaired
from pipelines.decode.tree import encoded, parse

_TEXTUAL = {"application/json", "application/xml", "application/javascript"}


def decode(capture: Capture, context: Context = Context()) -> Page:  # noqa: B008 -- frozen, safe to share
    """A page made of a capture, its source read and nothing else. Never raises on wild input."""
    page = Page(capture, context)
    read_source(page)
    return page


def read_source(page: Page) -> None:
    """Media type, both charsets, the source as text and, for HTML, one lxml tree.

    Never raises on wild input. `page.html` is None for what is not text, `page.tree` for what is not HTML or is
    empty. Problems: `charset` (no charset reads it whole), `page_cut`, `bad_markup` (tags nested deeper than the parser
    takes: the tree is that of a second parser where it keeps more, else of a flattened copy that keeps every word and
    loses the tables).
    """
    capture = page.capture
    page.media_type = media_type(capture.body, capture.header("content-type"))
    page.charset_declared = declared_charset(capture)
    if page.media_type is None or not (page.media_type.startswith("text/") or page.media_type in _TEXTUAL):
        return
    page.html, page.charset, whole = read_text(capture.body, page.charset_declared)
    if not whole:
        page.problem("charset", f"no charset reads these bytes whole; {page.charset} loses the least")
    read = page.html
    is_raw = page.charset == "utf-8" and whole and is_all_of(capture.body)
    raw = capture.body if is_raw else encoded(read)
    page.html, cut = bounded(page.html, raw)
    if cut:
        page.problem("page_cut", cut)
    page.html, repair = repaired(page.html)
    if repair is not None:
        page.evidence.append(Evidence("text decoded twice", repair))
    if whole and (lost := lost_in(page.html)):
        page.problem("charset", f"{lost} characters were lost before the page was served (U+FFFD)")
    page.html = without_references(page.html)
    if is_traditional(page.html):
        page.html = simplified(page.html)
        page.evidence.append(Evidence("traditional characters", "read in simplified ones, each for each"))
    if page.media_type in TYPES and (text := as_markup(page.html)) is not None:
        page.tree, _ = parse(text, encoded(text))
    if page.media_type == "text/html":
        _read_markup(page, raw if page.html is read else encoded(page.html))


def _read_markup(page: Page, raw: bytes) -> None:
    """The tree of an HTML page, and what it shows (`page.seen`). `raw`: its source in UTF-8."""
    assert page.html is not None
    page.tree, reading = parse(page.html, raw)
    if reading:
        page.problem("bad_markup", f"tags nested deeper than 2,048 levels; {reading}")
    low = raw.lower()
    if (article := carried(raw, low, page.html, page.tree)) is not None:
        low += _put_in(page.tree, article).lower()
    page.seen = Seen(page.tree, Source(low))


def _put_in(tree: Any, article: str) -> bytes:
    """Put an article that a script would show into the tree, at the end of the body: as mark-up, or line by line; give
    its source in UTF-8."""
    if "<" not in article:
        article = "".join(f"<p>{escape(line)}</p>" for line in article.splitlines() if line.strip())
    article = article.replace("\0", "")
    article = without_marks(article, encoded(article))
    article, _ = bounded(article, encoded(article))
    markup = f"<html><body><div>{article}</div></body></html>"
    raw = encoded(markup)
    inner, _ = parse(markup, raw)
    body = tree.find("body")
    holder = inner.find("body") if inner is not None else None
    if holder is not None:
        for element in tree.iter("template", "textarea", "xmp", "noscript"):  # where it was kept
            if len("".join(element.itertext())) > 100:
                element.clear(keep_tail=True)
        (body if body is not None else tree).extend(list(holder))
    return raw
