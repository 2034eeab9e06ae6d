"""Every code of a region once, for whatever years it held: GB/T 2260 from 2008 on, and townships below a county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Literal

from crawler.reference import history
from crawler.reference.history import Division


@dataclass(frozen=True, slots=True)
class RegionCode:
    """One code, as what it meant last; `parent` and `full_name` are of the last year in which it held.

    A code that was renamed, or given to another division (500110: 万盛区, then 綦江区), has its earlier names in
    `former_names`, the oldest first, and holds from the first of them on. `valid_from`, `valid_to`: the first and last
    year at whose end it stood; `valid_from` None for one as old as the list (2008), `valid_to` for one that still
    holds. `predecessors`, `successors`: codes that gave it land, and that took its land, whole or in part, in the order
    of time.

    Of a township neither these nor `valid_from` are known. `current`: whether it still holds; when a township that does
    not came to its end is mostly not told, so that its `valid_to` is None.
    """

    code: str
    name: str
    full_name: str
    parent: str | None
    level: Literal["province", "prefecture", "county", "township"]
    valid_from: int | None
    valid_to: int | None
    former_names: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    current: bool = True


@cache
def _by_code() -> dict[str, RegionCode]:
    return {code: _region(code, divisions) for code, divisions in sorted(history.by_code().items())}


def region_codes() -> tuple[RegionCode, ...]:
    """Every code of a province, prefecture or county that held in some year since 2008, in the order of codes."""
    return tuple(_by_code().values())


def township_codes(county: str) -> tuple[RegionCode, ...]:
    """The townships of a county in the list of 2026, by its six-digit code; empty for a code that the list lacks."""
    from crawler.reference import townships  # Brings the patterns of names with it, which nothing else here needs.

    head = _by_code().get(county)
    if head is None:
        return ()
    return tuple(
        RegionCode(
            code=township.code,
            name=township.name,
            full_name=head.full_name + township.name,
            parent=county,
            level="township",
            valid_from=None,
            valid_to=township.until,
            current=not township.abolished,
        )
        for township in townships.within(county)
    )


def _region(code: str, divisions: tuple[Division, ...]) -> RegionCode:
    latest = divisions[-1]
    since = divisions[0].since
    parent, prefix = _head(history.above(code), history.last_year() if latest.until is None else latest.until)
    return RegionCode(
        code=code,
        name=latest.region.name,
        full_name=prefix + latest.region.name,
        parent=parent,
        level=latest.region.level,
        valid_from=None if since == history.FIRST_YEAR else since,
        valid_to=latest.until,
        former_names=tuple([division.region.name for division in divisions[:-1]]),
        predecessors=_others(code, [division.predecessors for division in divisions]),
        successors=_others(code, [division.successors for division in divisions]),
        current=latest.until is None,
    )


@cache
def _head(above: tuple[str, ...], year: int) -> tuple[str | None, str]:
    """The first code of those that stood at the end of a year, None for none, and the names of all that did."""
    rows = [row for code in above for row in history.by_code().get(code, ()) if row.stood(year)]
    names = "".join(row.region.name for row in reversed(rows))
    return (rows[0].region.code if rows else None), names


def _others(code: str, codes: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """All codes but this one, each once."""
    return tuple(dict.fromkeys(other for other in chain(*codes) if other != code)) if any(codes) else ()
