"""The title as it stands above the text, on pages that name it neither in a meta tag, nor a heading, nor `<title>`.

Older portals print it in a plain block (`<div class="xl_title">`, `<td class="bt">`, a centred paragraph) and give
every page the site's name as `<title>`; gov.cn pages of before 国办发〔2017〕47号 mostly do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from crawler.words.display import Seen
from crawler.words.text import clean, squeeze
from pipelines.describe.caption import has_chapters

_BLOCKS = ("div", "td", "p", "span", "strong", "b", "font", "center", "dt", "h5", "h6")
_NAMED = re.compile("tit|(?<![a-z])bt|biaoti", re.I)
_LIKE_A_REPORT = re.compile("(?:信息|政务)公开[^<>]{0,16}(?:报告|年报)")
_TEXT = re.compile(r"\s*([^<>]{0,60}(?:信息|政务)公开[^<>]{0,16}(?:报告|年报)[^<>。；]{0,8})\s*<")
_OPENING = re.compile(r"<(?!a\b|title\b|option\b|/)(\w+)[^<>]{0,300}>", re.I)
_BEFORE = 400
"""Characters of source that an opening tag and the beginning of its text may have."""
_PUBLISHED = re.compile(
    r"(?:发布|生成|成文)?(?:时间|日期)[:：]|来源[:：]|浏览|点击|字体|字号|\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}"
)
_NEAR = 400
"""Characters of source between the end of a title and the publication line under it."""
_SHORTEST, _LONGEST = 6, 120
_SHORT_PAGE = 1500
"""Characters that a page shows whose report is in a file."""
_MAX_NAMED = 200
"""Blocks named after a title, and neighbours of one, that are looked at: with more of them the names say nothing."""


def displayed_title(tree: Any, html: str, seen: Seen) -> tuple[str, str] | None:
    """The title in a block of its own, with the words that say how it was found; None where none is sure.

    A block whose class or id speaks of a title counts when the publication line follows it; a block that reads like a
    report's title counts where it stands outside every link. `seen`: what the tree shows.
    """
    hidden = {inner for element in seen.hidden for inner in element.iter()}
    named = 0
    for element in tree.iter(*_BLOCKS):
        name = element.get("class") or element.get("id")
        if name is None or not _names_title(name[:_LONGEST]):
            continue
        named += 1
        if named > _MAX_NAMED:
            break
        if element in hidden or not _alone(element):
            continue
        text = clean(_beginning(element, _NEAR))
        if _SHORTEST <= len(squeeze(text)) <= _LONGEST and _followed(element):
            return text, f"block named {name}"
    # a long page without a report's chapters speaks of reports in a box of others
    plain = _LIKE_A_REPORT.search(seen.flat) and (len(seen.flat) < _SHORT_PAGE or has_chapters(seen.flat))
    for tag, words in _plain_blocks(html) if plain else ():
        text = clean(words)
        if _SHORTEST <= len(squeeze(text)) <= _LONGEST and squeeze(text) in seen.flat:
            return text, f"block {tag.lower()} that reads like a report's title"
    return None


@lru_cache(maxsize=4096)
def _names_title(name: str) -> bool:
    return _NAMED.search(name) is not None


def _plain_blocks(html: str) -> Iterator[tuple[str, str]]:
    """Tag and words of every element whose text, up to the next tag, reads like a report's title."""
    at = html.find("公开")
    while at >= 0:
        edge = html.rfind(">", max(0, at - _BEFORE), at)
        if edge >= 0 and (found := _TEXT.match(html, edge + 1)):
            opening = html.rfind("<", max(0, edge - _BEFORE), edge)
            tag = _OPENING.match(html, opening, edge + 1) if opening >= 0 else None
            if tag is not None and tag.end() == edge + 1:
                yield tag[1], found[1]
        at = html.find("公开", at + 2)


def _alone(element: Any) -> bool:
    """Whether a block is neither in a link or a list's row nor holds a link."""
    return next(element.iter("a"), None) is None and next(element.iterancestors("a", "li"), None) is None


def _beginning(element: Any, most: int) -> str:
    """The first characters of an element's words, at least `most` of them where there are as many."""
    words: list[str] = []
    size = 0
    for piece in element.itertext():
        words.append(piece[: most + 1])
        size += len(piece)
        if size > most:
            break
    return "".join(words)


def _followed(element: Any) -> bool:
    """Whether the publication line stands right behind the element."""
    behind: list[str] = []
    size = 0
    for other in islice(element.itersiblings(), _MAX_NAMED):
        if not isinstance(other.tag, str):
            continue
        words = _beginning(other, _NEAR)
        behind.append(words)
        size += len(words)
        if size > _NEAR:
            break
    if not size and (parent := element.getparent()) is not None and parent.tag != "body":
        return _followed(parent)
    return _PUBLISHED.search("".join(behind)) is not None
