"""Chaos: a fleet at work while workers, crawls and the database are killed and frozen. By hand:

    python -m tests.fleet.chaos --portals 39 --seconds 300 --workers 3
    python -m tests.fleet.chaos --portals 3 --seconds 90 --delay 1 --pace 0.1 --rest 12 --control

The second is the control: crawls without the dead man's switch, which go on when their worker is gone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from crawler.fleet import database, portals
from crawler.fleet.database import Connection
from crawler.records.errors import NianbaoError
from tests.servers import MAKES, TestPortal
from tests.support.postgres import cluster
from tests.support.program import run

_WITHOUT_SWITCH = """
import asyncio, sys
from crawler.fleet import process
start = asyncio.create_subprocess_exec
async def deaf(*line, **more):
    at = line.index("--while-told")
    return await start(*line[:at], *line[at + 3:], **more)
asyncio.create_subprocess_exec = deaf
from crawler.commands.cli import main
sys.argv = ["nianbao", *sys.argv[1:]]
main()
"""


@dataclass
class Chaos:
    """A fleet of so many portals and workers. `pace`: see `nianbao fleet work`; `delay`: seconds between two requests;
    `rest`: between two strikes, about."""

    count: int
    workers: int
    pace: float
    delay: float
    control: bool = False
    seed: int = 1
    rest: float = 1.5
    done: Counter[str] = field(default_factory=Counter)

    def run(self, seconds: float, most: float) -> dict[str, Any]:
        """Chaos for so long, then peace until all rounds are done, `most` seconds at most; what came of it."""
        with ExitStack() as stack:
            self.postgres = stack.enter_context(cluster())
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nianbao-chaos-")))
            self.dsn = self.postgres.database("template0")
            database.init(self.dsn, str(self.folder / "store"))
            (self.folder / "store").mkdir()
            self.served = self._serve(stack)
            stack.callback(self._end)
            self.crew = [self._worker(number) for number in range(self.workers)]
            dice, quiet = random.Random(self.seed), threading.Event()
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                quiet.wait(self.rest * dice.uniform(0.3, 1.7))
                self._strike(dice, quiet)
                self._restart()
            over = time.monotonic() + most
            while not self._all_done() and time.monotonic() < over:
                quiet.wait(0.5)
                self._restart()
            return self._outcome()

    def _serve(self, stack: ExitStack) -> dict[str, TestPortal]:
        """The portals, two of them on one host, each other on a host of its own; all taken up."""
        served, texts = {}, []
        for number, make in enumerate(islice(cycle(MAKES.values()), self.count)):
            portal = make()
            portal.name = f"p{number}"
            stack.enter_context(portal.serve(f"127.0.20.{max(number, 1)}"))
            served[portal.name] = portal
            texts.append(portal.profile_toml.replace("delay = 0", f"delay = {self.delay}"))
        with database.connected(self.dsn) as connection:
            portals.add(connection, [(text, portals.profile_of(text, "p")) for text in texts], None, "")
        return served

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        program = ["-c", _WITHOUT_SWITCH] if self.control else ["-m", "crawler"]
        options = [
            "fleet", "work", "--slots", "2", "--pace", str(self.pace), "--name", f"w{number}",
            "--scratch", str(self.folder / f"scratch{number}"), "--contact", "https://x.example/{attempt}",
        ]  # fmt: skip
        with (self.folder / f"w{number}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *program, *options], env={**os.environ, "NIANBAO_FLEET": self.dsn},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _restart(self) -> None:
        """As the unit of a worker says: always."""
        self.crew = [
            worker if worker.poll() is None else self._worker(number) for number, worker in enumerate(self.crew)
        ]

    def _strike(self, dice: random.Random, quiet: threading.Event) -> None:
        what = dice.choices(["kill", "term", "freeze", "crawl", "postgres"], [5, 2, 2, 3, 1])[0]
        victim = dice.choice(self.crew)
        if self.control:
            # Workers in the middle of a crawl alone, which goes on without them.
            busy = [worker for number, worker in enumerate(self.crew) if crawls_of(self.folder / f"scratch{number}")]
            what, victim = "kill", dice.choice(busy or self.crew)
        if what == "kill":
            victim.kill()
        elif what == "term":
            victim.terminate()
        elif what == "freeze":
            with suppress(ProcessLookupError):
                victim.send_signal(signal.SIGSTOP)
                threading.Timer(90 * self.pace, lambda: victim.send_signal(signal.SIGCONT)).start()
        elif what == "crawl":
            with suppress(ProcessLookupError, IndexError):
                os.kill(dice.choice(crawls_of(self.folder)), signal.SIGKILL)
        else:
            self.postgres.kill()
            quiet.wait(30 * self.pace * dice.random())
            self.postgres.start()
        self.done[what] += 1

    def _all_done(self) -> bool:
        with suppress(NianbaoError), database.connected(self.dsn) as connection:
            return _count(connection, "status = 'done'") >= self.count
        return False

    def _end(self) -> None:
        for worker in self.crew:
            worker.kill()
            worker.wait()
        for number in crawls_of(self.folder):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def _outcome(self) -> dict[str, Any]:
        with database.connected(self.dsn) as connection:
            rounds = connection.execute(
                "select portal, status, slices, tries from fleet.rounds order by portal"
            ).fetchall()
            commits = connection.execute("select portal, commits from fleet.archives order by portal").fetchall()
            hows = connection.execute("select how, count(*) from fleet.attempts group by how").fetchall()
        sound = []
        for name in self.served:
            file = self.folder / f"{name}.db"
            run("fleet", "get", name, str(file), "--database", self.dsn)
            if run("verify", "--archive", str(file)).returncode == 0:
                sound.append(name)
        overlaps = [pair for requests in self._by_host().values() for pair in overlapping(requests)]
        return {
            "strikes": dict(self.done),
            "rounds": {row["portal"]: row["status"] for row in rounds},
            "tries": {row["portal"]: row["tries"] for row in rounds},
            "slices": {row["portal"]: row["slices"] for row in rounds},
            "commits": {row["portal"]: row["commits"] for row in commits},
            "attempts": {str(row["how"]): row["count"] for row in hows},
            "sound": sound,
            "requests": sum(len(portal.requests) for portal in self.served.values()),
            "overlaps": overlaps,
        }

    def _by_host(self) -> dict[str, list[tuple[float, str]]]:
        """When each host was asked, by which attempt."""
        asked: dict[str, list[tuple[float, str]]] = {}
        for portal in self.served.values():
            host = portal.address.partition(":")[0]
            for request in portal.requests:
                attempt = re.search(r"x\.example/(\d+)", request.agent)
                asked.setdefault(host, []).append((request.at, attempt[1] if attempt else "?"))
        return asked


def overlapping(requests: list[tuple[float, str]]) -> list[tuple[str, str, float]]:
    """Pairs of attempts that asked one host at a time, and for how many seconds."""
    spans: dict[str, tuple[float, float]] = {}
    for at, attempt in sorted(requests):
        spans[attempt] = (spans.get(attempt, (at, at))[0], at)
    ordered = sorted((begin, end, attempt) for attempt, (begin, end) in spans.items())
    return [
        (first[2], second[2], round(min(first[1], second[1]) - second[0], 2))
        for number, first in enumerate(ordered)
        for second in ordered[number + 1 :]
        if second[0] < first[1]
    ]


def crawls_of(folder: Path) -> list[int]:
    """The crawls under way of workers whose scratch is in a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit():
                line = (entry / "cmdline").read_bytes().split(b"\0")
                if b"crawl" in line and any(word.startswith(bytes(folder)) for word in line):
                    found.append(int(entry.name))
    return found


def _count(connection: Connection, condition: str) -> int:
    row = connection.execute(f"select count(*) from fleet.rounds where {condition}".encode()).fetchone()
    assert row is not None
    return int(row["count"])


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description="A fleet while its parts are killed")
    parser.add_argument("--portals", type=int, default=39)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--most", type=float, default=1800)
    parser.add_argument("--pace", type=float, default=0.2)
    parser.add_argument("--delay", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rest", type=float, default=1.5)
    parser.add_argument("--control", action="store_true")
    chosen = parser.parse_args()
    chaos = Chaos(chosen.portals, chosen.workers, chosen.pace, chosen.delay, chosen.control, chosen.seed, chosen.rest)
    print(json.dumps(chaos.run(chosen.seconds, chosen.most), indent=1))


if __name__ == "__main__":
    main()
