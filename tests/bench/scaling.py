"""`python -m tests.bench.scaling`: what two processes that share nothing but the machine do beside one.

The gain of a rebuild with two readers cannot be more than that: two cores of one machine share its caches, its memory
and, where they are two threads of one core, its units. Each process reads the bench's reports over and over and keeps
nothing (`--read N`: one such process).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from contextlib import ExitStack

from crawler.records.capture import Context
from pipelines import derive
from tests import ROOT
from tests.bench.stages import captures

PAGES = 100
TURNS = 4


def rates(rounds: int) -> list[dict[str, float]]:
    """Pages a second of one process, and of two together, in each round."""
    return [{str(count): rate(count) for count in (1, 2)} for _ in range(rounds)]


def rate(processes: int) -> float:
    """Pages a second of so many processes together, from when all are ready until all are done."""
    with ExitStack() as stack:
        command = [sys.executable, "-m", "tests.bench.scaling", "--read", str(TURNS)]
        started = [
            stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(processes)
        ]
        for process in started:
            _line(process)
        at = time.perf_counter()
        for process in started:
            assert process.stdin is not None
            process.stdin.close()
        for process in started:
            _line(process)
        return processes * TURNS * PAGES / (time.perf_counter() - at)


def _line(process: subprocess.Popen[str]) -> None:
    """Wait for what a process says next. Raises SystemExit where it ended instead."""
    assert process.stdout is not None
    if not process.stdout.readline():
        raise SystemExit("a process of tests.bench.scaling ended before it was done; its words are above")


def read(turns: int) -> None:
    """Say that all is ready, wait for standard input to end, read all pages so many times, and say so."""
    found = captures(PAGES)
    context = Context(trusted_host=True, region="210100")
    derive(found[0], context)
    print("ready", flush=True)
    sys.stdin.read()
    for _ in range(turns):
        for capture in found:
            derive(capture, context)
    print("done", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scaling", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default 3)")
    parser.add_argument("--read", type=int, metavar="N", help="be one of the processes that read")
    asked = parser.parse_args()
    if asked.read is not None:
        read(asked.read)
        return
    for found in rates(asked.rounds):
        print(f"{found['1']:.0f} and {found['2']:.0f} pages a second: {found['2'] / found['1']:.2f}")


if __name__ == "__main__":
    main()
