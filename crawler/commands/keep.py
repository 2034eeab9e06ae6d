"""Commands over all that is kept: `verify`, `rebuild`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.archive.archive import Archive
from crawler.archive.derive.comparison import SAMPLE
from crawler.commands.common import archive_option, jobs_option, json_option, print_json, say
from crawler.records.errors import EXIT_ATTENTION
from crawler.words.counts import counted


@click.command()
@click.option("--all", "every", is_flag=True, help="Derive every row again, in a copy, instead of a sample.")
@click.option(
    "--sample", "count", type=click.IntRange(0), default=SAMPLE, show_default=True, help="Captures derived again."
)
@jobs_option
@archive_option
@json_option
def verify(every: bool, count: int, jobs: int, archive: Path, as_json: bool) -> None:
    """Hash every body again, follow every reference, ask SQLite for its own check, and derive a sample again.

    A run may be writing meanwhile. Exit code 1 where anything is wrong; each thing is one sentence.
    """
    from crawler.reading.derivation import Derivation  # with all stages
    from crawler.reading.pool import Pool

    with Archive.read(archive) as reading, Pool(jobs) as pool:
        failures = reading.verify(Derivation(pool), count=count, every=every)
    for failure in failures:
        say(failure)
    say(counted(len(failures), "failure") if failures else "sound")
    if as_json:
        print_json({"archive": str(archive), "failures": failures})
    sys.exit(EXIT_ATTENTION if failures else 0)


@click.command()
@click.option("--all", "every", is_flag=True, help="Read captures that this very program has read as well.")
@jobs_option
@archive_option
@json_option
def rebuild(every: bool, jobs: int, archive: Path, as_json: bool) -> None:
    """Derive rows again from the captures, without the network: after an update of the program, or of what reads
    documents.

    Captures that this very program derived are left as they are; --all derives every row again, for what `verify` finds
    wrong.
    """
    from crawler.reading.derivation import Derivation  # with all stages
    from crawler.reading.pool import Pool

    with Archive.open(archive, create=False) as writing, Pool(jobs) as pool:
        writing.lock()
        result = writing.rebuild(Derivation(pool), every=every)
    say(f"{counted(result['captures'], 'capture')} read, {counted(result['reports'], 'report')} derived")
    if result["left"]:
        say(f"{counted(result['left'], 'capture')} left as this program derived them; --all reads them, too")
    if as_json:
        print_json({"archive": str(archive), **result})
