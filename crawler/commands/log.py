"""`nianbao log`: what each run found, and how long ago each portal's last good run was."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from crawler.archive.catalogue import Catalogue
from crawler.archive.file.lock import Holder, holder_of, utc
from crawler.commands.common import WORDS, archive_option, json_option, print_json, sample_notice
from crawler.records.errors import EXIT_ATTENTION, EXIT_DONE
from crawler.runs import files, pulse
from crawler.words.counts import counted

MOST_LISTED = 10
"""Findings of one kind listed of one run, unless all are asked for; a first run finds thousands."""


@click.command()
@click.option("--runs", type=click.IntRange(1), default=10, show_default=True, help="How many of the last runs.")
@click.option("--all", "every", is_flag=True, help="List every report found, however many.")
@click.option(
    "--check",
    default="",
    type=WORDS,
    metavar="AGE",
    help="Say in one line whether a run finished within so long (36h, 2d) and nothing wants a person; exit code 1: no.",
)
@click.option(
    "--prometheus",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write metrics of runs and portals as Prometheus's node_exporter reads them from a file.",
)
@archive_option
@json_option
def log(runs: int, every: bool, check: str, prometheus: Path | None, archive: Path, as_json: bool) -> None:
    """What the last runs found: reports new, changed, moved, gone and returned, and the problems they met."""
    if check or prometheus is not None:
        sys.exit(_watch(archive, check, prometheus, as_json))
    with Catalogue.read(archive) as reading:
        entries = reading.runs.latest(runs)
        good = reading.runs.last_good()
        sample = reading.portals.samples()
    _look_at_running(entries, holder_of(archive))
    if as_json:
        for run in entries:
            run["holder"] = asdict(run["holder"]) if run.get("holder") else None
        print_json({"archive": str(archive), "sample": sample, "runs": entries, "last_good": good})
        return
    if sample:
        click.echo(sample_notice(archive, sample))
    for run in entries:
        for line in _run(run, every):
            click.echo(line)
    now = datetime.now(UTC)
    for portal, at in good.items():
        click.echo(f"{portal}: last run without anything that wants a person: {_ago(at, now)}")


def _watch(archive: Path, check: str, prometheus: Path | None, as_json: bool) -> int:
    """For a machine: the metrics, the line, and the exit code that it earns."""
    age = pulse.parse_age(check) if check else None
    if prometheus is not None:
        files.check(prometheus, "--prometheus")
    now = datetime.now(UTC)
    with Catalogue.read(archive) as reading:
        state = pulse.pulse(reading, holder_of(archive), now)
    if prometheus is not None:
        files.put(prometheus, pulse.exposition(state), "the metrics")
    if age is None:
        return EXIT_DONE
    faults = pulse.wrong(state, age, now)
    if as_json:
        print_json({"archive": str(archive), "fine": not faults, "wrong": faults})
    else:
        click.echo(pulse.line(state, faults))
    return EXIT_ATTENTION if faults else EXIT_DONE


def _look_at_running(runs: list[dict[str, Any]], holder: Holder | None) -> None:
    """Of a run that says it is running: who holds the archive, or that its process is no longer there."""
    for run in runs:
        if run["status"] == "running":
            run["status"] = "broken_off" if holder is None else "overdue" if holder.overdue(utc()) else "running"
            run["holder"] = holder


def _run(run: dict[str, Any], every: bool) -> Iterator[str]:
    portals = ", ".join(run["portals"])
    yield f"run {run['id']}  {run['started_at']}  {run['status']}{_took(run)}  {portals}"
    holder: Holder | None = run.get("holder")
    if holder is not None:
        yield f"    {holder.words(utc())}"
    elif run["status"] == "broken_off":
        until = f", was to end by {run['deadline']}" if run["deadline"] else ""
        last = f", the last at {run['progress_at']}" if run["progress_at"] else ""
        yield f"    its process died: {counted(run['requests'], 'request')}{last}{until}"
    else:
        requests, size = counted(run["requests"], "request"), counted(run["bytes"], "byte")
        yield f"    {requests}, {run['not_modified']} not modified, {size}"
    yield from findings(run["found"], None if every else MOST_LISTED)
    if run["problem_kinds"]:
        yield "    problems: " + ", ".join(f"{count} {kind}" for kind, count in run["problem_kinds"].items())
    if run["wants_a_person"]:
        yield "    wants a person: " + ", ".join(run["wants_a_person"])


def findings(rows: list[dict[str, Any]], most: int | None) -> Iterator[str]:
    """What a run found, kind by kind, at most so many of each."""
    for kind in ("new", "changed", "moved", "gone", "returned"):
        events = [event for event in rows if event["kind"] == kind]
        for event in events[:most]:
            yield f"    {kind}: {event['detail']}  {event['url']}"
        if most is not None and len(events) > most:
            yield f"    {kind}: and {len(events) - most} more"


def _took(run: dict[str, Any]) -> str:
    if run["finished_at"] is None:
        return ""
    seconds = int((_time(run["finished_at"]) - _time(run["started_at"])).total_seconds())
    return f" in {seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _ago(at: str | None, now: datetime) -> str:
    if at is None:
        return "never"
    age = now - _time(at)
    hours = int(age.total_seconds() // 3600)
    return f"{at}, {counted(age.days, 'day') if age.days else counted(hours, 'hour')} ago"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
