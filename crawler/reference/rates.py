"""How many figures were read as they stand, of reports that were read by hand (docs/evaluation.md)."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def rates() -> tuple[tuple[str, str, int, int], ...]:
    """Rows of subject (a measure, report years or a form), material (what was read), exact (at least so many figures)
    and stated (of so many)."""
    lines = resources.files("crawler.data.evaluation").joinpath("rates.csv").read_text("utf-8").splitlines()
    return tuple(
        (subject, material, int(exact), int(of)) for subject, material, exact, of in list(csv.reader(lines))[1:]
    )
