"""The floors of the evaluation: what was exact once stays exact (`floors.toml`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.evaluate import Score

FILE = Path(__file__).with_name("floors.toml")
SENTENCES = "sentences, "
"""What the lines of the sentences' table begin with."""
_COUNTS = re.compile(r"\s*\(\d[^()]*\)$")


def key(name: str) -> str:
    """The name of a line of the table without the counts that it ends with."""
    return _COUNTS.sub("", name)


def floors() -> dict[str, tuple[int, int]]:
    """Least exact and total by line. Raises ValueError for a floor above its total."""
    found: dict[str, tuple[int, int]] = {}
    for name, (least, total) in tomllib.loads(FILE.read_text("utf-8")).items():
        if not 0 <= least <= total:
            raise ValueError(f"{FILE.name}: {name!r} has the floor {least} of {total}")
        found[name] = (least, total)
    return found


def below(scores: Iterable[Score]) -> list[str]:
    """A sentence for each line that is below its floor, counts another total, or has no floor.

    The texts of labelled sentences are kept apart from the gold: where they are not there, no line is asked for.
    """
    wrong = []
    scores = list(scores)
    known = floors()
    if scores and not any(score.name.startswith(SENTENCES) for score in scores):
        known = {name: floor for name, floor in known.items() if not name.startswith(SENTENCES)}
    for score in scores:
        floor = known.pop(key(score.name), None)
        if floor is None:
            wrong.append(f"{key(score.name)}: has no floor in {FILE.name}")
        elif (score.right, score.total) < floor or score.total != floor[1]:
            wrong.append(f"{key(score.name)}: {score.right} of {score.total}, the floor is {floor[0]} of {floor[1]}")
    return wrong + [f"{name}: a floor of a line that the table does not have" for name in known]
