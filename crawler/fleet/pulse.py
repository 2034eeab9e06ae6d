"""The pulse of a worker: every few seconds the database is asked which attempts are still its own.

Only then does a crawl hear that it is wanted. The answer counts for as long as it is fresh: a worker that was frozen
between question and answer has an answer of then.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

from crawler.fleet.database import REACH
from crawler.fleet.process import Crawl
from crawler.runs.lifeline import clock

ENDED = 75
"""Exit code of a worker that gives itself up; the service manager starts it anew."""

_PING = """
    with mine as (
        update fleet.attempts set pinged_at = clock_timestamp()
        from procrastinate_jobs as jobs, fleet.portals
        where attempts.id = any(%(attempts)s) and ended_at is null and portals.portal = attempts.portal and not paused
            and jobs.id = attempts.job_id and jobs.status = 'doing' and jobs.worker_id = attempts.worker_id
            and not jobs.abort_requested
        returning attempts.id
    )
    select coalesce(array_agg(id), '{}') as mine,
        (select max(last_heartbeat) > now() - make_interval(secs => %(most)s) from procrastinate_workers
         where id = %(worker)s) as alive
    from mine
"""


@dataclass(slots=True)
class Hold:
    """An attempt that the worker holds: its crawl, once it runs; whether it is not the worker's any more."""

    crawl: Crawl | None = None
    lost: bool = False

    def lose(self) -> None:
        """It is another's, or nobody wants it: its crawl ends."""
        self.lost = True
        if self.crawl is not None:
            self.crawl.let_go()


@dataclass(slots=True)
class Pulse:
    """Asks, on a connection of its own, and gives the worker up where nobody has answered for `watchdog` seconds.

    `holds`: by attempt; `worker`: the worker's number in Procrastinate's table, 0 until it is known.
    """

    dsn: str
    interval: float
    watchdog: float
    say: Callable[[str], None]
    worker: int = 0
    holds: dict[int, Hold] = field(default_factory=dict)
    _answered: float = field(default_factory=clock)
    _over: threading.Event = field(default_factory=threading.Event)

    async def beat(self) -> None:
        """Ask, and speak to the crawls, until cancelled. A database that does not answer is asked again."""
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
        connection: psycopg.AsyncConnection[Any] | None = None
        try:
            while True:
                try:
                    async with asyncio.timeout(2 * self.interval):
                        if connection is None:
                            connection = await psycopg.AsyncConnection.connect(self.dsn, autocommit=True, **REACH)
                        await self._ask(connection)
                except (psycopg.Error, TimeoutError) as error:
                    self.say(f"the database does not answer: {type(error).__name__} {error}".strip())
                    if connection is not None:
                        await _close(connection)
                    connection = None
                await asyncio.sleep(self.interval)
        finally:
            self._over.set()
            if connection is not None:
                await _close(connection)

    async def _ask(self, connection: psycopg.AsyncConnection[Any]) -> None:
        asked, attempts = clock(), list(self.holds)
        question = {"attempts": attempts, "worker": self.worker, "most": self.watchdog}
        row = await (await connection.execute(_PING, question)).fetchone()
        if row is None or clock() - asked > self.interval:
            return
        mine, alive = set(row[0]), row[1]
        for number in attempts:
            if (hold := self.holds.get(number)) is None:
                continue
            if number not in mine:
                hold.lose()
            elif hold.crawl is not None:
                hold.crawl.speak()
        if alive or not self.worker:
            self._answered = asked

    def _watch(self) -> None:
        """End the process, and by that its crawls, where the loop hangs or its heartbeat is not written any more."""
        while clock() - self._answered < self.watchdog:
            if self._over.wait(self.watchdog / 10):
                return
        self.say(f"no heartbeat for {self.watchdog:g} s: this worker gives itself up")
        os._exit(ENDED)


async def _close(connection: psycopg.AsyncConnection[Any]) -> None:
    try:
        async with asyncio.timeout(1):
            await connection.close()
    except (psycopg.Error, TimeoutError):
        pass
