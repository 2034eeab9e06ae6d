"""`nianbao merge`: many archives into one, as if one had seen all that they saw in the order of time."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from crawler.archive.archive import Archive
from crawler.commands.common import jobs_option, json_option, print_json, say, with_sample_option
from crawler.records.errors import EXIT_ATTENTION, EXIT_DONE, NianbaoError
from crawler.words.counts import counted


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("sources", metavar="SOURCE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@with_sample_option
@jobs_option
@json_option
def merge(target: Path, sources: tuple[Path, ...], with_sample: bool, jobs: int, as_json: bool) -> None:
    """Many archives into one: TARGET is a new file, or one that this command made before; each SOURCE is only read.

    Reports of one identity become one, with all their addresses and versions in the order in which they were met,
    whatever the order of merging. What one archive redacted is removed of all. A source in which nothing is new is
    skipped; each of the others comes whole or not at all, so the command may be ended at any moment and given again.
    A source that cannot be merged is named, the others are merged all the same, and the exit code is that of the first
    such error. Exit code 1: what was removed could not be wiped from the file yet.
    """
    from crawler.reading.derivation import Derivation  # with all stages
    from crawler.reading.pool import Pool

    mergers, errors = [], []
    with Archive.open(target) as opened, Pool(jobs) as pool:
        opened.lock()
        derive = Derivation(pool)
        for source in sources:
            try:
                merger = opened.merge(source, derive, with_sample=with_sample)
            except NianbaoError as error:
                say(str(error))
                errors.append(error)
                continue
            mergers.append(merger)
            if merger.skipped:
                say(f"{source}: nothing new")
                continue
            say(
                f"{source}: {counted(merger.captures, 'capture')} new, {counted(merger.copied, 'report')} as they were,"
                f" {counted(merger.placed, 'report')} placed among others"
            )
            if merger.removed:
                say(f"{source}: {counted(merger.removed, 'copy', 'copies')} of redacted pages removed")
        unwiped = opened.wipe()
    if unwiped is not None:
        say(f"removed, but the file is not wiped yet: {unwiped}; then `nianbao redact --finish`")
    if as_json:
        print_json(
            {
                "target": str(target),
                "sources": [asdict(merger) for merger in mergers],
                "errors": list(map(str, errors)),
                "wiped": unwiped is None,
            }
        )
    if errors:
        sys.exit(errors[0].exit_code)
    sys.exit(EXIT_ATTENTION if unwiped is not None else EXIT_DONE)
