"""`nianbao demo`: the same job over the sample portal, served on loopback."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from crawler.archive.queries.canned import EXAMPLE
from crawler.commands.common import DEFAULT_ARCHIVE, DEMO_ARCHIVE, json_option, print_json, say
from crawler.commands.crawl import report
from crawler.records.errors import ArchiveError

PORT = 18610
"""The city's, the district's is the next: the same on every run, so that a second finds the addresses of the first."""


@click.command()
@click.option(
    "--archive",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEMO_ARCHIVE,
    show_default=True,
    help="The sample's archive, one SQLite file of its own; one with reports of real portals is refused.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65534),
    help=f"Serve the sample portal at this port of 127.0.0.1 and the next.  [default: {PORT}, or what is free]",
)
@json_option
def demo(archive: Path, port: int | None, as_json: bool) -> None:
    """Crawl the sample portal, served on this machine: 13 districts, 2014 to 2024, all but one report made up.

    The archive is one of its own, whatever NIANBAO_ARCHIVE says. A report's address has the port in it: over an archive
    that holds the sample, the portal is served at the ports of the first run, or, where these are taken, not at all.
    """
    from crawler.runs import run
    from crawler.sample import SamplePortal
    from crawler.sample.serving import PortTakenError

    ports = _known(archive)
    wanted = (port or PORT, (port or PORT) + 1)
    if ports is not None and port is not None and ports != wanted:
        raise ArchiveError(f"{archive} holds the sample at ports {_words(ports)}, not {_words(wanted)}; {_WAYS_OUT}")
    with ExitStack() as stack:
        try:
            portal = stack.enter_context(SamplePortal().serve(ports or wanted, exact=bool(ports or port)))
        except PortTakenError as error:
            held = f", at which {archive} holds the sample" if ports is not None else ""
            raise ArchiveError(f"{error}{held}; {_WAYS_OUT if held else 'name another by --port'}") from None
        folder = stack.enter_context(tempfile.TemporaryDirectory())
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


_WAYS_OUT = "elsewhere all its reports would seem to have moved: free them, or name a new file by --archive"


def _known(archive: Path) -> tuple[int, int] | None:
    """The ports at which an archive holds the sample; None where there is none, or one that a run will refuse."""
    if not archive.exists():
        return None
    from crawler.archive.archive import Archive

    with Archive.read(archive) as reading:
        return reading.portals.sample_ports()


def _words(ports: tuple[int, int]) -> str:
    return f"{ports[0]} and {ports[1]}"
