"""The pages that hold a report's text in its own page's place: frames, objects, and pages behind 全文."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from crawler.conventions.functions import Functions
from crawler.navigation.clicks import scripted
from crawler.records.report import Attachment
from crawler.words.entries import is_silent
from crawler.words.files import located
from crawler.words.text import unspaced
from pipelines.documents.endings import media_type_of

FULL_TEXT = re.compile(
    r"[【\[（(]?(?:点击|点此|请点击|点这里)?(?:这里|此处)?(?:查看|阅读|浏览|打开|进入|下载)?(?:更多)?(?:报告|年报|文件|文章|年度报告)?"
    r"(?:全文|原文|正文|详情|全部内容|详细内容)(?:阅读|浏览|查看|链接|内容|地址)?[】\]）)]?[>＞»›→…。.]*"
    r"|详情请?(?:点击|点此|见)(?:这里|此处)?"
)
"""Words of a link to the page that holds a report's text alone, white space removed."""
_NO_FRAME = re.compile(r"\s*(?:javascript:|about:|data:|#|$)", re.I)
_MAX_ELSEWHERE = 3
_LINKS = frozenset({"a", "button"})
_HOLDERS = ("iframe", "frame", "object", "embed", *_LINKS)
_MAX_HOLDERS, _MAX_TEXTS, _MAX_WORDS = 5_000, 50, 120


def text_elsewhere(tree: Any, base: str, *, frames: bool = True, title: str | None = None) -> list[Attachment]:
    """The pages that hold a report's text in its own page's place: its frames, and links that are called 全文, by the
    page's own `title`, or by their address alone."""
    found: list[Attachment] = []
    if tree is None:
        return found
    functions = Functions("", base)
    for element in islice(tree.iter(*_HOLDERS), _MAX_HOLDERS):
        frame = element.tag not in _LINKS
        words = "" if frame else _called(element)
        if not (frames if frame else _is_way(words, unspaced(title or ""))):
            continue
        address = (source(element) if frame else scripted(element, element.get("href") or "", functions)).strip()
        if _NO_FRAME.match(address):
            continue
        if frame and (_small(element) or (element.tag in ("object", "embed") and not _is_page(element))):
            continue
        url = located(base, address)
        if url is not None and url.split("#")[0] != base.split("#")[0]:
            found.append(Attachment(url, words or None, media_type_of(url) or "text/html"))
        if len(found) >= _MAX_ELSEWHERE:
            break
    return found


def _called(element: Any) -> str:
    """The words of a link, or those of its picture, without white space."""
    words = unspaced("".join(islice(element.itertext(), _MAX_TEXTS)))
    return words or unspaced(next((at.get("alt") or at.get("title") or "" for at in element.iter("img")), ""))


def _is_way(words: str, title: str) -> bool:
    """Whether a link's words say that the text is behind it."""
    if not words or len(words) > _MAX_WORDS:
        return False
    if FULL_TEXT.fullmatch(words) or (title and words == title):
        return True
    if _BARE_ADDRESS.match(words):
        return True
    return is_silent(words) and _READ.search(words) is not None and _OTHERWISE.search(words) is None


_BARE_ADDRESS = re.compile(r"https?://[\w./?=&%-]+$", re.I)
_READ = re.compile("看|阅|读|点击|点此|详|全文|正文|原文|here", re.I)
_OTHERWISE = re.compile("附件|下载|打印|信息|网站", re.I)
"""Silent words of what is no text: files have a rule of their own."""


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
