"""Pagers of which the page writes out the parts: a script's call whose arguments are variables of the page, a form that
asks for a page by its number (sources/systems#createpagehtml, sources/systems#old-asp)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import quote

from lxml import etree

from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.conventions.series import PAGE_KEY, belongs
from crawler.conventions.shtml import quoted
from crawler.conventions.trs import trs
from crawler.words.addresses import join
from crawler.words.expressions import Reader
from crawler.words.lexer import UnreadableError
from crawler.words.values import UNKNOWN

# What stands before the word is looked at behind it: the engine goes by a word that an expression begins with.
_CALL = re.compile(r"(create(?<!\wcreate)(?<!function create)\w{0,12}Page\w{0,12})\s*\(([^()]{1,400})\)")
_CALLS = 20
_forms: Any = etree.XPath("//form", smart_strings=False)
_FORMS = 30
_FIELDS = 40


def called_with_variables(source: Source) -> Paging | None:
    """createPageHTML(pageCount, current, name, "html"), its variables set to literals by a script of the page; both
    functions of that name."""
    for found in islice(_CALL.finditer(source.html), _CALLS):
        try:
            values = Reader(f"[{found.group(2)}]", names=source.functions.constant).expression()
        except UnreadableError:
            continue
        if UNKNOWN in values or not all(isinstance(value, str | int | float) for value in values):
            continue
        written = ", ".join(f"'{value}'" if isinstance(value, str) else str(int(value)) for value in values)
        literal = replace(source, html=f"{found.group(1)}({written})")
        if (paging := quoted(literal) or trs(literal)) is not None:
            return paging
    return None


def jump_form(source: Source) -> Paging | None:
    """A form by GET with a field for the page's number, where the number of pages is stated: 共5页 第[2]页 跳转."""
    if source.tree is None or not source.pages_said:
        return None
    for form in _forms(source.tree)[:_FORMS]:
        target = join(source.url, form.get("action") or source.url.partition("?")[0])
        if target is None or (form.get("method") or "get").lower() != "get":
            continue
        fields = [field for field in islice(form.iter("input", "select"), _FIELDS) if field.get("name")]
        pages = [field for field in fields if PAGE_KEY.fullmatch(field.get("name"))]
        if len(pages) != 1 or any(_is_asked(field) for field in fields if field is not pages[0]):
            continue
        sent = [
            f"{quote(field.get('name'))}={quote(field.get('value') or '')}"
            for field in fields
            if field.get("type") == "hidden" and field is not pages[0]
        ]
        head = f"{target}{'&' if '?' in target else '?'}{'&'.join([*sent, ''])}{pages[0].get('name')}="
        last = min(source.pages_said, MAX_PAGES)
        made = [(number, f"{head}{number}") for number in range(source.page_no + 1, last + 1)]
        if all(belongs(url, source) for _, url in made[:2]):
            return Paging("form by GET", made, None, source.pages_said)
    return None


def _is_asked(field: Any) -> bool:
    """Whether a field wants words of the reader: the form of a search."""
    return field.tag == "input" and (field.get("type") or "text").lower() in ("text", "search", "password")
