"""Answers of data services of no known make that say how much there is: JSON that a script of a page asked for.

`{"rows": […], "total": 45}`, `{"data": {"records": […], "pages": 3}}`, `{"list": […], "hasMore": true}`, by the names
that frameworks give (sources/pages#scripts). Where the address itself counts pages, or the rows before a page, the
further ones are asked by it; where it does not, it is told that there are more. An answer that says nothing of how much
there is, and has as many rows as its address asks for, is asked for one page more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.conventions.series import OFFSET_KEY, PAGE_KEY, queried
from crawler.words.addresses import join

_TOTAL = re.compile(
    r"total|total_?(?:count|num|number|rows?|records?|elements|size|hits)|(?:record|row|all)s?_?(?:count|total)|count"
    r"|num_?found",
    re.I,
)
_PAGES = re.compile(r"total_?pages?|pages?_?(?:count|total|num)|pages|last_?page", re.I)
_MORE = re.compile(r"has_?(?:more|next)(?:_?page)?|more", re.I)
_NEXT = re.compile(r"next(?:_?(?:page|url|cursor|token|offset))?", re.I)
_END = re.compile(r"last|is_?last(?:_?page)?", re.I)
_SIZE_KEY = re.compile(r"\w*(?:size|limit|rows)|per_?page|ps", re.I)
"""Names of a query's number that says how many rows a page has."""
_MAX_NODES = 500


def answered(source: Source) -> Paging | None:
    """The further pages of a service's answer, by what it says; None for what is no JSON, or has none."""
    data = source.data if source.html[:64].lstrip("\ufeff \t\r\n")[:1] in ("{", "[") else None
    if isinstance(data, list):
        data = {"": data}
    if not isinstance(data, dict):
        return None
    said = list(islice(_said(data), _MAX_NODES))
    size = max((len(value) for _, value in said if isinstance(value, list)), default=0)
    count = _number(said, _PAGES)
    total = _number(said, _TOTAL)
    if count is None and total is not None and size and source.page_no == 1:
        count = -(-total // size)
    more = any(value is True for name, value in said if _MORE.fullmatch(name))
    more = more or any(value is False for name, value in said if _END.fullmatch(name))
    guess = not more and count is None and total is None and bool(size) and _is_full(source, size)
    following = next((value for name, value in said if _NEXT.fullmatch(name) and isinstance(value, int | str)), None)
    if not (more or guess or following or (count is not None and count > source.page_no)):
        return None if count is None else Paging("service", page_count=count)
    last = min(count or 0, MAX_PAGES)
    numbers = range(source.page_no + 1, max(last, source.page_no + 1) + 1)
    pages = [(number, url) for number in numbers if (url := _address(source, number, size)) is not None]
    if isinstance(following, str) and re.match(r"https?://|/|\?", following):
        url = join(source.url, following)
        pages = [(source.page_no + 1, url)] if url is not None else []
    return Paging("service", pages, page_count=None if guess else max(last, source.page_no + 1))


def _is_full(source: Source, size: int) -> bool:
    """Whether an answer has as many rows as were asked for, by an address in which something counts on."""
    asked = [value for key, value in queried(source.url).items() if _SIZE_KEY.fullmatch(key)]
    return str(size) in asked and _address(source, source.page_no + 1, size) is not None


def _said(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The names and values in an answer and in the objects within it; its lists hold entries and are not gone into."""
    waiting = [data]
    while waiting:
        for name, value in waiting.pop(0).items():
            if isinstance(value, dict):
                waiting.append(value)
            else:
                yield str(name), value


def _number(said: list[tuple[str, Any]], names: re.Pattern[str]) -> int | None:
    numbers = (str(value) for name, value in said if names.fullmatch(name) and isinstance(value, int | str))
    return next((int(value) for value in numbers if value.isdecimal() and len(value) < 7), None)


def _address(source: Source, number: int, size: int) -> str | None:
    """The address of a page, by that of the page that was asked; None where nothing in it counts."""
    for key, value in queried(source.url).items():
        if not value.isdecimal() or len(value) > 6:
            continue
        step = 1 if PAGE_KEY.fullmatch(key) else size if OFFSET_KEY.fullmatch(key) else 0
        if step:
            counted = int(value) + step * (number - source.page_no)
            return re.sub(rf"(?<=[?&]){re.escape(key)}={value}(?=&|$)", f"{key}={counted}", source.url, count=1)
    return None
