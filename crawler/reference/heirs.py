"""Which division of today has what a code of any year meant: reports of before and after a change stand together.

沙县 is 沙县区 today, 东陵区 is 浑南区, and a county that was merged whole into a district is that district. A division
whose land went to several (江干区) stays what it was.
"""

from __future__ import annotations

from functools import cache, lru_cache

from crawler.reference import history


@lru_cache(maxsize=8192)
def heir(code: str) -> str:
    """The code of the division of today that has the land of a code, whole; the code itself where none has, and one
    that the lists do not know."""
    current, last = code, history.last_year()
    for _ in range(len(history.by_code().get(code, ())) + 8):  # however often it was merged: no circle goes on for ever
        if current not in history.by_code():
            break
        today = history.continued(current, last)
        if today is not None:
            return today.code
        successors = {other for other in history.by_code()[current][-1].successors if other != current}
        if len(successors) != 1:
            break
        current = successors.pop()
    return current


def name(code: str) -> str | None:
    """What the division with a code is called, or was called last; None for a code that the lists do not know."""
    divisions = history.by_code().get(code)
    return divisions[-1].region.name if divisions else None


def former_names(code: str) -> tuple[str, ...]:
    """What a division of today, and those that went into it whole, were called before, each once, by code."""
    return tuple(dict.fromkeys(other for other in _names().get(code, ()) if other != name(code)))


@cache
def _names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for code, divisions in sorted(history.by_code().items()):
        names.setdefault(heir(code), []).extend(division.region.name for division in divisions)
    return names


def within(region: str) -> str:
    """The part of a code that all codes within a division share: 210000 is 21, 210100 is 2101."""
    return region[:2] if region.endswith("0000") else region[:4] if region.endswith("00") else region
