"""Where a link or a click says that a file is, and which links are called files without looking like ones.

The general forms (sources/pages#attachments): an address in `href`, in OLDSRC (where the editor kept it), in an
attribute of the site's own making, in a script that a function of the page settles; else the one literal of a call that
is the address of a document. A link without an ending is a file's where it stands behind 附件 or in a block so named:
what it is its bytes tell.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from itertools import islice
from typing import Any

from crawler.conventions.functions import Functions
from crawler.navigation.clicks import clickable, scripted
from crawler.records.page import Page
from crawler.words.display import seen_of
from crawler.words.files import DOCUMENT
from crawler.words.text import squeeze
from pipelines.documents.endings import media_type_of

_NO_ADDRESS = re.compile(r"\s*(?:javascript:|mailto:|tel:|#|$)", re.I)
_LITERAL = re.compile(r"[\"']([^\"'<>]{1,500})[\"']|&quot;([^&<>]{1,500})&quot;")
_MAX_CODE = 2_000
_MAX_CLICKS = 500
_BEHIND = re.compile(
    r"(?:附件|附表|附)[一二三四五六七八九十\d]{0,3}[：:、.．]?$|(?:文件|附件|点击|全文)?下载(?:地址)?[：:]$"
)
_CALLED = re.compile(
    r"(?:相关)?附件(?:下载)?[一二三四五六七八九十\d]{0,3}[：:、.．（(]|(?:点击|附件|文件|原文|全文|报告)*下载(?:附件|文件|报告|全文)?$"
)
_BLOCK = re.compile(r"fujian|attach|annex|appendix|accessory|xgfj|fjxz|filelist|\bfj\b", re.I)
_HEAD = re.compile(r"(?:相关|文件)?(?:附件|下载|文档)(?:下载|列表)?[：:]?")
_PAGE = re.compile(r"\.s?html?$|/$", re.I)
_MAX_BLOCK = 400
"""Characters of a block of files; more is the text around it."""


def written(element: Any, functions: Functions) -> str | None:
    """The address that a link has for a file, as written; None where it has none that could be asked."""
    own = element.get("href") or ""
    old = element.get("oldsrc") or ""
    if not _NO_ADDRESS.match(own):
        return str(own if media_type_of(own) or not old else old)
    if old:
        return str(old)
    if own.lower().startswith(("mailto:", "tel:")):
        return None
    address = scripted(element, own, functions)
    if not _NO_ADDRESS.match(address):
        return str(address)
    return _literal(f"{own} {element.get('onclick') or ''}")


def _literal(code: str) -> str | None:
    """The literal of a script's call that is the address of a document: with a folder, or the only one of the call."""
    told: list[str] = [first or second for first, second in _LITERAL.findall(code[:_MAX_CODE])]
    documents = [word for word in told if DOCUMENT.search(word.partition("?")[0].partition("#")[0].strip())]
    folders = [word for word in documents if "/" in word]
    if folders:
        return folders[0]
    return documents[0] if len(told) == 1 and documents else None


def clicked(page: Page, functions: Functions, blocks: Container[Any]) -> Iterator[tuple[Any, str]]:
    """What is no link, stands in one of the elements `blocks` and opens a file when clicked, with its
    address."""
    for element, address in islice(clickable(page.tree, functions, seen_of(page).pressed), _MAX_CLICKS):
        if element.tag == "a" or not any(above in blocks for above in (element, *element.iterancestors())):
            continue
        told = _literal(address) if _NO_ADDRESS.match(address) else address
        if told is not None:
            yield element, told


def is_called_file(element: Any, href: str) -> bool:
    """Whether a link whose address does not say so leads to a file by its words, those before it, or its block."""
    path = href.partition("?")[0].partition("#")[0]
    called = squeeze("".join(element.itertext()))
    if not called or _PAGE.search(path) or _NO_ADDRESS.match(href):
        return False
    if _CALLED.match(called):
        return True
    before = element.getprevious()
    words = (before.tail if before is not None else element.getparent().text) if element.getparent() is not None else ""
    if _BEHIND.search(squeeze(words or "")[-12:]):
        return True
    for above in islice(element.iterancestors(), 3):
        if above.tag in ("body", "html"):
            return False
        text = squeeze("".join(islice(above.itertext(), 60)))
        if len(text) > _MAX_BLOCK:
            return False
        if _HEAD.match(text) or _BLOCK.search(f"{above.get('class') or ''} {above.get('id') or ''}"):
            return True
    return False
