"""`nianbao portals`: the profiles at hand."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from crawler.commands.common import archive_option, json_option, print_json
from crawler.portals import bundled


@click.command()
@archive_option
@json_option
def portals(archive: Path, as_json: bool) -> None:
    """List the portals whose profiles ship with the program."""
    profiles = bundled().values()
    if as_json:
        print_json({"portals": [asdict(profile) for profile in profiles]})
        return
    for profile in profiles:
        click.echo(f"{profile.id}\t{profile.region}\t{profile.name}\t{profile.home}")
