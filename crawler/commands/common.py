"""What every command shares: the --archive and --json options, and errors as one sentence with an exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from crawler.archive.archive import Archive
from crawler.errors import ArchiveError

DEFAULT_ARCHIVE = "data/archive.db"


class _Words(click.ParamType[str]):
    """Text without white space around it: what a file with Windows' line ends, or a paste, leaves on an argument."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The value as it is meant."""
        return str(value).strip()


WORDS = _Words()
"""The type of every argument that is neither a file nor a number: a report, an address, an id, a span of years."""

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


def report_id(reading: Archive, what: str, archive: Path) -> int:
    """The report that a person names, by its number or one of its addresses. Raises ArchiveError for none."""
    found = reading.find_report(what)
    if found is None:
        raise ArchiveError(f"{archive} has no report {what!r}; expected a report's number or one of its addresses")
    return found
