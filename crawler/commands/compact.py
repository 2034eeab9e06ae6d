"""`nianbao compact`: the archive's file is made smaller; nothing that is in it changes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.archive.archive import Archive
from crawler.commands.common import archive_option, json_option, print_json, say
from crawler.records.errors import EXIT_ATTENTION, EXIT_DONE
from crawler.words.counts import counted


@click.command()
@archive_option
@json_option
def compact(archive: Path, as_json: bool) -> None:
    """Make the file smaller: bodies are packed anew, against the pages of their host that suit them best, and the file
    is written anew without free pages.

    Every body stays the same, byte for byte. It may be ended at any moment; the next one goes on. Where something was
    packed before, only what came since is packed. It takes up to twice the bytes of the file for a while. Exit code 1:
    the file could not be written anew, or a body is damaged.
    """
    with Archive.open(archive, create=False) as opened:
        opened.lock()
        result = opened.compact()
    done = result.repacking
    say(
        f"{counted(done.packed, 'body', 'bodies')} packed anew: {result.bodies_before:,} bytes packed before,"
        f" {result.bodies_after:,} now; {counted(done.made, 'dictionary', 'dictionaries')} made, {done.dropped} dropped"
    )
    for sha256 in done.damaged:
        say(f"the body {sha256} is damaged, and was left as it is; `nianbao verify` says whose it is")
    say(f"{archive}: {result.before:,} bytes before, {result.after:,} now")
    if result.unwritten is not None:
        say(f"the file is not written anew yet: {result.unwritten}; then `nianbao compact` again")
    if as_json:
        print_json(
            {
                "archive": str(archive),
                "before": result.before,
                "after": result.after,
                "bodies_before": result.bodies_before,
                "bodies_after": result.bodies_after,
                "packed": done.packed,
                "dictionaries_made": done.made,
                "dictionaries_dropped": done.dropped,
                "damaged": done.damaged,
                "written_anew": result.unwritten is None,
            }
        )
    sys.exit(EXIT_ATTENTION if done.damaged or result.unwritten is not None else EXIT_DONE)
