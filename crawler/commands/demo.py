"""`nianbao demo`: the same job over the sample portal, served on loopback."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from crawler.archive.queries.canned import EXAMPLE
from crawler.commands.common import DEFAULT_ARCHIVE, DEMO_ARCHIVE, json_option, print_json, say
from crawler.commands.crawl import report

PORTS = (18610, 18611)
"""The same on every run where they are free, so that a second run finds the addresses of the first."""


@click.command()
@click.option(
    "--archive",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEMO_ARCHIVE,
    show_default=True,
    help="The sample's archive, one SQLite file of its own; one with reports of real portals is refused.",
)
@json_option
def demo(archive: Path, as_json: bool) -> None:
    """Crawl the sample portal, served on this machine: 13 districts, 2014 to 2024, all but one report made up.

    The archive is one of its own, whatever NIANBAO_ARCHIVE says.
    """
    from crawler.runs import run
    from crawler.sample import SamplePortal

    with SamplePortal().serve(PORTS) as portal, tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "sample.toml"
        profile.write_text(portal.profile_toml, encoding="utf-8")
        say(f"the sample portal is served at {portal.home}")
        result = run.crawl(archive, [], [profile])
    report(result, archive)
    scripts = Path(sys.executable).parent
    nianbao = scripts / "nianbao"
    say("")
    say(f"Look at it:  {nianbao} serve --archive {archive}   (or {scripts / 'datasette'} {archive})")
    say(f"Or read it:  {nianbao} coverage --archive {archive}   (so show, search, log, export …)")
    say(f'Or ask it:   {scripts / "sqlite-utils"} {archive} "{EXAMPLE}" --table')
    say(f"Real portals go into another file: {nianbao} crawl   (by default {DEFAULT_ARCHIVE})")
    if as_json:
        print_json(result)
    sys.exit(result["exit_code"])
