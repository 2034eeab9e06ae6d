"""The history of administrative divisions since 2008: which stood when, and what became of which.

`data/divisions/2008.tsv` is the list as it stood at the end of 2008, `changes.tsv` every change since, by the year in
which it was approved; all else is made of these two. A row of changes is an edge from one division to another:

- the one before ends with it, but for kind 析置, where a part is carved out and the rest stands;
- the one after begins with it, unless it stood already and takes the other in (撤销);
- 新设: nothing in the list tells out of what it was made;
- the same code on both sides: the name changed, or (万盛区, 綦江区) the code was given to another.

Changes take effect within the year, mostly between February and September, and the day is not known here. So a division
is said to stand in the years at whose end it stood; in the year of the change both names are in use (`Table.former`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

Level = Literal["province", "prefecture", "county"]

FIRST_YEAR = 2008
"""The year of the oldest list: a division that stands in it may be much older."""

_CARVED_OUT, _DISSOLVED, _RECODED = "析置", "撤销", "同名改码"


@dataclass(frozen=True, slots=True)
class Region:
    """One division: its code, its own name (大东区) and its level."""

    code: str
    name: str
    level: Level


@dataclass(frozen=True, slots=True)
class Change:
    """One row of `changes.tsv`; `before` None where nothing tells out of what the division was made."""

    year: int
    before: Region | None
    after: Region
    kind: str
    document: str


@dataclass(slots=True)
class Division:
    """A division under one code and name, from the first to the last year at whose end it stood (None: still).

    `predecessors`, `successors`: codes of the divisions that gave land to it, and that took its land, whole or in part,
    in the order of time. `origin`: the division that this one continues under another name, code or rank (沙县 of
    沙县区); None for one that is made of several or of a part.
    """

    region: Region
    since: int
    until: int | None = None
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    origin: Division | None = None

    def stood(self, year: int) -> bool:
        """Whether it stood at the end of a year."""
        return self.since <= year and (self.until is None or year <= self.until)


def read_table(name: str) -> list[list[str]]:
    """The rows of a file of `data/divisions` without its head, as cells."""
    text = (resources.files("crawler.data.divisions") / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()[1:]]


@lru_cache(maxsize=8192)
def region_of(code: str, name: str) -> Region:
    """One object for a code and name, however many years and changes know it. The level is the code's."""
    level: Level = "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"
    return Region(code, name, level)


@lru_cache(maxsize=1)
def changes() -> tuple[Change, ...]:
    """Every change since the oldest list, the earliest year first."""
    return tuple(
        Change(int(year), region_of(code, name) if code else None, region_of(new_code, new_name), kind, document)
        for year, code, name, new_code, new_name, kind, document in read_table("changes.tsv")
    )


def last_year() -> int:
    """The last year that the changes tell of; what comes after is not known."""
    return changes()[-1].year


@lru_cache(maxsize=1)
def divisions() -> tuple[Division, ...]:
    """Every division since the oldest list, in the order in which they came; a code may be in it several times."""
    standing = {code: Division(region_of(code, name), FIRST_YEAR) for code, name in read_table("2008.tsv")}
    every = list(standing.values())
    by_year: dict[int, list[Change]] = defaultdict(list)
    for change in changes():
        by_year[change.year].append(change)
    for year, rows in by_year.items():
        gone: dict[str, Division] = {}
        for row in rows:
            if row.before is not None and row.kind != _CARVED_OUT and row.before.code not in gone:
                gone[row.before.code] = standing.pop(row.before.code)
                gone[row.before.code].until = year - 1
        for row in rows:
            if row.after.code not in standing:
                standing[row.after.code] = Division(row.after, year)
                every.append(standing[row.after.code])
        for row in rows:
            if row.before is not None:
                before = gone.get(row.before.code) or standing[row.before.code]
                after = standing[row.after.code]
                before.successors = (*before.successors, row.after.code)
                after.predecessors = (*after.predecessors, row.before.code)
        for code in {row.after.code for row in rows}:
            if standing[code].since == year:
                origin = _origin([row for row in rows if row.after.code == code])
                standing[code].origin = gone.get(origin.code) if origin else None
    return tuple(every)


def _origin(rows: Sequence[Change]) -> Region | None:
    """Which of the divisions that a new one is made of it continues: the one not dissolved, else the only one."""
    whole = [row for row in rows if row.kind not in (_DISSOLVED, _CARVED_OUT) and row.before is not None]
    if len(whole) > 1:
        whole = [row for row in whole if row.kind == _RECODED]
    if not whole and len(rows) == 1 and rows[0].kind == _DISSOLVED:
        whole = list(rows)
    return whole[0].before if len(whole) == 1 else None


def above(code: str) -> tuple[str, ...]:
    """The codes under which what is right above a division may stand, the nearest first: prefecture, then province."""
    higher = (code[:4] + "00", code[:2] + "0000")
    return higher if not code.endswith("00") else higher[1:] if not code.endswith("0000") else ()


@lru_cache(maxsize=1)
def by_code() -> dict[str, tuple[Division, ...]]:
    """The divisions that a code has meant, the latest last."""
    rows_by_code: dict[str, tuple[Division, ...]] = {}
    for division in divisions():
        code = division.region.code
        rows_by_code[code] = (*rows_by_code.get(code, ()), division)
    return rows_by_code


def since(region: Region) -> int:
    """The first year at whose end a division stood under this code and name; FIRST_YEAR may be later than the truth."""
    return next(division.since for division in by_code()[region.code] if division.region == region)


@lru_cache(maxsize=1)
def _continued() -> dict[int, Division]:
    """By the identity of a division the one that continues it."""
    return {id(division.origin): division for division in divisions() if division.origin is not None}


@lru_cache(maxsize=8192)
def continued(code: str, year: int) -> Region | None:
    """What the division that a code means today (or meant last) was in a year, or had become by then.

    沙县区 of 2024 was 沙县 in 2018, 山南市 was 山南地区. None where it was not yet there and continues no other
    (临平区 before 2021), or was dissolved into others by then (江干区 after 2020).
    """
    if code not in by_code():
        return None
    division: Division | None = by_code()[code][-1]
    while division is not None and not division.stood(year):
        division = division.origin if division.since > year else _continued().get(id(division))
    return division.region if division else None


@lru_cache(maxsize=8192)
def land(code: str, year: int) -> frozenset[str]:
    """Codes of the divisions that had at the end of a year what a division of today has, as far as whole changes tell.

    One code for most (龙港市 in 2018 was of 苍南县); several for 上城区, which took in 江干区 in 2021; none where
    nothing tells out of what it was made.
    """
    codes = {code}
    for at in range(last_year(), year, -1):
        codes = {source for name in codes for source in _sources(name, at)}
    return frozenset(codes)


@lru_cache(maxsize=1)
def _changes_to() -> dict[tuple[int, str], list[Change]]:
    """The changes by year and code after."""
    by_target: dict[tuple[int, str], list[Change]] = defaultdict(list)
    for change in changes():
        by_target[change.year, change.after.code].append(change)
    return dict(by_target)


def _sources(code: str, year: int) -> set[str]:
    """Codes of the divisions that had, before the changes of a year, what a division has after them."""
    rows = _changes_to().get((year, code))
    if rows is None:
        return {code}
    codes = {row.before.code for row in rows if row.before is not None}
    return codes | {code} if any(division.stood(year - 1) for division in by_code()[code]) else codes
