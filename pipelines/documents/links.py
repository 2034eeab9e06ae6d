"""Last stage: the files and pictures that belong to the article, as absolute addresses with their labels.

Shapes met (sources/pages#attachments): `./P0….pdf`, `./W0….docx` with the true target in OLDSRC, `<a appendix="true"
oldsrc="/protect/P0….xlsx">`, `downfile.jsp?…filename=….pdf` with the name only in the link's words, an icon followed by
the link, a viewer that is given the file's address by a script, tables as PNG.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from crawler.records.media import BY_ENDING
from crawler.records.page import Page
from crawler.records.report import Attachment
from crawler.words.text import clean, unspaced

_ENDING = re.compile(r"\.([A-Za-z0-9]{2,4})$")
_NAMED = re.compile(r"\.(pdf|docx?|wps|xlsx?|et|pptx?|ofd|rtf|zip|rar|7z)(?=$|[&?#;)）\s(（])", re.I)
_DOWNLOAD = re.compile(
    r"downfile\.jsp|/download\.jsp|download(?:file|attach)?\.(?:do|aspx?|action)|/attachment/|/OpennessContent/download/|/protect/P0",
    re.I,
)
_ICON = re.compile(
    r"icon_|fileTypeImages|/icons?/|dialogs/attachment|blank\.|spacer|\bdot\b|qrcode|ewm|erweima|share|print", re.I
)
_BLOCK = re.compile(r"附件|文件下载|附件下载|相关附件|相关文档")
_SCRIPT_FILE = re.compile(r"[\"']([^\"'<>\s]{1,300}?\.(?:pdf|docx?|wps|ofd|xlsx?))(?:\?[^\"']{0,200})?[\"']", re.I)

_FILE_TAGS = ("a", "img", "embed", "iframe", "object")
_string: Any = etree.XPath("string()", smart_strings=False)
_scripts: Any = etree.XPath("descendant::script[not(@src)]")
MAX_FILES = 200
"""No article has more files than this; a page that shows more is a gallery."""


def note_attachments(page: Page) -> None:
    """Fill `page.attachments` of a report or article: its files, and the pictures of a report's body.

    Looks in the body and in a block headed 附件 or 文件下载 beside it. Icons, data: URLs and script links are left
    out; an address is noted once, with the first label that says something. Problem: `page_cut`, for more than 200.
    """
    if page.body is None or page.kind not in ("report", "article"):
        return
    base = _base(page)
    found: dict[str, Attachment] = {}
    pictures = page.kind == "report"
    cut = False
    for element in [*page.body.iter(*_FILE_TAGS), *_beside(page.body)]:
        noted = _read(element, base, pictures)
        if noted is None:
            continue
        if noted.url not in found and len(found) >= MAX_FILES:
            cut = True
        else:
            known = found.get(noted.url)
            if known is None or (known.label is None and noted.label is not None):
                found[noted.url] = noted
    if not found and page.kind == "report" and page.text is None:
        for script in _scripts(page.body):
            for match in _SCRIPT_FILE.finditer(script.text or ""):
                url = _absolute(base, match.group(1))
                cut = cut or len(found) >= MAX_FILES
                if url and not cut:
                    found[url] = Attachment(url, None, media_type_of(url))
    if not found and page.kind == "report" and page.text is None:
        found |= {noted.url: noted for noted in text_elsewhere(page.tree, base)}
    if cut:
        page.problem("page_cut", f"more than {MAX_FILES} files and pictures; the others are not noted")
    page.attachments = list(found.values())


FULL_TEXT = re.compile(
    r"[【\[（(]?(?:点击|点此|请点击|点这里)?(?:这里|此处)?(?:查看|阅读|浏览|打开|进入|下载)?(?:更多)?(?:报告|年报|文件|文章|年度报告)?"
    r"(?:全文|原文|正文|详情|全部内容|详细内容)(?:链接|内容|地址)?[】\]）)]?[>＞»›→…。.]*"
)
"""Words of a link to the page that holds a report's text alone, white space removed."""
_NO_FRAME = re.compile(r"\s*(?:javascript:|about:|data:|#|$)", re.I)
_MAX_ELSEWHERE = 3


def text_elsewhere(tree: Any, base: str) -> list[Attachment]:
    """The pages that hold a report's text in its own page's place: its frames, and links that are called 全文."""
    found: list[Attachment] = []
    if tree is None:
        return found
    for element in tree.iter("iframe", "a"):
        address = (element.get("src" if element.tag == "iframe" else "href") or "").strip()
        words = unspaced("".join(element.itertext())) if element.tag == "a" else ""
        if _NO_FRAME.match(address) or (element.tag == "a" and not FULL_TEXT.fullmatch(words)):
            continue
        if element.tag == "iframe" and _small(element):
            continue
        url = _absolute(base, address)
        if url is not None and url.split("#")[0] != base.split("#")[0]:
            found.append(Attachment(url, words or None, media_type_of(url) or "text/html"))
        if len(found) >= _MAX_ELSEWHERE:
            break
    return found


def _small(frame: Any) -> bool:
    """Whether a frame has no room for a text: a counter, a login, a share bar."""
    sizes = (re.match(r"\d+(?!\d|%)", (frame.get(side) or "").strip()) for side in ("width", "height"))
    return any(size is not None and int(size.group()) <= 60 for size in sizes) or "display:none" in unspaced(
        frame.get("style") or ""
    )


def media_type_of(name: str) -> str | None:
    """The media type that the ending of a file name or address suggests; None for an unknown or missing ending."""
    path = name.split("?")[0].split("#")[0] if "://" in name else name
    found = _ENDING.search(path.strip()) or _NAMED.search(unquote(name))
    return BY_ENDING.get(found.group(1).lower()) if found else None


def _base(page: Page) -> str:
    """The address that relative links are resolved against: `<base href>` where the page has one."""
    base = page.tree.find(".//base") if page.tree is not None else None
    href = base.get("href") if base is not None else None
    return _absolute(page.capture.url, href) or page.capture.url if href else page.capture.url


def _absolute(base: str, address: str) -> str | None:
    """The absolute http(s) address, or None for anything else."""
    try:
        url = urljoin(base, re.sub(r"\s+", "", address) if "\n" in address else address.strip())
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _read(element: Any, base: str, pictures: bool) -> Attachment | None:
    if element.tag == "a":
        return _link(element, base)
    if element.tag == "img":
        return _picture(element, base) if pictures else None
    address = element.get("src") or element.get("data") or ""
    # viewers are given the file as a parameter: viewer.html?file=/…/x.pdf
    inner = re.search(r"[?&](?:file|url|src)=([^&]+)", address)
    url = _absolute(base, unquote(inner.group(1)) if inner else address)
    kind = media_type_of(url) if url else None
    return Attachment(url, None, kind) if url and kind and not kind.startswith("image/") else None


def _link(element: Any, base: str) -> Attachment | None:
    href = element.get("oldsrc") or element.get("href") or ""
    if not href or href.lower().startswith(("javascript:", "mailto:", "#", "tel:")):
        return None
    label = clean("".join(element.itertext())) or clean(element.get("title") or "") or None
    kind = media_type_of(href)
    if kind is None or kind.startswith("text/"):
        named = _NAMED.search(label or "") or _NAMED.search(element.get("title") or "")
        if not (_DOWNLOAD.search(href) or element.get("appendix") or named):
            return None
        kind = BY_ENDING.get(named.group(1).lower()) if named else None
    elif kind.startswith("image/") and element.find(".//img") is None:
        return None
    url = _absolute(base, _usable(element, href))
    return Attachment(url, label, kind) if url else None


def _usable(element: Any, href: str) -> str:
    """The link's own target, except where only OLDSRC still carries a file's name."""
    own = element.get("href") or ""
    return own if media_type_of(own) and not own.lower().startswith(("javascript:", "#")) else href


def _picture(element: Any, base: str) -> Attachment | None:
    address = element.get("oldsrc") or element.get("src") or ""
    own = element.get("src") or ""
    if own and not own.startswith("data:"):
        address = own
    if not address or address.startswith("data:") or _ICON.search(address):
        return None
    for side in ("width", "height"):
        size = re.match(r"\d+", element.get(side) or "")
        if size and int(size.group()) <= 32:
            return None
    url = _absolute(base, address)
    kind = (media_type_of(url) if url else None) or "image/*"
    label = clean(element.get("alt") or element.get("title") or "") or None
    return Attachment(url, label, kind) if url and kind.startswith("image/") else None


def _beside(body: Any) -> list[Any]:
    """Links of an 附件 block that follows the body: a sibling of the body or of one of its next three ancestors."""
    found: list[Any] = []
    element = body
    for _ in range(4):
        for sibling in element.itersiblings():
            words = _string(sibling) if isinstance(sibling.tag, str) else ""
            if words and len(words) < 200 and _BLOCK.search(words):
                found += [link for link in sibling.iter("a") if link.get("href")]
        element = element.getparent()
        if element is None or element.tag == "body":
            break
    return found
