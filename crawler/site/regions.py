"""A region's page: its reports over the years, counts and rates of its government as small charts, gaps, lateness."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from crawler.archive.queries.reader import Reader
from crawler.archive.schema.panel import MEASURES
from crawler.reference.proportions import BASES, PARTS, Basis
from crawler.site import pictures
from crawler.site.charts import SMALL
from crawler.site.citations import citation
from crawler.site.extracts import Extract
from crawler.site.language import label, word
from crawler.site.observations import Observation, bases, of_panel
from crawler.site.parameters import only

_COUNTS = ("received", "processed", *PARTS, "carried_out", "reviews", "lawsuits", "disclosed")
"""What is drawn as it was counted, each on a scale of its own."""
_FOR_PEOPLE = ("received", "reviews", "lawsuits")
"""What is drawn for so many people, where a table of people is given."""
_SPELT = {"count": _COUNTS, "processed": PARTS, "people": _FOR_PEOPLE}


def _observed(archive: Reader, code: str) -> dict[Basis, list[Observation]]:
    """All numbers of a region that are told, by what they are told of."""
    rows = archive.panel.rows([code])
    numbers: dict[Basis, list[Observation]] = {}
    for per in BASES:
        names = [measure.name for measure in MEASURES if per in bases(measure.name, archive)]
        numbers[per] = of_panel(archive, rows, names, per) if names else []
    return numbers


def contents(archive: Reader, code: str, absolute: Callable[[str], str]) -> dict[str, Any] | None:
    """What the page shows; None for a region of which nothing is here or expected. `absolute`: an address within the
    site as the world knows it."""
    expected, reports = archive.coverage.of_region(code), archive.reports.of_region(code)
    if not expected and not reports:
        return None
    panel = archive.panel.rows([code])
    names = [row["region"] for row in [*expected, *panel] if row["region"]]
    name = names[-1] if names else code
    numbers = _observed(archive, code)
    counts = numbers["count"]
    stated = [
        measure.name
        for measure in MEASURES
        if any(entry.measure == measure.name and entry.value is not None for entry in counts)
    ]
    groups = {per: list(_pictures(name, per, numbers[per])) for per in BASES}
    drawn = [entry for per in BASES for entry in numbers[per] if entry.measure in _SPELT[per]]
    years = sorted({row["report_year"] for row in panel})

    def title() -> str:
        shown = word("chart.years", first=years[0], last=years[-1]) if years else ""
        return word("region.heading", name=name) + shown

    return {
        "code": code,
        "name": name,
        "expected": expected,
        "reports": reports,
        "verdicts": archive.reviews.verdicts([row["key"] for row in reports]),
        "panel": panel,
        "stated": stated,
        "cells": {(entry.per, entry.measure, entry.year): entry for per in BASES for entry in numbers[per]},
        "told": pictures.told,
        "heading": pictures.heading,
        "groups": {per: shown for per, shown in groups.items() if shown},
        "pictures": [entry for shown in groups.values() for entry in shown],
        "keys": [],
        "kinds": pictures.kinds(drawn),
        "notes": pictures.notes(drawn),
        "title": title(),
        "population": archive.population.name,
        "citation": citation(archive, title, absolute(f"/region/{code}"), sample=any(row["sample"] for row in panel)),
        "gaps": [row for row in expected if row["status"] in ("missing", "blocked")],
        "late": [row for row in expected if row["days_late"]],
        "conflicts": [row for row in [*expected, *panel] if row["conflict"]],
    }


def _pictures(name: str, per: Basis, observations: list[Observation]) -> Iterator[pictures.Picture]:
    """A small chart for each measure that has a number."""
    for place, measure in enumerate(_SPELT[per]):
        series = [entry for entry in observations if entry.measure == measure]
        span = pictures.scale(series)
        if span is not None:
            heading = pictures.heading(measure, per)
            trace = pictures.trace(label("measure", measure), place, series)
            words = word("chart.of", name=name, of=heading)
            yield pictures.picture(heading, f"measure/{measure}", span, [trace], (SMALL,), words)


def _rows(archive: Reader, request: Any) -> Iterator[dict[str, Any]] | None:
    only(request)
    code = request.url_vars["code"]
    if not archive.coverage.of_region(code) and not archive.reports.of_region(code):
        return None
    return (pictures.row(entry) for numbers in _observed(archive, code).values() for entry in numbers)


EXTRACTS = (
    Extract(
        "/region/{code}",
        "The numbers of a region's government, one a report year, column of the panel and what it is told of.",
        pictures.COLUMNS,
        _rows,
        lambda parts: word("missing.region", code=parts["code"]),
    ),
)
