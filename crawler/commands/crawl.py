"""`nianbao crawl`: walk portals, archive what is new or changed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from crawler.archive.archive import Archive
from crawler.commands.common import archive_option, json_option, print_json, profile_option, say
from crawler.items import ATTENTION_KINDS
from crawler.portals import select
from crawler.recheck import parse_recheck
from crawler.reportyears import parse_years


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...")
@profile_option
@click.option("--years", default="", metavar="A-B", help="Only reports on these years.")
@click.option(
    "--recheck",
    default="",
    metavar="AGE|all",
    help="Ask again for what has not answered for so long (12h, 30d, 2w); usually soon after it appeared, then rarely.",
)
@click.option(
    "--retry-problems", is_flag=True, help="Ask again for what had a problem, and walk every list to its end."
)
@archive_option
@json_option
def crawl(
    portals: tuple[str, ...],
    profiles: tuple[Path, ...],
    years: str,
    recheck: str,
    retry_problems: bool,
    archive: Path,
    as_json: bool,
) -> None:
    """Walk portals from home page to report; archive what is new or changed. No PORTAL and no --profile: all known."""
    from crawler import run  # Scrapy takes a third of a second to import; `nianbao --help` need not wait for it

    select(portals, profiles)
    parse_years(years)
    parse_recheck(recheck)
    result = run.crawl(archive, portals, profiles, years, recheck, retry_problems)
    report(result, archive)
    if as_json:
        print_json(result)
    sys.exit(result["exit_code"])


def report(result: dict[str, Any], archive: Path) -> None:
    """Say on standard error what a run found, and what of it wants a person."""
    pages = ", ".join(f"{count} {kind}" for kind, count in result["pages"].items()) or "none"
    say(f"{result['status']}: {result['requests']} requests, {result['bytes']:,} bytes")
    say(f"pages archived: {pages}")
    say(
        f"reports: {result['reports_new']} new, {result['reports_changed']} changed, {result['reports']} in the archive"
    )
    if result["problem_kinds"]:
        say("problems: " + ", ".join(f"{count} {kind}" for kind, count in result["problem_kinds"].items()))
    with Archive.read(archive) as reading:
        for problem in reading.problems(result["id"]):
            if problem["kind"] in ATTENTION_KINDS:
                say(f"wants a person: {problem['kind']} at {problem['url']}: {problem['detail']}")
