"""One attempt from its begin to its end: check-out, crawl, check-in, commit, seal."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from crawler.archive.exchange.columns import Measures
from crawler.fleet import attempts, commit, database
from crawler.fleet.attempts import Attempt, LostError, Owner, Wait
from crawler.fleet.database import Connection
from crawler.fleet.process import Crawl
from crawler.fleet.pulse import Hold, Pulse
from crawler.fleet.scratch import Scratch
from crawler.fleet.tick import STALLED
from crawler.records.errors import (
    EXIT_ATTENTION,
    EXIT_DONE,
    EXIT_INTERRUPTED,
    EXIT_LOCKED,
    EXIT_USAGE,
    ArchiveLockedError,
    NianbaoError,
)
from crawler.runs.lifeline import SILENCE
from crawler.store.store import Store

Result = TypeVar("Result")

_TOLD_TO_END = (EXIT_INTERRUPTED, -signal.SIGTERM)
"""How a crawl ends that nobody spoke to for too long, or that a person told to: no fault of the portal's, also where
the database is back by now. The second: it was told before it listened to signals."""


class AgainError(Exception):
    """The job is to be tried again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:.0f} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Bench:
    """What all attempts of a worker share. `at_most`: the length of a slice; `contact`: for the user agent, `{attempt}`
    in it is the attempt's number; `measures`: what the tables of an archive name."""

    worker: str
    store: Store
    scratch: Path
    at_most: str
    contact: str
    measures: Measures


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds between pings, of silence, until stalled, between heartbeats and ticks, of the watchdog, and of the
    minute that tries wait for; they nest:
    ping < silence, twice the silence and a ping < stalled. `pace`: all by this factor."""

    ping: float
    silence: float
    stalled: float
    heartbeat: float
    tick: float
    watchdog: float
    minute: float

    @classmethod
    def at(cls, pace: float) -> Times:
        """The times at a pace; 1 is how the fleet was made."""
        return cls(*(pace * seconds for seconds in (5, SILENCE, STALLED, 10, 60, 120, 60)))


@dataclass(slots=True)
class Task:
    """An attempt of a worker at the round of a job."""

    dsn: str
    owner: Owner
    bench: Bench
    pulse: Pulse
    times: Times
    say: Callable[[str], None]

    async def run(self) -> None:
        """Do it. Raises AgainError, and LostError where the job is not the worker's any more."""
        begun = await self._ask(lambda on: attempts.begin(on, self.owner, self.bench.worker, self.times.stalled))
        if begun is None:
            return
        if isinstance(begun, Wait):
            raise AgainError(begun.seconds + 0.1)
        hold = self.pulse.holds[begun.id] = Hold()
        how = "lost"
        try:
            await self._attempt(begun, hold)
        except (asyncio.CancelledError, LostError):
            how = "stopped"
            raise
        except AgainError:
            how = "again"
            raise
        finally:
            del self.pulse.holds[begun.id]
            # Nothing where it was noted by a commit; where it cannot be noted now, the tick will.
            with suppress(NianbaoError, psycopg.Error):
                await asyncio.shield(self._ask(lambda on: attempts.end(on, begun.id, how)))

    async def _attempt(self, attempt: Attempt, hold: Hold) -> None:
        scratch = Scratch(self.bench.scratch, attempt.portal)
        current = await self._ask(lambda on: commit.current(on, attempt.portal))
        try:
            begun_from = await asyncio.to_thread(scratch.check_out, self.bench.store, current)
        except ArchiveLockedError as error:
            # A crawl that was let go of, on its way out.
            self.say(f"{attempt.portal}: {error}")
            raise AgainError(self.times.stalled) from error
        except NianbaoError as error:
            await self._again(attempt, None, str(error))
            return
        summary = scratch.finished(attempt.due, attempt.profile)
        if summary is None:
            summary = await self._crawl(attempt, scratch, hold)
        if summary is not None:
            scratch.note(begun_from, attempt.due, summary)
            await self._to_its_end(self._check_in(attempt, scratch, commit.Outcome(summary, begun_from)))

    async def _crawl(self, attempt: Attempt, scratch: Scratch, hold: Hold) -> dict[str, Any] | None:
        """The summary of a crawl that came to its end; None where the round is given up. Raises as `run`."""
        await asyncio.sleep(attempt.rest)
        if hold.lost:
            raise LostError
        crawl = hold.crawl = await self._start(attempt, scratch)
        try:
            code, summary = await crawl.result()
        except asyncio.CancelledError:
            await crawl.stop()
            raise
        finally:
            hold.crawl = None
        self.say(f"{attempt.portal}: attempt {attempt.id} ended with {code}")
        if code in (EXIT_DONE, EXIT_ATTENTION) and summary is not None:
            return summary
        if hold.lost:
            raise LostError
        if code in _TOLD_TO_END:
            raise AgainError(self.times.ping)
        if code == EXIT_LOCKED:
            raise AgainError(self.times.stalled)
        await self._came_to_nothing(attempt, scratch, code)
        return None

    async def _start(self, attempt: Attempt, scratch: Scratch) -> Crawl:
        scratch.profile.write_text(attempt.profile, "utf-8")
        line = ["--profile", str(scratch.profile), "--archive", str(scratch.archive), "--at-most", self.bench.at_most]
        if self.bench.contact:
            line += ["--contact", self.bench.contact.replace("{attempt}", str(attempt.id))]
        self.say(f"{attempt.portal}: attempt {attempt.id} begins")
        return await Crawl.start([*line, "--jobs", "1"], scratch.log, self.times.silence)

    async def _check_in(self, attempt: Attempt, scratch: Scratch, outcome: commit.Outcome) -> None:
        """Object, transaction, seal, in this order: whatever is cut off, what counts is whole."""
        store = self.bench.store
        generation = await self._ask(lambda on: commit.draw(on, attempt.portal))
        try:
            sealed = await asyncio.to_thread(scratch.check_in, store, generation, self.bench.measures)
        except NianbaoError as error:
            self.say(f"{attempt.portal}: {error}")
            await self._again(attempt, None, str(error))
            return
        await self._ask(lambda on: commit.commit(on, self.owner, attempt, outcome, sealed))
        scratch.note(generation)
        await self._ask(lambda on: commit.seal_all(on, store, attempt.portal))

    async def _to_its_end(self, what: Coroutine[Any, Any, None]) -> None:
        """Do it also where the worker is being stopped: what is left is short."""
        doing = asyncio.create_task(what)
        try:
            await asyncio.shield(doing)
        except asyncio.CancelledError:
            await doing

    async def _came_to_nothing(self, attempt: Attempt, scratch: Scratch, code: int) -> None:
        problem = scratch.last_words() or "it said nothing"
        if code == EXIT_USAGE:
            scratch.forget()
            await self._ask(lambda on: attempts.fail(on, self.owner, attempt, code, problem))
            return
        await self._again(attempt, code, problem)

    async def _again(self, attempt: Attempt, code: int | None, problem: str) -> None:
        """Let it count as a try, of a crawl that ended with a `code` or of a store. Raises AgainError, LostError."""
        seconds = await self._ask(lambda on: attempts.again(on, self.owner, attempt, code, problem, self.times.minute))
        if seconds is not None:
            raise AgainError(seconds)

    async def _ask(self, question: Callable[[Connection], Result]) -> Result:
        """What a function makes of a connection, in a thread: archives and objects take their time."""

        def answer() -> Result:
            with database.connected(self.dsn) as connection:
                return question(connection)

        return await asyncio.to_thread(answer)
