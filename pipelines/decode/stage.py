"""First stage: from bytes to text and one tree.

The media type is told by the first bytes, because Content-Type and file names lie
(sources/obstacles#files-in-place-of-pages). The charset is
found by a ladder that read 10 of 11 wild pages right: byte order mark, strict UTF-8, what is declared, strict GB18030,
fewest replacement characters (sources/obstacles#charset). Strict UTF-8 comes before the declaration because
Chinese UTF-8 is often valid GB18030, but GB18030 is practically never valid UTF-8.
"""

from __future__ import annotations

import codecs
import re
from html import escape
from itertools import islice
from typing import Any

from lxml import etree

from crawler.records.capture import Capture, Context, Evidence
from crawler.records.media import MEDIA_TYPES, MEMBERS, in_ole, signature
from crawler.records.page import Page
from crawler.words.traditional import is_traditional, simplified
from pipelines.decode import second
from pipelines.decode.plain import TYPES, as_markup
from pipelines.decode.repair import lost_in, repaired
from pipelines.decode.written import carried

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))

_HTML_START = re.compile(
    rb"<!doctype\s+html|<(?:html|head|body|script|meta|title|div|table|p|iframe|frameset|!--)\b", re.I
)
_XML_START = re.compile(rb"\s*<(?:\?xml|datastore\b|rss\b|feed\b|urlset\b)", re.I)
_JSON_START = re.compile(rb"\{\s*\"|\[\s*\{\s*\"")
"""An object's first key: mark-up stands in its values (sources/systems#jpaas: `{"data":{"html":"<ul>…`)."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.I)
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.I)
_GB = re.compile(r"gb[\d_ -]|gbk|gb2312|cp936|x-gbk|hz-gb|chinese$", re.I)
_LATIN = re.compile(r"iso-?8859-?1$|latin-?1$|windows-1252$|cp1252$|(?:us-)?ascii$", re.I)

_CHARSETS = frozenset(
    {"utf-8", "gb18030", "big5", "big5hkscs", "euc_jp", "shift_jis", "cp932", "iso2022_jp", "euc_kr", "cp949"}
    | {"koi8-r", "koi8-u", "cp866", "cp874", "mac-roman", "mac-cyrillic"}
    | {f"cp{number}" for number in range(1250, 1259)}
    | {f"iso8859-{number}" for number in range(2, 17)}
)
"""The charsets of the web (WHATWG, Encoding Standard) that a page may declare, by the names of Python's codecs."""

MAX_SOURCE, MAX_TAGS = 8_000_000, 800_000
"""Characters and tags of one source that are read. A report has 0.1 to 2 million and some thousand; pictures written
into a page (data: addresses) are not counted."""
MAX_ATTRIBUTES = 2000
"""Attributes of one element: libxml2 compares each with all before it, 100,000 of them take 35 s."""
_TAG = re.compile(r"<[a-zA-Z](?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+")
_ATTRIBUTE = re.compile(r"[^\s=\"'>/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>]*+))?")
_MARKS = re.compile(r"[\ufdd0-\ufdef]|&#(?:x0*fd[de][0-9a-f]|0*(?:6497[6-9]|649[89]\d|6500[0-7]));?", re.I)
"""Noncharacters of Unicode: no text has any, and the stages mark blocks and cells with them (marked.flatten)."""
_DATA = re.compile(r"(?<=data:)[\w/+.;=-]{1,80}+,[A-Za-z0-9+/=%\s]{1000,}+")
_DEEP = 2000
"""Fewer tags than this cannot nest beyond what libxml2 takes (2,048 levels with huge_tree)."""
_BLOCK_TAG = re.compile(
    r"</?(?:div|table|tbody|thead|tr|td|th|ul|ol|li|dl|dt|dd|section|article|center|blockquote)\b[^<>]*>", re.I
)
_INLINE_TAG = re.compile(r"</?(?:span|font|b|strong|i|em|u|o:p)\b[^<>]*>", re.I)


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
    page.html, cut = _bounded(page.html)
    if cut:
        page.problem("page_cut", cut)
    page.html, repair = repaired(page.html)
    if repair is not None:
        page.evidence.append(Evidence("text decoded twice", repair))
    if whole and (lost := lost_in(page.html)):
        page.problem("charset", f"{lost} characters were lost before the page was served (U+FFFD)")
    if is_traditional(page.html):
        page.html = simplified(page.html)
        page.evidence.append(Evidence("traditional characters", "read in simplified ones, each for each"))
    if page.media_type in TYPES and (text := as_markup(page.html)) is not None:
        page.tree, _ = _parse(text)
    if page.media_type == "text/html":
        page.tree, reading = _parse(page.html)
        if reading:
            page.problem("bad_markup", f"tags nested deeper than 2,048 levels; {reading}")
        if (article := carried(page.html, page.tree)) is not None:
            _put_in(page.tree, article)


def _put_in(tree: Any, article: str) -> None:
    """Put an article that a script would show into the tree, at the end of the body: as mark-up, or line by line."""
    if "<" not in article:
        article = "".join(f"<p>{escape(line)}</p>" for line in article.splitlines() if line.strip())
    article, _ = _bounded(_MARKS.sub("", article.replace("\0", "")))
    inner, _ = _parse(f"<html><body><div>{article}</div></body></html>")
    body = tree.find("body")
    holder = inner.find("body") if inner is not None else None
    if holder is not None:
        for element in tree.iter("template", "textarea", "xmp"):  # where it was kept
            if len("".join(element.itertext())) > 100:
                element.clear(keep_tail=True)
        (body if body is not None else tree).extend(list(holder))


def _bounded(text: str) -> tuple[str, str | None]:
    """As much of a source as is read, without noncharacters; and what was cut off, as a sentence."""
    if _MARKS.search(text):
        text = _MARKS.sub("", text)
    if len(text) > MAX_SOURCE:
        text = _DATA.sub("", text)
    cut = None
    if len(text) > MAX_SOURCE:
        cut = f"a source of {len(text)} characters; the first {MAX_SOURCE} are read"
        text = text[:MAX_SOURCE]
    if text.count("<") > MAX_TAGS:
        at = next(islice(re.finditer("<", text), MAX_TAGS, None)).start()
        cut = f"a source of {text.count('<')} tags; the first {MAX_TAGS} are read"
        text = text[:at]
    kept, end = [], 0
    for tag in _TAG.finditer(text):
        if tag.end() - tag.start() > 2 * MAX_ATTRIBUTES:
            last = next(islice(_ATTRIBUTE.finditer(tag[0]), MAX_ATTRIBUTES, None), None)
            if last is not None:
                cut = f"an element of more than {MAX_ATTRIBUTES} attributes; the others are not read"
                kept.append(text[end : tag.start() + last.start()])
                end = tag.end()
    return "".join((*kept, text[end:])) if kept else text, cut


_TEXTUAL = {"application/json", "application/xml", "application/javascript"}


def media_type(body: bytes, content_type: str | None) -> str | None:
    """What the bytes are, told by their beginning; the header only decides what the bytes leave open.

    Returns a lower-case media type without parameters, or None for an empty body without a header.
    """
    stated = (content_type or "").split(";")[0].strip().lower() or None
    head = body[:2048]
    name = signature(head)
    if name == "ole":
        name = in_ole(body)
    elif name == "zip":
        name = next((inner for member, inner in MEMBERS.items() if member.encode() in body), "zip")
    if name is not None:
        return MEDIA_TYPES[name]
    flat = head.replace(b"\0", b"")  # also reads the start of UTF-16
    start = flat.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _XML_START.match(start) and b"<html" not in flat.lower():
        return "application/xml"
    if _JSON_START.match(start) or (start[:1] in (b"{", b"[") and not _HTML_START.search(flat)):
        return "application/json"
    if _HTML_START.search(flat) or start.startswith(b"<"):
        return "text/html"
    if stated in (None, "application/octet-stream"):
        return _guess_plain(body) if body else stated
    return stated


def _guess_plain(body: bytes) -> str:
    """Without magic, mark-up or a header worth anything: text has no control characters."""
    head = body[:2048]
    return "application/octet-stream" if sum(byte < 9 for byte in head) else "text/plain"


def declared_charset(capture: Capture) -> str | None:
    """The charset the server declares, as written but lower-case: in the HTTP header, else in the page's meta."""
    found = _CHARSET.search(capture.header("content-type") or "")
    if found:
        return found.group(1).lower()
    meta = _META_CHARSET.search(capture.body[:8192].replace(b"\0", b""))
    return meta.group(1).decode("ascii").lower() if meta else None


def read_text(body: bytes, declared: str | None) -> tuple[str, str, bool]:
    """Decode by the ladder: (text without NUL, charset used, True if nothing was replaced).

    A last character that is cut in the middle is dropped silently: truncation is told by the length, not here.
    """
    text, charset, whole = _ladder(body, declared)
    if "\0" in text:
        text = text.replace("\0", "")
    return text, charset, whole


def _ladder(body: bytes, declared: str | None) -> tuple[str, str, bool]:
    for bom, charset in _BOMS:
        if body.startswith(bom):
            text = _strict(body[len(bom) :], charset)
            return (text, charset, True) if text is not None else (body.decode(charset, "replace"), charset, False)
    if body[:4] == b"<\0!\0" or body[:4] == b"<\0h\0":
        return body.decode("utf-16le", "replace"), "utf-16le", True
    text = _strict(body, "utf-8")
    if text is not None:
        return text, "utf-8", True
    wanted = _usable(declared)
    if wanted and wanted != "utf-8" and (text := _strict(body, wanted)) is not None:
        return text, wanted, True
    # A stray byte in a UTF-8 page costs one character in thousands; GBK read as UTF-8 costs nearly all of them.
    lossy = body.decode("utf-8", "replace")
    if lossy.count("\ufffd") * 500 < len(lossy):
        return lossy, "utf-8", False
    text = _strict(body, "gb18030")
    if text is not None:
        return text, "gb18030", True
    rest = [body.decode(charset, "replace") for charset in (wanted or "gb18030", "gb18030")]
    candidates = [(lossy, "utf-8"), (rest[0], wanted or "gb18030"), (rest[1], "gb18030")]
    best = min(candidates, key=lambda candidate: candidate[0].count("\ufffd"))
    return best[0], best[1], False


def _strict(body: bytes, charset: str) -> str | None:
    """Decoded text, the cut end of a last character dropped; None if any byte does not fit."""
    try:
        return codecs.getincrementaldecoder(charset)().decode(body, False)
    except (UnicodeError, LookupError):
        return None


def _usable(declared: str | None) -> str | None:
    """The codec for a declared charset: gb* is read as its superset GB18030; Latin-1 fits any bytes, so ignored.

    Nothing but the charsets of the web: Python's other codecs raise on any bytes (idna, undefined), fit any (EBCDIC,
    unicode_escape) or are none of text (base64). UTF-16 is told by its byte order mark alone.
    """
    if not declared or _LATIN.match(declared):
        return None
    if _GB.match(declared):
        return "gb18030"
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return None
    return name if name in _CHARSETS else None


def _parse(text: str) -> tuple[Any, str | None]:
    """The tree of a page, or None where there is no element; and how it was come by where the first reading failed."""
    tree, too_deep = _parse_once(text)
    if not too_deep:
        return tree, None
    flat = _parse_once(_INLINE_TAG.sub("", _BLOCK_TAG.sub("<p>", text)))[0]
    other = second.second_reading(text)
    if second.better(flat, other):
        return other, "the text and tables are those of a second parser"
    limit = f" (beyond {second.MAX_SOURCE:,} characters or {second.MAX_TAGS:,} tags no second parser is asked)"
    return flat, "the text was read from a flattened copy" + (limit if other is None else "")


def _parse_once(text: str) -> tuple[Any, bool]:
    # huge_tree: 2,048 levels instead of 256, where libxml2 gives up on the rest of the page; pages with an unclosed
    # <font> in every paragraph go beyond 256.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, remove_comments=True)
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError):
        return None, False
    if tree is not None:
        _gather_roots(tree)
    deep = text.count("<") > _DEEP and any(
        entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log
    )
    return tree, deep


def _gather_roots(tree: Any) -> None:
    """Bring what stands after an early `</html>` into the one tree: libxml2 hangs it beside the root, unseen.

    Pages put together from includes have two `</html>`, the article often after the first (sources/pages#body).
    """
    strays = [root for root in tree.itersiblings() if isinstance(root.tag, str)]
    if not strays:
        return
    body = tree.find("body")
    target = body if body is not None else tree
    for stray in strays:
        for element in (stray, *stray.iterchildren("body", "head")):
            element.tag = "div"
        target.append(stray)
