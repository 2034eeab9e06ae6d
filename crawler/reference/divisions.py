"""Administrative divisions by GB/T 2260 as they stood in a given year, from 2008 to the last year of the list.

For earlier years the oldest state is used, for later ones the last. What a text may call them: `placenames`; how they
came about and what became of them: `history`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from crawler.reference import history
from crawler.reference.history import Level, Region

__all__ = [
    "Level",
    "Region",
    "Table",
    "as_of",
    "at",
    "came_after",
    "children",
    "full_name",
    "is_within",
    "known",
    "latest",
    "parent",
    "region",
    "standing",
    "table",
]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The divisions of one year.

    `regions`: by code those that stood at its end. `former`: those that ended within it (renamed, given another code,
    dissolved), with the codes that have their land since; reports on the year may bear their names.
    """

    year: int
    regions: Mapping[str, Region]
    former: Mapping[Region, tuple[str, ...]]

    def parent(self, code: str) -> str | None:
        """The division right above: the prefecture, or the province where there is none; None for a province."""
        return next((above for above in history.above(code) if above in self.regions), None)


def table(year: int | None) -> Table:
    """The divisions of a year; without a year, or for one that is still to come, those of the last. Never raises."""
    last = history.last_year()
    return _table(last if year is None else min(max(year, history.FIRST_YEAR), last))


@lru_cache(maxsize=32)
def _table(year: int) -> Table:
    every = history.divisions()
    return Table(
        year,
        {division.region.code: division.region for division in every if division.stood(year)},
        {division.region: division.successors for division in every if division.until == year - 1},
    )


def known(code: str) -> bool:
    """Whether a division had this code in any year."""
    return code in history.by_code()


def region(code: str, year: int | None = None) -> Region | None:
    """The division with this code at the end of a year; None if there was none."""
    return table(year).regions.get(code)


def standing(code: str, year: int | None = None) -> Region | None:
    """What a division, by the code of any year, was at the end of this year, where that is the same unit under another
    name, code or rank (沙县区 of today was 沙县 in 2018); None where it was not."""
    return history.continued(code, table(year).year)


def at(code: str, year: int | None = None) -> Region | None:
    """As `standing`; a division that was dissolved in the year is itself once more."""
    region = standing(code, year)
    return region or next((gone for gone in table(year).former if gone.code == code), None)


def as_of(division: Region, year: int | None) -> Region | None:
    """What a division, as it was in any year, was in this one; by its name too, for a code may be given anew."""
    return division if table(year).regions.get(division.code) == division else at(division.code, year)


def came_after(division: Region, year: int | None) -> bool:
    """Whether a division, as it was in some year, came only after this one."""
    return history.since(division) > table(year).year


def latest(code: str, year: int | None = None) -> Region | None:
    """As `at`, but a division that is gone by then or not yet there is given as it last stood; None if never.

    Site codes (SiteIDCode) and profiles stick to codes that were since replaced.
    """
    region = at(code, year)
    return region or (history.by_code()[code][-1].region if known(code) else None)


@lru_cache(maxsize=512)
def children(code: str, year: int | None = None) -> tuple[Region, ...]:
    """The divisions one level below, in the order of their codes; empty for a county or an unknown code."""
    edition = table(year)
    return tuple(
        edition.regions[below]
        for below in sorted(edition.regions)
        if below.startswith(code[:2]) and edition.parent(below) == code
    )


def full_name(code: str, year: int | None = None) -> str | None:
    """The name with all that is above it: 辽宁省沈阳市大东区; None for a code that the year does not know."""
    edition = table(year)
    names: list[str] = []
    above: str | None = code
    while above is not None:
        if above not in edition.regions:
            return None
        names.insert(0, edition.regions[above].name)
        above = edition.parent(above)
    return "".join(names)


def parent(code: str, year: int | None = None) -> Region | None:
    """The division right above in a year, for one that ended in it the one above it until then; None for a province or
    a code that the year does not know."""
    edition = table(year)
    if any(gone.code == code for gone in edition.former) and code not in edition.regions:
        edition = table(edition.year - 1)
    above = edition.parent(code) if code in edition.regions else None
    return edition.regions[above] if above else None


def is_within(code: str, outer: str) -> bool:
    """Whether a code lies in (or is) another one: 210104 in 210100 in 210000."""
    return code.startswith(outer.rstrip("0") if len(outer.rstrip("0")) % 2 == 0 else outer.rstrip("0") + "0")
