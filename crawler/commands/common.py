"""What every command shares: the --archive and --json options, and errors as one sentence with an exit code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crawler.records.errors import ArchiveError, NianbaoError
from crawler.records.variables import count_of

if TYPE_CHECKING:
    from crawler.archive.catalogue import Catalogue

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_ARCHIVE = "data/archive.db"
DEMO_ARCHIVE = "data/demo.db"
"""The sample's own, so that made-up reports do not come among real ones."""


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


jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=lambda: _jobs(),
    show_default="one for each core but one",
    help="Processes that read pages; the rows are the same whatever their number.",
)


def contact_option(whom: str) -> Callable[[Command], Command]:
    """The option --contact of a command that asks others for pages; `whom` the contact is for."""
    return click.option(
        "--contact",
        default="",
        envvar="NIANBAO_CONTACT",
        show_envvar=True,
        metavar="ADDRESS",
        type=WORDS,
        help=f"An e-mail address or a web page in the user agent, for {whom}.",
    )


def check_contact(contact: str) -> None:
    """Raise NianbaoError for what is neither an e-mail address nor a web page, or would break the header."""
    if contact and not re.fullmatch(r"[!-~]+@[!-~]+\.[!-~]+|https?://[!-~]+", contact):
        raise NianbaoError(f"--contact is {contact!r}; expected an e-mail address or a web page's address")


with_sample_option = click.option(
    "--with-sample", is_flag=True, help="Let made-up reports of the sample portal and real ones into one archive."
)


def _jobs() -> int:
    from crawler.reading.pool import default_jobs  # with all stages

    return count_of("NIANBAO_JOBS", 0) or default_jobs()


def sample_notice(archive: Path, portals: list[str]) -> str:
    """The sentence that says of an archive which of its portals are made up."""
    return f"{archive} holds the sample: the reports of portal {', '.join(portals)} are made up"


def say(message: str) -> None:
    """A message for the person at the terminal; standard output stays for results. Nobody there to hear it is fine."""
    with suppress(BrokenPipeError):
        click.echo(message, err=True)


def print_json(value: Any) -> None:
    """One JSON object on one line of standard output; whoever does not read it does not change the exit code."""
    with suppress(BrokenPipeError):
        click.echo(json.dumps(value, ensure_ascii=False))


def damage_under_run(failure: str) -> str:
    """The sentence for what a glance at the archive found when a run had ended (`Archive.glance`)."""
    return (
        f"the archive was damaged under the run: {failure}; `nianbao verify` says what is left of it, go on with a copy"
    )


def report_id(reading: Catalogue, what: str, archive: Path) -> int:
    """The report that a person names, by its key, its number or one of its addresses. Raises ArchiveError for none."""
    number = reading.reports.find(what)
    if number is None:
        raise ArchiveError(f"{archive} has no report {what!r}; expected the key, the number or an address of a report")
    return number
