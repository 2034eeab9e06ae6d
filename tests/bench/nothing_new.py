"""`python -m tests.bench.nothing_new`: a second run with nothing new, and one that rechecks all, beside the first.

CPU is that of all processes of a run; `fixed` is a run whose portal refuses every connection, into an archive that is
there: what every run pays and no portal can be blamed for.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import ROOT
from tests.bench.measure import crawled, profile_of, refused, served

BYTES = {"nothing new": 0.001, "recheck all": 0.005}
"""Share of the first run's bytes, at most."""
_TABLES = ("captures", "blobs", "reports", "report_urls", "report_versions", "problems", "events", "lists", "expected")


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took: CPU seconds, requests and bytes as its row says, and rows in all tables after it."""

    name: str
    cpu: float
    requests: int
    not_modified: int
    bytes: int
    rows: int


def main() -> None:
    """Print a table, or --json."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.nothing_new", description=__doc__)
    parser.add_argument("--pages", type=int, default=5_000, help="pages of the large portal (default 5000)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the tables")
    asked = parser.parse_args()
    told = {}
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name:
        fixed = fixed_cost(Path(name))
        with sample() as profile:
            told["sample"] = measured(profile, Path(name) / "sample")
        with served(asked.pages) as home:
            told[f"{asked.pages} pages"] = measured(profile_of(home), Path(name) / "large")
    if asked.json:
        portals = {portal: [vars_of(run) for run in runs] for portal, runs in told.items()}
        print(json.dumps({"fixed": fixed, "portals": portals}))
        return
    print(f"a run that is refused: {fixed:.2f} s of CPU")
    for portal, runs in told.items():
        print(table(portal, runs, fixed))


def fixed_cost(folder: Path) -> float:
    """CPU seconds of a run that is refused; the second, whose archive is there."""
    archive = folder / "refused.db"
    refused(archive, folder)
    return refused(archive, folder).cpu


@contextmanager
def sample() -> Iterator[str]:
    """The sample portal in another process; yields its profile."""
    code = (
        "import json, sys\nfrom crawler.sample import SamplePortal\n"
        "with SamplePortal().serve((0, 0)) as portal:\n"
        "    print(json.dumps(portal.profile_toml), flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield json.loads(server.stdout.readline())
        finally:
            server.communicate()


def measured(profile: str, folder: Path) -> list[Run]:
    """Three runs over a portal that stays as it is."""
    folder.mkdir()
    archive = folder / "archive.db"
    runs = []
    for name, options in (("first", ()), ("nothing new", ()), ("recheck all", ("--recheck", "all"))):
        cpu = crawled(profile, archive, folder, *options).cpu
        with sqlite3.connect(archive) as reading:
            requests, not_modified, received = reading.execute(
                "select requests, not_modified, bytes from runs order by id desc limit 1"
            ).fetchone()
            rows = sum(reading.execute(f"select count(*) from {table}").fetchone()[0] for table in _TABLES)
        reading.close()
        runs.append(Run(name, cpu, requests, not_modified, received, rows))
    return runs


def vars_of(run: Run) -> dict[str, object]:
    """A run by field."""
    return {name: getattr(run, name) for name in Run.__slots__}


def table(portal: str, runs: list[Run], fixed: float) -> str:
    """The runs beside the first."""
    first = runs[0]
    lines = [f"\n{portal}", "| run | CPU s | of first | without fixed | requests | 304 | bytes | of first | rows |"]
    lines.append("|" + " --- |" * 9)
    for run in runs:
        share = (run.cpu - fixed) / (first.cpu - fixed)
        lines.append(
            f"| {run.name} | {run.cpu:.2f} | {run.cpu / first.cpu:.3f} | {share:.3f} | {run.requests} |"
            f" {run.not_modified} | {run.bytes:,} | {run.bytes / first.bytes:.5f} | {run.rows} |"
        )
    lines += [f"asked of {run.name}: at most {BYTES[run.name]} of the bytes" for run in runs[1:]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
