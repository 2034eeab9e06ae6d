"""`python -m tests.bench.fleet`: a fleet's worker beside one `nianbao crawl` of the same portals.

CPU is that of the program's processes, those of PostgreSQL and of the portals left out. Memory is PSS, in which what
processes share counts once: the worker's own at the most, and of its crawls the mean of those at a time, at the most.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from time import monotonic, sleep

from crawler.fleet import database, portals
from tests import ROOT
from tests.fleet.chaos import crawls_of
from tests.servers import MAKES
from tests.support.postgres import cluster

INTERVAL = 0.2
"""Seconds between two looks at memory."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a way of crawling took: CPU and wall seconds, requests that portals were asked; MB (PSS) of the process
    that was started, and of a crawl that it started (0 for none), both at the most, and how many crawls at a time."""

    way: str
    cpu: float
    wall: float
    requests: int
    own: float
    crawl: float
    crawls: int


def pss(process: int) -> float:
    """MB of a process, 0 where it has ended."""
    with suppress(OSError, ValueError, IndexError):
        words = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").split("Pss:")[1].split()
        return int(words[0]) / 1024
    return 0.0


def watched(way: str, line: list[str], folder: Path, asked: list[list[object]], **environment: str) -> Taken:
    """Run a command until its end. `asked`: the requests of each portal, which grow meanwhile."""
    requests, used, begun = sum(map(len, asked)), _cpu(), monotonic()
    own, crawls = 0.0, list[list[float]]()
    with (folder / "said.log").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler", *line], cwd=ROOT, env={**os.environ, **environment},
            stdin=subprocess.DEVNULL, stdout=said, stderr=said,
        )  # fmt: skip
        while process.poll() is None:
            own = max(own, pss(process.pid))
            crawls.append([pss(one) for one in crawls_of(folder) if one != process.pid])
            sleep(INTERVAL)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(line)}: {(folder / 'said.log').read_text('utf-8', 'replace')[-2000:]}")
    each = max((sum(one) / len(one) for one in crawls if one), default=0.0)
    most = max((len(one) for one in crawls), default=0)
    return Taken(way, _cpu() - used, monotonic() - begun, sum(map(len, asked)) - requests, own, each, most)


def _cpu() -> float:
    """Seconds of children that have ended, theirs included; the watch's own are not among them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(count: int, slots: list[int]) -> list[Taken]:
    """One crawl of so many portals, then a fleet of them at each number of slots, each from nothing."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nianbao-bench-")))
        texts, asked = [], list[list[object]]()
        for number, make in enumerate(islice(cycle(MAKES.values()), count), 1):
            portal = make()
            portal.name = f"p{number}"
            stack.enter_context(portal.serve(f"127.0.30.{number}"))
            texts.append(portal.profile_toml)
            (folder / f"p{number}.toml").write_text(portal.profile_toml, "utf-8")
            asked.append(portal.requests)  # type: ignore[arg-type]
        profiles = [word for number in range(1, count + 1) for word in ("--profile", str(folder / f"p{number}.toml"))]
        contact = ["--contact", "https://x.example/"]
        told = [
            watched("one crawl", ["crawl", *profiles, "--archive", str(folder / "all.db"), *contact], folder, asked)
        ]
        postgres = stack.enter_context(cluster())
        for number in slots:
            dsn, store, scratch = postgres.database("template0"), folder / f"store{number}", folder / f"scratch{number}"
            store.mkdir()
            database.init(dsn, str(store))
            with database.connected(dsn) as connection:
                portals.add(connection, [(text, portals.profile_of(text, "p")) for text in texts], None, "")
            line = ["fleet", "work", "--until-idle", "--slots", str(number), "--scratch", str(scratch), *contact]
            told.append(watched(f"{number} slots", line, folder, asked, NIANBAO_FLEET=dsn))
    return told


def table(told: list[Taken], count: int) -> str:
    """The figures as Markdown."""
    lines = [
        "| way | CPU s | requests | portals a CPU s | requests a CPU s | own, MB | a crawl, MB | crawls at a time |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in told:
        rates = f"{count / one.cpu:.2f} | {one.requests / one.cpu:.0f}"
        memory = f"{one.own:.0f} | {one.crawl:.0f} | {one.crawls}"
        lines.append(f"| {one.way} | {one.cpu:.1f} | {one.requests:,} | {rates} | {memory} |")
    return "\n".join(lines)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fleet", description=__doc__)
    parser.add_argument("--portals", type=int, default=12, help="portals, each on a host of its own (default 12)")
    parser.add_argument("--slots", type=int, nargs="+", default=[1, 2, 4], help="slots of the worker (default 1 2 4)")
    chosen = parser.parse_args()
    print(table(measure(chosen.portals, chosen.slots), chosen.portals))


if __name__ == "__main__":
    main()
