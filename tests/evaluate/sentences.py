"""The figures of published reports' sentences by measure and era, against labels kept as data.

`sentences.jsonl` beside this file has a line a report: its address, organ, year, level, province, and the figures that
its sentences state; `set` is `tuned` for those that rules were made with, `fresh` for those read after. The texts are
third parties' and stay outside: a file of the same name in the folder of gold, with `url` and `text`.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from pipelines.statistics.narrative import read_narrative
from tests.evaluate import Score

LABELS = Path(__file__).with_name("sentences.jsonl")
REPORTS = "reports without a wrong or invented value"
_ERAS = ((2013, "2008–2013"), (2018, "2014–2018"), (2020, "2019–2020"), (9999, "from 2021"))


def era(year: int) -> str:
    """The years whose reports follow one form."""
    return next(name for last, name in _ERAS if year <= last)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []


def stated() -> Counter[tuple[str, str]]:
    """How many figures the labels state by (set, measure) and (set, era), and how many reports there are by set."""
    found: Counter[tuple[str, str]] = Counter()
    for row in _rows(LABELS):
        for code in row["figures"]:
            found.update({(row["set"], code): 1, (row["set"], era(row["year"])): 1})
        found[row["set"], REPORTS] += 1
    return found


def compare(folder: Path) -> dict[tuple[str, str], Counter[str]]:
    """Counts of exact, null, missed, wrong and invented by (set, measure) and (set, era), and of reports by whether
    they are free of the last two; empty without the texts."""
    texts = {row["url"]: row["text"] for row in _rows(folder / "sentences.jsonl")}
    found: dict[tuple[str, str], Counter[str]] = {}
    for row in _rows(LABELS):
        if row["url"] not in texts:
            continue
        read = read_narrative(texts[row["url"]], row["year"], row["organ"]).figures
        got = {figure.code or "": figure.value for figure in read}
        false = False
        for code in sorted(got.keys() | row["figures"].keys()):
            if code not in row["figures"]:
                said = "" if got[code] is None else "invented"
            elif code not in got:
                said = "missed"
            else:
                said = "null" if got[code] is None else ("exact" if got[code] == row["figures"][code] else "wrong")
            for name in (code, era(row["year"])) if said else ():
                found.setdefault((row["set"], name), Counter())[said] += 1
            false = false or said in ("wrong", "invented")
        found.setdefault((row["set"], REPORTS), Counter())["wrong" if false else "exact"] += 1
    return found


def evaluate_sentences(folder: Path) -> list[Score]:
    """The comparison as scores: exact of stated, with what became of the rest in the name."""
    scores = []
    for (part, name), counts in sorted(compare(folder).items()):
        rest = ", ".join(f"{counts[kind]} {kind}" for kind in ("wrong", "invented", "null", "missed"))
        score = Score(f"sentences, {part}, {name}: exact ({rest})")
        score.right = counts["exact"]
        score.total = sum(counts.values()) - counts["invented"]
        scores.append(score)
    return scores
