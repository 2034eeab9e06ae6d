"""Lists that stand in a page's scripts, data islands and answers as literals.

The general forms (sources/pages#scripts): mark-up that a script writes (document.write, innerHTML, .html, .append),
templates and textareas, and records in data (conventions.records). Nothing is run.
"""

from __future__ import annotations

import json
import re
from html import unescape
from itertools import islice
from typing import Any

from crawler.conventions.definitions import scripts_in
from crawler.conventions.functions import Functions
from crawler.conventions.records import MARKUP, names_reports, records, records_of_arrays, records_of_xml
from crawler.words.expressions import Reader
from crawler.words.lexer import UnreadableError
from crawler.words.values import UNKNOWN, written

_TEMPLATE = re.compile(
    r"<(?:textarea|noscript|template)\b[^>]{0,500}>(.*?)</(?:textarea|noscript|template)", re.S | re.I
)
_ISLAND = re.compile(r"<xml\b[^>]{0,300}>(.*?)</xml\s*>", re.S | re.I)
_WRITES = re.compile(
    r"(?:document\s*\.\s*write(?:ln)?|\.\s*(?:html|append|prepend|after|before))\s*\("
    r"|\.\s*insertAdjacentHTML\s*\(\s*[\"']\w+[\"']\s*,|\.\s*(?:innerHTML|outerHTML)\s*\+?=(?!=)"
    r"|\b[\w$]{1,40}\s*\+?=\s*(?=[\"'`][^\"'`\n]{0,40}<)"
)
_TREE = re.compile(r"\bp(?:arent)?_?[iI]d[\"']?\s*:|\bchildren[\"']?\s*:\s*\[|\bdTree\b")
"""A tree of organs: records that name the one above them, or hold those below; their names are no titles."""
_NODE = re.compile(r"\.\s*add\s*\(\s*(?=\d{1,8}\s*,\s*-?\d{1,8}\s*,)")
_CALLED_WHERE_IT_STANDS = re.compile(r"\(\s*function\s*\(([\w$,\s]{1,8000})\)\s*\{\s*return\s*(?=[\[{])")
_MAX_CALLED = 4
_DATA = re.compile(r"(?:[=:,(]|\breturn\b)\s*(?=[\[{])|=\s*(?=new\s+Array\s*\()|\bJSON\s*\.\s*parse\s*\(\s*(?=[\"'`])")
MAX_SOURCE = 2_000_000
_MAX_WRITTEN = 400_000
MAX_PLACES = 3_000


def literal_rows(source: str, functions: Functions) -> str | None:
    """The lists in a page's source, or in a script or an answer of its own, as mark-up; None where there is none.

    Rows are links with their dates. A record with the title of a report and no address gives a link without one, so
    that it can be told. Never raises.
    """
    source = source[:MAX_SOURCE]
    if not names_reports(source):
        return None
    head = source[:200].lstrip("\ufeff \t\r\n")
    pieces: list[str] = []
    if head[:1] in "[{":
        pieces += records(_json(source))
    elif head[:5] == "<?xml" or (
        head[:1] == "<" and not re.search(r"<(?:html|body|head|div|ul|table|a)\b", source[:20_000], re.I)
    ):
        pieces += records_of_xml(source)
    elif head[:1] != "<" and not re.search(r"<(?:html|body|script)\b", source, re.I):
        pieces += _of_script(source, functions)  # a script of its own, or JSON within a call (JSONP)
    for attributes, script in scripts_in(source):
        if not names_reports(script) and not _TREE.search(script):
            continue
        if re.search(r"type\s*=\s*[\"']?(?:text/(?:html|template|x-|xml)|x-)", attributes, re.I):
            pieces += records_of_xml(script) if "xml" in attributes and "<datastore" not in script else [script]
        elif "json" in attributes:
            pieces += records(_json(script))
        else:
            pieces += _of_script(script, functions)
    for held in _TEMPLATE.findall(source):
        text = unescape(held) if "&lt;" in held else held
        if names_reports(text) and MARKUP.search(text):
            pieces.append(text)
    for held in _ISLAND.findall(source):
        pieces += records_of_xml(held)
    rows = "\n".join(pieces)[:_MAX_WRITTEN]
    return rows or None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _of_script(script: str, functions: Functions) -> list[str]:
    """What a script writes, in order, and the records in its literals."""
    lists = []
    pieces: list[str] = []
    for count, at in enumerate(_WRITES.finditer(script)):
        if count >= MAX_PLACES:
            break
        value = written(value_at(script, at.end(), functions))
        if value is not None and "<" in value and not value.lstrip().lower().startswith("<script"):
            pieces.append(value)
    text = "".join(pieces)
    if MARKUP.search(text) and names_reports(text):
        lists.append(text)
    lists += records([_node(script, at.end(), functions) for at in islice(_NODE.finditer(script), MAX_PLACES)])
    for at in islice(_CALLED_WHERE_IT_STANDS.finditer(script), _MAX_CALLED):
        lists += records(_returned(script, at))
    end = lost = 0
    arrays: list[list[Any]] = []
    for count, at in enumerate(_DATA.finditer(script)):
        if count >= MAX_PLACES or lost > 2 * len(script):
            break  # what cannot be read is not read again and again
        if at.end() < end:
            continue
        reader = Reader(script, at.end(), functions.constant)
        try:
            value = reader.expression()
        except (UnreadableError, RecursionError):
            lost += reader.at - at.end()
            continue
        end = reader.at
        if isinstance(value, str):
            value = _json(value)
        rows = records(value)
        lists += rows
        if not rows and isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            arrays.append(value)
    return lists + records_of_arrays(arrays)


def _returned(script: str, at: re.Match[str]) -> Any:
    """What a function that is called where it stands returns: (function(a, b){return {x: a}}("…", 1))."""
    reader = Reader(script, at.end())
    try:
        reader.expression()
        reader.skip(";")
        reader.need("}")
        reader.skip(")")
        reader.need("(")
        names = dict(zip(re.findall(r"[\w$]+", at[1]), reader.arguments(), strict=False))
        return Reader(script, at.end(), lambda name: names.get(name, UNKNOWN)).expression()
    except (UnreadableError, RecursionError):
        return None


def _node(script: str, at: int, functions: Functions) -> dict[str, Any]:
    """A node of a tree that a script adds: tree.add(3, 1, "财政局", "/nb/czj/")."""
    reader = Reader(script, at, functions.constant)
    values: list[Any] = []
    try:
        while len(values) < 4:
            values.append(reader.expression())
            if not reader.skip(","):
                break
    except (UnreadableError, RecursionError):
        return {}
    return dict(zip(("id", "parent", "name", "url"), values, strict=False))


def value_at(script: str, at: int, functions: Functions) -> Any:
    """The value of the expression that begins at a place in a script; None for what cannot be read."""
    try:
        return Reader(script, at, functions.constant).expression()
    except (UnreadableError, RecursionError):
        return None
