"""`python -m tests.bench.stages`: milliseconds a page of each pure stage, on the bench's report pages, best of several.

The best, not the mean: what a stage costs when nothing else runs. `--profile N` adds the N costliest functions.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from pipelines.stages import STAGES, advance
from tests.bench.portal import build

ROUNDS = 5


def captures(count: int) -> list[Capture]:
    """Reports of the bench's portal of all its years, half of them with tables, as a crawl would bring them."""
    site = build(300)
    leaves = [path for path in site.own if "/t2" in path]
    paths = leaves[:: len(leaves) // count][:count]
    headers = [("Content-Type", "text/html")]
    return [
        Capture(f"http://bench.test{path}", 200, headers, site.body(path), "2025-01-02T03:04:05Z") for path in paths
    ]


def once(found: list[Capture]) -> dict[str, float]:
    """Seconds of CPU by stage over all captures."""
    context = Context(trusted_host=True, region="210100")
    taken = dict.fromkeys((entry.name for entry in STAGES), 0.0)
    for capture in found:
        page = Page(capture, context)
        for entry in STAGES:
            at = time.thread_time()
            advance(page, entry)
            taken[entry.name] += time.thread_time() - at
        assert page.kind == "report", page.capture.url
    return taken


def milliseconds(count: int = 100) -> dict[str, float]:
    """CPU of each stage for a report, the best of some rounds, in ms."""
    found = captures(count)
    rounds = [once(found) for _ in range(ROUNDS)]
    return {name: min(taken[name] for taken in rounds) / len(found) * 1000 for name in rounds[0]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stages", description=__doc__)
    parser.add_argument("--profile", type=int, default=0, metavar="N", help="print the N costliest functions as well")
    asked = parser.parse_args()
    best = milliseconds()
    for name, cost in best.items():
        print(f"{name:18} {cost:6.3f} ms")
    print(f"{'all':18} {sum(best.values()):6.3f} ms, after decode {sum(best.values()) - best['decode']:.3f} ms")
    if asked.profile:
        profile = cProfile.Profile()
        profile.runcall(once, captures(100))
        pstats.Stats(profile).sort_stats("tottime").print_stats(asked.profile)


if __name__ == "__main__":
    main()
