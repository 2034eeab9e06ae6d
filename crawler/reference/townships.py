"""Townships, towns and streets (乡镇街道): which county one lies in, known by its name within a city.

`data/divisions/townships.tsv` is one list, of September 2026, with some that were abolished before. Names repeat from
county to county (人民路街道, 城关镇), so a name says a county only inside a city in which one county has it. The list
is read when a township is first asked for; other commands never pay for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.reference import divisions, history
from crawler.reference.history import Region
from crawler.reference.placenames import PEOPLES

_ABOLISHED = re.compile("（[^）]*）$")
_NATIONS = re.compile(f"(?<=..)(?:{PEOPLES})+(?=[乡镇]$)")
_OFFICE = re.compile(
    "(?:人民政府|政府|办事处|街道办|街办|党工委|管委会|党委|办)?(?:(?:党政)?(?:综合)?办公室)?(?:（.*）)?$"
)


@dataclass(frozen=True, slots=True)
class Township:
    """One township: nine-digit code, whose first six are its county's in 2026, and name; whether it is abolished.

    `until`: the last year at whose end it stood, where the list tells it; of most that are abolished it does not.
    """

    code: str
    name: str
    abolished: bool
    until: int | None = None

    @property
    def county(self) -> str:
        """The code of its county in 2026."""
        return self.code[:6]


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[str]]:
    """The rows of the list as `code name`, by name and by the name without the peoples in it (满族乡 as 乡)."""
    rows: dict[str, list[str]] = {}
    for code, written in history.read_table("townships.tsv"):
        name = _ABOLISHED.sub("", written) if written.endswith("）") else written
        row = f"{code} {written}"
        rows.setdefault(name, []).append(row)
        if "族" in name and (plain := _NATIONS.sub("", name)) != name:
            rows.setdefault(plain, []).append(row)
    return rows


def named(name: str) -> tuple[Township, ...]:
    """The townships of all China with this name, full (朱剪炉街道) or without the peoples in it; empty for none."""
    return tuple(_township(*row.split(" ")) for row in _by_name().get(name, ()))


@lru_cache(maxsize=1)
def _by_county() -> dict[str, list[list[str]]]:
    """The rows of the list by the code of the county."""
    rows: dict[str, list[list[str]]] = {}
    for row in history.read_table("townships.tsv"):
        rows.setdefault(row[0][:6], []).append(row)
    return rows


def within(county: str) -> tuple[Township, ...]:
    """The townships of a county, by its code in 2026, in the order of theirs; empty where it has none."""
    return tuple(_township(*row) for row in _by_county().get(county, ()))


def _township(code: str, written: str) -> Township:
    mark = _ABOLISHED.search(written)
    year = re.search("[0-9]{4}(?=年)", mark[0]) if mark else None
    return Township(code, _ABOLISHED.sub("", written), mark is not None, int(year[0]) - 1 if year else None)


def name_of(organ: str) -> str:
    """The township's own name in that of its organ: 朱剪炉街道办事处 is 朱剪炉街道, 城关镇人民政府 城关镇."""
    name = _OFFICE.sub("", organ, count=1)
    return name if name.endswith(("镇", "乡", "街道", "苏木", "区公所")) else name + "街道"


@lru_cache(maxsize=1024)
def county(organ: str, within: str, year: int | None = None) -> Region | None:
    """The county of a township's organ in a year: the only one within the region (a code) that has such a township.

    None where several have, or none; and where the county of today has land of several of the year's (凯旋街道 of
    上城区 may have been in 江干区 before 2021).
    """
    edition = divisions.table(year)
    counties: set[str] = set()
    for township in named(name_of(organ)):
        codes = history.land(township.county, edition.year)
        if any(divisions.is_within(code, within) for code in (*codes, township.county)):
            counties |= codes or {""}
    return edition.regions.get(counties.pop()) if len(counties) == 1 else None
