"""A measure's page: what it means, where forms ask it, how far it compares; governments by rank, and their spread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from crawler.archive.queries.observations import items_in
from crawler.archive.queries.reader import Reader
from crawler.reference.breaks import by_id
from crawler.reference.measures import TABLE_FORMS, generations
from crawler.reference.proportions import BASES, PARTS, WHOLE, Basis
from crawler.reference.sums import Sum, sums_of
from crawler.site import pictures, quantiles
from crawler.site.charts import NARROW, WIDE
from crawler.site.citations import citation
from crawler.site.comparison import basis
from crawler.site.extracts import Extract
from crawler.site.language import LANGUAGES, spoken, word
from crawler.site.observations import BY_NAME, Observation, bases, of_code, of_panel, rate
from crawler.site.parameters import ParameterError, choice, only, single, whole

PER_PAGE = 100
ORDERS = ("most", "least")
_MOST = 10**6


Number = tuple[Mapping[str, Any], float]
"""A row of `Observations.column` or `Observations.code`, and what it comes to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown of a measure."""

    name: str
    per: Basis
    year: int | None
    order: str
    page: int

    def query(self, **changed: object) -> str:
        """The query of the address, with every choice in it."""
        pairs = {"per": self.per, "year": self.year, "order": self.order, "page": self.page} | changed
        return urlencode({name: value for name, value in pairs.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Place:
    """A government in the order of a year; equal numbers have the same rank."""

    rank: int
    one: Observation


def is_known(name: str) -> bool:
    """Whether there is a page of that name: of a column of the panel, or of a code of the forms."""
    return name in BY_NAME or name in pictures.BY_CODE


def _asked(archive: Reader, request: Any) -> Asked:
    only(request, "per", "year", "order", "page")
    name = request.url_vars["measure"]
    per = basis(archive, name, single(request, "per"))
    order = choice("order", single(request, "order"), ORDERS) or ORDERS[0]
    year = whole("year", single(request, "year"), 1990, 2100)
    return Asked(name, per, year, order, whole("page", single(request, "page"), 1, _MOST) or 1)


def _numbers(archive: Reader, asked: Asked) -> list[Number]:
    """The governments of all years that have a number, with it."""
    ask = archive.observations.column if asked.name in BY_NAME else archive.observations.code
    told = ((row, rate(archive, asked.per, row).value) for row in ask(asked.name))
    return [(row, value) for row, value in told if value is not None]


def _year(asked: Asked, years: list[int]) -> int | None:
    """The year to be ranked: the one that is asked for, else the newest of these; None without any. Raises
    ParameterError for another."""
    if asked.year is not None and years and asked.year not in years:
        raise ParameterError("year", str(asked.year), word("expected.choice", values=", ".join(map(str, years))))
    return asked.year or (years[-1] if years else None)


def _ranking(archive: Reader, asked: Asked, numbers: Iterable[Number]) -> tuple[list[Place], int]:
    """A page of the governments of a year in order, and how many there are in all. Raises ParameterError for a page
    behind the last."""
    sign = -1 if asked.order == "most" else 1
    found = sorted(numbers, key=lambda pair: (sign * pair[1], pair[0]["region_code"]))
    pages = -(-len(found) // PER_PAGE)
    if asked.page > max(pages, 1):
        raise ParameterError("page", str(asked.page), word("expected.page", most=pages))
    first = (asked.page - 1) * PER_PAGE
    ranks: dict[float, int] = {}
    for place, (_, value) in enumerate(found, start=1):
        ranks.setdefault(value, place)
    shown = [row for row, _ in found[first : first + PER_PAGE]]
    observed = _observed(archive, asked, shown)
    return [Place(ranks[one.value], one) for one in observed if one.value is not None], len(found)


def _observed(archive: Reader, asked: Asked, rows: list[Mapping[str, Any]]) -> list[Observation]:
    places = [(row["region_code"], row["report_year"]) for row in rows]
    by_place = {(row["region_code"], row["report_year"]): row for row in archive.panel.at(places)}
    if asked.name in BY_NAME:
        return of_panel(archive, [by_place[place] for place in places], [asked.name], asked.per)
    stated = zip(places, rows, strict=True)
    full = [
        by_place[place] | {name: row[name] for name in ("value", "form", "whole", "whole_form")}
        for place, row in stated
    ]
    return of_code(archive, full, asked.name, asked.per)


def contents(archive: Reader, request: Any, absolute: Callable[[str], str]) -> dict[str, Any] | None:
    """What the page shows; None for what is no measure. `absolute`: an address within the site as the world knows it.
    Raises ParameterError."""
    name = request.url_vars["measure"]
    if not is_known(name):
        return None
    asked = _asked(archive, request)
    numbers = _numbers(archive, asked)
    spreads = quantiles.spreads((row["report_year"], row["form"], value) for row, value in numbers)
    years = [spread.year for spread in spreads]
    year = _year(asked, years)
    places, number = _ranking(archive, asked, [one for one in numbers if one[0]["report_year"] == year])
    is_whole = asked.per == "count"
    boxes = [quantiles.draw(spreads, size, whole=is_whole) for size in (WIDE, NARROW)]
    shown = Asked(name, asked.per, year, asked.order, asked.page)

    def title() -> str:
        return word("measure_page.heading", measure=pictures.heading(name, asked.per), year=year or word("none"))

    return {
        "name": name,
        "names": _names(name),
        "unit": pictures.unit_of(name),
        "asked": shown,
        "bases": [per for per in BASES if per in bases(name, archive)],
        "orders": ORDERS,
        "heading": pictures.heading(name, asked.per),
        "title": title(),
        "printed": list(_printed(name)),
        "codes": _codes(name),
        "series": by_id()[pictures.series_of(name, "count")[0]],
        "sums": list(_sums(name)),
        "is_part": name in PARTS,
        "whole": WHOLE,
        "spreads": spreads,
        "boxes": [drawn for drawn in boxes if drawn is not None],
        "years": years,
        "places": places,
        "number": number,
        "pages": -(-number // PER_PAGE),
        "told": pictures.told,
        "notes": pictures.notes([place.one for place in places]),
        "population": archive.population.name if asked.per == "people" else "",
        "citation": citation(
            archive,
            title,
            absolute(f"/measure/{name}?{shown.query()}"),
            sample=any(place.one.sample for place in places),
        ),
    }


def _names(name: str) -> dict[str, str]:
    """What it is called, in each language."""
    named = {}
    for code in LANGUAGES:
        with spoken(code):
            named[code] = pictures.name_of(name)
    return named


def _codes(name: str) -> dict[str, list[str]]:
    """By form the codes that a column of the panel adds."""
    if name not in BY_NAME:
        return {}
    found = {}
    for form in (*TABLE_FORMS, "narrative"):
        items = items_in(BY_NAME[name], form)
        codes = [
            measure.code
            for measures in generations().values()
            for measure in measures
            if measure.form == ("f2014" if form == "narrative" else form)
            and measure.item in items
            and measure.applicant in (None, "total")
        ]
        if codes:
            found[form] = codes
    return found


def _printed(name: str) -> Iterator[dict[str, Any]]:
    """Where each form prints a code: section, row, label in both languages."""
    for measure in generations().get(name, ()):
        section = pictures.BY_CODE[name].section if measure.form != "f2014" else "annex"
        yield {
            "form": measure.form,
            "section": section,
            "row": measure.row,
            "zh": measure.label,
            "en": measure.english,
            "unit": measure.unit,
        }


def _sums(name: str) -> Iterator[tuple[list[str], Sum]]:
    """The sums of the forms in which a code stands, each with the forms that have it."""
    found: dict[Sum, list[str]] = {}
    for form in TABLE_FORMS:
        for one in sums_of(form):
            if name in (*one.left, *one.right):
                found.setdefault(one, []).append(form)
    for one, forms in found.items():
        yield forms, one


def _rows(archive: Reader, request: Any) -> Iterable[dict[str, Any]] | None:
    if not is_known(request.url_vars["measure"]):
        return None
    asked = _asked(archive, request)
    found = [row for row, _ in _numbers(archive, asked)]
    year = _year(asked, sorted({row["report_year"] for row in found}))
    rows = sorted((row for row in found if row["report_year"] == year), key=lambda row: row["region_code"])
    return map(pictures.row, _observed(archive, asked, rows))


EXTRACTS = (
    Extract(
        "/measure/{measure}",
        "The governments that have a number of this measure in the year that is asked for, else in the newest.",
        pictures.COLUMNS,
        _rows,
        lambda parts: word("missing.measure", name=parts["measure"]),
    ),
)
