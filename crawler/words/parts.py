"""The further pages of one article, by what their addresses have in common with the first page's.

The general form (sources/pages#parts): the article's own name with a number behind it (t2023.html, t2023_1.html;
content_12.htm, content_12_2.htm; 12.html, 12/2.html), or the article's own address with the number under a key that
counts pages (?id=5, ?id=5&page=2). The next and the previous article have names of their own, and are none.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_NAME = re.compile(r"(.+?)(\.\w{2,6})?", re.S)
_BEHIND = re.compile(r"[_-](\d{1,3})")
_OWN_NUMBER = re.compile(r"(.*[^_-])[_-](\d{1,3})", re.S)
_PAGE_KEY = re.compile(
    r"(?:cur(?:rent)?_?|this|my|art(?:icle)?)?_?-?(?:page|p|pg|pn)_?(?:no|num|number|index|id)?", re.I
)
"""Keys of a query that count pages. A `pageid` may name an article: the rest of the address must be the same."""


def part_number(own: str, url: str, *, numbered: bool = False) -> int | None:
    """The number that sets `url` apart from the article's address `own` as another page of it; None where none does.

    `numbered`: `own` itself ends in the number of a page (t2023_1.html), and others are counted beside it. Never
    raises.
    """
    try:
        mine, its = urlsplit(own), urlsplit(url)
    except ValueError:
        return None
    if mine.netloc.lower() != its.netloc.lower() or url.partition("#")[0] == own.partition("#")[0]:
        return None
    if mine.path == its.path:
        return _by_query(mine.query, its.query)
    return _by_name(mine.path, its.path, numbered) if mine.query == its.query else None


def _by_query(own: str, its: str) -> int | None:
    """The page that a query asks for which else is the article's own."""
    mine = {pair for pair in own.split("&") if pair and not _is_page(pair)}
    others = [pair for pair in its.split("&") if pair]
    counted = [pair for pair in others if _is_page(pair)]
    if len(counted) != 1 or {pair for pair in others if pair not in counted} != mine:
        return None
    return int(counted[0].partition("=")[2])


def _is_page(pair: str) -> bool:
    key, _, value = pair.partition("=")
    return value.isascii() and value.isdigit() and len(value) <= 3 and bool(_PAGE_KEY.fullmatch(key))


def _by_name(own: str, its: str, numbered: bool) -> int | None:
    """The number behind the article's name, in its folder or in a folder of its name."""
    folder, _, name = own.rpartition("/")
    its_folder, _, its_name = its.rpartition("/")
    stem, ending = _split(name)
    its_stem, its_ending = _split(its_name)
    if numbered and (counted := _OWN_NUMBER.fullmatch(stem)):
        stem = counted[1]
    if not stem or ending[:4].lower() != its_ending[:4].lower():
        return None
    if folder == its_folder and its_stem.startswith(stem):
        found = _BEHIND.fullmatch(its_stem, len(stem))
        return int(found[1]) if found else None
    if its_folder == f"{folder}/{stem}" and its_stem.isascii() and its_stem.isdigit() and len(its_stem) <= 3:
        return int(its_stem)
    return None


def _split(name: str) -> tuple[str, str]:
    found = _NAME.fullmatch(name)
    return (found[1], found[2] or "") if found else (name, "")


def own_number(url: str) -> int | None:
    """The number that the name of a page itself ends in (t2023_1.html: 1); None where it ends in none."""
    found = _OWN_NUMBER.fullmatch(_split(url.partition("?")[0].rpartition("/")[2])[0])
    return int(found[2]) if found else None
