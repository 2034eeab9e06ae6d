"""`python -m tests.bench`: archiving beside a bare crawl of the same links, in turn and paired, and the archive's size.

Medians of ratios within one pair: the machine's mood cancels out. Prints a table, or --json.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.bench.measure import Sizes, Taken, archived, bare, served, sizes
from tests.bench.portal import build

TARGETS = {"rate": 0.65, "cpu": 1.5, "memory": 1.25, "bodies": 0.45}
"""What a crawl is held to: at least the first, at most the other three."""


def main() -> None:
    """Run the rounds and print what they show."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--pages", type=int, default=5_000, help="pages of the portal (default 5000)")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of crawls (default 5)")
    parser.add_argument("--concurrency", type=int, default=1, help="requests at a time of the bare spider (default 1)")
    parser.add_argument("--bare-only", action="store_true", help="only the yardstick")
    parser.add_argument("--no-half", action="store_true", help="leave out the crawls of half the pages")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name:
        result = run(asked, Path(name))
    print(json.dumps(result) if asked.json else table(result))


def run(asked: argparse.Namespace, folder: Path) -> dict[str, object]:
    """All crawls; the ratios' medians with what they were made of."""
    archive = folder / "bench.db"
    pairs: list[tuple[Taken, Taken]] = []
    size: Sizes | None = None
    with served(asked.pages) as home:
        for turn in range(asked.rounds):
            if asked.bare_only:
                one = bare(home, asked.concurrency, folder)
                pairs.append((one, one))
            elif turn % 2:
                # In turn: whoever goes second finds a warmer machine.
                kept = archived(home, archive, folder)
                pairs.append((bare(home, asked.concurrency, folder), kept))
            else:
                one = bare(home, asked.concurrency, folder)
                pairs.append((one, archived(home, archive, folder)))
            say(pairs[-1])
        if not asked.bare_only:
            size = sizes(build(asked.pages), home, archive)
    half = None
    if not (asked.bare_only or asked.no_half):
        with served(asked.pages // 2) as home:
            half = archived(home, archive, folder), bare(home, asked.concurrency, folder)
    return summary(pairs, size, half)


def say(pair: tuple[Taken, Taken]) -> None:
    """A round as it went, to standard error."""
    names = ("bare",) if pair[0] is pair[1] else ("bare", "nianbao")
    for name, taken in zip(names, pair, strict=False):
        print(
            f"{name:8} {taken.pages} pages, {taken.rate:.0f}/s, {taken.cpu:.1f} s CPU, {taken.memory:.0f} MB",
            file=sys.stderr,
        )


def summary(
    pairs: list[tuple[Taken, Taken]], size: Sizes | None, half: tuple[Taken, Taken] | None
) -> dict[str, object]:
    """Ratios by name (median), and the figures behind them."""
    for one, kept in pairs:
        if one.pages != kept.pages:
            print(f"not the same pages: bare {one.pages}, nianbao {kept.pages}", file=sys.stderr)
    found: dict[str, object] = {
        "rounds": len(pairs),
        "pages": pairs[0][1].pages,
        "rate": median(kept.rate / one.rate for one, kept in pairs),
        "cpu": median((kept.cpu / kept.pages) / (one.cpu / one.pages) for one, kept in pairs),
        "memory": median(kept.memory / one.memory for one, kept in pairs),
        "bare_rate": median(one.rate for one, _ in pairs),
        "nianbao_rate": median(kept.rate for _, kept in pairs),
        "bare_cpu_ms": median(one.cpu / one.pages * 1000 for one, _ in pairs),
        "nianbao_cpu_ms": median(kept.cpu / kept.pages * 1000 for _, kept in pairs),
        "bare_memory_mb": median(one.memory for one, _ in pairs),
        "nianbao_memory_mb": median(kept.memory for _, kept in pairs),
    }
    if size is not None:
        found |= {"bodies": size.bodies / size.warc, "file": size.file / size.warc}
        found |= {"raw_bytes": size.raw, "warc_bytes": size.warc, "file_bytes": size.file, "body_bytes": size.bodies}
    if half is not None:
        found |= {"half_pages": half[0].pages, "half_memory_mb": half[0].memory, "half_bare_memory_mb": half[1].memory}
    return found


def table(found: dict[str, object]) -> str:
    """The result as a Markdown table."""
    rows = [("pages a second", "rate", "at least", "{nianbao_rate:.0f} to {bare_rate:.0f}")]
    rows.append(("CPU", "cpu", "at most", "{nianbao_cpu_ms:.2f} to {bare_cpu_ms:.2f} ms a page"))
    rows.append(("peak memory", "memory", "at most", "{nianbao_memory_mb:.0f} to {bare_memory_mb:.0f} MB"))
    if "bodies" in found:
        rows.append(("bodies to .warc.gz", "bodies", "at most", "{body_bytes:,} to {warc_bytes:,} bytes"))
        rows.append(("whole archive to .warc.gz", "file", "", "{file_bytes:,} to {warc_bytes:,} bytes"))
    lines = [
        f"{found['pages']} pages, median of {found['rounds']} pairs",
        "",
        "| | ratio | target | |",
        "| --- | --- | --- | --- |",
    ]
    for label, name, bound, words in rows:
        target = f"{bound} {TARGETS[name]}" if name in TARGETS else ""
        lines.append(f"| {label} | {found[name]:.2f} | {target} | {words.format(**found)} |")
    if "half_memory_mb" in found:
        words = "peak memory at {half_pages} pages: {half_memory_mb:.0f} MB (bare {half_bare_memory_mb:.0f} MB)"
        lines += ["", words.format(**found)]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
