"""`python -m tests.evaluate.tables [N] [--noise]`: N awkward tables made at random; a wrong value is a failure.

`--noise`: with what is no part of a number in some cells, and rows with a cell more (`tests.support.table_noise`).
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from random import Random

from lxml import html

from pipelines.statistics.figures import Found
from pipelines.statistics.grid import grids_of
from pipelines.statistics.tables import read_grids
from tests.evaluate import Score
from tests.support.awkward_tables import awkward
from tests.support.table_noise import noisy

PAGES = 200
"""As many as make up a line of the evaluation."""
YEARS = {"f2014": 2016, "f2019": 2019, "f2021": 2023}


def tried(seed: int, noise: bool = False) -> tuple[Counter[str], list[str]]:
    """One page of tables read: cells exact, blank, null, missed; every wrong or silently missing value in words.

    `noise`: with what is no part of its numbers in some of its cells.
    """
    page = awkward(Random(seed))
    if noise:
        page = noisy(page, Random(seed))
    found = Found()
    read_grids(found, grids_of(html.fromstring(page.html)), YEARS[page.form])
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    got = {figure.code: figure for figure in found.figures if figure.code}
    told = bool(found.problems)
    for code, value in page.truth.items():
        figure = got.get(code)
        if code in page.gone:
            value = None
        if figure is not None and figure.value == value:
            counts["exact"] += 1
        elif figure is None or figure.value is None:
            counts["null" if figure else "missed"] += 1
            if "-v" in sys.argv:
                print(
                    seed, code, value, figure and (figure.raw, figure.method), list(found.problems)[:1], page.oddities
                )
            if not told and code not in page.unsaid:
                wrong.append(f"seed {seed}: {code} {value} left out without a problem {page.oddities}")
        else:
            counts["wrong"] += 1
            wrong.append(f"seed {seed}: {code} {figure.value} is {value}: {figure.evidence} {page.oddities}")
    for code in got:
        if code not in page.truth:
            counts["false"] += 1
            wrong.append(f"seed {seed}: {code} stands nowhere: {got[code].evidence} {page.oddities}")
    return counts, wrong


def evaluate_tables(folder: Path) -> list[Score]:
    """The first awkward pages, made and not out of the folder: cells exact; what is wrong or untold is a miss."""
    del folder
    score = Score("awkward tables: cells exact")
    for seed in range(PAGES):
        counts, wrong = tried(seed)
        score.right += counts["exact"]
        score.total += counts.total()
        score.misses += wrong
    return [score]


def main(arguments: list[str]) -> int:
    """Print the counts; 1 if a value was wrong, false or silently left out."""
    number = next((int(one) for one in arguments if one.isdecimal()), 1000)
    noise = "--noise" in arguments
    total: Counter[str] = Counter()
    failures: list[str] = []
    for seed in range(number):
        counts, wrong = tried(seed, noise)
        total += counts
        failures += wrong
    print(f"{number} pages of tables: {dict(total)}")
    for line in failures[:20]:
        print(line)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
