"""Where a page that sends on leads: Location, meta refresh, literal script (sources/obstacles#redirects-in-pages)."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from crawler.records.page import Page
from crawler.words.addresses import join
from crawler.words.text import squeeze

_MAX_TEXT = 200
"""Characters a reader sees; with more to read, a script's address is a choice of the page and no redirect."""
_MAX_SCRIPT = 20_000
_MAX_CONTENT = 2_500
_UNSEEN = frozenset({"script", "style", "noscript", "head", "title", "template"})

_metas: Any = etree.XPath("//meta[@content and @http-equiv]", smart_strings=False)
_scripts: Any = etree.XPath("//script[not(@src)]/text()|//body/@onload", smart_strings=False)
_base: Any = etree.XPath("string(//base/@href)", smart_strings=False)

_REFRESH = re.compile(r"[\d.]*\s*+[;,]?\s*+url\s*=\s*[\"']?([^\"'>]+)", re.I)
_SCRIPT = re.compile(
    r"(?:(?:window|self|top|parent|document)\s*\.\s*)*location(?:\s*\.\s*href)?\s*=\s*\\?[\"']([^\"'\\]{1,2000})\\?[\"'](?!\s*\+)"
    r"|location\s*\.\s*(?:replace|assign)\s*\(\s*\\?[\"']([^\"'\\]{1,2000})\\?[\"']\s*\)"
)
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?|(?<![:\"'])//[^\n]*", re.S)
_DEVICE = re.compile(r"userAgent|navigator\s*\.|android|iphone|screen\s*\.\s*width", re.I)
"""A script that asks what device this is sends phones elsewhere, not a reader of the page."""


def redirect_target(page: Page) -> str | None:
    """The absolute address that a page sends its reader to, or None where it does not.

    Location counts with a status of 300 to 399; meta refresh and scripts only where fewer than 200 characters can be
    read, and only addresses written out whole. Never raises. The host is not checked here.
    """
    url = page.capture.url
    if 300 <= page.capture.status < 400:
        location = page.capture.header("location")
        return join(url, _utf8(location)) if location else None
    if page.tree is None:
        return None
    if _has_text(page.tree):
        return None
    base = join(url, _base(page.tree)) or url
    for meta in _metas(page.tree):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh":
            found = _REFRESH.match(meta.get("content")[:_MAX_CONTENT].strip())
            if found:
                return join(base, found.group(1).strip())
    for script in _scripts(page.tree):
        source = _COMMENT.sub("", script[:_MAX_SCRIPT])
        if _DEVICE.search(source):
            continue
        found = _SCRIPT.search(source)
        if found:
            return join(base, found.group(1) or found.group(2))
    return None


def _has_text(tree: Any) -> bool:
    """Whether a reader sees 200 characters or more."""
    seen = 0
    for element in tree.iter():
        shown = isinstance(element.tag, str) and element.tag not in _UNSEEN
        for text in (element.text if shown else None, element.tail):
            if text:
                seen += len(squeeze(text))
                if seen >= _MAX_TEXT:
                    return True
    return False


def _utf8(location: str) -> str:
    """Headers come as latin-1; addresses in them are often raw UTF-8 or GB18030."""
    if location.isascii():
        return location
    try:
        raw = location.encode("latin-1")
    except UnicodeEncodeError:
        return location
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return location
