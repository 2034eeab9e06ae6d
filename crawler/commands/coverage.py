"""`nianbao coverage`: which region and year is archived, missing, gone, blocked or not due, as a grid or as JSON."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import click
from click import style

from crawler.archive.catalogue import Catalogue
from crawler.archive.queries.grids import Grid, grids
from crawler.commands.common import WORDS, archive_option, json_option, print_json, sample_notice
from crawler.records.errors import ArchiveError
from crawler.reference.deadlines import parse_years
from crawler.words.counts import counted

SIGNS: dict[str, tuple[str, dict[str, Any]]] = {
    "archived": ("+", {"fg": "green"}),
    "missing": ("-", {"fg": "red", "bold": True}),
    "gone": ("x", {"fg": "magenta"}),
    "blocked": ("!", {"fg": "yellow", "bold": True}),
    "not_due": (".", {"dim": True}),
}
"""By status the sign in the grid and its colour; a report that was late has its days in the place of the sign."""
MOST_DAYS = 99
CONFLICT = "?"
"""In the place of the sign where two texts claim the same: which of them holds is not settled."""
REDACTED = "#"
"""In the place of the sign where the report was removed on a legal demand, archived or gone."""
VIA = "~"
"""In the place of the sign where only a web archive has the report (nianbao backfill)."""
LEGEND = "+ archived  1-99 days late (99: more)  - missing  x gone  ! blocked  . not due"
LEGEND_CONFLICT = f"{CONFLICT} archived, and another text claims the same organ and year"
LEGEND_VIA = f"{VIA} archived from a web archive, gone from the portal or never seen there"
LEGEND_REDACTED = f"{REDACTED} removed on a legal demand (nianbao redact)"


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...", type=WORDS)
@click.option("--years", default="", type=WORDS, metavar="A-B", help="Only these report years.")
@click.option("--gaps", "with_gaps", is_flag=True, help="List each gap as well, and what web archives had of it.")
@archive_option
@json_option
def coverage(portals: tuple[str, ...], years: str, with_gaps: bool, archive: Path, as_json: bool) -> None:
    """What the law asks of each region, year by year, and what the archive holds of it.

    Regions are those of GB/T 2260 as they stood at the end of each year; a cell is empty where there was no such
    region yet, or no more. A report is due on 31 March of the next year. Portals that share a region stand in one grid.
    With --json: {"archive", "sample", "statuses", "portals": {id: {"statuses", "departments", "rows"}}}, rows as in the
    view coverage: all that a portal should have, so that one of two portals stands under both; the first "statuses"
    count each once.
    """
    wanted = parse_years(years) if years else None
    with Catalogue.read(archive) as reading:
        rows = list(reading.coverage.rows(portals, wanted))
        names = sorted({name for row in rows for name in row["portals"]})
        for name in portals:
            if name not in names:
                raise ArchiveError(f"{archive} expects nothing of portal {name!r} in these years; crawl it first")
        departments = {name: reading.reports.departments(name, wanted) for name in names}
        sample = reading.portals.samples()
    if as_json:
        by_portal = {
            name: _as_json([row for row in rows if name in row["portals"]], departments[name])
            for name in names
            if not portals or name in portals
        }
        statuses = dict(Counter(row["status"] for row in rows))
        print_json({"archive": str(archive), "sample": sample, "statuses": statuses, "portals": by_portal})
        return
    if sample:
        click.echo(sample_notice(archive, sample))
    if not rows:
        click.echo("nothing is expected yet; `nianbao crawl` or `nianbao demo` begins")
    for grid in grids(rows):
        for line in lines(grid, [departments[name] for name in grid.portals]):
            click.echo(line, color=False if os.environ.get("NO_COLOR") else None)
        for line in gap_lines(grid) if with_gaps else ():
            click.echo(line)


def _as_json(rows: list[dict[str, Any]], departments: tuple[int, int]) -> dict[str, Any]:
    return {
        "statuses": dict(Counter(row["status"] for row in rows)),
        "departments": {"reports": departments[0], "late": departments[1]},
        "rows": rows,
    }


def lines(grid: Grid, departments: list[tuple[int, int]]) -> Iterator[str]:
    """The lines of one grid: a row a region, a column a report year, with totals below."""
    years = grid.years
    width = max([_cells(name) for _, name in grid.regions] + [len("held")])
    yield style(f"{', '.join(grid.portals)}: reports on {years[0]} to {years[-1]}", bold=True)
    yield style(" " * (width + 7) + " ".join(f"{year % 100:02}" for year in years), dim=True)
    for code, name in grid.regions:
        signs = (_cell(grid.cell(code, year)) for year in years)
        yield " ".join([f"{code} {name}{' ' * (width - _cells(name))}", *signs])
    due = [row for row in grid.rows if row["status"] != "not_due"]
    for label, group in (("due", due), ("held", [row for row in due if row["status"] in ("archived", "gone")])):
        by_year = Counter(row["report_year"] for row in group)
        yield style(f"       {label:<{width}}" + "".join(f"{by_year[year]:>3}" for year in years), dim=True)
    counts = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in grid.statuses.items())
    yield (
        f"{counts}; {grid.late} late"
        + (f"; {grid.conflicts} claimed by another text" if grid.conflicts else "")
        + (f"; {grid.redacted} redacted" if grid.redacted else "")
        + (f"; {grid.via} from web archives" if grid.via else "")
        + (f"; {counted(grid.gaps_asked, 'gap')} that web archives were asked about" if grid.gaps_asked else "")
    )
    reports, late = (sum(numbers) for numbers in zip(*departments, strict=True))
    if reports:
        yield f"beside these {counted(reports, 'report')} of departments, {late} of them late"
    yield style(LEGEND, dim=True)
    if grid.conflicts:
        yield style(LEGEND_CONFLICT, dim=True)
    if grid.redacted:
        yield style(LEGEND_REDACTED, dim=True)
    if grid.via:
        yield style(LEGEND_VIA, dim=True)


def gap_lines(grid: Grid) -> Iterator[str]:
    """A line for each gap: which web archives were asked about it, when, and what they had."""
    for row in grid.gaps:
        head = f"{row['region_code']} {row['region']} {row['report_year']} {row['status']}"
        said = [
            f"{entry['source']} asked {entry['asked_at']}, {counted(entry['mementos'], 'capture')} from after that year"
            for entry in row["archives"] or ()
        ]
        yield f"{head}: {'; '.join(said) or 'no web archive was asked (nianbao backfill)'}"


def _cells(name: str) -> int:
    """How many columns of a terminal a name takes: a Chinese character two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in name)


def _cell(row: dict[str, Any] | None) -> str:
    """Two characters: the sign, or the days; nothing where the region did not exist."""
    if row is None:
        return "  "
    if row["redacted"]:
        return style(f" {REDACTED}", dim=True)
    sign, colour = SIGNS[row["status"]]
    if row["status"] == "archived" and row["conflict"]:
        return style(f" {CONFLICT}", fg="red", bold=True)
    if row["status"] == "archived" and row["via"] is not None:
        return style(f" {VIA}", fg="cyan")
    if row["status"] == "archived" and row["days_late"]:
        return style(f"{min(row['days_late'], MOST_DAYS):>2}", fg="yellow")
    return style(f" {sign}", **colour)
