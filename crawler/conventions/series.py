"""Addresses that differ in one number: what a row of page numbers leads to, and where the list's own pages may lie.

Read from addresses that stand on the page, so that nothing is counted that no control names: between two of them a gap
(1 2 3 … 17) is filled, beyond the last nothing is (sources/systems#plain-html).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.conventions.paging import Source
from crawler.words.addresses import column_prefix, directory, host_of, path_of, trap

_DIGITS = re.compile(r"\d+")
PAGE_KEY = re.compile(
    r"(?:the)?(?:cur(?:rent)?_?)?(?:page|p|pn|pg|paged|pageno|page_?num(?:ber)?|page_?index|toPage|pno|nowpage|intpage|pageid|ye|yema)"
    r"(?:no|num|index)?",
    re.I,
)
"""Names of a query's number that counts pages."""
OFFSET_KEY = re.compile(r"start(?:row|record|index|pos)?|offset|first(?:result|row)?|begin|from|skip|pos", re.I)
"""Names of one that counts the rows before a page."""
_OTHER_KEY = re.compile(r"\w*(?:size|rows|limit|day|month|date|year|sort|order|id)|num|count|per\w*|d|m|y", re.I)
"""Names of one that counts no pages: how many rows a page has, a calendar's days, an article."""
_AMOUNT_KEY = re.compile(r"\w*(?:total|count|rows|size|limit|records?|num)\w*|per\w*", re.I)
"""Names of one that says how much there is, and may come along."""
_DAY = re.compile(r"/(?:19|20)\d\d[-/]?(?:\d{1,2}[-/]?)?$")
_PAGE_FOLDER = re.compile(r"(?:(?:page|p|list|index|pg)?[/_-]?\d{1,5}/?)(?:index\.\w+)?", re.I)


@dataclass(frozen=True, slots=True)
class Series:
    """Addresses by page number: `head` and `tail` around the number `step * page + shift`, of `width` digits."""

    head: str
    tail: str
    step: int
    shift: int
    width: int = 0

    def at(self, number: int) -> str:
        """The address of a page."""
        return f"{self.head}{str(self.step * number + self.shift).zfill(self.width)}{self.tail}"

    @property
    def key(self) -> str:
        """The name of the query's number that counts, "" where it stands in the path."""
        return re.split(r"[?&]", self.head)[-1].removesuffix("=") if "?" in self.head else ""

    def counts_pages(self) -> bool:
        """Whether the number may be that of a page, by what stands before it."""
        if self.key:
            return bool(
                PAGE_KEY.fullmatch(self.key) or OFFSET_KEY.fullmatch(self.key) or not _OTHER_KEY.fullmatch(self.key)
            )
        return _DAY.search(self.head) is None


def series_of(numbers: Mapping[int, str]) -> Series | None:
    """How addresses follow from the numbers that lead to them; None where they do not; the first's may differ."""
    further = {number: url for number, url in numbers.items() if number > 1} or dict(numbers)
    if len(further) == 1:
        return _of_one(*next(iter(further.items())))
    found = [(number, url, list(_DIGITS.finditer(url))) for number, url in sorted(further.items())]
    (first, url, spots), (second, other, others) = found[0], found[-1]
    if _DIGITS.sub("#", url) != _DIGITS.sub("#", other):
        return None
    differing = [at for at, (one, two) in enumerate(zip(spots, others, strict=True)) if one.group() != two.group()]
    if len(differing) != 1:
        return None
    spot = spots[differing[0]]
    low, high = int(spot.group()), int(others[differing[0]].group())
    step, rest = divmod(high - low, second - first)
    if rest or not step:
        return None
    width = len(spot.group()) if spot.group()[0] == "0" and len(spot.group()) > 1 else 0
    made = Series(url[: spot.start()], url[spot.end() :], step, low - step * first, width)
    return made if all(made.at(number) == told for number, told, _ in found) else None


def _of_one(number: int, url: str) -> Series | None:
    """Of one address: the number in it that is the page's, or one less, or the rows before it."""
    start = len(host_of(url))
    for spot in reversed(list(_DIGITS.finditer(url, start))):
        value = int(spot.group()[-9:])
        made = Series(url[: spot.start()], url[spot.end() :], 1, value - number)
        if value in (number, number - 1) and made.counts_pages():
            return made
        if number > 1 and value and value % (number - 1) == 0 and made.key and OFFSET_KEY.fullmatch(made.key):
            step = value // (number - 1)
            return Series(made.head, made.tail, step, value - step * number)
    return None


def queried(url: str) -> dict[str, str]:
    """The keys of an address's query with their values as written."""
    return {key: value for key, _, value in (pair.partition("=") for pair in url.partition("?")[2].split("&")) if key}


def _counts(key: str) -> bool:
    """Whether a key of a query counts pages, rows or sizes, and so names no list."""
    return bool(PAGE_KEY.fullmatch(key) or OFFSET_KEY.fullmatch(key) or _AMOUNT_KEY.fullmatch(key))


def keeps_query(url: str, source: Source) -> bool:
    """Whether an address asks for the same list as the page's own: what the first page's query names, it names alike.

    cid=8 is another list than cid=9, and may be another one than the page's own where that names none. What counts
    pages may differ; a key that is no number may be left out (kw=).
    """
    asked = queried(url)
    known = queried(source.first) | queried(source.url)
    if path_of(url) in (path_of(source.first), path_of(source.url)) and any(
        key not in known and value.isdecimal() and not _counts(key) for key, value in asked.items()
    ):
        return False
    for key, value in queried(source.first).items():
        if PAGE_KEY.fullmatch(key) or OFFSET_KEY.fullmatch(key) or not value:
            continue
        if asked.get(key, None if value.isdecimal() else value) != value:
            return False
    return True


def belongs(url: str, source: Source) -> bool:
    """Whether a page of the list may have this address: the list's own script, its directory, or a folder in that which
    is but a number (/nb/2/, /nb/page/2)."""
    own, first = source.url, source.first
    if host_of(url) != host_of(own) or trap(url) is not None:
        return False
    if "?" in url or "?" in own:
        if not keeps_query(url, source):
            return False
        if path_of(url) in (path_of(own), path_of(first)):
            return True
        if "?" in first and "?" not in url:
            return False
    folders = {directory(own), directory(first), column_prefix(own), column_prefix(first)} - {None}
    if directory(url) in folders:
        return True
    plain = url.partition("?")[0]
    return any(
        folder and plain.startswith(folder) and _PAGE_FOLDER.fullmatch(plain[len(folder) :]) for folder in folders
    )
