"""One portal of the grammar, put together out of what was drawn."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tests.support.grammar.tables import (
    ADDRESSES,
    CHROMES,
    ENTRIES,
    EXCERPTS,
    FRAMES,
    LABELS,
    NOISE,
    PAGERS,
    PLACES,
    SILENT,
    WORDS,
    List,
)
from tests.support.walking import Report

Production = TypeVar("Production")
_SILENT_SHARE = 0.2
"""Of the portals, those whose pager leads nowhere by its words."""
_EXCERPT = 5
"""Rows that stand above 更多."""
HOME = (
    '<html><head><title>示范市人民政府门户网站</title></head><body><div class=menu><a href="/">首页</a> '
    '<a href="/zwgk/">政务公开</a> <a href="{}">政府信息公开年报</a></div></body></html>'
)


@dataclass(slots=True)
class Portal:
    """Pages by path with query; the reports that a reader finds; where their list stands; parts of addresses that no
    walk has to ask for; the names of the productions that it is made of."""

    made_of: list[str] = field(default_factory=list)
    pages: dict[str, str | Report] = field(default_factory=dict)
    reports: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    decoys: set[str] = field(default_factory=set)


def portal(seed: int) -> Portal:
    """The portal of a seed; the same seed gives the same portal."""
    draw = random.Random(seed)
    made = Portal()

    def one(table: Mapping[str, Production], none: int = 0) -> Production:
        """A production of a table; `none`: how many times likelier that one is than each other."""
        names = sorted(table)
        weights = [none if none and name == "none" else 1 for name in names]
        made.made_of.append(draw.choices(names, weights)[0])
        return table[made.made_of[-1]]

    scheme, entries, words, noise, chrome = one(ADDRESSES), one(ENTRIES), one(WORDS), one(NOISE), one(CHROMES)
    excerpt, frame = one(EXCERPTS, none=6), one(FRAMES, none=4)
    label = draw.choice(LABELS)
    pager = one(SILENT if draw.random() < _SILENT_SHARE else PAGERS)
    per, count = draw.randint(5, 9), draw.randint(2, 6)
    of = _list(draw, scheme, per, count, per * (count - 1) + draw.randint(1, per), label, words)
    listed = [(f"/a/{1000 + at}.html", _title(at)) for at in range(of.rows)]
    made.pages |= {path: Report(title) for path, title in listed}
    made.reports |= {path for path, _ in listed}
    beside, made.decoys = noise(draw)
    for number in range(1, count + 1):
        rows = _rows(entries, listed[per * (number - 1) : per * number])
        page = _page(chrome, rows, f"<div class=page>{pager(of, number)}</div>", beside)
        for path in {of.address(number), of.template.format(of.value(number))}:
            _put(made, path, page)
    column = of.address(1)
    if excerpt:
        rows = excerpt.format(_rows(entries, listed[:_EXCERPT]), column)
        column = draw.choice(("/gkml/", "/nb/ml.html", "/zwgk/nb.html"))
        _put(made, column, _page(chrome, rows, beside))
    if frame:
        made.pages["/left.html"] = "<html><body>政府信息公开</body></html>"
        _put(made, "/gk/", f"<html>{frame.format(column)}</html>")
        column = "/gk/"
    made.pages["/"] = HOME.format(column)
    return made


def _list(
    draw: random.Random,
    scheme: tuple[str, str, int, int],
    per: int,
    count: int,
    rows: int,
    label: str,
    words: tuple[str, str, str, str],
) -> List:
    first, template, shift, step = scheme
    if not step:
        shift, step = -per, per

    def address(number: int) -> str:
        return first if number == 1 else template.format(step * number + shift)

    return List(count, rows, per, address, label.format, words, template, shift, step, draw)


def _title(at: int) -> str:
    return f"{PLACES[at % len(PLACES)]}人民政府{2008 + at // len(PLACES)}年政府信息公开工作年度报告"


def _rows(entries: tuple[str, str, str], listed: Sequence[tuple[str, str]]) -> str:
    before, row, after = entries
    return before + "".join(row.format(path, title, "2023-01-20", title[:14]) for path, title in listed) + after


def _page(*parts: str) -> str:
    return f"<html><body>{''.join(parts)}</body></html>"


def _put(made: Portal, path: str, page: str) -> None:
    made.pages[path] = page
    made.places.add(path)
