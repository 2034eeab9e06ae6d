"""`nianbao redact`: a page is removed on a legal demand, with all that came from it; a tombstone stays."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from crawler.archive.archive import Archive
from crawler.archive.derive.demands import quotes
from crawler.archive.derive.redaction import Demand, Outcome
from crawler.archive.file.captures import Derive
from crawler.archive.file.tombstones import sentence
from crawler.commands.common import archive_option, json_option, print_json, say
from crawler.records.errors import EXIT_ATTENTION, EXIT_DONE, NianbaoError
from crawler.words.counts import counted

MOST_NAMED = 10
"""Pages named that stay and quote what goes; the others are counted."""
_ELSEWHERE = (
    "not touched: backups and copies of this file, exports, feeds, WARC files that were imported; a running site is to"
    " be started again"
)


@click.command()
@click.argument("what", metavar="CAPTURE|URL|SHA256…", nargs=-1)
@click.option("--reason", default="", metavar="TEXT", help="Why; stays with the tombstone. Needed.")
@click.option("--rule", default="", metavar="TEXT", help="By which rule: the article of a law, the number of a demand.")
@click.option("--copies", is_flag=True, help="Remove reports at other addresses that have the same text, too.")
@click.option("--dry-run", is_flag=True, help="Say what would go and what would stay; touch nothing.")
@click.option("--yes", is_flag=True, help="Do not ask on a terminal.")
@click.option("--undo", is_flag=True, help="Let what is redacted be archived again when it is met the next time.")
@click.option("--finish", is_flag=True, help="Wipe from the file what an earlier redaction removed and could not wipe.")
@archive_option
@json_option
def redact(
    what: tuple[str, ...],
    reason: str,
    rule: str,
    copies: bool,
    dry_run: bool,
    yes: bool,
    undo: bool,
    finish: bool,
    archive: Path,
    as_json: bool,
) -> None:
    """Remove pages on a legal demand: the captures of an address, the one with a number, or all of a body.

    Bytes, text, figures, index and files of the page go, and the file is written anew without them; the row of the
    capture stays, with a tombstone: hash, length, when, why, by which rule. Later runs and imports keep out the same
    bytes, and the same text in other bytes, until --undo. Exit code 1: the file could not be wiped yet.
    """
    if finish == bool(what):
        raise click.UsageError("name what to redact (a capture's number, an address, a SHA-256), or --finish alone")
    reason, rule = reason.strip(), rule.strip()
    if not finish and not reason and not dry_run:
        raise click.UsageError("--reason is missing; expected why it is done, in words that may stay for ever")
    from crawler.reading.derivation import Derivation  # with all stages
    from crawler.reading.pool import Pool

    with Archive.open(archive, create=False) as opened, Pool() as pool:
        opened.lock()
        cautious = opened.cautious(Derivation(pool))
        opened.take_in(cautious)
        if finish:
            outcome: dict[str, Any] = {}
        elif undo:
            outcome = _undo(opened, what, reason)
        else:
            outcome = _redact(opened, cautious, what, Demand(reason, rule or None), copies, dry_run, yes)
        unwiped = None if dry_run or undo else opened.wipe()
    if unwiped is not None:
        say(f"removed, but the file is not wiped yet: {unwiped}; then `nianbao redact --finish`")
    elif finish:
        say("nothing that was removed is in the file any more")
    if as_json:
        print_json({"archive": str(archive), **outcome, "wiped": None if dry_run or undo else unwiped is None})
    sys.exit(EXIT_ATTENTION if unwiped is not None or outcome.get("damaged") else EXIT_DONE)


def _redact(
    opened: Archive,
    derive: Derive,
    what: tuple[str, ...],
    demand: Demand,
    copies: bool,
    dry_run: bool,
    yes: bool,
) -> dict[str, Any]:
    ids = [number for name in what for number in opened.demands.named(name)]
    plan = opened.demands.plan(derive, ids, copies)
    for number in plan.known:
        redaction = opened.captures.redaction(number)
        say(f"capture {number}: {sentence(redaction) if redaction else ''}")
    if not plan.pages and not plan.known:
        raise NianbaoError(f"what {', '.join(what)} names has no bytes to remove: its bodies are empty")
    rows = opened.demands.described(plan)
    lines = quotes(plan.pages.values())
    stays = [*plan.left, *opened.demands.quoting(lines, plan.pages)]
    verb = "would go" if dry_run else "to go"
    for row in rows:
        reports = ", ".join(f"report {number}" for number in row["reports"])
        say(
            f"{verb}: capture {row['id']}, {row['kind']} of {row['url']} at {row['fetched_at']},"
            f" {counted(row['length'], 'byte')} ({'; '.join(filter(None, [row['why'], reports]))})"
        )
    _say_some("stays", stays)
    summary: dict[str, Any] = {"captures": rows, "known": plan.known, "stays": stays, "dry_run": dry_run}
    if dry_run or not rows:
        return summary
    if not yes and sys.stdin.isatty():
        click.confirm(f"Remove {counted(len(rows), 'capture')} for good?", abort=True, err=True)
    outcome: Outcome = opened.redact(derive, plan.pages, demand)
    say(
        f"{counted(outcome.bodies, 'body', 'bodies')} of {counted(outcome.captures, 'capture')} removed,"
        f" {counted(outcome.reports, 'report')} derived again,"
        f" {counted(outcome.notes, 'review note')} emptied,"
        f" {counted(outcome.packed_anew, 'body', 'bodies')} packed anew"
    )
    for sha256 in outcome.damaged:
        say(f"the body {sha256} was damaged before and could not be packed anew; it stays damaged")
    held = opened.demands.held(lines)
    _say_some("left", held)
    say(_ELSEWHERE)
    return summary | {
        "bodies": outcome.bodies,
        "reports": outcome.reports,
        "notes": outcome.notes,
        "packed_anew": outcome.packed_anew,
        "damaged": outcome.damaged,
        "held": held,
    }


def _undo(opened: Archive, what: tuple[str, ...], reason: str) -> dict[str, Any]:
    bodies: set[str] = set()
    for name in what:
        for number in opened.demands.named(name):
            redaction = opened.captures.redaction(number)
            if redaction is not None and redaction["lifted_at"] is None:
                bodies.add(redaction["sha256"])
    if not bodies:
        raise NianbaoError(f"nothing of {', '.join(what)} is redacted; expected a capture whose redaction is in force")
    count = opened.lift(sorted(bodies), reason)
    lifted = counted(count, "redaction")
    say(f"{lifted} lifted; the next crawl that asks, or an import, brings back what it finds, nothing else")
    return {"lifted": count}


def _say_some(word: str, sentences: list[str]) -> None:
    for line in sentences[:MOST_NAMED]:
        say(f"{word}: {line}")
    if len(sentences) > MOST_NAMED:
        say(f"{word}: and {len(sentences) - MOST_NAMED} more")
