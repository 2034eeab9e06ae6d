"""The words of the annex of 2014: which measure a label as printed may name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from crawler.reference.measures import form_of
from pipelines.statistics.labels import plain


class Words(NamedTuple):
    """The form's rows by plain label, each a measure with the measure it stands under, and by what is left of labels
    without the words that all share; heading words by role."""

    rows: dict[str, list[tuple[str, str | None]]]
    cores: dict[str, list[tuple[str, str | None]]]
    headings: dict[str, frozenset[str]]
    order: list[str]


@lru_cache(maxsize=1)
def annex_words() -> Words:
    """The words of the form, put together once."""
    form = form_of("f2014")
    rows: dict[str, list[tuple[str, str | None]]] = {}
    for row in form.annex:
        for name in dict.fromkeys(plain(name) for name in (row.label, *row.variants)):
            rows.setdefault(name, []).append((row.code, row.block))
    headings = {role: frozenset(plain(name) for name in names) for role, names in form.headings.items()}
    return Words(rows, _cores(rows), headings, [row.code for row in form.annex])


def _cores(rows: dict[str, list[tuple[str, str | None]]]) -> dict[str, list[tuple[str, str | None]]]:
    cores: dict[str, list[tuple[str, str | None]]] = {}
    for name, places in rows.items():
        found = cores.setdefault(_core(name), [])
        found += [place for place in places if place not in found]
    return {core: places for core, places in cores.items() if len({block for _, block in places}) == len(places)}


_SHARED = re.compile(r"主动公开|政府信息|信息公开|政府|政务|信息|公开|发布|通过|举办|举行|各类|工作|的|班")
_PUBLISHED = re.compile("公开|发布|信息|^[^一-鿿]*其中")
_COUNT = re.compile(r"总?(?:数量|数目|条数|(?<!文)件数|次数|个数|期数|数)$|(?<=.)总$")


def _core(name: str) -> str:
    """What tells a plain label from others where local tables word it anew: 网站 of 政府网站公开政府信息数.

    Nothing but its count (数, 总数) and the words that most labels hold is taken off, and never all of it.
    """
    core = _SHARED.sub("", _COUNT.sub("", name))
    return core if len(core) >= 2 else name


@lru_cache(maxsize=8192)
def places_of(label: str) -> tuple[tuple[str, str | None], ...]:
    """The measures that a label as printed may name.

    What is published is told from what merely is (政府网站数, 规范性文件数) by a word for it, or as part of a whole.
    """
    words, text = annex_words(), plain(label)
    if (found := words.rows.get(text)) is not None:
        return tuple(found)
    found = words.cores.get(_core(text), [])
    published = is_of_publishing(label)
    return tuple(place for place in found if published or not place[0].startswith("disc_"))


def is_of_publishing(label: str) -> bool:
    """Whether a label says that something is published, or names a part of a whole."""
    return _PUBLISHED.search(label) is not None


def code_of(label: str, block: str | None) -> str | None:
    """The measure that a label names under a row of reviews or lawsuits (`block`); None for none or several."""
    rows = places_of(label)
    if not rows:
        return None
    inside = [code for code, under in rows if under == block and under is not None]
    free = [code for code, under in rows if under is None]
    if inside:
        return inside[0]
    return free[0] if len(free) == 1 else None
