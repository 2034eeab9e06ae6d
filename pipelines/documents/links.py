"""Last stage: the files, pictures and further pages that belong to the article, as addresses with their labels.

Shapes met (sources/pages#attachments): `./P0….pdf`, `./W0….docx` with the true target in OLDSRC, `<a appendix="true"
oldsrc="/protect/P0….xlsx">`, `downfile.jsp?…filename=….pdf` with the name only in the link's words, an icon followed by
the link, a viewer that is given the file's address, a script that opens it, tables as PNG. Every address is noted as a
request for it spells it (crawler.words.files): by that it is joined to what came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

from crawler.conventions.functions import Functions
from crawler.navigation.links import query_charset
from crawler.records.media import BY_ENDING
from crawler.records.page import Page
from crawler.records.report import Attachment
from crawler.words.addresses import join
from crawler.words.files import located
from crawler.words.text import clean, squeeze
from pipelines.documents.elsewhere import source, text_elsewhere
from pipelines.documents.endings import NAMED, media_type_of
from pipelines.documents.parts import MAX_PARTS, parts_of
from pipelines.documents.places import clicked, is_called_file, written
from pipelines.documents.remainder import rest_of
from pipelines.recognise.facts import chapters_in

_DOWNLOAD = re.compile(
    r"downfile\.jsp|/download\.jsp|download(?:file|attach)?\.(?:do|aspx?|action)|/attachment/|/OpennessContent/download/|/protect/P0",
    re.I,
)
_ICON = re.compile(
    r"icon_|fileTypeImages|/icons?/|dialogs/attachment|blank\.|spacer|\bdot\b|qrcode|ewm|erweima|share|print", re.I
)
_BLOCK = re.compile(r"附件|文件下载|附件下载|相关附件|相关文档")
_SCRIPT_FILE = re.compile(r"[\"']([^\"'<>\n]{1,300}?\.(?:pdf|docx?|wps|ofd|xlsx?)(?:\?[^\"']{0,200})?)[\"']", re.I)

_FILE_TAGS = ("a", "img", "embed", "iframe", "frame", "object")
_string: Any = etree.XPath("string()", smart_strings=False)
_scripts: Any = etree.XPath("descendant::script[not(@src)]")
MAX_FILES = 200
"""No article has more files than this; a page that shows more is a gallery."""
_FEW_CHAPTERS = 2
"""With fewer chapters than this, what a page says of a report is an abstract of it."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """What addresses on a page are relative to (`<base href>`, where it has one), the functions that put them together,
    and the codec of their queries."""

    base: str
    functions: Functions
    charset: str | None

    @classmethod
    def of(cls, page: Page) -> _Ground:
        url = page.capture.url
        base = page.tree.find(".//base") if page.tree is not None else None
        href = base.get("href") if base is not None else None
        return cls((join(url, href) if href else None) or url, Functions(page.html or "", url), query_charset(page))

    def located(self, address: str) -> str | None:
        """The absolute address, as requested; None for none."""
        return located(self.base, address, self.charset)


def note_attachments(page: Page) -> None:
    """Fill `page.attachments` of a report or article: its further pages, its files, the pictures of a report's body.

    Looks in the body and in a block headed 附件 or 文件下载 beside it. Icons and data: URLs are left out; an address is
    noted once, with the first label that says something. Of a page that is itself a further one of a report
    (Context.attached), what it names as further pages. Problems: `page_cut`, for more than 200; `file_without_address`,
    for a link that is called like a file, and a row of further pages, that have no address that could be asked.
    """
    if page.kind == "attachment" and page.context.attached and page.tree is not None:
        page.attachments = parts_of(page, _report_url(page))
        return
    if page.body is None or page.kind not in ("report", "article"):
        return
    ground = _Ground.of(page)
    found: dict[str, Attachment] = {}
    cut = False
    if page.kind == "report":
        bare = len(chapters_in(squeeze(page.text or ""))) < _FEW_CHAPTERS
        parts, rest = parts_of(page, bare=bare), None
        if not parts:
            parts, rest = rest_of(page)
        if rest is not None:
            page.problem("file_without_address", rest)
        if len(parts) > MAX_PARTS:
            page.problem("page_cut", f"the report has more than {MAX_PARTS} further pages; the others are not joined")
        found = {part.url: part for part in parts[:MAX_PARTS]}
    count = len(found)
    unsettled: list[str] = []
    for noted in _noted(page, ground, unsettled):
        if noted.url not in found and len(found) >= MAX_FILES:
            cut = True
        else:
            known = found.get(noted.url)
            if known is None or (known.label is None and noted.label is not None):
                found[noted.url] = noted
    if len(found) == count and page.kind == "report":
        for url in _in_scripts(page.tree if page.text is None else page.body, ground):
            cut = cut or len(found) >= MAX_FILES
            if not cut:
                found[url] = Attachment(url, None, media_type_of(url))
    if len(found) == count and page.kind == "report" and (page.text is None or bare):
        found |= {
            noted.url: noted
            for noted in text_elsewhere(page.tree, ground.base, frames=page.text is None, title=page.title)
        }
    if cut:
        page.problem("page_cut", f"more than {MAX_FILES} files and pictures; the others are not noted")
    for words in dict.fromkeys(unsettled):
        page.problem("file_without_address", words)
    page.attachments = list(found.values())


def _report_url(page: Page) -> str:
    """The address of the report whose further page this is: the step before the last of its trail."""
    trail = page.capture.trail
    return trail[-2].url if len(trail) > 1 else page.capture.url


def _noted(page: Page, ground: _Ground, unsettled: list[str]) -> Iterator[Attachment]:
    """Files and pictures of an article in their order; what has no address is told in `unsettled`."""
    beside = _beside(page.body)
    for element in [*page.body.iter(*_FILE_TAGS), *beside]:
        if (noted := _read(element, ground, page.kind == "report", unsettled)) is not None:
            yield noted
    blocks = {page.body, *(link.getparent() for link in beside)}
    for element, address in clicked(page, ground.functions, blocks):
        kind = media_type_of(address)
        url = ground.located(address) if kind and kind.startswith("application/") else None
        if url is not None:
            yield Attachment(url, clean("".join(element.itertext()))[:200] or None, kind)


def _in_scripts(tree: Any, ground: _Ground) -> Iterator[str]:
    """The documents that scripts name as literals: addresses, or bare names where no script has an address."""
    named = [
        match.group(1).replace("\\/", "/")
        for script in _scripts(tree)
        for match in islice(_SCRIPT_FILE.finditer(script.text or ""), MAX_FILES + 1)
    ]
    located_names = [name for name in named if "/" in name] or named
    for name in located_names:
        if (url := ground.located(name)) is not None:
            yield url


def _read(element: Any, ground: _Ground, pictures: bool, unsettled: list[str]) -> Attachment | None:
    if element.tag == "a":
        return _link(element, ground, unsettled)
    if element.tag == "img":
        return _picture(element, ground) if pictures else None
    url = ground.located(source(element))
    kind = media_type_of(url) if url else None
    return Attachment(url, None, kind) if url and kind and not kind.startswith("image/") else None


def _link(element: Any, ground: _Ground, unsettled: list[str]) -> Attachment | None:
    label = clean("".join(element.itertext())) or clean(element.get("title") or "") or None
    named = NAMED.search(label or "") or NAMED.search(element.get("title") or "")
    href = written(element, ground.functions)
    if href is None:
        code = clean(f"{element.get('href') or ''} {element.get('onclick') or ''}")
        if (named or NAMED.search(code)) and "(" in code:
            unsettled.append(f"{label or 'a link'!r} is opened by a script that no rule follows: {code[:200]}")
        return None
    kind = media_type_of(href)
    if kind is None or kind.startswith("text/"):
        if not (_DOWNLOAD.search(href) or element.get("appendix") or named or is_called_file(element, href)):
            return None
        kind = BY_ENDING.get(named.group(1).lower()) if named else None
    elif kind.startswith("image/") and element.find(".//img") is None:
        return None
    url = ground.located(href)
    return Attachment(url, label, kind) if url else None


def _picture(element: Any, ground: _Ground) -> Attachment | None:
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
    url = ground.located(address)
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
                found += [link for link in sibling.iter("a") if link.get("href") or link.get("onclick")]
        element = element.getparent()
        if element is None or element.tag == "body":
            break
    return found
