"""docs/bench.md out of docs/bench.json: `python -m tests.bench.page` writes the one from the other.

A run of the bench gives the JSON (`tests/bench/__main__.py`); the page is what this makes of it and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from tests import ROOT
from tests.bench.bytepage import in_bytes
from tests.bench.markdown import TARGETS, spread, table, wanted
from tests.bench.measure import YARDSTICKS, Taken

FIGURES = ROOT / "docs" / "bench.json"
PAGE = ROOT / "docs" / "bench.md"

_HEAD = """# Speed, memory and size beside a bare crawl

Written by `python -m tests.bench --write` (`make bench ARGS=--write`) out of what it measured, which is kept in
[bench.json](bench.json); do not edit. `python -m tests.bench.page` writes the page anew from that file.

A portal of made-up pages of about 85 KB stands on loopback, served by a process of its own. Its reports are like real
ones in length, sentences, numbers and variety (`tests/bench/prose.py`); `--shape dense` has those of the benches before
version 0.3. Three crawl it in turn, one request at a time, each a process of its own: nianbao; a bare Scrapy spider
that follows the same links and keeps nothing, with every setting of nianbao's that names no code of its own; and the
same spider with the settings that `scrapy startproject` writes, but for the delay. CPU and memory are those of all
processes of a run together: memory is the peak of their sum, looked at several times a second (each process's share of
what several have in memory, where the system tells it). Ratios are those within one round, so that the machine's mood
cancels out."""

_TAIL = """## More

`make bench ARGS="--pages 1000 --rounds 2"` is quicker; `--parts crawl,rebuild` measures some parts alone. Each of these
measures one thing: `python -m tests.bench.stages` what each stage costs, `tests.bench.rebuilding` a rebuild beside
lxml's parse, `tests.bench.figures` the figures of a report beside the parse of its page, `tests.bench.scans` whole
scans by the length of the file's pages ([size.md](size.md)), `tests.bench.nothing_new` later runs ([runs.md](runs.md)),
`tests.bench.searching` the search ([site.md](site.md)).

What was found on the way, each a setting with its reason in `crawler/fetching/settings.py`: Scrapy starts
`CONCURRENT_ITEMS` tasks for the output of every callback; it parses the callback's source for every response to warn of
`return` in a generator; without a delay it sends all that waits for a host at once, whatever the concurrency
(`crawler/fetching/downloader.py`); trees of stored pages live on until the garbage collector comes by, so pages let go
of them."""

Figures = Mapping[str, Any]
"""What a run of the bench measured, as `__main__.run` makes it: of each round the runs by name."""


def page(figures: Figures) -> str:
    """The whole page as Markdown."""
    parts = [_HEAD, _circumstances(figures)]
    for name, section in SECTIONS.items():
        if figures.get(name):
            parts += section(figures)
    return "\n\n".join([*parts, _TAIL]) + "\n"


def _circumstances(figures: Figures) -> str:
    machine = figures["machine"]
    shape = "" if figures["shape"] == "real" else f" of the shape {figures['shape']}"
    words = (
        f"Measured on {figures['date']} at commit {figures['commit']}: {machine['cores']} cores, {machine['system']},"
        f" Python {machine['python']}, SQLite {machine['sqlite']}, Scrapy {machine['scrapy']}, lxml {machine['lxml']};"
        f" {figures['pages']:,} pages{shape}. Medians; in brackets the least and the most."
    )
    if figures["load"] > machine["cores"] / 4:
        words += (
            f" **Others were at work on the machine** (load {figures['load']:.1f} at the beginning): single times say"
            " nothing, ratios little."
        )
    return words


def _taken(figures: Figures, part: str, name: str) -> list[Taken]:
    return [Taken(**turn[name]) for turn in figures[part]]


def _ratios(over: Iterable[float], under: Iterable[float]) -> list[float]:
    return [one / other for one, other in zip(over, under, strict=True)]


def _crawls(figures: Figures) -> list[str]:
    measures: tuple[tuple[str, str, Callable[[Taken], float], int], ...] = (
        ("rate", "pages a second", lambda taken: taken.rate, 0),
        ("cpu", "CPU, ms a page", lambda taken: taken.milliseconds, 2),
        ("memory", "peak memory, MB", lambda taken: taken.memory, 0),
    )
    runs = {name: _taken(figures, "rounds", name) for name in ("nianbao", *YARDSTICKS)}
    rows = []
    for name, label, value, digits in measures:
        values = {who: [value(taken) for taken in found] for who, found in runs.items()}
        ratios = _ratios(values["nianbao"], values["equal"])
        cells = [label, *(f"{median(found):.{digits}f}" for found in values.values())]
        rows.append([*cells, spread(ratios), wanted(name, ratios), spread(_ratios(values["nianbao"], values["plain"]))])
    rows.append(["processes", *(f"{max(taken.processes for taken in found)}" for found in runs.values()), "", "", ""])
    parts = [
        "## A crawl",
        table(("", "nianbao", *YARDSTICKS.values(), "ratio to the first", "wanted", "to the second"), rows),
    ]
    measure = {"largest": "Memory is that of the largest process alone: the system does not tell more."}
    parts += [measure[figures["measure"]] for _ in range(figures["measure"] in measure)]
    return parts + [_room(figures, runs) for _ in range(bool(figures.get("stages")))]


def _room(figures: Figures, runs: Mapping[str, list[Taken]]) -> str:
    """What a rate leaves of the machine's time for a page, beside what is done with one."""
    cores, bare = figures["machine"]["cores"], median(taken.rate for taken in runs["equal"])
    alone = median(taken.milliseconds for taken in runs["equal"])
    shares = (TARGETS["rate"][1], 0.3, 0.2)
    left = [f"{cores * 1000 / (share * bare):.1f} ms at {share:g}" for share in shares]
    return (
        f"{cores} cores, both never idle, have this much time for a page at a share of the bare spider's rate:"
        f" {', '.join(left)}. The bare spider alone takes {alone:.1f} ms of it, to read"
        f" a report takes {sum(figures['stages'].values()):.1f} where nothing else runs, to store it"
        f" {figures['store']:.1f}; start, portal, and what the processes take from each other come to that."
    )


def _half(figures: Figures) -> list[str]:
    few = [taken.memory for taken in _taken(figures, "half", "nianbao")]
    many = [taken.memory for taken in _taken(figures, "rounds", "nianbao")]
    growth = [median(many) / memory for memory in few]
    pages = figures["half"][0]["nianbao"]["pages"]
    bare = median(taken.memory for taken in _taken(figures, "half", "equal"))
    row = [
        f"peak memory at {pages:,} pages, MB",
        f"{median(few):.0f}",
        f"{bare:.0f}",
        spread(growth),
        wanted("growth", growth),
    ]
    return ["## Twice the pages", table(("", "nianbao", YARDSTICKS["equal"], "all pages to these", "wanted"), [row])]


def _rebuilds(figures: Figures) -> list[str]:
    single, double = (_taken(figures, "rebuild", jobs) for jobs in ("1", "2"))
    gain = _ratios([taken.rate for taken in double], [taken.rate for taken in single])
    rows = []
    for jobs, found in (("1", single), ("2", double)):
        rates = [taken.rate for taken in found]
        cells = [f"`--jobs {jobs}`", spread(rates, 0), wanted("rebuild", rates) if jobs == "2" else ""]
        cells += [f"{median(t.milliseconds for t in found):.1f}", f"{median(t.memory for t in found):.0f}"]
        rows.append([*cells, f"{max(taken.processes for taken in found)}"])
    rows.append(["two to one", spread(gain), wanted("jobs", gain), "", "", ""])
    alone, together = ([turn[count] for turn in figures["scaling"]] for count in ("1", "2"))
    return [
        "## Rebuild",
        table(("", "captures a second", "wanted", "CPU, ms a capture", "peak memory, MB", "processes"), rows),
        f"Two processes that only read, and share nothing but the machine, do {spread(_ratios(together, alone))} times"
        f" what one does ({median(alone):.0f} pages a second; `python -m tests.bench.scaling`).",
    ]


def _idle(figures: Figures) -> list[str]:
    first, again, fixed = (
        [taken.cpu for taken in _taken(figures, "idle", name)] for name in ("first", "nothing new", "refused")
    )
    share = _ratios(again, first)
    rest = _ratios(
        [one - other for one, other in zip(again, fixed, strict=True)],
        [one - other for one, other in zip(first, fixed, strict=True)],
    )
    name = "idle beside the fixed cost"
    rows = [
        ["first run", spread(first), "", ""],
        ["second run, nothing new", spread(again), spread(share), wanted("idle", share)],
        ["a run whose portal refuses every connection: the fixed cost", spread(fixed), "", ""],
        ["second run beside the fixed cost", "", spread(rest), wanted(name, rest)],
    ]
    return ["## Nothing new", "On the sample portal.", table(("", "CPU s", "of the first run", "wanted"), rows)]


def _stages(figures: Figures) -> list[str]:
    costs = figures["stages"]
    rows = [[f"`{name}`", f"{cost:.2f}"] for name, cost in costs.items() if cost >= 0.005]
    rows.append(["sum", f"{sum(costs.values()):.2f}"])
    words = "CPU of each stage for one report, the best of several rounds in one process."
    stored = figures["store"]
    told = f"To store such a report takes {stored:.2f} ms of CPU, commits and all; wanted {wanted('store', [stored])}."
    return ["## Where a report's time goes", words, table(("stage", "ms"), rows), told]


SECTIONS: dict[str, Callable[[Figures], list[str]]] = {
    "rounds": _crawls,
    "half": _half,
    "bytes": in_bytes,
    "rebuild": _rebuilds,
    "idle": _idle,
    "stages": _stages,
}
"""The page's sections by the part of the figures that they show."""


def write(path: Path = PAGE) -> None:
    """Write the page from the figures that are kept."""
    path.write_text(page(json.loads(FIGURES.read_text("utf-8"))), "utf-8")


if __name__ == "__main__":
    write()
