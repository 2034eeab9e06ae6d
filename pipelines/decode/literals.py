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
_ELEMENT = re.compile(
    r"<(textarea|template|xmp|noscript)\b[^>]{0,500}>(.*?)</\1\s*>|<script\b[^>]{0,300}text/(?:html|plain|template|x-[\w-]{1,30})[^>]{0,300}>(.*?)</script\s*>",
    re.I | re.S,
)
_FIELD = re.compile(r"<input\b[^>]{0,300}?\bvalue\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.I)
_SCRIPT = re.compile(r"<script\b[^>]{0,500}>(.*?)</script\s*>", re.I | re.S)
_LITERAL = re.compile(r"\"((?:[^\"\\]++|\\.)*+)\"|'((?:[^'\\\n]++|\\.)*+)'|`((?:[^`\\]++|\\.)*+)`", re.S)
_JOINT = re.compile(
    r"\s*\+\s*|\s*[,;]?\s*(?:document\.writeln?\s*\(|\w{1,40}\s*\+=)?\s*\)?\s*[,;]?\s*(?:document\.writeln?\s*\(|[\w.]{1,40}\s*\+=)\s*"
    r"|\s*\)\s*;?\s*(?:\$|jQuery)\s*\([^()]{1,80}\)\s*\.\s*append\s*\(\s*"
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.S)
_PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{400,}={0,2}")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": ""}


_ENCODED = re.compile(
    rb"%u[0-9a-fA-F]{4}|\\u\{?[0-9a-fA-F]{4}|&#x?[0-9a-fA-F]{2}|%[EeC-D][0-9a-fA-F]%|\\x[0-9a-fA-F]{2}"
)
_LONG_RUN = 400
_CODED = re.compile(rb"(?<![,A-Za-z0-9+/])[A-Za-z0-9+/]{%d}" % _LONG_RUN)
_RUNS = bytes((chr(code).isalnum() and code < 128) or code in b"+/" for code in range(256))
"""For `bytes.translate`: 1 for what Base64 is written in, 0 for all else."""
_CHAPTER_BYTES = tuple(name.encode() for name in _CHAPTERS)
_HOLDERS = (b"script", b"textarea", b"template", b"xmp", b"noscript", b"input")
_HOLDER = re.compile(rb"<(script|textarea|template|xmp|noscript)\b[^>]{0,500}>")
_CLOSINGS = {name: re.compile(rb"</%s\s*>" % name) for name in _HOLDERS[:-1]}
_FIELD_VALUE = re.compile(rb"<input\b[^>]{0,900}?\bvalue\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
"""Of a source in small letters."""
_MANY = 100
"""Characters in an encoding from which a source may hold an article that its plain words do not show."""


def _may_carry(raw: bytes, low: bytes) -> bool:
    """Whether what a source holds and does not show names a report's chapters, or has so much in encodings that it
    might. `raw`, `low`: the source in UTF-8, as it is and in small letters."""
    held = b"\n".join(raw[start:end] for start, end in islice(_held(low), _MAX_LITERALS))
    if b"<input" in low:
        fields = islice(_FIELD_VALUE.finditer(low), _MAX_LITERALS)
        held += b"\n".join(raw[slice(*field.span(field.lastindex or 0))] for field in fields)
    if sum(name in held for name in _CHAPTER_BYTES) >= _ENOUGH:
        return True
    if b"\1" * _LONG_RUN in held.translate(_RUNS) and _CODED.search(held):
        return True
    if held.count(b"%") + held.count(b"\\") + held.count(b"&#") < _MANY:
        return False
    return sum(1 for _ in islice(_ENCODED.finditer(held), _MANY)) >= _MANY


def _held(low: bytes) -> Iterator[tuple[int, int]]:
    """Where what an element holds that shows nothing begins and ends."""
    at = 0
    ended: set[bytes] = set()
    while (opening := _HOLDER.search(low, at)) is not None:
        at = opening.end()
        name = opening[1]
        closing = None if name in ended else _CLOSINGS[name].search(low, at)
        if closing is None:
            ended.add(name)
            at = opening.end(1)
        else:
            yield opening.end(), closing.start()
            at = closing.end()


def carried(raw: bytes, low: bytes, source: str, tree: Any) -> str | None:
    """The mark-up of the article that a page carries without showing it; None where it shows one, or carries none.

    `raw`, `low`: the source in UTF-8, as it is and in small letters. Never raises.
    """
    if tree is None or not any(b"<" + name in low for name in _HOLDERS) or not _may_carry(raw, low):
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
