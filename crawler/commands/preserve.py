"""`nianbao preserve`: hand addresses of reports to a web archive for keeping, or write them down for another."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from crawler.archive.archive import Archive
from crawler.commands.common import (
    WORDS,
    archive_option,
    check_contact,
    contact_option,
    json_option,
    print_json,
    say,
)
from crawler.mementos import archives
from crawler.mementos.client import Client
from crawler.mementos.preservation import Due, Preservation, due
from crawler.records.errors import EXIT_ATTENTION, EXIT_DONE, ArchiveError, NianbaoError
from crawler.runs import files
from crawler.words.counts import counted
from crawler.words.durations import parse_at_most


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...", type=WORDS)
@click.option(
    "--to",
    "where",
    default="wayback",
    type=WORDS,
    metavar="NAME|FILE|URL",
    show_default=True,
    help="A web archive with a [save] in its file, by name or by file (*.toml), or a Save Page endpoint's address.",
)
@click.option("--since", default="", type=WORDS, metavar="DAY", help="Only reports that are new or changed since.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Hand in so many addresses at most."
)
@click.option("--at-most", default="", metavar="DURATION", help="Begin nothing more after so long (90s, 45m, 6h).")
@click.option(
    "--list",
    "listing",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Ask nobody: write the addresses that are due, one a line, for another archive (- is standard output).",
)
@contact_option("whoever runs the web archive")
@archive_option
@json_option
def preserve(
    portals: tuple[str, ...],
    where: str,
    since: str,
    limit: int,
    at_most: str,
    listing: Path | None,
    contact: str,
    archive: Path,
    as_json: bool,
) -> None:
    """Have a web archive keep the pages and files of reports, so that there are other copies than this archive's.

    Hands in what is new or changed since the web archive last took it, and what it could not take; one address at a
    time, at its own pace. Its answers are kept (table submissions; show and the site say them). Only what stands at a
    portal is handed in: nothing redacted, made up, gone, or on a private network. --list keeps no note of anything.
    """
    check_contact(contact)
    target, seconds, day = archives.endpoint(where), parse_at_most(at_most), _day(since)
    if listing is not None and str(listing) != "-":
        files.check(listing, "--list")
    with Archive.open(archive, create=False) if listing is None else Archive.read(archive) as opened:
        for portal in portals:
            if portal not in opened.portals.ids():
                raise ArchiveError(f"{archive} has nothing of portal {portal!r}; crawl it first")
        wanted, closed = due(opened, target.name, portals, day)
        if closed:
            say(f"{counted(closed, 'address', 'addresses')} left out: on this machine or a private network")
        if listing is not None:
            _write(listing, wanted, as_json, archive)
            return
        if not contact:
            say("no contact is set: name an e-mail address or a web page by --contact or NIANBAO_CONTACT")
        if not target.verified:
            say(f"{target.name} is unverified: nobody has tried its endpoint yet")
        opened.lock()
        client = Client(target, contact)
        work = Preservation(opened, client, seconds, say)
        try:
            work.run(wanted[:limit], portals)
        finally:
            client.close()
    rest = len(wanted) - len(wanted[:limit]) + work.remainder
    counts = {name: work.counts[name] for name in ("archived", "pending", "failed", "refused")}
    words = ", ".join(f"{count} {name}" for name, count in counts.items())
    say(f"{counted(client.requests, 'request')} of {target.name}: {words}; {rest} left for the next call")
    for why in work.reasons:
        say(f"wants a person: {why}")
    code = EXIT_ATTENTION if work.reasons else EXIT_DONE
    if as_json:
        figures = {"archive": str(archive), "to": target.name, "due": len(wanted), "requests": client.requests}
        print_json(figures | counts | {"left": rest, "left_out": closed, "told": work.reasons, "exit_code": code})
    sys.exit(code)


def _day(text: str) -> str:
    """Raises NianbaoError for what is no day."""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise NianbaoError(f"--since is {text!r}; expected a day, as in 2026-03-31") from None


def _write(listing: Path, wanted: Due, as_json: bool, archive: Path) -> None:
    text = "".join(f"{url}\n" for _, url in wanted)
    if str(listing) == "-":
        click.echo(text, nl=False)
    else:
        files.put(listing, text.encode(), "the list")
    say(f"{counted(len(wanted), 'address', 'addresses')} written; nothing was handed in")
    if as_json:
        print_json({"archive": str(archive), "due": len(wanted), "list": str(listing), "exit_code": EXIT_DONE})
