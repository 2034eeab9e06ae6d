"""A worker: takes jobs from the queue and runs a crawl for each, as many at a time as it has slots.

Procrastinate hands jobs out and writes heartbeats; what counts is decided by the database when an attempt begins
(attempts), while it lasts (pulse) and when it is committed (commit).
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException, JobAborted
from procrastinate.jobs import Job

from crawler.archive.exchange.columns import Measures
from crawler.fleet import database
from crawler.fleet.attempts import LostError, Owner, is_mine
from crawler.fleet.commit import seal_all
from crawler.fleet.pulse import ENDED, Pulse
from crawler.fleet.task import AgainError, Bench, Task, Times
from crawler.fleet.tick import QUEUE, tick
from crawler.records.errors import NianbaoError
from crawler.store.store import Store

_SOON = 30
_FOR_EVER = 1e9
_THREADS = 32
"""In which archives and objects are handled, and each has a connection to the database at most."""


class Patience(BaseRetryStrategy):
    """When a job that did not end well is tried again: always. Whether it was enough, the round's own count says.

    What waits for another try stands behind what has not been tried: of jobs of one domain the first in line holds up
    the others, also while its time has not come.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        """At once where the worker was stopped, else when the attempt said."""
        if isinstance(exception, asyncio.CancelledError | JobAborted):
            return RetryDecision(retry_in={"seconds": 0})
        seconds = exception.seconds if isinstance(exception, AgainError) else _SOON
        return RetryDecision(retry_in={"milliseconds": int(1000 * seconds)}, priority=-1 - job.attempts)


class Worker:
    """A worker on this machine. `name`: how people know it."""

    def __init__(self, dsn: str, bench: Bench, slots: int, times: Times, say: Callable[[str], None]) -> None:
        self.dsn, self.bench, self.slots, self.times, self.say = dsn, bench, slots, times, say
        self.pulse = self._pulse()

    def run(self, *, ticks: bool, until_idle: bool) -> None:
        """Work until a signal comes; with `until_idle`, until no job waits that might begin now.

        Raises NianbaoError without a database.
        """
        for name in ("procrastinate", "psycopg.pool"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        while True:
            if ticks:
                self._tick()
            if until_idle and not self._waiting():
                return
            asyncio.run(self._run(ticks, until_idle))
            if not until_idle:
                return

    def _pulse(self) -> Pulse:
        return Pulse(self.dsn, self.times.ping, self.times.watchdog, self.say)

    async def _run(self, ticks: bool, until_idle: bool) -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(min(self.slots + 4, _THREADS)))
        app = App(connector=PsycopgConnector(conninfo=self.dsn, kwargs=dict(database.REACH), min_size=1, max_size=4))
        app.task(name="crawl", queue=QUEUE, pass_context=True, retry=Patience())(self._job)
        self.pulse = self._pulse()
        beside = [asyncio.create_task(self.pulse.beat(), name="pulse")]
        if ticks:
            beside.append(asyncio.create_task(self._ticks(), name="tick"))
        try:
            async with app.open_async():
                await self._until_stopped(app, until_idle)
        except (ConnectorException, psycopg.Error) as error:
            raise NianbaoError(f"the fleet's database went away: {error}; start the worker again") from error
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _until_stopped(self, app: App, until_idle: bool) -> None:
        """Take jobs. On a signal crawls end in order and their jobs go back; one that waits for the last job is
        interrupted by it instead, and so is what called it."""
        working = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE], concurrency=self.slots, name=self.bench.worker, wait=not until_idle,
                delete_jobs="successful", shutdown_graceful_timeout=_FOR_EVER if until_idle else 0.1,
                install_signal_handlers=not until_idle, fetch_job_polling_interval=self.times.ping,
                abort_job_polling_interval=self.times.ping, update_heartbeat_interval=self.times.heartbeat,
                stalled_worker_timeout=self.times.stalled,
            )
        )  # fmt: skip
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            for hold in self.pulse.holds.values():
                hold.lose()
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            raise

    def _waiting(self) -> bool:
        with database.connected(self.dsn) as connection:
            row = connection.execute(
                """
                select from procrastinate_jobs
                where queue_name = %s and status = 'todo' and (scheduled_at is null or scheduled_at <= now()) limit 1
                """,
                [QUEUE],
            ).fetchone()
        return row is not None

    async def _job(self, context: JobContext, portal: str) -> None:
        """One attempt at the round of a job."""
        job = context.job
        assert job.id is not None
        assert job.worker_id is not None
        self.pulse.worker = job.worker_id
        owner = Owner(job.id, job.worker_id)
        try:
            await Task(self.dsn, owner, self.bench, self.pulse, self.times, self.say).run()
        except LostError:
            await self._lost(owner, portal)
        except (NianbaoError, psycopg.Error) as error:
            self.say(f"{portal}: {error}")
            raise AgainError(_SOON) from error

    async def _lost(self, owner: Owner, portal: str) -> None:
        """Where the job is another's, this worker was given up, and whatever it still told the queue would be told of
        another's job: it ends here and now, with its crawls."""

        def mine() -> bool:
            with database.connected(self.dsn) as connection:
                return is_mine(connection, owner)

        if await asyncio.to_thread(mine):
            self.say(f"{portal}: nobody wants it any more")
            return
        self.say(f"{portal}: the job is another worker's now; this one gives itself up")
        for hold in self.pulse.holds.values():
            hold.lose()
        os._exit(ENDED)

    async def _ticks(self) -> None:
        while True:
            await asyncio.sleep(self.times.tick)
            try:
                await asyncio.to_thread(self._tick)
            except Exception as error:  # whatever it was, the next one tries again
                self.say(f"the tick failed: {type(error).__name__}: {error}")

    def _tick(self) -> None:
        with database.connected(self.dsn) as connection:
            done = tick(connection, self.times.stalled)
            sealed = seal_all(connection, self.bench.store)
        counts: dict[str, Any] = {"due": done.due, "reaped": done.reaped, "healed": done.healed, "sealed": sealed}
        if any(counts.values()):
            self.say("tick: " + ", ".join(f"{count} {name}" for name, count in counts.items() if count))


def bench(dsn: str, name: str, scratch: Path, at_most: str, contact: str, measures: Measures) -> Bench:
    """What all attempts of a worker share. Raises NianbaoError where the store cannot be opened."""
    with database.connected(dsn) as connection:
        return Bench(name, Store.open(database.store_of(connection)), scratch, at_most, contact, measures)
