"""`python -m tests.bench.stages`: milliseconds a page of each pure stage, on the bench's report pages, best of several.

The best, not the mean: what a stage costs when nothing else runs. `--profile N` adds the N costliest functions.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections.abc import Callable

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from pipelines.decode.stage import decode
from pipelines.describe.stage import describe
from pipelines.documents.links import note_attachments
from pipelines.recognise.stage import recognise
from pipelines.strip.stage import strip
from tests.bench.portal import build

STAGES: tuple[Callable[[Page], object], ...] = (recognise, strip, describe, note_attachments)


def captures(count: int) -> list[Capture]:
    """Reports of the bench's portal, half of them with tables, as a crawl would bring them."""
    site = build(300)
    paths = [path for path in site.own if "/t2" in path][:count]
    headers = [("Content-Type", "text/html")]
    return [
        Capture(f"http://bench.test{path}", 200, headers, site.body(path), "2025-01-02T03:04:05Z") for path in paths
    ]


def once(found: list[Capture]) -> dict[str, float]:
    """Seconds by stage over all captures."""
    context = Context(trusted_host=True, region="210100")
    taken = dict.fromkeys(("decode", *(stage.__name__ for stage in STAGES)), 0.0)
    for capture in found:
        at = time.perf_counter()
        page = decode(capture, context)
        taken["decode"] += time.perf_counter() - at
        for stage in STAGES:
            at = time.perf_counter()
            stage(page)
            taken[stage.__name__] += time.perf_counter() - at
        assert page.kind == "report", page.capture.url
    return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stages", description=__doc__)
    parser.add_argument("--profile", type=int, default=0, metavar="N", help="print the N costliest functions as well")
    asked = parser.parse_args()
    found = captures(100)
    rounds = [once(found) for _ in range(8)]
    best = {name: min(taken[name] for taken in rounds) / len(found) * 1000 for name in rounds[0]}
    for name, milliseconds in best.items():
        print(f"{name:18} {milliseconds:6.3f} ms")
    print(f"{'all':18} {sum(best.values()):6.3f} ms, after decode {sum(best.values()) - best['decode']:.3f} ms")
    if asked.profile:
        profile = cProfile.Profile()
        profile.runcall(once, found)
        pstats.Stats(profile).sort_stats("tottime").print_stats(asked.profile)


if __name__ == "__main__":
    main()
