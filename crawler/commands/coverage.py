"""`nianbao coverage`: which region and year is archived, missing, gone, blocked or not due, as a grid or as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.cells import cell_len
from rich.text import Text

from crawler.archive.archive import Archive
from crawler.archive.queries.grids import Grid, grids
from crawler.commands.common import WORDS, archive_option, json_option, print_json, sample_notice
from crawler.commands.terminal import terminal
from crawler.records.errors import ArchiveError
from crawler.reference.deadlines import parse_years
from crawler.words.counts import counted

SIGNS = {
    "archived": ("+", "green"),
    "missing": ("-", "bold red"),
    "gone": ("x", "magenta"),
    "blocked": ("!", "bold yellow"),
    "not_due": (".", "dim"),
}
"""By status the sign in the grid and its colour; a report that was late has its days in the place of the sign."""
MOST_DAYS = 99
CONFLICT = "?"
"""In the place of the sign where two texts claim the same: which of them holds is not settled."""
REDACTED = "#"
"""In the place of the sign where the report was removed on a legal demand, archived or gone."""
LEGEND = "+ archived  1-99 days late (99: more)  - missing  x gone  ! blocked  . not due"
LEGEND_CONFLICT = f"{CONFLICT} archived, and another text claims the same organ and year"
LEGEND_REDACTED = f"{REDACTED} removed on a legal demand (nianbao redact)"


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...", type=WORDS)
@click.option("--years", default="", type=WORDS, metavar="A-B", help="Only these report years.")
@archive_option
@json_option
def coverage(portals: tuple[str, ...], years: str, archive: Path, as_json: bool) -> None:
    """What the law asks of each region, year by year, and what the archive holds of it.

    Regions are those of GB/T 2260 as they stood at the end of each year; a cell is empty where there was no such
    region yet, or no more. A report is due on 31 March of the next year. Portals that share a region stand in one grid.
    With --json: {"archive", "sample", "statuses", "portals": {id: {"statuses", "departments", "rows"}}}, rows as in the
    view coverage: all that a portal should have, so that one of two portals stands under both; the first "statuses"
    count each once.
    """
    wanted = parse_years(years) if years else None
    with Archive.read(archive) as reading:
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
    console = terminal()
    if sample:
        console.print(sample_notice(archive, sample))
    if not rows:
        console.print("nothing is expected yet; `nianbao crawl` or `nianbao demo` begins")
    for grid in grids(rows):
        for line in lines(grid, [departments[name] for name in grid.portals]):
            console.print(line)


def _as_json(rows: list[dict[str, Any]], departments: tuple[int, int]) -> dict[str, Any]:
    return {
        "statuses": dict(Counter(row["status"] for row in rows)),
        "departments": {"reports": departments[0], "late": departments[1]},
        "rows": rows,
    }


def lines(grid: Grid, departments: list[tuple[int, int]]) -> Iterator[Text]:
    """The lines of one grid: a row a region, a column a report year, with totals below."""
    years = grid.years
    width = max([cell_len(name) for _, name in grid.regions] + [len("held")])
    yield Text(f"{', '.join(grid.portals)}: reports on {years[0]} to {years[-1]}", "bold")
    yield Text(" " * (width + 7) + " ".join(f"{year % 100:02}" for year in years), "dim")
    for code, name in grid.regions:
        line = Text(f"{code} {name}{' ' * (width - cell_len(name))}")
        for year in years:
            line.append(" ")
            line.append_text(_cell(grid.cell(code, year)))
        yield line
    due = [row for row in grid.rows if row["status"] != "not_due"]
    for label, group in (("due", due), ("held", [row for row in due if row["status"] in ("archived", "gone")])):
        by_year = Counter(row["report_year"] for row in group)
        yield Text(f"       {label:<{width}}" + "".join(f"{by_year[year]:>3}" for year in years), "dim")
    counts = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in grid.statuses.items())
    yield Text(
        f"{counts}; {grid.late} late"
        + (f"; {grid.conflicts} claimed by another text" if grid.conflicts else "")
        + (f"; {grid.redacted} redacted" if grid.redacted else "")
    )
    reports, late = (sum(numbers) for numbers in zip(*departments, strict=True))
    if reports:
        yield Text(f"beside these {counted(reports, 'report')} of departments, {late} of them late")
    yield Text(LEGEND, "dim")
    if grid.conflicts:
        yield Text(LEGEND_CONFLICT, "dim")
    if grid.redacted:
        yield Text(LEGEND_REDACTED, "dim")


def _cell(row: dict[str, Any] | None) -> Text:
    """Two characters: the sign, or the days; nothing where the region did not exist."""
    if row is None:
        return Text("  ")
    if row["redacted"]:
        return Text(f" {REDACTED}", "dim")
    sign, style = SIGNS[row["status"]]
    if row["status"] == "archived" and row["conflict"]:
        return Text(f" {CONFLICT}", "bold red")
    if row["status"] == "archived" and row["days_late"]:
        return Text(f"{min(row['days_late'], MOST_DAYS):>2}", "yellow")
    return Text(f" {sign}", style)
