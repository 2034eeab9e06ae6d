"""`nianbao coverage`: which region and year is archived, missing, gone, blocked or not due, as a grid or as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from crawler.archive.archive import Archive
from crawler.commands.common import WORDS, archive_option, json_option, print_json
from crawler.errors import ArchiveError
from crawler.reportyears import parse_years

SIGNS = {
    "archived": ("+", "green"),
    "missing": ("-", "bold red"),
    "gone": ("x", "magenta"),
    "blocked": ("!", "bold yellow"),
    "not_due": (".", "dim"),
}
"""By status the sign in the grid and its colour; a report that was late has its days in the place of the sign."""
MOST_DAYS = 99
LEGEND = "+ archived  1-99 days late (99: more)  - missing  x gone  ! blocked  . not due"


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...", type=WORDS)
@click.option("--years", default="", type=WORDS, metavar="A-B", help="Only these report years.")
@archive_option
@json_option
def coverage(portals: tuple[str, ...], years: str, archive: Path, as_json: bool) -> None:
    """What the law asks of each region, year by year, and what the archive holds of it.

    Regions are those of GB/T 2260 as they stood in each year; a cell is empty where there was no such region yet. A
    report is due on 31 March of the next year. With --json: {"archive", "portals": {id: {"statuses", "departments",
    "rows"}}}, rows as in the view coverage.
    """
    wanted = parse_years(years) if years else None
    with Archive.read(archive) as reading:
        rows = list(reading.coverage(portals, wanted))
        held = {name: list(group) for name, group in groupby(rows, key=lambda row: row["portal"])}
        for name in portals:
            if name not in held:
                raise ArchiveError(f"{archive} expects nothing of portal {name!r} in these years; crawl it first")
        departments = {name: reading.departments(name, wanted) for name in held}
    if as_json:
        print_json({"archive": str(archive), "portals": {n: _as_json(held[n], departments[n]) for n in held}})
        return
    console = Console(highlight=False, soft_wrap=True)
    if not held:
        console.print("nothing is expected yet; `nianbao crawl` or `nianbao demo` begins")
    for name, group in held.items():
        for line in grid(name, group, departments[name]):
            console.print(line)


def _as_json(rows: list[dict[str, Any]], departments: tuple[int, int]) -> dict[str, Any]:
    return {
        "statuses": dict(Counter(row["status"] for row in rows)),
        "departments": {"reports": departments[0], "late": departments[1]},
        "rows": rows,
    }


def grid(portal: str, rows: list[dict[str, Any]], departments: tuple[int, int]) -> Iterator[Text]:
    """The lines of one portal's grid: a row a region, a column a report year, with totals below."""
    years = sorted({row["report_year"] for row in rows})
    cells = {(row["region_code"], row["report_year"]): row for row in rows}
    # A region may have changed its name or its code over the years: the newest name of each code stands for it.
    names = {row["region_code"]: row["region"] for row in sorted(rows, key=lambda row: row["report_year"])}
    width = max([cell_len(name) for name in names.values()] + [len("held")])
    yield Text(f"{portal}: reports on {years[0]} to {years[-1]}", "bold")
    yield Text(" " * (width + 7) + " ".join(f"{year % 100:02}" for year in years), "dim")
    for code, name in sorted(names.items()):
        line = Text(f"{code} {name}{' ' * (width - cell_len(name))}")
        for year in years:
            line.append(" ")
            line.append_text(_cell(cells.get((code, year))))
        yield line
    due = [row for row in rows if row["status"] != "not_due"]
    for label, counted in (("due", due), ("held", [row for row in due if row["status"] in ("archived", "gone")])):
        by_year = Counter(row["report_year"] for row in counted)
        yield Text(f"       {label:<{width}}" + "".join(f"{by_year[year]:>3}" for year in years), "dim")
    statuses = Counter(row["status"] for row in rows)
    late = sum(bool(row["days_late"]) for row in rows)
    yield Text(
        ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in statuses.items()) + f"; {late} late"
    )
    if departments[0]:
        yield Text(f"beside these {departments[0]} reports of departments, {departments[1]} of them late")
    yield Text(LEGEND, "dim")


def _cell(row: dict[str, Any] | None) -> Text:
    """Two characters: the sign, or the days; nothing where the region did not exist."""
    if row is None:
        return Text("  ")
    sign, style = SIGNS[row["status"]]
    if row["status"] == "archived" and row["days_late"]:
        return Text(f"{min(row['days_late'], MOST_DAYS):>2}", "yellow")
    return Text(f" {sign}", style)
