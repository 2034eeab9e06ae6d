"""The labels of a chain such as 首页 > 政府信息公开 > 年报, read off an element that may have one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawler.words.text import squeeze

MAX_TEXT = 400
"""Characters of an element that may still be a breadcrumb; the longest real one has some ninety."""
MAX_LABELS, _MAX_LABEL = 12, 60

LEAD = re.compile(
    r"[^\w]{0,3}(?:您|你)?(?:们)?(?:当前|现在|目前)?(?:所在|所处)?(?:的|网站|页面|栏目)?(?:所在|所处)?的?位置"
    r"(?:是|为|在|导航)?(?:[:：﹕∶]|(?=[\s>»＞【\[]|首页|$))"
)
_SEPARATOR = re.compile(r"[-－—=]*[>＞》]+|[»›→⟩▶▸]+|[/／|｜\\]+|(?<![^\s\ufdd0])[-－–—]+(?![^\s\ufdd0])|::")
_WEAK = re.compile(r"[|｜\-－–—]+")
_BRACKETS = re.compile(r"^[\[【](.*)[\]】]$")
_SKIPPED = frozenset({"script", "style", "select", "option", "input", "noscript", "button", "textarea"})
_EDGES = frozenset({"a", "li", "td", "dd", "dt", "div", "p"})


def labels_in(element: Any) -> tuple[list[str], bool]:
    """The labels inside an element, and whether a separator that means «below» stands between them.

    Where separators are used, what follows a label without one is no longer part of the breadcrumb.
    """
    tokens: list[str | None] = []  # a label, or None for a separator
    gaps: list[str] = []
    current = ""
    total = 0
    strong = False
    for text, linked in _pieces(element):
        total += len(text.strip())
        if total > MAX_TEXT:
            break
        if not text:
            if current.strip():
                tokens.append(current)
            current = ""
            continue
        if linked:
            current += text
            continue
        end = 0
        for match in _SEPARATOR.finditer(text):
            current += text[end : match.start()]
            if current.strip():
                tokens.append(current)
            current = ""
            tokens.append(None)
            gaps.append(match.group())
            end = match.end()
        current += text[end:]
    if current.strip():
        tokens.append(current)
    strong = any(not _WEAK.fullmatch(gap) for gap in gaps)
    return _read(tokens, bool(gaps)), strong


def _read(tokens: list[str | None], separated: bool) -> list[str]:
    labels: list[str] = []
    after_separator = True
    for token in tokens:
        if token is None:
            after_separator = True
            continue
        for line in [token] if separated else token.splitlines():
            label = squeeze(line)
            lead = LEAD.match(label)
            if lead and not labels:
                label = label[lead.end() :]
            bracketed = _BRACKETS.match(label)
            label = (bracketed.group(1) if bracketed else label).strip(":：")
            if not label:
                continue
            if (separated and labels and not after_separator) or len(label) > _MAX_LABEL or len(labels) >= MAX_LABELS:
                return labels
            labels.append(label)
            after_separator = False
    return labels


def _pieces(element: Any) -> Iterator[tuple[str, bool]]:
    """(text, whether it is a link's) in document order; an empty text marks the edge of a link or block."""
    stack: list[tuple[Any, bool, bool]] = [(element, False, False)]
    while stack:
        at, in_link, is_tail = stack.pop()
        if is_tail:
            if at.tag in _EDGES:
                yield "", in_link
            if at.tail:
                yield at.tail, in_link
            continue
        if not isinstance(at.tag, str) or at.tag in _SKIPPED:
            continue
        link = in_link or at.tag == "a"
        if at.tag in _EDGES:
            yield "", in_link
        if at.text:
            yield at.text, link
        for child in reversed(at):
            stack.append((child, link, True))
            stack.append((child, link, False))
