"""The pages that hold a report's text in its own page's place: frames, objects, and pages behind 全文."""

from __future__ import annotations

import re
from typing import Any

from crawler.records.report import Attachment
from crawler.words.files import located
from crawler.words.text import unspaced
from pipelines.documents.endings import media_type_of

FULL_TEXT = re.compile(
    r"[【\[（(]?(?:点击|点此|请点击|点这里)?(?:这里|此处)?(?:查看|阅读|浏览|打开|进入|下载)?(?:更多)?(?:报告|年报|文件|文章|年度报告)?"
    r"(?:全文|原文|正文|详情|全部内容|详细内容)(?:链接|内容|地址)?[】\]）)]?[>＞»›→…。.]*"
)
"""Words of a link to the page that holds a report's text alone, white space removed."""
_NO_FRAME = re.compile(r"\s*(?:javascript:|about:|data:|#|$)", re.I)
_MAX_ELSEWHERE = 3
_HOLDERS = ("iframe", "frame", "object", "embed", "a")


def text_elsewhere(tree: Any, base: str, *, frames: bool = True) -> list[Attachment]:
    """The pages that hold a report's text in its own page's place: its frames, and links that are called 全文."""
    found: list[Attachment] = []
    if tree is None:
        return found
    for element in tree.iter(*_HOLDERS):
        frame = element.tag != "a"
        address = (source(element) if frame else element.get("href") or "").strip()
        words = "" if frame else unspaced("".join(element.itertext()))
        if _NO_FRAME.match(address) or not (frames if frame else FULL_TEXT.fullmatch(words)):
            continue
        if frame and (_small(element) or (element.tag in ("object", "embed") and not _is_page(element))):
            continue
        url = located(base, address)
        if url is not None and url.split("#")[0] != base.split("#")[0]:
            found.append(Attachment(url, words or None, media_type_of(url) or "text/html"))
        if len(found) >= _MAX_ELSEWHERE:
            break
    return found


def _is_page(element: Any) -> bool:
    """Whether an object or embed holds a page or a document, and nothing that is played."""
    kind = (element.get("type") or "").lower()
    return "html" in kind or "pdf" in kind or (not kind and not re.search(r"\.(?:swf|mp\d|flv|wmv)\b", source(element)))


def source(element: Any) -> str:
    """The address that a frame, embed or object shows; an object may have it in a `param`."""
    told = element.get("src") or element.get("data") or element.get("data-src")
    if not told and element.tag == "object":
        named = ("src", "movie", "filename", "url")
        told = next((at.get("value") for at in element.iter("param") if (at.get("name") or "").lower() in named), "")
    return told or ""


def _small(frame: Any) -> bool:
    """Whether a frame has no room for a text: a counter, a login, a share bar."""
    sizes = (re.match(r"\d+(?!\d|%)", (frame.get(side) or "").strip()) for side in ("width", "height"))
    return any(size is not None and int(size.group()) <= 60 for size in sizes) or "display:none" in unspaced(
        frame.get("style") or ""
    )
