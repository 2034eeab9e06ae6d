"""`nianbao crawl`: walk portals, archive what is new or changed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from crawler.archive.archive import Archive
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
    sample_notice,
    say,
    with_sample_option,
)
from crawler.commands.log import MOST_LISTED, findings
from crawler.portals.selection import select
from crawler.records.errors import EXIT_ATTENTION, NianbaoError
from crawler.records.problemkinds import PROBLEM_KINDS
from crawler.records.problems import ATTENTION_ABOVE, ATTENTION_KINDS, attention_kinds
from crawler.reference.deadlines import parse_years
from crawler.runs import lifeline
from crawler.runs.recheck import parse_recheck
from crawler.words.counts import counted
from crawler.words.durations import parse_at_most


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...", type=WORDS)
@profile_option
@click.option("--years", default="", type=WORDS, metavar="A-B", help="Only reports on these years.")
@click.option(
    "--recheck",
    default="",
    metavar="AGE|all",
    type=WORDS,
    help="Ask again for what has not answered for so long (12h, 30d, 2w); usually soon after it appeared, then rarely.",
)
@click.option(
    "--retry-problems", is_flag=True, help="Ask again for what had a problem, and walk every list to its end."
)
@click.option(
    "--at-most",
    default="",
    metavar="DURATION",
    help="End the run after so long (90s, 45m, 6h): what is under way is finished, and the next run goes on.",
)
@click.option(
    "--while-told",
    is_flag=True,
    help="End the run as on SIGTERM when standard input, a pipe, ends or has brought no byte for --silence.",
)
@click.option(
    "--silence",
    type=click.FloatRange(0, min_open=True),
    default=lifeline.SILENCE,
    show_default=True,
    metavar="SECONDS",
    help="With --while-told: the longest silence; a run that has not ended after as long again is ended.",
)
@click.option(
    "--requisites",
    is_flag=True,
    help="Fetch the styles, pictures and fonts of the pages as well, so that they can be shown as they looked.",
)
@click.option(
    "--offline",
    type=click.Path(path_type=Path),
    metavar="ARCHIVE|WARC",
    help="Ask nobody: walk over the captures of an archive or a WARC file (.warc, .warc.gz), at their own times.",
)
@click.option(
    "--feed",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write an Atom feed of the reports that runs found new, changed, moved, gone or returned.",
)
@contact_option("whoever runs a portal")
@with_sample_option
@jobs_option
@click.option("--log-json", is_flag=True, help="Say everything on standard error as one JSON object a line.")
@archive_option
@json_option
def crawl(
    portals: tuple[str, ...],
    profiles: tuple[Path, ...],
    years: str,
    recheck: str,
    retry_problems: bool,
    at_most: str,
    while_told: bool,
    silence: float,
    requisites: bool,
    offline: Path | None,
    feed: Path | None,
    contact: str,
    with_sample: bool,
    jobs: int,
    log_json: bool,
    archive: Path,
    as_json: bool,
) -> None:
    """Walk portals from home page to report; archive what is new or changed. No PORTAL and no --profile: all known."""
    if while_told:
        lifeline.hold(silence)
    from crawler.runs import run  # isort: skip -- first, see there; `nianbao --help` need not wait for Scrapy
    from crawler.runs import feed as atom
    from crawler.runs import files
    from crawler.runs.logs import line

    select(portals, profiles)
    parse_years(years)
    parse_recheck(recheck)
    parse_at_most(at_most)
    check_contact(contact)
    if feed is not None:
        files.check(feed, "--feed")

    def tell(event: str, message: str, **fields: Any) -> None:
        say(line(event, message, **fields) if log_json else message)

    if not contact and offline is None:
        tell("no_contact", "no contact is set: name an e-mail address or a web page by --contact or NIANBAO_CONTACT")
    if log_json:
        tell("run_begins", "the run begins", portals=[profile.id for profile in select(portals, profiles)])
    options = run.Options(
        years,
        recheck,
        retry_problems,
        contact,
        log_json,
        at_most,
        with_sample,
        offline,
        look_on=True,
        jobs=jobs,
        requisites=requisites,
    )
    result = run.crawl(archive, portals, profiles, options)
    report(result, archive, tell)
    if feed is not None:
        try:
            with Archive.read(archive) as reading:
                atom.write(feed, reading.uuid(), reading.events.newest(atom.ENTRIES))
        except NianbaoError as error:
            # The run is kept; only its feed is not there.
            tell("feed_failed", str(error))
            result["exit_code"] = result["exit_code"] or EXIT_ATTENTION
    if as_json:
        print_json(result)
    sys.exit(result["exit_code"])


Tell = Callable[..., None]
"""Says something to the person, or the log: event, message, further fields."""


def say_plainly(event: str, message: str, **fields: Any) -> None:
    """The sentence alone."""
    say(message)


def report(result: dict[str, Any], archive: Path, tell: Tell = say_plainly) -> None:
    """Say on standard error what a run found, and what of it wants a person."""
    pages = ", ".join(f"{count} {kind}" for kind, count in result["pages"].items()) or "none"
    for failure in result["damaged"]:
        tell("archive_damaged", damage_under_run(failure))
    size = f"{counted(result['requests'], 'request')}, {counted(result['bytes'], 'byte')}"
    tell("run_ended", f"{result['status']}: {size}", run=result["id"])
    if (source := result["source"]) is not None:
        missing = result["problem_kinds"].get("not_captured", 0)
        message = f"nobody was asked: {source} answered; {missing} ways led to what is not in it"
        if broken := result["source_broken"]:
            message += f", {broken} records of it could not be used"
        tell("offline", message, source=source, missing=missing, broken=broken)
    tell("pages", f"pages archived: {pages}", **result["pages"])
    counts = {name: result[f"reports_{name}"] for name in ("new", "changed", "gone")} | {"archive": result["reports"]}
    words = [f"{counts[name]} {name}" for name in ("new", "changed", "gone")]
    tell("reports", f"reports: {', '.join(words)}, {counts['archive']} in the archive", **counts)
    # A first run finds everything; the list is for the runs after it.
    if result["id"] > 1:
        for sentence in findings(result["found"], MOST_LISTED):
            tell("found", sentence.strip())
    if result["problem_kinds"]:
        kinds = ", ".join(f"{count} {kind}" for kind, count in result["problem_kinds"].items())
        tell("problems", f"problems: {kinds}", **result["problem_kinds"])
    with Archive.read(archive) as reading:
        for problem in reading.runs.problems(result["id"]):
            if problem["kind"] in ATTENTION_KINDS:
                message = f"wants a person: {problem['kind']} at {problem['url']}: {problem['detail']}"
                tell("wants_a_person", message, kind=problem["kind"], url=problem["url"], portal=problem["portal"])
        for kind in attention_kinds(result["problem_kinds"]):
            if above := ATTENTION_ABOVE[kind]:
                count, meaning = result["problem_kinds"][kind], PROBLEM_KINDS[kind].meaning
                message = f"wants a person: {count} {kind}, more than {above} in a run: {meaning}; see its problems"
                tell("wants_a_person", message, kind=kind, count=count)
        for outlook in result["outlooks"]:
            what = (
                f"{outlook['portal']} held before and broke at {outlook['url']}: {outlook['detail']};"
                " it was looked on from there"
            )
            if outlook["path"] is None:
                message = f"{what}: no report was seen"
            else:
                way = " → ".join(outlook["trail"]) or "its home page"
                message = f"{what}: {outlook['reports']} reports by {way}. Proposed, and not applied: {outlook['path']}"
            tell("looked_on", message, **outlook)
        if sample := reading.portals.samples():
            tell("sample", sample_notice(archive, sample), portals=sample)
