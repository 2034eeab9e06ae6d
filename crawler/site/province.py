"""The page of a province: its regions, its years, its portals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.archive.queries.grids import Grid
from crawler.archive.queries.reader import Reader
from crawler.site import home
from crawler.site.extracts import Extract
from crawler.site.language import label, word
from crawler.site.page import respond
from crawler.site.parameters import only
from crawler.site.provinces import province_of
from crawler.site.sorting import PARAMETERS, ordered, sheet

PER_PAGE = 40
YEAR: Mapping[str, str] = {
    "report_year": "the year that is reported on",
    "due": "reports of its regions that are due, or held before they are",
    "held": "how many of them are held",
    "late": "how many of these were published after the deadline",
}


def runs_of_years(years: list[int]) -> list[tuple[int, int]]:
    """Years in order as first and last of each run of them."""
    runs: list[tuple[int, int]] = []
    for year in years:
        if runs and runs[-1][1] == year - 1:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
    return runs


def folded(years: list[dict[str, Any]], cells: list[dict[str, Any]]) -> dict[str, Any]:
    """What a grid shows of `cells` (rows of coverage): `grid`, the `years` of which something is held, and the `empty`
    ones, as runs; `rows` of the table of years come likewise."""
    held = [row["report_year"] for row in years if row["held"] or row.get("reports")]
    empty = [row["report_year"] for row in years if row["report_year"] is not None and row["report_year"] not in held]
    return {
        "grid": Grid([], cells),
        "grid_years": sorted({cell["report_year"] for cell in cells} - set(empty)),
        "empty": runs_of_years(empty),
        "counts_by_year": [row for row in years if row["report_year"] in held],
        "counts_of_empty": [row for row in years if row["report_year"] in empty],
    }


def _rows(archive: Reader, code: str) -> list[dict[str, Any]]:
    return [row for row in home.regions(archive) if row["province"] == code]


def content(archive: Reader, request: Any) -> dict[str, Any] | None:
    """A province with its regions sorted, the grid of those shown, its years and portals; None for a code that is no
    province's, or of which nothing is due or held. Raises ParameterError."""
    only(request, *PARAMETERS)
    code = request.url_vars["code"]
    rows = _rows(archive, code)
    if not rows or code != province_of(code):
        return None
    shown = sheet(request, rows, home.SORTED, PER_PAGE, "#regions")
    cells = archive.coverage.of_regions([row["region_code"] for row in shown.rows])
    return {
        "code": code,
        "name": label("province", code),
        "sheet": shown,
        "due": sum(row["due"] for row in rows),
        "held": sum(row["held"] for row in rows),
        "portals": archive.visits.within(code),
        **folded(archive.country.years(code), cells),
    }


async def view(datasette: Any, request: Any) -> Any:
    """The page of a province."""
    missing = _missing(request.url_vars)
    return await respond(datasette, request, "province", lambda archive: content(archive, request), missing)


def _missing(parts: Mapping[str, str]) -> str:
    return word("missing.province", code=parts["code"])


def _regions(archive: Reader, request: Any) -> list[dict[str, Any]] | None:
    only(request, *PARAMETERS[:2])
    return ordered(request, _rows(archive, request.url_vars["code"]), home.SORTED) or None


def _years(archive: Reader, request: Any) -> list[dict[str, Any]] | None:
    only(request)
    code = request.url_vars["code"]
    return (archive.country.years(code) if code == province_of(code) else []) or None


ROUTES = [(r"^/province/(?P<code>\d{6})$", view)]
EXTRACTS = (
    Extract("/province/{code}", "The regions of a province; parameters as those of `/regions`.", home.REGION, _regions,
            _missing),
    Extract("/province/{code}/years", "The report years of a province.", YEAR, _years, _missing),
)  # fmt: skip
