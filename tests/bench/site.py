"""`python -m tests.bench.site [--reports N] [--archive FILE]`: size and time of each page of a large archive.

The archive is made up: a portal for every hundred reports (tests.support.archive_country). Each page is asked for once
after the archive was opened, then again: wall time and CPU of all processes of the site. With --archive it is kept, or
taken where it is there. Prints a table for docs/site.md.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from urllib.parse import quote
from urllib.request import urlopen

from tests.bench.watcher import descendants
from tests.support.archive_country import country
from tests.support.serving import served

ROUNDS = 5
_TICK = os.sysconf("SC_CLK_TCK")


def addresses(archive: Path) -> list[str]:
    """Every kind of page, of a report, region and portal in the middle of the archive."""
    with closing(sqlite3.connect(archive)) as connection:
        key, code, portal = connection.execute(
            "select key, region_code, portal from reports where id = (select max(id) / 2 from reports)"
        ).fetchone()
    ours = [
        "/",
        "/?sort=open_checks",
        "/?lang=en&page=2",
        "/regions.json",
        "/provinces.json",
        "/findings.csv",
        "/runs.json",
        "/province/210000",
        "/province/210000.csv",
        f"/portal/{portal}",
        f"/portal/{portal}/problems.json",
        f"/region/{code}",
        f"/report/{key}",
        f"/compare?region={code}",
        "/search?q=申请",
        "/tables",
        "/feed.atom",
    ]
    theirs = [
        "/archive",
        *(f"/archive/{name}" for name in ("reports", "statistics", "figures", "panel", "coverage")),
        *(f"/archive/{name}" for name in ("captures", "problems", "checks", "events", "deadlines", "sections", "runs")),
        "/archive/reports/1",
        "/archive/reports?_search=申请",
        "/archive/problems?_facet=kind",
        f"/archive/panel?region_code={code}",
        f"/archive/refusal_rate?region={code}",
        "/archive/late?region=",
    ]
    return ours + [path.replace("/archive", f"/{archive.stem}", 1) for path in theirs]


def spent() -> float:
    """Seconds of CPU that all processes below this one have taken."""
    ticks = 0
    for process in descendants(os.getpid()):
        fields = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICK


def asked(address: str) -> tuple[int, int, float, float]:
    """Status, bytes, seconds of wall and of CPU."""
    cpu, at = spent(), time.perf_counter()
    with urlopen(address) as answer:
        body = answer.read()
        status = int(answer.status)
    return status, len(body), time.perf_counter() - at, spent() - cpu


def main() -> None:
    """Make, serve, ask and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.site", description=__doc__)
    parser.add_argument("--reports", type=int, default=50_000)
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nianbao-site-") as name:
        archive = options.archive or Path(name) / "archive.db"
        if not archive.exists():
            country(archive, options.reports)
        print(f"{archive.stat().st_size / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}\n")
        print("| page | KB | first, s | then, s (best) | CPU, s (median) |\n| --- | --- | --- | --- | --- |")
        with served(archive) as site:
            for path in addresses(archive):
                try:
                    first, *more = [asked(site + quote(path, safe="/?&=_.")) for _ in range(1 + options.rounds)]
                except OSError as error:
                    print(f"| `{path}` | {error} | | | |", flush=True)
                    continue
                wall, cpu = min(one[2] for one in more), median(one[3] for one in more)
                print(f"| `{path}` | {first[1] / 1000:.0f} | {first[2]:.2f} | {wall:.2f} | {cpu:.2f} |", flush=True)


if __name__ == "__main__":
    main()
