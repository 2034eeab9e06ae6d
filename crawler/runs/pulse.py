"""Whether the schedule works, for a machine to ask: one line, or metrics as Prometheus reads them from a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.archive.catalogue import Catalogue
from crawler.archive.file.lock import Holder
from crawler.records.errors import NianbaoError
from crawler.words.counts import counted
from crawler.words.durations import duration

MOST_NAMED = 5
"""Portals named in the line; the others are counted."""


@dataclass(slots=True)
class Pulse:
    """What is known of the runs: the newest, the newest that `finished`, by portal when its last good run ended and
    what wants a person, problems of the newest run by kind, and how much the archive holds. A run is a row of `runs`,
    its `status` broken_off or overdue where it says that it is running and nobody holds the archive, or for too long.
    """

    newest: dict[str, Any] | None = None
    finished: dict[str, Any] | None = None
    good: dict[str, str | None] = field(default_factory=dict)
    wanting: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)
    reports: int = 0
    bytes: int = 0


def pulse(reading: Catalogue, holder: Holder | None, now: datetime) -> Pulse:
    """What an archive says, and who holds it."""
    newest = reading.runs.asking()
    if newest is not None and newest["status"] == "running":
        moment = now.isoformat(timespec="seconds").replace("+00:00", "Z")
        newest["status"] = "broken_off" if holder is None else "overdue" if holder.overdue(moment) else "running"
    return Pulse(
        newest,
        reading.runs.asking("finished"),
        reading.runs.last_good(),
        reading.runs.wanting(),
        {} if newest is None else reading.runs.problem_kinds(newest["id"]),
        reading.reports.count(),
        reading.path.stat().st_size,
    )


def parse_age(text: str) -> timedelta:
    """The age that `--check` names. Raises NianbaoError."""
    age = duration(text, "mhdw")
    if not age:
        raise NianbaoError(f"--check is {text!r}; expected an age as in 90m, 36h, 2d or 1w")
    return age


def wrong(state: Pulse, age: timedelta, now: datetime) -> list[str]:
    """What is wrong, a few words each; empty where a run finished within the age and nothing wants a person."""
    faults = []
    if state.finished is None:
        faults.append("no run has finished yet")
    elif now - _time(state.finished["finished_at"]) > age:
        faults.append(f"no run has finished since {state.finished['finished_at']}")
    if state.newest is not None and state.newest["status"] in ("broken_off", "overdue", "interrupted"):
        faults.append(f"run {state.newest['id']} is {state.newest['status']}")
    if state.wanting:
        named = [f"{portal} ({', '.join(kinds)})" for portal, kinds in state.wanting.items()]
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        faults.append(f"{counted(len(named), 'portal')} want a person: {', '.join(named[:MOST_NAMED])}{more}")
    return faults


def line(state: Pulse, faults: list[str]) -> str:
    """What is wrong, or that all is well, in one line."""
    if faults or state.finished is None:
        return "; ".join(faults)
    return f"fine: run {state.finished['id']} finished at {state.finished['finished_at']}"


def exposition(state: Pulse) -> bytes:
    """The metrics in the text format of Prometheus, version 0.0.4; a time that is not known has no sample."""
    return file_of(_exposition(state))


def file_of(lines: Iterable[str]) -> bytes:
    """Lines of `gauge` as a file."""
    return "".join(f"{line}\n" for line in lines).encode()


def _exposition(state: Pulse) -> Iterator[str]:
    finished, newest = state.finished, state.newest
    yield from gauge(
        "last_finished_timestamp_seconds",
        "When the last run that finished did, in seconds since 1970.",
        [({}, _seconds(finished["finished_at"]))] if finished else [],
    )
    yield from gauge(
        "last_run_broken",
        "1 where the last run was interrupted, broke off or is overdue.",
        [({}, int(newest["status"] not in ("finished", "running")))] if newest else [],
    )
    for name in ("requests", "bytes"):
        words = f"{name.capitalize()} of the last run that finished."
        yield from gauge(f"last_finished_{name}", words, [({}, finished[name])] if finished else [])
    yield from gauge(
        "last_run_problems",
        "Problems of the last run by kind (docs/reference.md).",
        [({"kind": kind}, count) for kind, count in state.problems.items()],
    )
    yield from gauge(
        "portal_last_good_timestamp_seconds",
        "When the last run of a portal without anything that wants a person ended, in seconds since 1970.",
        [({"portal": portal}, _seconds(at)) for portal, at in state.good.items() if at is not None],
    )
    yield from gauge(
        "portal_wants_person",
        "1 for each kind of problem of a portal's last run that wants a person; no sample where none does.",
        [({"portal": portal, "kind": kind}, 1) for portal, kinds in state.wanting.items() for kind in kinds],
    )
    yield from gauge("reports", "Reports in the archive.", [({}, state.reports)])
    yield from gauge("archive_bytes", "Size of the archive's file.", [({}, state.bytes)])


def gauge(name: str, words: str, samples: Iterable[tuple[dict[str, str], int]]) -> Iterator[str]:
    """A metric's lines in the text format of Prometheus: its help, its type, and a sample for each set of labels."""
    yield f"# HELP nianbao_{name} {words}"
    yield f"# TYPE nianbao_{name} gauge"
    for labels, value in samples:
        state = ",".join(f'{label}="{_escaped(said)}"' for label, said in labels.items())
        yield f"nianbao_{name}{f'{{{state}}}' if state else ''} {value}"


def _escaped(said: str) -> str:
    return said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _seconds(at: str) -> int:
    return int(_time(at).timestamp())


def _time(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(UTC)
