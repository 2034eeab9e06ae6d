"""Which division a government's site belongs to, told by its host's name: jsxishan.gov.cn is 锡山's in 江苏.

Hosts spell the name in pinyin (wuchang, baiyinqu), put the province's or city's initials before it (js-xishan), or are
initials alone (jyx: 靖宇县). Such names repeat all over China, so a host says a division only inside a region that is
known already, and only where one of its counties fits (sources/pages#addresses).
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.reference import divisions, history
from crawler.reference.history import Region
from crawler.reference.placenames import names_of

_LABEL = re.compile(r"[.\-_]")
_NO_NAME = frozenset(
    {"www", "gov", "cn", "com", "xxgk", "zwgk", "zfxxgk", "zwfw", "old", "new", "m", "en", "big5", "web"}
)
_SUFFIXES = {"区": ("", "q", "qu"), "县": ("", "x", "xian"), "市": ("", "s", "shi"), "旗": ("", "q", "qi")}
_LEAST_LETTERS, _LEAST_INITIALS = 4, 3


@lru_cache(maxsize=1)
def _pinyin() -> dict[str, tuple[str, ...]]:
    """Syllables by the name of a division without its suffix."""
    return {stem: tuple(spelt.split()) for stem, spelt in history.read_table("pinyin.tsv")}


def _syllables(region: Region) -> tuple[str, ...]:
    labels, bare = names_of(region)
    return _pinyin().get(bare or labels[-1][:-1], ())


@lru_cache(maxsize=1024)
def region_of_host(host: str, within: str, year: int | None = None) -> Region | None:
    """The only county of a city (`within`, a code) whose name the host's labels spell; None for none or several."""
    outer = divisions.latest(within, year)
    if outer is None or (outer.level != "prefecture" and not outer.code.startswith(("11", "12", "31", "50"))):
        return None
    labels = [label for label in _LABEL.split(host.lower()) if label not in _NO_NAME and not label.isdigit()]
    above = divisions.parent(outer.code, year)
    before = {""}
    for region in (outer, above):
        if region is not None and (syllables := _syllables(region)):
            initials = "".join(syllable[0] for syllable in syllables)
            before |= {initials, initials + "s", *(lead + initials for lead in list(before))}
    for spelling in (_in_full, _by_initials):
        regions = {
            county
            for county in _counties(outer.code, year)
            for label in labels
            if any(label == lead + name for name in spelling(county) for lead in before)
        }
        if regions:
            return regions.pop() if len(regions) == 1 else None
    return None


def _counties(code: str, year: int | None) -> list[Region]:
    return [region for region in divisions.children(code, year) if region.level == "county"]


def _in_full(county: Region) -> list[str]:
    name = "".join(_syllables(county))
    ends = _SUFFIXES.get(county.name[-1], ("",))
    return [name + end for end in ends if len(name) >= _LEAST_LETTERS]


def _by_initials(county: Region) -> list[str]:
    syllables = _syllables(county)
    end = _SUFFIXES.get(county.name[-1], ("", ""))[1]
    initials = "".join(syllable[0] for syllable in syllables) + end
    return [initials] if len(syllables) > 1 and len(initials) >= _LEAST_INITIALS else []
