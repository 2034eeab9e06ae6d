"""The article that a page carries and does not show: held by a script, a form field or a template until a script puts
it in its place.

`document.write("…")`, a variable, `unescape("%u…")`, Base64, the state of an application (JSON), `<textarea>`,
`<template>`, `<script type="text/html">`, `<xmp>`, `<input type="hidden">`. Nothing is run: every literal is decoded,
and the longest that has a report's chapters is the article. Asked only of pages that show no such text themselves
(sources/obstacles#files-in-place-of-pages).
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any
from urllib.parse import unquote

from lxml import etree

_CHAPTERS = ("总体情况", "主动公开", "申请", "行政复议", "行政诉讼", "存在", "其他需要报告")
_ENOUGH = 4
_SHORTEST = 200
"""Characters of an article that a script may hold; less is a label."""
_MAX_LITERALS, _MAX_LITERAL = 5000, 2_000_000
_shown: Any = etree.XPath(
    "//body//text()[not(ancestor::script or ancestor::style or ancestor::textarea or ancestor::template"
    " or ancestor::xmp or ancestor::noscript)]",
    smart_strings=False,
)
_WORTH = re.compile(r"<(?:script|textarea|template|xmp|input|noscript)\b", re.I)
_ELEMENT = re.compile(
    r"<(textarea|template|xmp|noscript)\b[^>]{0,500}>(.*?)</\1\s*>|<script\b[^>]{0,300}text/(?:html|template|x-[\w-]{1,30})[^>]{0,300}>(.*?)</script\s*>",
    re.I | re.S,
)
_FIELD = re.compile(r"<input\b[^>]{0,300}?\bvalue\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.I)
_SCRIPT = re.compile(r"<script\b[^>]{0,500}>(.*?)</script\s*>", re.I | re.S)
_LITERAL = re.compile(r"\"((?:[^\"\\]++|\\.)*+)\"|'((?:[^'\\\n]++|\\.)*+)'|`((?:[^`\\]++|\\.)*+)`", re.S)
_JOINT = re.compile(
    r"\s*\+\s*|\s*[,;]?\s*(?:document\.writeln?\s*\(|\w{1,40}\s*\+=)?\s*\)?\s*[,;]?\s*(?:document\.writeln?\s*\(|[\w.]{1,40}\s*\+=)\s*"
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.S)
_PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{400,}={0,2}")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": ""}


_ENCODED = re.compile(
    r"%u[0-9a-fA-F]{4}|\\u\{?[0-9a-fA-F]{4}|&#x?[0-9a-fA-F]{2}|%[EeC-D][0-9a-fA-F]%|\\x[0-9a-fA-F]{2}"
)
_CODED = re.compile(r"(?<![,A-Za-z0-9+/])[A-Za-z0-9+/]{400}")
_HOLDER = re.compile(r"<(script|textarea|template|xmp|noscript)\b[^>]{0,500}>(.*?)</\1\s*>", re.I | re.S)
_MANY = 100
"""Characters in an encoding from which a source may hold an article that its plain words do not show."""


def _may_carry(source: str) -> bool:
    """Whether what a source holds and does not show names a report's chapters, or has so much in encodings that it
    might."""
    held = "\n".join(found[2] for found in islice(_HOLDER.finditer(source), _MAX_LITERALS))
    if "<input" in source:
        held += "\n".join(found[1] or found[2] or "" for found in islice(_FIELD.finditer(source), _MAX_LITERALS))
    if _chapters(held) >= _ENOUGH:
        return True
    if _CODED.search(held):
        return True
    return sum(1 for _ in islice(_ENCODED.finditer(held), _MANY)) >= _MANY


def carried(source: str, tree: Any) -> str | None:
    """The mark-up of the article that a page carries without showing it; None where it shows one, or carries none."""
    if tree is None or not _WORTH.search(source) or not _may_carry(source):
        return None
    if _chapters("".join(_shown(tree))) >= _ENOUGH:
        return None
    best = ""
    for words in _candidates(source):
        if len(words) > max(len(best), _SHORTEST) and _chapters(words) >= _ENOUGH:
            best = words
    return best or None


def has_chapters(words: str) -> bool:
    """Whether words speak of what a report's chapters do."""
    return _chapters(words) >= _ENOUGH


def _chapters(words: str) -> int:
    return sum(name in words for name in _CHAPTERS)


def _candidates(source: str) -> Iterator[str]:
    for element in islice(_ELEMENT.finditer(source), _MAX_LITERALS):
        yield _entities(element[2] or element[3] or "")
    for field in islice(_FIELD.finditer(source), _MAX_LITERALS):
        yield _entities(_entities(field[1] or field[2] or ""))
    for script in islice(_SCRIPT.finditer(source), _MAX_LITERALS):
        joined, end = "", -1
        for literal in islice(_LITERAL.finditer(script[1]), _MAX_LITERALS):
            words = _decoded(literal[1] or literal[2] or literal[3] or "")
            if joined and _JOINT.fullmatch(script[1], end, literal.start()):
                joined += words
            else:
                yield joined
                joined = words
            end = literal.end()
            if len(joined) > _MAX_LITERAL:
                break
        yield joined


def _entities(words: str) -> str:
    return html.unescape(words) if "&lt;" in words or "&#" in words else words


def _decoded(literal: str) -> str:
    """What a script's literal stands for: its escapes, then the encodings that scripts undo."""
    words = _ESCAPE.sub(_character, literal) if "\\" in literal else literal
    if "%u" in words:
        words = _PERCENT_U.sub(lambda code: chr(int(code[1], 16)), words)
    if words.count("%") > len(words) // 30:
        words = unquote(words, errors="replace")
    if len(words) > _SHORTEST and _BASE64.fullmatch(words):
        with suppress(binascii.Error, ValueError):
            words = base64.b64decode(words).decode("utf-8")
        if words.count("%") > len(words) // 30:
            words = unquote(words, errors="replace")
    if words.startswith(("{", "[")) and "\\" in words:  # JSON inside a literal
        words = _ESCAPE.sub(_character, words)
    return _entities(words)


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
    return "" if escape[4] else _PLAIN.get(escape[5], escape[5])
