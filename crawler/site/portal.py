"""The page of a portal: its profile, what runs met on it, what of it is held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.archive.queries.reader import Reader
from crawler.conventions.registry import makes_of
from crawler.portals.selection import bundled
from crawler.site.extracts import Extract, Rows
from crawler.site.language import word
from crawler.site.page import respond
from crawler.site.parameters import only
from crawler.site.province import folded

_RUNS, _REGIONS, _LOST = 10, 60, 50
_YEAR: Mapping[str, str] = {
    "report_year": "the year that is reported on; null for reports that say none",
    "due": "reports of regions that it should have by now",
    "held": "how many of them are held, whichever portal showed them",
    "reports": "reports in all that are held of it, those of departments among them",
}
_RUN: Mapping[str, str] = {
    "id": "number of the run",
    "started_at": "when it began, UTC",
    "finished_at": "when it ended, UTC; null while it runs",
    "status": "running, finished, interrupted or broken_off",
    "kinds": "its problems on this portal: an object of kind and number",
    "wants_a_person": "kinds of these that somebody should look at, a list",
}
_PROBLEM: Mapping[str, str] = {
    "run_id": "the run that met it: the last that asked this portal",
    "kind": "kind of problem, as in [reference.md](reference.md#problems)",
    "url": "where it was met",
    "detail": "what was met, and what was expected",
    "at": "when, UTC",
}
_LIST: Mapping[str, str] = {
    "url": "address of the list",
    "pages": "pages that it had when last walked to its end",
    "items": "rows on them",
    "stated": "how many rows it says that it has; null where it does not say",
    "swept_at": "when it was walked to its end, UTC",
}
_GONE: Mapping[str, str] = {
    "url": "address that is gone",
    "gone_at": "since when, UTC",
    "key": "public id of the report",
    "title": "its title",
    "report_year": "the year that is reported on",
}


def content(archive: Reader, request: Any) -> dict[str, Any] | None:
    """A portal with its profile (where it ships with the program), hosts, makes, runs, open problems, lists, years and
    gone addresses; None for one that the archive does not know. Raises ParameterError."""
    only(request)
    name = request.url_vars["name"]
    visits = archive.visits
    if not visits.known(name):
        return None
    start = visits.home(name)
    digest = archive.portals.walked(name).home()
    body = None if digest is None else archive.captures.body(digest)
    runs = visits.runs(name, _RUNS)
    codes = visits.regions(name)
    cells = archive.coverage.of_regions(codes[:_REGIONS]) if codes else []
    lost = visits.lost(name)
    return {
        "name": name,
        "profile": bundled().get(name),
        "made_up_reports": name in archive.portals.samples(),
        "start": start,
        "hosts": visits.hosts(name),
        "makes": [] if body is None or start is None else [make for make, _ in makes_of(start, body)],
        "runs": runs,
        "lists": visits.lists(name),
        "lost": lost[:_LOST],
        "lost_in_all": len(lost),
        "regions": len(codes),
        "shown": _REGIONS,
        **folded(visits.years(name), cells),
    }


async def view(datasette: Any, request: Any) -> Any:
    """The page of a portal."""
    missing = _missing(request.url_vars)
    return await respond(datasette, request, "portal", lambda archive: content(archive, request), missing)


def _missing(parts: Mapping[str, str]) -> str:
    return word("missing.portal", name=parts["name"])


def _extract(end: str, about: str, columns: Mapping[str, str], rows: Any) -> Extract:
    def collect(archive: Reader, request: Any) -> Rows | None:
        only(request)
        name = request.url_vars["name"]
        found: Rows | None = rows(archive, name) if archive.visits.known(name) else None
        return found

    return Extract(f"/portal/{{name}}{end}", about, columns, collect, _missing)


def _problems(archive: Reader, name: str) -> list[dict[str, Any]]:
    last = archive.visits.runs(name, 1)
    return archive.visits.problems(name, last[0]["id"]) if last else []


ROUTES = [(r"^/portal/(?P<name>[\w-]+)$", view)]
EXTRACTS = (
    _extract("", "The report years of a portal.", _YEAR, lambda archive, name: archive.visits.years(name)),
    _extract(
        "/runs",
        f"The last runs that asked a portal, the newest first, {_RUNS} at most.",
        _RUN,
        lambda archive, name: archive.visits.runs(name, _RUNS),
    ),
    _extract("/problems", "What the last run that asked a portal did not understand there.", _PROBLEM, _problems),
    _extract("/lists", "The lists of a portal.", _LIST, lambda archive, name: archive.visits.lists(name)),
    _extract("/gone", "Addresses of a portal's reports that are gone.", _GONE,
             lambda archive, name: archive.visits.lost(name)),
)  # fmt: skip
