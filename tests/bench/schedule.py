"""A simulated round of 3,500 portals: how long it takes on so many slots, and what it costs. No network, no clock.

    python -m tests.bench.schedule            prints the tables of docs/cost.md
    python -m tests.bench.schedule --write    writes docs/cost.md

The sizes of portals are drawn from a heavy-tailed law (a Pareto of index 1.35 with the mean of 4 million pages among
3,500 portals, none above 70,000), the same each time. What a page costs is measured: docs/bench.json, docs/size.md.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import ROOT

PAGE = ROOT / "docs/cost.md"
FIGURES = ROOT / "docs/bench.json"
PORTALS, PAGES, REPORTS = 3_500, 4_000_000, 1_500_000
LARGEST = 70_000
INDEX = 1.35
START_CPU = 0.9
"""Seconds of the processor that a process costs which finds nothing new (docs/bench.md, a run that is refused)."""
LISTS = 60
"""Pages of a portal asked for in a round that finds nothing new: its trail and the first pages of its lists."""
AGAIN = 0.25
"""Of what a page costs when it is new, a page that answers 304."""
REPORT_KB = 66
"""Of an archive, a report with its figures and their indexes."""
MEMORY = 0.2
"""GB at the most that a crawl needs."""
SLOTS = (16, 32, 64, 128, 256, 512)


def sizes(seed: int = 2026) -> list[int]:
    """Pages of each portal."""
    dice = random.Random(seed)
    drawn = [min(dice.paretovariate(INDEX), 250.0) for _ in range(PORTALS)]
    unit = PAGES / sum(drawn)
    return [max(20, min(LARGEST, round(unit * size))) for size in drawn]


@dataclass(frozen=True, slots=True)
class Round:
    """Hours after which half of the portals, 95 % and all of them are done."""

    half: float
    most: float
    all: float


def simulate(portals: Sequence[int], slots: int, slice_hours: float = 0, longest_first: bool = False) -> Round:
    """A round at a page a second and portal, each slot taking the next in line; `slice_hours`: a portal that is not
    done after so long stands behind the others; with `longest_first`, before those that have less left."""
    waiting: list[tuple[float, int, int]] = []
    for number, size in enumerate(portals):
        heapq.heappush(waiting, (-size if longest_first else 0, number, size))
    free = [0.0] * slots
    ends: list[float] = []
    turn = len(portals)
    pending: list[tuple[float, int]] = []
    while waiting or pending:
        now = heapq.heappop(free)
        while pending and (pending[0][0] <= now or not waiting):
            at, rest = heapq.heappop(pending)
            now = max(now, at)
            turn += 1
            heapq.heappush(waiting, (-rest if longest_first else turn, turn, rest))
        _, _, size = heapq.heappop(waiting)
        part = min(size, round(slice_hours * 3600)) if slice_hours else size
        end = now + part / 3600
        heapq.heappush(free, end)
        if part < size:
            heapq.heappush(pending, (end, size - part))
        else:
            ends.append(end)
    ends.sort()
    return Round(ends[len(ends) // 2], ends[len(ends) * 95 // 100], ends[-1])


def table(portals: Sequence[int]) -> list[str]:
    """Hours of a round by slots, as Markdown."""
    lines = [
        "| slots | half of the portals, h | 95 %, h | all, h | all, in slices of 55 min, h | all, longest first, h |"
        " memory, GB |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for slots in SLOTS:
        plain, cut = simulate(portals, slots), simulate(portals, slots, 55 / 60)
        first = simulate(portals, slots, 55 / 60, longest_first=True)
        lines.append(
            f"| {slots} | {plain.half:.1f} | {plain.most:.1f} | {plain.all:.1f} | {cut.all:.1f} | {first.all:.1f} |"
            f" {slots * MEMORY:.0f} |"
        )
    return lines


def costs(portals: Sequence[int], page_ms: float, body_kb: float, sent_kb: float) -> list[str]:
    """What a first round, one that asks everything again and one that finds nothing new cost, as Markdown."""
    pages, starts = sum(portals), PORTALS * START_CPU / 3600
    lists = [min(size, LISTS) for size in portals]
    rounds = {"first": portals, "monthly, all asked again": portals, "daily, nothing new": lists}
    cpu = [pages * page_ms, pages * page_ms * AGAIN, sum(lists) * page_ms * AGAIN]
    # Of the first round nobody knows yet which portals are long.
    first, monthly = (simulate(portals, 128, 55 / 60, longest_first=known).all for known in (False, True))
    hours = [first, monthly, simulate(lists, 128, longest_first=True).all]
    received = [pages * sent_kb / 1e6, pages * 0.2 / 1e6, sum(lists) * 0.2 / 1e6]
    other = (pages - REPORTS) * body_kb / 1e6
    disk = [f"{REPORTS * REPORT_KB / 1e6 + other:.0f}", "1–2 more", "–"]
    return [
        "| one round, 3,500 portals | " + " | ".join(rounds) + " |",
        "| --- | --- | --- | --- |",
        "| requests | " + " | ".join(f"{sum(sizes):,}" for sizes in rounds.values()) + " |",
        "| GB received | " + " | ".join(f"{size:.1f}" if size < 10 else f"{size:.0f}" for size in received) + " |",
        "| CPU hours, pages | " + " | ".join(f"{used / 3.6e6:.1f}" for used in cpu) + " |",
        f"| CPU hours, {PORTALS:,} processes begun | " + " | ".join([f"{starts:.1f}"] * 3) + " |",
        "| hours, 128 slots | " + " | ".join(f"{length:.1f}" for length in hours) + " |",
        "| GB of archives | " + " | ".join(disk) + " |",
    ]


def page(figures: Path = FIGURES) -> str:
    """docs/cost.md."""
    kept = json.loads(figures.read_text("utf-8"))
    runs = sorted(one["nianbao"]["cpu"] * 1000 / one["nianbao"]["pages"] for one in kept["rounds"])
    page_ms = runs[len(runs) // 2]
    portals = sizes()
    top = sum(sorted(portals, reverse=True)[: PORTALS // 100]) / sum(portals)
    parts = [
        "# What all of China costs",
        _paragraph(f"""Written by `python -m tests.bench.schedule --write`; do not edit. Simulated: 3,500 portals with
            4 million pages in all, drawn from a heavy-tailed law; the largest has {max(portals):,}, and the largest
            hundredth of them {top:.0%} of all pages. Each portal is asked one page a second, whatever the
            machines."""),
        "## How long a round takes",
        "\n".join(table(portals)),
        _paragraph("""What limits is the largest portal at a page a second, not machines: beyond 128 slots little is
            won, and the longest first (what the fleet does, in slices, once it knows how long each is) is the least
            that is possible. Slices bound what a lost machine costs; without that order they cost up to a tenth of it.
            Memory, at 0.2 GB a crawl, limits the slots of a machine before its processors do."""),
        "## What a round costs",
        _paragraph(f"""From measured figures: {page_ms:.1f} ms CPU a page ([bench.md](bench.md)); {START_CPU} s CPU a
            process that is begun (there); {REPORT_KB} KB of an archive a report. Assumed: 1.5 million reports; 85 KB a
            page before it is packed, 13 KB as it is sent, packed, 3 KB of it in the archive; {LISTS} pages of a portal
            in a round that finds nothing new; a page that answers 304 costs a quarter of a new one and 0.2 KB."""),
        "\n".join(costs(portals, page_ms, body_kb=3, sent_kb=13)),
        _paragraph("""Beside that, in the store: the former generations of each archive until `nianbao store sweep`
            removes them, tables as Parquet (5–10 GB, assumed), attachments (not in these figures). A check-in writes
            the archive of a portal once, 30 MB on average. By these figures one machine with 8 cores, 64 GB and 1 TB is
            enough; a second one is for safety and another network. Nobody has done such a round yet."""),
    ]
    return "\n\n".join(parts) + "\n"


def _paragraph(words: str) -> str:
    return textwrap.fill(" ".join(words.split()), 120, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description="A simulated round of 3,500 portals")
    parser.add_argument("--write", action="store_true", help="write docs/cost.md")
    if parser.parse_args().write:
        PAGE.write_text(page(), "utf-8")
    else:
        print(page())


if __name__ == "__main__":
    main()
