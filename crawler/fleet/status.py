"""What a fleet is doing, for a person on one screen, for a program as JSON, and for Prometheus as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.fleet.database import Connection
from crawler.runs.pulse import file_of, gauge
from crawler.words.counts import counted

MOST_SHOWN = 12
"""Rows of each kind on the screen; the others are counted."""
NO_TICK = timedelta(minutes=5)
"""Without a tick for so long nothing begins, and nobody is reaped."""


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal: when it is due next, its last round that was done and when, and its round under way. `late`: that
    round began more than twice `every` ago, or the portal has been due for longer than `every` without one.
    `wants`: what of its last round wants a person."""

    portal: str
    domain: str
    paused: bool
    every: timedelta
    next_due: datetime
    good_at: datetime | None
    round: str | None
    begun_at: datetime | None
    tries: int
    problem: str | None
    exit_code: int | None
    late: bool
    generation: int
    bytes: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """An attempt under way."""

    attempt: int
    portal: str
    worker: str
    started_at: datetime
    pinged_at: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """All of it as of `at`, the database's clock. `totals`: what all ticks did."""

    at: datetime
    ticked_at: datetime | None
    totals: dict[str, int]
    portals: list[Portal]
    running: list[Run]
    waiting: int
    unsealed: int

    @property
    def failed(self) -> list[Portal]:
        """Portals whose last round was given up."""
        return [portal for portal in self.portals if portal.round == "failed"]

    @property
    def late(self) -> list[Portal]:
        """Portals that are late."""
        return [portal for portal in self.portals if portal.late]


def status(connection: Connection) -> Status:
    """What the database says now."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        facts = connection.execute("select now() as at, * from fleet.facts").fetchone()
        assert facts is not None
        portals = connection.execute(
            """
            select portals.portal, domain, paused, every, next_due, last.status as round, last.begun_at,
                coalesce(last.tries, 0) as tries, last.problem, last.exit_code,
                (select max(finished_at) from fleet.rounds where rounds.portal = portals.portal and status = 'done')
                    as good_at,
                not paused and (
                    last.status = 'queued' and last.due < now() - 2 * every
                    or last.status is distinct from 'queued' and next_due < now() - every
                ) as late,
                coalesce(generation, 0) as generation,
                (select max((object ->> 'bytes')::bigint) from jsonb_each(seal -> 'objects') as held (name, object)
                 where name like 'archives/%') as bytes
            from fleet.portals left join fleet.archives on archives.portal = portals.portal left join lateral (
                select * from fleet.rounds where rounds.portal = portals.portal order by due desc limit 1
            ) as last on true
            order by portals.portal
            """
        ).fetchall()
        running = connection.execute(
            "select id as attempt, portal, worker, started_at, pinged_at from fleet.attempts where ended_at is null"
            " order by started_at"
        ).fetchall()
        counts = connection.execute(
            """
            select (select count(*) from procrastinate_jobs where status = 'todo') as waiting,
                (select count(*) from fleet.archives where generation > 0 and not sealed) as unsealed
            """
        ).fetchone()
        assert counts is not None
    return Status(
        facts["at"],
        facts["ticked_at"],
        {name: facts[name] for name in ("ticks", "due", "reaped", "healed")},
        [Portal(**{name: row[name] for name in Portal.__slots__}) for row in portals],
        [Run(**row) for row in running],
        counts["waiting"],
        counts["unsealed"],
    )


def alarms(state: Status) -> list[str]:
    """What wants a person, a few words each; empty where all is well."""
    faults = []
    if state.ticked_at is None:
        faults.append("no tick yet: `nianbao fleet work` runs nowhere")
    elif state.at - state.ticked_at > NO_TICK:
        faults.append(f"no tick since {_time(state.ticked_at)}: no worker is alive")
    for portals, words in ((state.failed, "gave their last round up"), (state.late, "are late")):
        if portals:
            names = ", ".join(portal.portal for portal in portals[:5])
            more = f" and {len(portals) - 5} more" if len(portals) > 5 else ""
            faults.append(f"{counted(len(portals), 'portal')} {words}: {names}{more}")
    return faults


def screen(state: Status) -> Iterator[str]:
    """The status as lines, at most a screen of them."""
    paused = sum(portal.paused for portal in state.portals)
    never = sum(portal.good_at is None for portal in state.portals)
    ticked = "never" if state.ticked_at is None else f"{_ago(state.at - state.ticked_at)} ago"
    size = sum(portal.bytes or 0 for portal in state.portals) / 1e6
    yield (
        f"{counted(len(state.portals), 'portal')}: {len(state.running)} running, {state.waiting} waiting,"
        f" {paused} paused, {never} never done; archives {size:,.1f} MB; last tick {ticked}"
    )
    for fault in alarms(state):
        yield f"wants a person: {fault}"
    for portal in state.failed[:MOST_SHOWN]:
        code = "" if portal.exit_code is None else f"exit code {portal.exit_code}, "
        yield f"failed   {portal.portal}: {code}{portal.problem}"
    yield from _more(state.failed)
    for run in state.running[:MOST_SHOWN]:
        since, heard = _ago(state.at - run.started_at), _ago(state.at - run.pinged_at)
        yield f"running  {run.portal}: attempt {run.attempt} by {run.worker} for {since}, heard of {heard} ago"
    yield from _more(state.running)
    tried = [portal for portal in state.portals if portal.round == "queued" and portal.tries]
    for portal in tried[:MOST_SHOWN]:
        yield f"retrying {portal.portal}: {counted(portal.tries, 'attempt')} came to nothing; {portal.problem}"
    yield from _more(tried)
    oldest = sorted(
        (portal for portal in state.portals if portal.good_at is not None), key=lambda portal: str(portal.good_at)
    )
    for portal in oldest[:MOST_SHOWN]:
        assert portal.good_at is not None
        good, due = _ago(state.at - portal.good_at), _due(portal, state.at)
        yield f"last     {portal.portal}: done {good} ago, generation {portal.generation}, {due}"
    if len(oldest) > MOST_SHOWN:
        yield f"         and {len(oldest) - MOST_SHOWN} done since; --json lists all"


def as_json(state: Status) -> dict[str, Any]:
    """The status as JSON has it: times as ISO 8601, spans in seconds."""

    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return _time(value)
        if isinstance(value, timedelta):
            return int(value.total_seconds())
        if isinstance(value, dict):
            return {name: plain(one_value) for name, one_value in value.items()}
        return [plain(one_value) for one_value in value] if isinstance(value, list) else value

    return {**plain(asdict(state)), "alarms": alarms(state)}


def exposition(state: Status) -> bytes:
    """The metrics in the text format of Prometheus."""
    return file_of(_exposition(state))


def _exposition(state: Status) -> Iterator[str]:
    ticked: list[tuple[dict[str, str], int]] = (
        [] if state.ticked_at is None else [({}, int(state.ticked_at.timestamp()))]
    )
    yield from gauge("fleet_last_tick_timestamp_seconds", "When the last tick was, in seconds since 1970.", ticked)
    for name, count in state.totals.items():
        words = "Ticks so far." if name == "ticks" else f"What ticks found {name} so far."
        yield from gauge(f"fleet_{name}", words, [({}, count)])
    counts = {
        "portals": len(state.portals),
        "running": len(state.running),
        "waiting": state.waiting,
        "failed": len(state.failed),
        "late": len(state.late),
        "unsealed": state.unsealed,
        "alarms": len(alarms(state)),
    }
    for name, count in counts.items():
        yield from gauge(f"fleet_{name}", f"Of the fleet: {name}.", [({}, count)])
    yield from gauge(
        "fleet_portal_last_good_timestamp_seconds",
        "When the last round of a portal that was done ended, in seconds since 1970.",
        [
            ({"portal": portal.portal}, int(portal.good_at.timestamp()))
            for portal in state.portals
            if portal.good_at is not None
        ],
    )
    yield from gauge(
        "fleet_portal_archive_bytes",
        "Size of a portal's current archive.",
        [({"portal": portal.portal}, portal.bytes) for portal in state.portals if portal.bytes is not None],
    )


def _more(rows: list[Any]) -> Iterator[str]:
    if len(rows) > MOST_SHOWN:
        yield f"         and {len(rows) - MOST_SHOWN} more; --json lists all"


def _due(portal: Portal, now: datetime) -> str:
    if portal.paused:
        return "paused"
    if portal.round == "queued":
        return "under way"
    return f"due in {_ago(portal.next_due - now)}" if portal.next_due > now else "due"


def _ago(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
