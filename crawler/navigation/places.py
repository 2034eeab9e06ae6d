"""Labels that are a place's own name: 大东区, 大东区人民政府, 大东. Only places inside the portal's region are
known."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.reference import divisions, history
from crawler.reference.placenames import locate, locate_ever, names_of

_TAIL = re.compile(
    "(?:人民)?(?:政府)?(?:办公室|办)?(?:政府信息公开|信息公开|政务公开)?(?:工作)?(?:年度工作报告|年度报告|年报)?$"
)


@lru_cache(maxsize=64)
def _names(region: str) -> dict[str, str]:
    """Codes by name of all that lies in a region, or did in an earlier year, its own name included; the latest year
    wins. Names that were gone before the first report year (2008, sources/law#report-years) lead to no report."""
    found: dict[str, str] = {}
    for year in range(history.last_year(), history.FIRST_YEAR - 1, -1):
        table = divisions.table(year)
        outer = divisions.at(region, year)
        told: dict[str, list[str]] = {}
        for code, place in table.regions.items():
            if divisions.is_within(code, outer.code if outer else region):
                names, bare = names_of(place)
                for name in dict.fromkeys([*names, bare] if bare else names):
                    told.setdefault(name, []).append(code)
        for name, codes in told.items():
            if len(codes) == 1:
                found.setdefault(name, codes[0])
    return found


@lru_cache(maxsize=4096)
def place_named(label: str, region: str) -> str | None:
    """The code of the place inside `region` that a tidied label names and says nothing else; None for any other
    label."""
    if not 2 <= len(label) <= 30:
        return None
    names = _names(region)
    found = names.get(label)
    if found is None:
        core = _TAIL.sub("", label)
        found = names.get(core)
        if found is None and len(core) > 4:
            found = next(
                (names[core[at:]] for at in range(2, len(core) - 1) if core[at:] in names and core[:at] in names), None
            )
        if found is None:
            found = _chain(core, region)
    return found


def _chain(core: str, region: str) -> str | None:
    """The place at the end of a chain from the larger to the smaller, where its own name stands for several in the
    region: 沈阳市铁西区 on the portal of 辽宁."""
    hit = locate(core, None, region) or locate_ever(core, region)
    return hit.region.code if hit is not None and hit.start == 0 and hit.end == len(core) else None
