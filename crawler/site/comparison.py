"""The page that compares: one measure of several governments over the years, together or each beside the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from crawler.archive.queries.reader import Reader
from crawler.archive.schema.panel import MEASURES
from crawler.reference.divisions import full_name
from crawler.reference.proportions import BASES, Basis
from crawler.site import pictures
from crawler.site.charts import NARROW, SMALL, WIDE
from crawler.site.citations import citation
from crawler.site.extracts import Extract
from crawler.site.language import label, word
from crawler.site.observations import BY_NAME, Observation, bases, of_panel
from crawler.site.parameters import ParameterError, choice, only, single, whole

MOST = 8
"""Regions, as many as there are colours."""
LAYOUTS = ("lines", "multiples")
_FIRST = 3
"""Regions shown where none is asked for."""
_LIST = 60
"""Regions that are offered whole; of more only those of one province."""
_YEARS = 1990, 2100
_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown; `query`: it all as the address has it."""

    regions: tuple[str, ...]
    measure: str
    per: Basis
    layout: str
    first: int | None
    last: int | None
    province: str

    @property
    def query(self) -> str:
        """The query of the address, with every choice in it."""
        pairs = [
            ("measure", self.measure),
            ("per", self.per),
            ("layout", self.layout),
            *(("region", code) for code in self.regions),
            *((name, str(year)) for name, year in (("from", self.first), ("to", self.last)) if year is not None),
        ]
        return urlencode(pairs)


def asked(archive: Reader, request: Any, names: dict[str, str]) -> Asked:
    """What a request asks for, of regions with these names by code. Raises ParameterError for a region without reports,
    a name that fits none or several, too many regions, a measure that the panel has not, and a rate that it has not."""
    only(request, "region", "add", "measure", "per", "layout", "from", "to", "province")
    codes = request.args.getlist("region")
    for code in codes:
        if code not in names:
            raise ParameterError("region", code, word("expected.regions"))
    added = single(request, "add")
    regions = tuple(dict.fromkeys([*codes, *([_found(added, names)] if added else [])])) or tuple(names)[:_FIRST]
    if len(regions) > MOST:
        raise ParameterError("region", ", ".join(regions), word("expected.most", most=MOST))
    measure = choice("measure", single(request, "measure"), BY_NAME) or "received"
    first, last = (whole(name, single(request, name), *_YEARS) for name in ("from", "to"))
    if first and last and first > last:
        raise ParameterError("to", str(last), word("expected.number", least=first, most=_YEARS[1]))
    provinces = sorted({code[:2] for code in names})
    province = choice("province", single(request, "province"), provinces)
    return Asked(
        regions,
        measure,
        basis(archive, measure, single(request, "per")),
        choice("layout", single(request, "layout"), LAYOUTS) or LAYOUTS[0],
        first,
        last,
        province or (regions[0][:2] if regions else ""),
    )


def basis(archive: Reader, measure: str, value: str) -> Basis:
    """What a number is to be told of, out of a parameter. Raises ParameterError for what this measure has not."""
    possible = bases(measure, archive)
    choice("per", value, possible)
    return next((one for one in BASES if one == value), "count")


def _found(wanted: str, names: dict[str, str]) -> str:
    fitting = [code for code, name in names.items() if wanted in (code, name)]
    fitting = fitting or [code for code, name in names.items() if wanted in name]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise ParameterError("add", wanted, word("expected.name"))
    several = ", ".join(f"{code} {full_name(code) or names[code]}" for code in fitting[:_CANDIDATES])
    raise ParameterError("add", wanted, word("expected.choice", values=several))


def _observed(archive: Reader, request: Any) -> tuple[dict[str, str], Asked, list[Observation]]:
    names = archive.panel.regions()
    wanted = asked(archive, request, names)
    rows = [
        row
        for row in archive.panel.rows(wanted.regions)
        if (wanted.first or 0) <= row["report_year"] <= (wanted.last or _YEARS[1])
    ]
    return names, wanted, of_panel(archive, rows, [wanted.measure], wanted.per)


def contents(archive: Reader, request: Any, absolute: Callable[[str], str]) -> dict[str, Any]:
    """What the page shows. `absolute`: an address within the site as the world knows it. Raises ParameterError."""
    names, wanted, found = _observed(archive, request)
    by_place = {(one.region_code, one.year): one for one in found}
    by_region = {code: [one for one in found if one.region_code == code] for code in wanted.regions}
    span = pictures.scale(found)
    traces = [pictures.trace(names[code], place, by_region[code]) for place, code in enumerate(wanted.regions)]
    is_large = len(names) > _LIST

    def title() -> str:
        years = sorted({one.year for one in found})
        shown = word("chart.years", first=years[0], last=years[-1]) if years else ""
        regions = word("comma").join(names[code] for code in wanted.regions)
        return word("compare.heading", regions=regions, measure=pictures.heading(wanted.measure, wanted.per)) + shown

    return {
        "names": names,
        "offered": {
            code: name
            for code, name in names.items()
            if not is_large or code in wanted.regions or code.startswith(wanted.province)
        },
        "provinces": {code: full_name(f"{code}0000") or code for code in sorted({code[:2] for code in names})}
        if is_large
        else {},
        "wanted": wanted,
        "measures": MEASURES,
        "bases": {name: label("per", name) for name in BASES if name in _possible(archive)},
        "layouts": LAYOUTS,
        "heading": pictures.heading(wanted.measure, wanted.per),
        "title": title(),
        "pictures": [] if span is None else _pictures(wanted, by_region, traces, span, names),
        "keys": [(trace.name, trace.colour) for trace in traces],
        "years": sorted({one.year for one in found}),
        "cells": by_place,
        "told": pictures.told,
        "kinds": pictures.kinds(found),
        "notes": pictures.notes(found),
        "most": MOST,
        "query": wanted.query,
        "population": archive.population.name if wanted.per == "people" else "",
        "citation": citation(
            archive, title, absolute(f"/compare?{wanted.query}"), sample=any(one.sample for one in found)
        ),
    }


def _possible(archive: Reader) -> set[Basis]:
    return {per for name in BY_NAME for per in bases(name, archive)}


def _pictures(
    wanted: Asked,
    by_region: dict[str, list[Observation]],
    traces: Sequence[Any],
    span: Any,
    names: dict[str, str],
) -> list[pictures.Picture]:
    words = pictures.heading(wanted.measure, wanted.per)
    if wanted.layout == "lines":
        return [pictures.picture("", None, span, traces, (WIDE, NARROW), words)]
    found = []
    for place, code in enumerate(wanted.regions):
        others = [
            pictures.trace(names[other], 0, by_region[other], is_muted=True)
            for other in wanted.regions
            if other != code
        ]
        name = names[code]
        found.append(
            pictures.picture(
                name, f"region/{code}", span, [*others, traces[place]], (SMALL,), word("chart.of", name=name, of=words)
            )
        )
    return found


EXTRACTS = (
    Extract(
        "/compare",
        "The numbers that the page of comparison shows, one a region and year of which there is a report.",
        pictures.COLUMNS,
        lambda archive, request: map(pictures.row, _observed(archive, request)[2]),
    ),
)
