"""Stub until the lists are merged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from crawler.reference.measures import TABLE_FORMS, form_of


@dataclass(frozen=True, slots=True)
class MeasureCode:
    code: str
    item: str
    applicant: str | None
    forms: tuple[str, ...]
    section: str
    row: int
    label_zh: str
    label_en: str
    unit: str | None
    series: str
    comparable: str
    since: int
    until: int | None
    sums: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class RegionCode:
    code: str
    name: str
    full_name: str
    parent: str | None
    level: str
    valid_from: int | None
    valid_to: int | None
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]


@cache
def measure_codes() -> tuple[MeasureCode, ...]:
    found = {}
    for name in TABLE_FORMS:
        for measure in form_of(name).measures.values():
            found[measure.code] = MeasureCode(
                measure.code,
                measure.item,
                measure.applicant,
                (name,),
                "",
                1,
                measure.label,
                measure.label,
                measure.unit,
                measure.code,
                "same",
                2008,
                None,
                (),
            )
    return tuple(found.values())


@cache
def region_codes() -> tuple[RegionCode, ...]:
    return ()


def township_codes(county: str) -> tuple[RegionCode, ...]:
    return ()
