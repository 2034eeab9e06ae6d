"""Records of reports in data, whatever their keys are called, as rows of a list.

A record is an object, an array or an element of XML that holds the title of a report and an address
(sources/pages#scripts).
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from lxml import etree

from crawler.words.entries import is_cut_title, is_organ
from crawler.words.labels import read_label, tidy

MARKUP = re.compile(r"<(?:a|area|li|tr|option|iframe|frame)\b|onclick", re.I)
_REPORTS = re.compile(r"报告|年报|\\u62a5|&#25253;|&#x62a5;|(?:19|20)\d\d\s*(?:年|\\u5e74)", re.I)
_REPORT_SIGNS = ("报", "年", "62a5", "62A5", "25253", "5e74", "5E74")
"""Of these one stands in every text that `_REPORTS` matches; looked for first, because it is cheap."""
ADDRESS = re.compile(r"(?:https?:/|\.{0,2}/|\?)?/?[\w%.~:/-]*[./?][^\s\"'<>{}，。]*", re.I)
_DATE = re.compile(r"(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}")
_ADDRESS_KEY = re.compile(r"url|href|link|path|addr|src|dz|lj|location|file", re.I)
_TITLE_KEY = re.compile(r"title|name|bt|mc|subject|topic|text|label|caption|headline|标题|名称", re.I)
NO_LIST = re.compile(
    r"count|hits?\b|click|stat(?:s|istics)?[./?]|weather|tianqi|login|user|captcha|token|\.(?:png|jpe?g|gif|css|swf|svg|ico)(?:\?|$)"
    r"|baidu|share|weixin|visit|pv\b|heartbeat|search|banner|qrcode|feedback|survey|cnzz|analytics|jquery",
    re.I,
)
"""Addresses of what is no list: counters, weather, sign-in, pictures, searches."""
_MAX_NODES = 20_000
_MAX_RECORDS = 2_000


def names_reports(text: str) -> bool:
    """Whether a text has words of which a report's title has one, in any encoding that scripts have."""
    if not any(sign in text for sign in _REPORT_SIGNS):
        return False
    return "报告" in text or "年报" in text or _REPORTS.search(text) is not None


def records_of_arrays(arrays: list[list[Any]]) -> list[str]:
    """Titles in one array and addresses in another of the same length."""
    for titles in arrays:
        if sum(_is_title(tidy(title[:200])) for title in titles) * 2 < len(titles):
            continue
        for addresses in arrays:
            if len(addresses) == len(titles) and all(ADDRESS.fullmatch(part) for part in addresses):
                return _listed([_row(title, address, "") for title, address in zip(titles, addresses, strict=True)])
    return []


def records(data: Any) -> list[str]:
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
            if isinstance(value, str) and MARKUP.search(value) and names_reports(value):
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
    if title is None or MARKUP.search(title):
        return None
    others = [(key, text) for key, text in texts if text is not title and not _DATE.fullmatch(text[:10])]
    addresses = [
        (key, text) for key, text in others if ADDRESS.fullmatch(text) and not text.replace(".", "").isdecimal()
    ]
    named = [text for key, text in addresses if _ADDRESS_KEY.search(key)]
    if len(fields) < 2 or (not named and not addresses and not any(_TITLE_KEY.search(key) for key, _ in texts)):
        return None  # words that name a report, and no record of one
    address = next((text for text in named if not NO_LIST.search(text)), None)
    address = address or next((text for _, text in addresses if not NO_LIST.search(text)), "")
    day = next((date.group() for _, text in texts if (date := _DATE.match(text))), "")
    return _row(title, address, day)


def _row(title: str, address: str, day: str) -> str:
    return f'<li><a href="{escape(address)}">{escape(title)}</a><span>{escape(day)}</span></li>'


def records_of_xml(text: str) -> list[str]:
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
        parts = [part for part in at if len(part) == 0 and isinstance(part.tag, str)]
        fields += [(str(part.tag), part.text or str(part.get("href") or "")) for part in parts]
        row = _record(fields) if len(fields) >= 2 else None
        if row is not None:
            rows.append(row)
        elif at.text and MARKUP.search(at.text) and names_reports(at.text):
            rows.append(at.text)
    return _listed(rows)
