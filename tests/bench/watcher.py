"""Runs a command and says what it and all that it started took: `python -m tests.bench.watcher LOG COMMAND …`.

A process of its own, so that the CPU of its children is that of the command alone, readers and their like included,
those too that nobody waited for: where Linux lets it, this process takes in what the command leaves behind.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread

INTERVAL = 0.2
"""Seconds between two looks at the memory."""
PATIENCE = 60
"""Seconds for processes that outlive the command; without an end to them their CPU is not told."""
_PROC = Path("/proc")
_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Use:
    """Seconds of wall and CPU, MB of memory and number of processes at their peaks, exit code.

    `measure`: what of the processes' memory was summed up, `pss` or `rss`, or `largest`, the peak of the largest alone.
    """

    wall: float
    cpu: float
    memory: float
    processes: int
    code: int
    measure: str


def descendants(root: int) -> list[int]:
    """The processes below `root`; none where there is no /proc."""
    parents: dict[int, int] = {}
    for entry in _PROC.glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name before the state may hold anything, brackets and spaces too.
            parents[int(entry.parent.name)] = int(entry.read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    found, line = [], [root]
    while line:
        parent = line.pop()
        line += (children := [process for process, above in parents.items() if above == parent])
        found += children
    return found


def memory_of(process: int) -> tuple[int, str]:
    """Bytes of a process, and what they are: shares of shared pages (`pss`), else all it sees (`rss`); 0 if gone."""
    with suppress(OSError):
        for line in (_PROC / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024, "pss"
    with suppress(OSError):
        return int((_PROC / str(process) / "statm").read_text().split()[1]) * resource.getpagesize(), "rss"
    return 0, "pss"


class Watch(Thread):
    """Looks again and again at the memory of all processes below this one, and keeps the peak of their sum."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = Event()
        self.bytes = 0
        self.processes = 0
        self.measures: set[str] = set()

    def run(self) -> None:
        """Look until it is over."""
        while True:
            self.look()
            if self.over.wait(INTERVAL):
                return

    def look(self) -> None:
        """One look."""
        taken = [memory_of(process) for process in descendants(os.getpid())]
        self.bytes = max(self.bytes, sum(size for size, _ in taken))
        self.processes = max(self.processes, sum(size > 0 for size, _ in taken))
        self.measures |= {measure for size, measure in taken if size}


def await_rest() -> None:
    """Wait for what the command left behind. Raises SystemExit where that does not end."""
    until = time.monotonic() + PATIENCE
    with suppress(ChildProcessError):
        while time.monotonic() < until:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(INTERVAL)
        raise SystemExit(f"processes went on {PATIENCE} s after the command had ended")


def watched(command: list[str], log: Path) -> Use:
    """Run `command` with its words in `log`; return when all that it started has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    watch = Watch()
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        watch.start()
        code = process.wait()
        wall = time.perf_counter() - started
    await_rest()
    watch.over.set()
    watch.join()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    size, measure = watch.bytes, "rss" if "rss" in watch.measures else "pss"
    if not watch.measures:
        size, measure = spent.ru_maxrss * (1024 if sys.platform == "linux" else 1), "largest"
    return Use(wall, spent.ru_utime + spent.ru_stime, size / 1_000_000, max(1, watch.processes), code, measure)


if __name__ == "__main__":
    print(json.dumps(asdict(watched(sys.argv[2:], Path(sys.argv[1])))))
