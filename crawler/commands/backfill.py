"""`nianbao backfill`: fill gaps with what web archives hold of the portals of then."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.archive.archive import Archive
from crawler.archive.catalogue import Catalogue
from crawler.commands.common import (
    WORDS,
    archive_option,
    check_contact,
    contact_option,
    damage_under_run,
    jobs_option,
    json_option,
    print_json,
    profile_option,
    say,
    with_sample_option,
)
from crawler.mementos import archives
from crawler.mementos.plan import Task
from crawler.portals.profile import Profile
from crawler.portals.selection import select
from crawler.records.errors import EXIT_ATTENTION, EXIT_DONE
from crawler.records.problems import ATTENTION_KINDS
from crawler.reference.deadlines import parse_years
from crawler.runs.gaps import open_years
from crawler.words.counts import counted


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...", type=WORDS)
@profile_option
@click.option(
    "--source",
    "wanted",
    multiple=True,
    type=WORDS,
    metavar="NAME|FILE|URL",
    help="A web archive: a name out of --sources, a file (*.toml), or a pywb collection's address; may be repeated.",
)
@click.option("--sources", "listing", is_flag=True, help="List the web archives that ship with the program, and end.")
@click.option("--years", default="", type=WORDS, metavar="A-B", help="Only reports on these years.")
@click.option(
    "--missing-only",
    is_flag=True,
    help="Only the years of which coverage says that a report is missing, as long as it says so.",
)
@contact_option("whoever runs a web archive")
@with_sample_option
@jobs_option
@archive_option
@json_option
def backfill(
    portals: tuple[str, ...],
    profiles: tuple[Path, ...],
    wanted: tuple[str, ...],
    listing: bool,
    years: str,
    missing_only: bool,
    contact: str,
    with_sample: bool,
    jobs: int,
    archive: Path,
    as_json: bool,
) -> None:
    """Ask web archives for what portals have lost, and walk the portals of then over their captures.

    What comes is cited as archived by whom and when (captures.source), and undoes nothing newer. What was asked is
    kept (tables inquiries, mementos), so that another backfill goes on where this one ended, and coverage says of each
    gap who was asked and what they had. Asks the web archives alone, slowly; the portals themselves are not asked.
    """
    if listing:
        _list(as_json)
        return
    check_contact(contact)
    sources = archives.select(wanted)
    chosen = select(portals, profiles)
    spans = {profile.id: parse_years(years) for profile in chosen}
    if missing_only:
        spans = _gaps(archive, chosen, spans)
        chosen = [profile for profile in chosen if profile.id in spans]
        if not chosen:
            say("coverage knows of no gap in these years; nobody was asked")
            if as_json:
                print_json({"archive": str(archive), "runs": [], "exit_code": EXIT_DONE})
            return
    if not contact:
        say("no contact is set: name an e-mail address or a web page by --contact or NIANBAO_CONTACT")
    from crawler.runs.backfill import Backfill  # with Scrapy

    task = Task(archive, chosen, spans, sources, contact, jobs, with_sample, missing_only)
    work = Backfill(task, lambda event, message, **fields: say(message))
    work.run()
    counts = work.counts
    say(
        f"{counted(counts['requests'], 'request')}, {counted(counts['inquiries'], 'inquiry', 'inquiries')},"
        f" {counted(counts['rows'], 'capture')} named, {counts['kept']} taken, {counts['memento_refused']} refused;"
        f" {counted(counts['walks'], 'walk')}; {counted(counts['reports_new'], 'report')} new"
    )
    for why in work.resting:
        say(f"wants a person: left alone: {why}; the next backfill goes on")
    attention = sorted(kind for kind in counts if kind in ATTENTION_KINDS)
    for kind in attention:
        say(f"wants a person: {counts[kind]} {kind}; see the problems of run {work.runs[0]}")
    with Archive.read(archive) as reading:
        damaged = reading.glance()
    for failure in damaged:
        say(damage_under_run(failure))
    code = EXIT_ATTENTION if attention or damaged or work.resting else EXIT_DONE
    if as_json:
        names = ("requests", "inquiries", "rows", "kept", "memento_refused", "memento_distant", "walks", "reports_new")
        figures = {name.replace("memento_", ""): counts[name] for name in names}
        print_json({"archive": str(archive), "runs": work.runs, **figures, "resting": work.resting, "exit_code": code})
    sys.exit(code)


def _list(as_json: bool) -> None:
    shipped = archives.bundled().values()
    if as_json:
        names = ("name", "title", "dialect", "index", "replay", "delay", "terms", "verified")
        print_json({"sources": [{name: getattr(source, name) for name in names} for source in shipped]})
        return
    for source in shipped:
        tried = f"tried on {source.verified}" if source.verified else "unverified: nobody has tried it yet"
        click.echo(
            f"{source.name}: {source.title} ({source.dialect}, {source.delay:g} s between two requests; {tried})"
        )
        click.echo(f"  {source.index}\n  terms: {source.terms}")


def _gaps(archive: Path, chosen: list[Profile], spans: dict[str, range]) -> dict[str, range]:
    """For each portal with a gap the years from its first gap to its last; they are said."""
    gaps = {}
    with Catalogue.read(archive) as reading:
        for profile in chosen:
            if years := sorted(open_years(reading, profile.id, spans[profile.id])):
                say(f"{profile.id}: {counted(len(years), 'year')} with gaps: {', '.join(map(str, years))}")
                gaps[profile.id] = range(years[0], years[-1] + 1)
    return gaps
