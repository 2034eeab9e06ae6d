"""`python -m tests.bench`: archiving beside bare crawls of the same links, and all else that docs/bench.md shows.

Prints the page, with --json the figures it is made of; --write writes both into docs/.
`--parts bytes --shape dense` measures an archive's bytes alone; where NIANBAO_GOLD names real pages, those of them too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import scrapy
from lxml import etree

from tests import ROOT
from tests.bench import scaling, storing
from tests.bench.measure import YARDSTICKS, Taken, archived, bare, crawled, rebuilt, refused, served
from tests.bench.nothing_new import sample
from tests.bench.page import FIGURES, page, write
from tests.bench.portal import build
from tests.bench.sizes import sizes
from tests.bench.stages import milliseconds
from tests.bench.texts import of_real_pages
from tests.bench.watcher import memory_of
from tests.evaluate import gold_folder

PARTS = ("crawl", "bytes", "half", "rebuild", "idle", "stages")


def main() -> None:
    """Run the rounds and print or write what they show."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--pages", type=int, default=5_000, help="pages of the portal (default 5000)")
    parser.add_argument("--shape", choices=("real", "dense"), default="real", help="what its reports look like")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each part (default 5)")
    parser.add_argument("--concurrency", type=int, default=1, help="requests at a time of the bare spider (default 1)")
    parser.add_argument(
        "--parts",
        type=lambda words: words.split(","),
        default=PARTS,
        help=f"what to measure, separated by commas: {', '.join(PARTS)} (default all)",
    )
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="print the figures as one JSON object instead of the page")
    shown.add_argument("--write", action="store_true", help="write docs/bench.json and docs/bench.md")
    asked = parser.parse_args()
    if strange := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(strange))}")
    if "half" in asked.parts and "crawl" not in asked.parts:
        parser.error("`half` is held against `crawl`, which has to be measured with it")
    if asked.write and asked.parts != ["bytes"] and set(asked.parts) != set(PARTS):
        parser.error("--write takes all parts, or `bytes` alone, of which the page says when each was measured")
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name:
        figures = run(asked, Path(name))
    if asked.write:
        kept = figures if "crawl" in asked.parts else kept_figures() | {"bytes": figures["bytes"]}
        FIGURES.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
        write()
    else:
        print(json.dumps(figures) if asked.json else page(figures))


def run(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All parts, each run as it went: what page.py makes its tables of."""
    archive = folder / "bench.db"
    figures: dict[str, Any] = circumstances() | {"pages": asked.pages, "shape": asked.shape}

    def crawls(home: str, *names: str) -> dict[str, Callable[[], Taken]]:
        found: dict[str, Callable[[], Taken]] = {"nianbao": lambda: archived(home, archive, folder)}
        for name in names:
            found[name] = partial(bare, home, asked.concurrency, folder, name)
        return found

    if {"crawl", "bytes", "rebuild"} & set(asked.parts):
        with served(asked.pages, asked.shape) as home:
            if "crawl" in asked.parts:
                figures["rounds"] = rounds(crawls(home, *YARDSTICKS), asked.rounds)
            else:
                said("nianbao", archived(home, archive, folder))
        if "bytes" in asked.parts:
            figures["bytes"] = in_bytes(asked, home, archive, folder)
    if "rebuild" in asked.parts:
        jobs = {str(count): partial(rebuilt, archive, count, folder) for count in (1, 2)}
        figures["rebuild"] = rounds(jobs, asked.rounds)
        figures["scaling"] = scaling.rates(asked.rounds)
    if "half" in asked.parts:
        with served(asked.pages // 2, asked.shape) as home:
            figures["half"] = rounds(crawls(home, "equal"), 1)
    if "idle" in asked.parts:
        figures["idle"] = idle(folder, asked.rounds)
    if "stages" in asked.parts:
        figures["stages"] = milliseconds()
        figures["store"] = storing.milliseconds()
    return figures


def in_bytes(asked: argparse.Namespace, home: str, archive: Path, folder: Path) -> dict[str, Any]:
    """By kind of pages what an archive of them takes: that of the crawl, that of the real pages where they are, and the
    others as they were measured before."""
    site = build(asked.pages, asked.shape)
    crawled_pages = {home.rstrip("/") + path: site.body(path) for path in site.own}
    found = {asked.shape: (asked.pages, sizes(crawled_pages, archive))}
    if gold := gold_folder():
        found["texts"] = of_real_pages(gold, folder)
    now = {name: circumstances()[name] for name in ("date", "commit")}
    kept: dict[str, Any] = kept_figures()["bytes"]
    return kept | {kind: now | {"pages": pages, "sizes": asdict(taken)} for kind, (pages, taken) in found.items()}


def kept_figures() -> dict[str, Any]:
    """What docs/bench.json holds."""
    kept: dict[str, Any] = json.loads(FIGURES.read_text("utf-8"))
    return kept


def rounds(runs: Mapping[str, Callable[[], Taken]], count: int) -> list[dict[str, Any]]:
    """So many rounds of all runs; each begins with another, for whoever goes second finds a warmer machine."""
    names, found = [*runs], []
    for turn in range(count):
        at = turn % len(names)
        taken = {name: asdict(said(name, runs[name]())) for name in (*names[at:], *names[:at])}
        if len({run["pages"] for run in taken.values()}) > 1:
            print("not the same pages in all runs", file=sys.stderr)
        found.append({name: taken[name] for name in names})
    return found


def idle(folder: Path, count: int) -> list[dict[str, Any]]:
    """Rounds of a first run over the sample portal, a second that finds nothing new, and one that is refused."""
    found = []
    closed = folder / "refused.db"
    # The first makes the archive, which a run with nothing new finds there.
    refused(closed, folder)
    with sample() as profile:
        for turn in range(count):
            archive = folder / f"idle-{turn}.db"
            taken = {name: said(name, crawled(profile, archive, folder)) for name in ("first", "nothing new")}
            taken["refused"] = said("refused", refused(closed, folder))
            found.append({name: asdict(run) for name, run in taken.items()})
    return found


def said(name: str, taken: Taken) -> Taken:
    """A run as it went, to standard error."""
    print(
        f"{name:12} {taken.pages} pages, {taken.rate:.0f}/s, {taken.cpu:.1f} s CPU, {taken.memory:.0f} MB,"
        f" {taken.processes} processes",
        file=sys.stderr,
    )
    return taken


def circumstances() -> dict[str, Any]:
    """When, of what and on what: no names of hosts or paths."""
    git = ["git", "-C", str(ROOT)]
    commit = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True).stdout.strip()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": (commit or "unknown") + (" and changes" if changed else ""),
        "load": round(os.getloadavg()[0], 1),
        "measure": memory_of(os.getpid())[1],
        "machine": {
            "cores": os.cpu_count(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "scrapy": scrapy.__version__,
            "lxml": etree.__version__,
        },
    }


if __name__ == "__main__":
    main()
