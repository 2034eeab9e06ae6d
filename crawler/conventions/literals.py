"""Lists that stand in a page's scripts, data islands and answers as literals, and the addresses that scripts load.

The general forms (sources/pages#scripts): mark-up that a script writes (document.write, innerHTML, .html, .append),
templates and textareas; records, which are objects, arrays or elements of XML that hold the title of a report and an
address, whatever their keys are called; and a loading call with an address written out ($.get, .load, $.ajax, fetch,
XMLHttpRequest.open, the src of a frame). Nothing is run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any
from urllib.parse import urlencode

from lxml import etree

from crawler.conventions.functions import Functions
from crawler.words.addresses import is_file
from crawler.words.expressions import Reader, UnreadableError, written
from crawler.words.labels import is_cut_title, is_organ, read_label, tidy

_SCRIPT = re.compile(r"<script\b([^>]{0,500})>(.*?)</script", re.S | re.I)
_TEMPLATE = re.compile(
    r"<(?:textarea|noscript|template)\b[^>]{0,500}>(.*?)</(?:textarea|noscript|template)", re.S | re.I
)
_ISLAND = re.compile(r"<xml\b[^>]{0,300}>(.*?)</xml\s*>", re.S | re.I)
_WRITES = re.compile(
    r"(?:document\s*\.\s*write(?:ln)?|\.\s*(?:html|append|prepend|after|before))\s*\("
    r"|\.\s*insertAdjacentHTML\s*\(\s*[\"']\w+[\"']\s*,|\.\s*(?:innerHTML|outerHTML)\s*\+?=(?!=)"
    r"|\b[\w$]{1,40}\s*\+?=\s*(?=[\"'`][^\"'`\n]{0,40}<)"
)
_DATA = re.compile(r"(?:[=:,(]|\breturn\b)\s*(?=[\[{])|=\s*(?=new\s+Array\s*\()|\bJSON\s*\.\s*parse\s*\(\s*(?=[\"'`])")
_LOADS = re.compile(
    r"\$\s*\.\s*(?P<verb>get|post|getJSON|ajax|getScript)\s*\("
    r"|\.\s*(?P<into>load)\s*\(|(?<![\w.])(?P<fetch>fetch|axios(?:\s*\.\s*(?:get|post))?)\s*\("
    r"|\.\s*(?P<open>open)\s*\(\s*[\"'](?:GET|POST)[\"']\s*,"
    r"|\.\s*(?P<frame>src)\s*=(?!=)|\.\s*(?P<attr>attr|prop|setAttribute)\s*\(\s*[\"']src[\"']\s*,",
    re.I,
)
_MARKUP = re.compile(r"<(?:a|area|li|tr|option|iframe|frame)\b|onclick", re.I)
_REPORTS = re.compile(r"报告|年报|\\u62a5|&#25253;|&#x62a5;|(?:19|20)\d\d\s*(?:年|\\u5e74)", re.I)
_REPORT_SIGNS = ("报", "年", "62a5", "62A5", "25253", "5e74", "5E74")
"""Of these one stands in every text that `_REPORTS` matches; looked for first, because it is cheap."""
_ADDRESS = re.compile(r"(?:https?:/|\.{0,2}/|\?)?/?[\w%.~:/-]*[./?][^\s\"'<>{}，。]*", re.I)
_DATE = re.compile(r"(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}")
_ADDRESS_KEY = re.compile(r"url|href|link|path|addr|src|dz|lj|location|file", re.I)
_TITLE_KEY = re.compile(r"title|name|bt|mc|subject|topic|text|label|caption|headline|标题|名称", re.I)
_NO_LIST = re.compile(
    r"count|hits?\b|click|stat(?:s|istics)?[./?]|weather|tianqi|login|user|captcha|token|\.(?:png|jpe?g|gif|css|swf|svg|ico)(?:\?|$)"
    r"|baidu|share|weixin|visit|pv\b|heartbeat|search|banner|qrcode|feedback|survey|cnzz|analytics|jquery",
    re.I,
)
"""Addresses of what is no list: counters, weather, sign-in, pictures, searches."""
_MAX_SOURCE = 2_000_000
_MAX_WRITTEN = 400_000
_MAX_NODES = 20_000
_MAX_RECORDS = 2_000
_MAX_PLACES = 3_000
_MAX_BACK = 5_000
"""Characters before a call among which the name in it was given its value."""
MAX_LOADS = 8
"""Addresses asked for one page's scripts; a list is one of the first."""


def literal_rows(source: str, functions: Functions) -> str | None:
    """The lists in a page's source, or in a script or an answer of its own, as mark-up; None where there is none.

    Rows are links with their dates. A record with the title of a report and no address gives a link without one, so
    that it can be told. Never raises.
    """
    source = source[:_MAX_SOURCE]
    if not _names_reports(source):
        return None
    head = source[:200].lstrip("\ufeff \t\r\n")
    found: list[str] = []
    if head[:1] in "[{":
        found += _records(_json(source))
    elif head[:5] == "<?xml" or (
        head[:1] == "<" and not re.search(r"<(?:html|body|head|div|ul|table|a)\b", source[:20_000], re.I)
    ):
        found += _of_xml(source)
    elif head[:1] != "<" and not re.search(r"<(?:html|body|script)\b", source, re.I):
        found += _of_script(source, functions)  # a script of its own, or JSON within a call (JSONP)
    for attributes, script in _SCRIPT.findall(source):
        if not _names_reports(script):
            continue
        if re.search(r"type\s*=\s*[\"']?(?:text/(?:html|template|x-|xml)|x-)", attributes, re.I):
            found += _of_xml(script) if "xml" in attributes and "<datastore" not in script else [script]
        elif "json" in attributes:
            found += _records(_json(script))
        else:
            found += _of_script(script, functions)
    for held in _TEMPLATE.findall(source):
        text = unescape(held) if "&lt;" in held else held
        if _names_reports(text) and _MARKUP.search(text):
            found.append(text)
    for held in _ISLAND.findall(source):
        found += _of_xml(held)
    rows = "\n".join(found)[:_MAX_WRITTEN]
    return rows or None


def _names_reports(text: str) -> bool:
    """Whether a text has words of which a report's title has one, in any encoding that scripts have."""
    return any(sign in text for sign in _REPORT_SIGNS) and _REPORTS.search(text) is not None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _of_script(script: str, functions: Functions) -> list[str]:
    """What a script writes, in order, and the records in its literals."""
    found = []
    pieces: list[str] = []
    for count, at in enumerate(_WRITES.finditer(script)):
        if count >= _MAX_PLACES:
            break
        value = written(_value(script, at.end(), functions))
        if value is not None and "<" in value and not value.lstrip().lower().startswith("<script"):
            pieces.append(value)
    text = "".join(pieces)
    if _MARKUP.search(text) and _names_reports(text):
        found.append(text)
    end = lost = 0
    columns: list[list[Any]] = []
    for count, at in enumerate(_DATA.finditer(script)):
        if count >= _MAX_PLACES or lost > 2 * len(script):
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
        rows = _records(value)
        found += rows
        if not rows and isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            columns.append(value)
    return found + _parallel(columns)


def _value(script: str, at: int, functions: Functions) -> Any:
    try:
        return Reader(script, at, functions.constant).expression()
    except (UnreadableError, RecursionError):
        return None


def _parallel(columns: list[list[Any]]) -> list[str]:
    """Titles in one array and addresses in another of the same length."""
    for titles in columns:
        if sum(_is_title(tidy(title[:200])) for title in titles) * 2 < len(titles):
            continue
        for addresses in columns:
            if len(addresses) == len(titles) and all(_ADDRESS.fullmatch(part) for part in addresses):
                return _listed([_row(title, address, "") for title, address in zip(titles, addresses, strict=True)])
    return []


def _records(data: Any) -> list[str]:
    """The rows of all records in parsed data, in order."""
    rows: list[str] = []
    waiting = [data]
    for _ in range(_MAX_NODES):
        if not waiting or len(rows) >= _MAX_RECORDS:
            break
        value = waiting.pop()
        if isinstance(value, dict):
            row = _record(list(value.items()))
        elif isinstance(value, list):
            row = _record([("", part) for part in value])
        else:
            if isinstance(value, str) and _MARKUP.search(value) and _names_reports(value):
                rows.append(value)
            continue
        if row is not None:
            rows.append(row)
        else:
            waiting += reversed(list(value.values()) if isinstance(value, dict) else value)
    return _listed(rows)


def _listed(rows: list[str]) -> list[str]:
    """The rows as one list, for they stand beside each other."""
    return [f"<ul>{''.join(rows)}</ul>"] if rows else []


def _is_title(label: str) -> bool:
    said = read_label(label)
    return said.kind in ("item", "year", "column") or is_cut_title(label)


def _record(fields: list[tuple[str, Any]]) -> str | None:
    """One record as a row: the field that reads as a report's title, or as a year or an organ under a title's name; and
    the field that is an address, best one whose key says so."""
    texts = [(str(key), value.strip()) for key, value in fields if isinstance(value, str) and len(value) < 1_000]
    title = next((text for key, text in texts if not _ADDRESS_KEY.search(key) and _is_title(tidy(text[:200]))), None)
    if title is None:
        title = next((text for key, text in texts if _TITLE_KEY.search(key) and is_organ(tidy(text[:200]))), None)
    if title is None or _MARKUP.search(title):
        return None
    others = [(key, text) for key, text in texts if text is not title and not _DATE.fullmatch(text[:10])]
    addresses = [
        (key, text) for key, text in others if _ADDRESS.fullmatch(text) and not text.replace(".", "").isdecimal()
    ]
    named = [text for key, text in addresses if _ADDRESS_KEY.search(key)]
    if len(fields) < 2 or (not named and not addresses and not any(_TITLE_KEY.search(key) for key, _ in texts)):
        return None  # words that name a report, and no record of one
    address = next((text for text in named if not _NO_LIST.search(text)), None)
    address = address or next((text for _, text in addresses if not _NO_LIST.search(text)), "")
    day = next((found.group() for _, text in texts if (found := _DATE.match(text))), "")
    return _row(title, address, day)


def _row(title: str, address: str, day: str) -> str:
    return f'<li><a href="{escape(address)}">{escape(title)}</a><span>{escape(day)}</span></li>'


def _of_xml(text: str) -> list[str]:
    """The elements that are records by their children or their attributes; mark-up in them is taken as it is."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    body = re.sub(r"<\?xml[^>]{0,200}\?>|<!DOCTYPE[^>]{0,500}>", "", text)
    try:
        root = etree.fromstring(f"<rows>{body}</rows>".encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    rows: list[str] = []
    if root is None:
        return rows
    for count, at in enumerate(root.iter()):
        if count >= _MAX_NODES or len(rows) >= _MAX_RECORDS:
            break
        if not isinstance(at.tag, str):
            continue
        fields: list[tuple[str, Any]] = [(str(name), str(value)) for name, value in at.attrib.items()]
        fields += [(str(part.tag), part.text or "") for part in at if len(part) == 0 and isinstance(part.tag, str)]
        row = _record(fields) if len(fields) >= 2 else None
        if row is not None:
            rows.append(row)
        elif at.text and _MARKUP.search(at.text) and _names_reports(at.text):
            rows.append(at.text)
    return _listed(rows)


def loaded(source: str, functions: Functions) -> list[tuple[str, bool]]:
    """Addresses, as written, that the scripts of a page load or set a frame to, each once; True for one that is posted.

    Only literal ones, with the values that go along; left out are those that name a counter, a picture or a sign-in.
    """
    found: dict[tuple[str, bool], None] = {}
    for attributes, script in _SCRIPT.findall(source[:_MAX_SOURCE]):
        if "json" in attributes or "template" in attributes:
            continue
        for count, at in enumerate(_LOADS.finditer(script)):
            if count >= _MAX_PLACES or len(found) >= MAX_LOADS:
                break
            told = _load(script, at, functions)
            if told is not None and not _NO_LIST.search(told[0]) and not is_file(told[0]):
                found[told] = None
    return list(found)


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
    verb = (at.group("verb") or at.group("fetch") or "").lower()
    post = verb.endswith("post")
    values: Any = second if at.group("verb") or at.group("into") else None
    if isinstance(first, dict):
        values = first.get("data", first.get("params"))
        post = str(first.get("type", first.get("method", ""))).lower() == "post"
        first = first.get("url")
    elif isinstance(second, dict) and verb == "fetch":
        post = str(second.get("method", "")).lower() == "post"
        values = None
    address = written(first)
    if not address or not _ADDRESS.fullmatch(address.strip().partition(" ")[0]):
        return None
    address = address.strip().partition(" ")[0]  # .load("list.html #box") shows a part of the page
    pairs = {}
    for name, value in values.items() if isinstance(values, dict) else ():
        if (told := written(value)) is None:
            return None
        pairs[name] = told
    return _with(address, pairs), post


def _with(address: str, pairs: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(pairs)}" if pairs else address


def _nearest(script: str, name: str, before: int, functions: Functions) -> Any:
    """What a name was last given in front of a place in a script, else what it means in the page."""
    if not name.isidentifier():
        return functions.constant(name)
    given = re.compile(rf"(?<![\w.]){re.escape(name)}\s*=(?!=)\s*")
    places = [found.end() for found in given.finditer(script, max(0, before - _MAX_BACK), before)]
    return _value(script, places[-1], functions) if places else functions.constant(name)


def parts(html: str) -> Iterator[str]:
    """Addresses of scripts that a page takes from elsewhere, as written: a list may be data in one of them."""
    for found in re.finditer(r"<script\b[^>]{0,300}?\bsrc\s*=\s*[\"']?([^\"'\s>]{1,500})", html[:_MAX_SOURCE], re.I):
        yield unescape(found.group(1))
