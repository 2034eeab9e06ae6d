"""Addresses that the scripts of a page load, where a call has them written out ($.get, .load, $.ajax, fetch,
XMLHttpRequest.open, the src of a frame), and those of scripts from elsewhere (sources/pages#scripts)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from crawler.conventions.calls import request_of
from crawler.conventions.definitions import scripts_in
from crawler.conventions.functions import Functions
from crawler.conventions.literals import MAX_PLACES, MAX_SOURCE, value_at
from crawler.conventions.records import NO_LIST
from crawler.words.addresses import is_file
from crawler.words.expressions import Reader
from crawler.words.lexer import UnreadableError

_LOADS = re.compile(
    r"\$\s*\.\s*(?P<verb>get|post|getJSON|ajax|getScript)\s*\("
    r"|\$http\s*\.\s*(?P<http>get|post)\s*\(|\.\s*(?P<grid>render|bootstrapTable|datagrid|DataTable|reload)\s*\(\s*(?=\{)"
    r"|\.\s*(?P<into>load)\s*\(|(?<![\w.])(?P<fetch>fetch|axios(?:\s*\.\s*(?:get|post))?)\s*\("
    r"|\.\s*(?P<open>open)\s*\(\s*[\"'](?:GET|POST)[\"']\s*,"
    r"|\.\s*(?P<frame>src)\s*=(?!=)|\.\s*(?P<attr>attr|prop|setAttribute)\s*\(\s*[\"']src[\"']\s*,",
    re.I,
)
_MAX_BACK = 5_000
"""Characters before a call among which the name in it was given its value."""
MAX_LOADS = 8
"""Addresses asked for one page's scripts; a list is one of the first."""


def loaded(source: str, functions: Functions) -> list[tuple[str, bool]]:
    """Addresses, as written, that the scripts of a page load or set a frame to, each once; True for one that is posted.

    Only literal ones, with the values that go along; left out are those that name a counter, a picture or a sign-in.
    """
    loads: dict[tuple[str, bool], None] = {}
    for attributes, script in scripts_in(source[:MAX_SOURCE]):
        if "json" in attributes or "template" in attributes:
            continue
        for count, at in enumerate(_LOADS.finditer(script)):
            if count >= MAX_PLACES or len(loads) >= MAX_LOADS:
                break
            load = _load(script, at, functions)
            if load is not None and not NO_LIST.search(load[0]) and not is_file(load[0]):
                loads[load] = None
    return list(loads)


def _load(script: str, at: re.Match[str], functions: Functions) -> tuple[str, bool] | None:
    """The address of one call, with the values it sends in a query; None where either is not settled."""

    def meaning(name: str) -> Any:
        return _nearest(script, name, at.start(), functions)

    reader = Reader(script, at.end(), meaning)
    try:
        first = reader.expression()
        second = reader.expression() if reader.skip(",") and reader.peek() == "{" else None
    except (UnreadableError, RecursionError):
        return None
    # A grid of a plugin is handed what an ajax call is: an object with its url.
    verb = "ajax" if at.group("grid") else at.group("verb") or at.group("http") or at.group("fetch") or ""
    return request_of(verb.lower(), first, second)


def _nearest(script: str, name: str, before: int, functions: Functions) -> Any:
    """What a name was last given in front of a place in a script, else what it means in the page."""
    if not name.isidentifier():
        return functions.constant(name)
    assignment = re.compile(rf"(?<![\w.]){re.escape(name)}\s*=(?!=)\s*")
    places = [match.end() for match in assignment.finditer(script, max(0, before - _MAX_BACK), before)]
    return value_at(script, places[-1], functions) if places else functions.constant(name)


_INCLUDED = re.compile(
    r"<[a-z][^<>]{0,300}?\s(?:data-(?:include|load|remote|fragment)|w3-include-html|hx-get|include-html)\s*=\s*[\"']([^\"'\s<>]{2,300})[\"']",
    re.I,
)


def included(html: str) -> Iterator[str]:
    """Addresses of what a script puts into an element that names it by an attribute, as written."""
    for match in _INCLUDED.finditer(html[:MAX_SOURCE]):
        if re.search(r"[/.]", match[1]) and not NO_LIST.search(match[1]) and not is_file(match[1]):
            yield unescape(match[1])


def parts(html: str) -> Iterator[str]:
    """Addresses of scripts that a page takes from elsewhere, as written: a list may be data in one of them."""
    for match in re.finditer(r"<script\b[^>]{0,300}?\bsrc\s*=\s*[\"']?([^\"'\s>]{1,500})", html[:MAX_SOURCE], re.I):
        yield unescape(match.group(1))
