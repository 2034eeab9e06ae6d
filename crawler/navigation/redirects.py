"""Where a page that sends on leads: Location, Refresh, meta refresh, script (sources/obstacles#redirects-in-pages)."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from lxml import etree

from crawler.navigation.links import query_charset
from crawler.records.page import Page
from crawler.words.addresses import canonical, join, location
from crawler.words.scripts import sent_to, submits
from crawler.words.text import squeeze

MAX_TEXT = 200
"""Characters a reader sees; with more to read, a script's address is a choice of the page and no redirect."""
FEW_LINKS = 10
"""A page with as many links is read, whatever its scripts say (a home page often sends phones elsewhere)."""
_MAX_CONTENT = 2_500
_MAX_SCRIPTS = 20
_UNSEEN = frozenset({"script", "style", "noscript", "head", "title", "template"})

_metas: Any = etree.XPath("//meta[@content and @http-equiv]", smart_strings=False)
_scripts: Any = etree.XPath("//script[not(@src)]/text()", smart_strings=False)
_onload: Any = etree.XPath("string(//body/@onload)", smart_strings=False)
_base: Any = etree.XPath("string(//base/@href)", smart_strings=False)
_links: Any = etree.XPath("//a/@href", smart_strings=False)
_forms: Any = etree.XPath("//form", smart_strings=False)
_fields: Any = etree.XPath(
    ".//input[@name][not(@type='submit' or @type='image' or @type='button')]", smart_strings=False
)

_REFRESH = re.compile(
    r"\s*[\d.]*+\s*+(?:[;,]?\s*+url\s*=\s*|(?<=[\d\s])[;,]\s*+(?!url\s*=))(?:\"([^\"]+)|'([^']+)|([^\"'>\s][^>]*))",
    re.I,
)
"""`url=` may be left out behind the seconds and a separator (WHATWG HTML, shared declarative refresh steps)."""


def redirect_target(page: Page) -> str | None:
    """The absolute address that a page sends its reader to, or None where it does not.

    Location counts with a status of 300 to 399; where that has none, and with any other status, a Refresh header, meta
    refresh and scripts (words/scripts.py) count, and a form that is sent by itself, where fewer than 200 characters can
    be read and fewer than ten links stand. A page that loads itself again sends nowhere. Never raises. The host is not
    checked here.
    """
    url = page.capture.url
    sends = 300 <= page.capture.status < 400 and page.capture.status != 304
    if sends and (target := location(url, page.capture.header("location"))) is not None:
        return target
    if page.html is not None and (page.tree is not None and (_has_links(page.tree) or _has_text(page.tree))):
        return None
    target = _refresh(url, page.capture.header("refresh")) or (_in_page(page, sends) if page.tree is not None else None)
    return None if target is None or canonical(target) == canonical(url) else target


def _refresh(base: str, content: str | None) -> str | None:
    """The address in the value of a Refresh header or meta: `0; url=…`, with quotes or without."""
    found = _REFRESH.match((content or "")[:_MAX_CONTENT].strip())
    return join(base, (found[1] or found[2] or found[3]).strip()) if found else None


def _in_page(page: Page, sends: bool) -> str | None:
    """What the page itself says. `sends`: it came with the status of a redirect, and its only link is the way on."""
    base = join(page.capture.url, _base(page.tree)) or page.capture.url
    for meta in _metas(page.tree):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh" and (
            target := _refresh(base, meta.get("content"))
        ):
            return target
    sources = [*islice(_scripts(page.tree), _MAX_SCRIPTS), _onload(page.tree)]
    # What `onload` calls stands in the scripts: together they are one.
    source = "\n;".join(sources)
    if (target := sent_to(source, page.capture.url)) is not None:
        return join(base, target, query_charset(page))
    if (forms := _forms(page.tree)) and submits(source):
        return _sent_form(base, forms[0])
    links = _links(page.tree)
    return join(base, links[0]) if sends and len(links) == 1 else None


def _sent_form(base: str, form: Any) -> str | None:
    """The address that a form asks for with its fields as they stand; None for one that is posted."""
    target = join(base, form.get("action") or "")
    if target is None or (form.get("method") or "get").strip().lower() != "get":
        return None
    fields = [(field.get("name"), field.get("value") or "") for field in _fields(form)[:50]]
    return f"{target.partition('?')[0]}?{urlencode(fields)}" if fields else target


def _has_links(tree: Any) -> bool:
    links = (link for link in tree.iter("a") if link.get("href") is not None)
    return len(list(islice(links, FEW_LINKS))) == FEW_LINKS


def _has_text(tree: Any) -> bool:
    """Whether a reader sees 200 characters or more."""
    seen = 0
    for element in tree.iter():
        shown = isinstance(element.tag, str) and element.tag not in _UNSEEN
        for text in (element.text if shown else None, element.tail):
            if text:
                seen += len(squeeze(text))
                if seen >= MAX_TEXT:
                    return True
    return False
