"""Runs one crawl, or one rebuild, as a process of its own and says what it took."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import ROOT
from tests.bench.portal import Shape
from tests.bench.watcher import Use

YARDSTICKS = {"equal": "bare Scrapy, set up as nianbao", "plain": "plain Scrapy, as genspider makes it"}
"""The spiders of `bare.py` that nianbao is held against."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run took: wall and CPU seconds, MB of all its processes together at the peak, how many these were at
    most, and how many pages it got, or captures it read."""

    wall: float
    cpu: float
    memory: float
    processes: int
    pages: int

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.pages / self.wall

    @property
    def milliseconds(self) -> float:
        """CPU of a page."""
        return self.cpu / max(1, self.pages) * 1000


@contextmanager
def served(pages: int, shape: Shape = "real") -> Iterator[str]:
    """The bench's portal in another process; yields its home page's address."""
    command = [sys.executable, "-m", "tests.bench.server", str(pages), shape]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/"
        finally:
            server.communicate()


def run_process(command: list[str], log: Path, **environment: str) -> Use:
    """What a command took with all that it started, as the watcher saw it; its words are in `log`."""
    watcher = [sys.executable, "-m", "tests.bench.watcher", str(log), *command]
    # A program that may not keep what Python compiled compiles itself anew at each start: half a second of each run.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(watcher, cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.strip()}")
    return Use(**json.loads(done.stdout))


def bare(home: str, concurrency: int, folder: Path, kind: str = "equal") -> Taken:
    """One crawl of a bare spider."""
    log = folder / f"{kind}.log"
    use = run_process([sys.executable, "-m", "tests.bench.bare", kind, home, str(concurrency)], log)
    words = log.read_text("utf-8").split()
    if use.code or not words or not words[-1].isdigit():
        raise SystemExit(f"the bare spider failed: {log.read_text('utf-8')[-2000:]}")
    return Taken(use.wall, use.cpu, use.memory, use.processes, int(words[-1]))


def archived(home: str, archive: Path, folder: Path) -> Taken:
    """One crawl of `nianbao crawl` into a new archive."""
    for path in archive.parent.glob(archive.name + "*"):
        path.unlink()
    return crawled(profile_of(home), archive, folder)


def profile_of(home: str) -> str:
    """The profile of the bench's portal."""
    return (
        f'id = "bench"\nname = "沈阳市人民政府"\nhome = "{home}"\nregion = "210100"\n'
        "delay = 0\nallow_private_addresses = true\n"
    )


def crawled(profile_toml: str, archive: Path, folder: Path, *options: str) -> Taken:
    """One crawl of `nianbao crawl` into an archive, new or not."""
    profile = folder / "bench.toml"
    profile.write_text(profile_toml, "utf-8")
    log = folder / "archive.log"
    command = [sys.executable, "-m", "crawler", "crawl", "--profile", str(profile), "--archive", str(archive), *options]
    use = run_process(command, log, NIANBAO_RETRY_WAITS="0,0")
    if use.code not in (0, 1):
        raise SystemExit(f"nianbao crawl ended with exit code {use.code}: {log.read_text('utf-8')[-2000:]}")
    pages = count(archive, "status = 200 and kind <> 'other'")
    return Taken(use.wall, use.cpu, use.memory, use.processes, pages)


def refused(archive: Path, folder: Path) -> Taken:
    """One crawl whose portal refuses every connection: what a run costs whatever it finds."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    return crawled(profile_of(f"http://127.0.0.1:{port}/"), archive, folder)


def rebuilt(archive: Path, jobs: int, folder: Path) -> Taken:
    """One `nianbao rebuild` of an archive with so many processes."""
    log = folder / "rebuild.log"
    command = [sys.executable, "-m", "crawler", "rebuild", "--all", "--jobs", str(jobs), "--archive", str(archive)]
    use = run_process(command, log)
    if use.code:
        raise SystemExit(f"nianbao rebuild ended with exit code {use.code}: {log.read_text('utf-8')[-2000:]}")
    return Taken(use.wall, use.cpu, use.memory, use.processes, count(archive, "true"))


def count(archive: Path, which: str) -> int:
    """How many captures there are of a kind."""
    with closing(sqlite3.connect(archive)) as reading:
        return int(reading.execute(f"select count(*) from captures where {which}").fetchone()[0])
