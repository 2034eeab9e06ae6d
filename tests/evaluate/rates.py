"""`python -m tests.evaluate.rates`: what the evaluation pins of figures, as the data that releases publish.

The floors are what was measured when they were pinned, and what every later version must reach: a rate of at least
that is what can be promised of published figures.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from tests import ROOT
from tests.evaluate.floors import floors

PAGE = Path("data/evaluation/rates.csv")
_HEAD = ("subject", "material", "exact", "stated")
_MATERIAL = {"html": "tables in HTML", "text": "tables as flattened text", "pdf": "tables in PDF with text"}
_FIGURES = re.compile(r"figures (?P<subject>\w+), (?P<material>\w+): exact")
_SENTENCES = re.compile(r"(?P<kind>sentences|narrative), (?P<material>[\w ]+?)(?:, (?P<subject>.+))?: exact")
_AWKWARD = "awkward tables: cells exact"


def rates() -> list[tuple[str, str, int, int]]:
    """Subject, material, exact and stated of each floor that is about figures, sorted."""
    rows = []
    for line, (exact, stated) in floors().items():
        if match := _FIGURES.fullmatch(line):
            rows.append((match["subject"], _MATERIAL[match["material"]], exact, stated))
        elif match := _SENTENCES.fullmatch(line):
            material = match["material"] if match["kind"] == "narrative" else f"sentences, {match['material']}"
            rows.append((match["subject"] or "every measure", material, exact, stated))
        elif line == _AWKWARD:
            rows.append(("cells", "made-up awkward tables", exact, stated))
    return sorted(rows)


def page() -> str:
    """The file as it stands in the data."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEAD)
    writer.writerows(rates())
    return out.getvalue()


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(), encoding="utf-8")
