"""What every command shares: the --archive and --json options, and errors as one sentence with an exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from crawler.archive.archive import Archive
from crawler.errors import ArchiveError

DEFAULT_ARCHIVE = "data/archive.db"

archive_option = click.option(
    "--archive",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEFAULT_ARCHIVE,
    envvar="NIANBAO_ARCHIVE",
    show_default=True,
    show_envvar=True,
    help="The archive, one SQLite file.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object as the last line.")

profile_option = click.option(
    "--profile",
    "profiles",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A portal's profile (TOML); may be repeated.",
)


def say(message: str) -> None:
    """A message for the person at the terminal; standard output stays for results."""
    click.echo(message, err=True)


def print_json(value: Any) -> None:
    """One JSON object on one line of standard output."""
    click.echo(json.dumps(value, ensure_ascii=False))


def damage_under_run(failure: str) -> str:
    """The sentence for what a glance at the archive found when a run had ended (`Archive.glance`)."""
    return (
        f"the archive was damaged under the run: {failure}; `nianbao verify` says what is left of it, go on with a copy"
    )


def report_id(reading: Archive, what: str, archive: Path) -> int:
    """The report that a person names, by its number or one of its addresses. Raises ArchiveError for none."""
    found = reading.find_report(what)
    if found is None:
        raise ArchiveError(f"{archive} has no report {what!r}; expected a report's number or one of its addresses")
    return found
