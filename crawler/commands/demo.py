"""`nianbao demo`: the same job over the sample portal, served on loopback."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from crawler.commands.common import archive_option, json_option, say

PORTS = (18610, 18611)
"""The same on every run where they are free, so that a second run finds the addresses of the first."""


@click.command()
@archive_option
@json_option
def demo(archive: Path, as_json: bool) -> None:
    """Crawl the sample portal, served on this machine: 13 districts of 沈阳, 2014 to 2024, sample data but for one report."""
    from crawler import run
    from crawler.commands.crawl import report
    from crawler.sample import SamplePortal

    with SamplePortal().serve(PORTS) as portal, tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "sample.toml"
        profile.write_text(portal.profile_toml, encoding="utf-8")
        say(f"the sample portal is served at {portal.home}")
        result = run.crawl(archive, [], [profile])
    say("")
    say(f"Look at it:  datasette {archive}")
    say(f'or ask it:   sqlite-utils {archive} "select region, report_year, title from reports limit 5"')
    report(result, archive, as_json)
