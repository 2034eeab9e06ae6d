"""The start page: how much of the country is there, and what is new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.archive.queries.reader import Reader
from crawler.site import freshness
from crawler.site.extracts import Extract
from crawler.site.parameters import only
from crawler.site.provinces import province_of, sums, tiles
from crawler.site.sorting import PARAMETERS, ordered, sheet

PER_PAGE = 50
_RUNS, _HITS, _FINDINGS = 5, 15, 500
SORTED: Mapping[str, bool] = {
    "region_code": False,
    "share": True,
    "latest_year": True,
    "days_late": True,
    "refused_share": True,
    "open_checks": True,
}
"""Columns of a table of regions, and whether the largest comes first."""
REGION: Mapping[str, str] = {
    "region_code": "code of GB/T 2260",
    "region": "its name, in the latest year",
    "province": "code of its province",
    "due": "report years that are due, or held before they are",
    "held": "how many of them are held",
    "share": "held of due, 0 to 1",
    "latest_year": "the latest report year that is held",
    "latest_key": "public id of that report: its page is `/report/KEY`",
    "days_late": "days after the deadline at which that report was published",
    "refused_share": "denied and refused of all requests processed, 0 to 1",
    "refused_year": "the report year of that share: the latest that states both",
    "open_checks": "checks that fail in its reports and that no review is about",
    "sample": "1 where that report is made up",
}
_PROVINCE: Mapping[str, str] = {
    "province": "code of GB/T 2260",
    "regions": "regions of which something is due or held",
    "due": "report years of regions that are due, or held before they are",
    "held": "how many of them are held",
    "share": "held of due, 0 to 1",
    "latest_year": "the latest report year of which anything is held",
    "open_checks": "checks that fail in their reports and that no review is about",
}
_EVENT: Mapping[str, str] = {
    "at": "when it was found, UTC",
    "kind": "new, changed, moved, gone or returned",
    "key": "public id of the report: its page is `/report/KEY`",
    "title": "title of the report",
    "organ": "whose report it is",
    "region": "name of its region",
    "report_year": "the year that is reported on",
    "url": "address at which it was found",
    "detail": "what changed, in words",
    "sample": "1 for what is made up",
    "run_id": "the run that found it",
}
_RUN: Mapping[str, str] = {
    "id": "number of the run",
    "started_at": "when it began, UTC",
    "finished_at": "when it ended, UTC; null while it runs",
    "status": "running, finished, interrupted or broken_off",
    "portals": "ids of the portals that it asked, a list",
    "requests": "requests that it sent",
    "reports_new": "reports that it found first",
    "reports_changed": "reports that say something else than before",
    "reports_gone": "reports that are gone from their portal",
    "problems": "problems that it met",
    "wants_a_person": "kinds of its problems that somebody should look at, a list",
}


def regions(archive: Reader) -> list[dict[str, Any]]:
    """Every region of which something is due or held (Country.regions), with `province` and `share`."""
    return freshness.kept(
        "regions",
        lambda: [
            row
            | {
                "province": province_of(row["region_code"]),
                "share": round(row["held"] / row["due"], 4) if row["due"] else None,
                "sample": bool(row["sample"]),
            }
            for row in archive.country.regions()
        ],
    )


def page(archive: Reader, request: Any) -> dict[str, Any]:
    """The map, a page of the table of regions, the last runs and what they found, counts. Raises ParameterError."""
    only(request, *PARAMETERS)
    rows = regions(archive)
    totals = sums(rows)
    due, held = (sum(total[name] for total in totals.values()) for name in ("due", "held"))
    return {
        "sheet": sheet(request, rows, SORTED, PER_PAGE, "#regions"),
        "tiles": tiles(totals),
        "due": due,
        "held": held,
        "runs": archive.runs.latest(_RUNS),
        "found": archive.events.newest(_HITS),
        "counts": archive.coverage.counts() | archive.country.counts(),
    }


def _regions(archive: Reader, request: Any) -> list[dict[str, Any]]:
    only(request, *PARAMETERS[:2])
    return ordered(request, regions(archive), SORTED)


def _provinces(archive: Reader, request: Any) -> list[dict[str, Any]]:
    only(request)
    totals = sorted(sums(regions(archive)).items())
    return [
        {"province": code, "share": round(total["held"] / total["due"], 4) if total["due"] else None, **total}
        for code, total in totals
    ]


def _findings(archive: Reader, request: Any) -> list[dict[str, Any]]:
    only(request)
    return [{**event, "sample": bool(event["sample"])} for event in archive.events.newest(_FINDINGS)]


def _latest(archive: Reader, request: Any) -> list[dict[str, Any]]:
    only(request)
    return archive.runs.latest(_FINDINGS // 10)


EXTRACTS = (
    Extract(
        "/regions",
        "The table of the start page: each region of which a report is due or held, with what is made up only where"
        " there is nothing else. `?sort=` one of " + ", ".join(f"`{name}`" for name in SORTED) + ", `?order=` `asc` or"
        " `desc`.",
        REGION,
        _regions,
    ),
    Extract("/provinces", "The map of the start page: each province of which anything is due.", _PROVINCE, _provinces),
    Extract("/findings", f"What runs found of reports, the newest first, {_FINDINGS} at most.", _EVENT, _findings),
    Extract("/runs", f"The last runs, the newest first, {_FINDINGS // 10} at most.", _RUN, _latest),
)
