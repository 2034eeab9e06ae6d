"""What the way that led to a report says of its organ: the list that it stands in, and whose group that list is of.

A list that is an organ's own leaves its name out of the titles (sources/pages#titles), and the site is the government's
whoever published on it.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.records.capture import Step
from crawler.words.labels import read_label
from pipelines.describe.organs import kind_of

_OTHERS = frozenset({"districts", "departments", "townships", "zones"})


def organ_on_the_way(trail: Sequence[Step]) -> str | None:
    """The last label inside the column that is an organ's name and no report's title; None where none is."""
    return next((step.label for step in reversed(_inside(trail)) if _is_organ(step.label)), None)


def leads_to_others(trail: Sequence[Step]) -> bool:
    """Whether the last group on the way is of organs below the site's own, or beside it."""
    groups = [group for step in _inside(trail) if (group := read_label(step.label).group) is not None]
    return bool(groups) and groups[-1] in _OTHERS


def _inside(trail: Sequence[Step]) -> Sequence[Step]:
    """The steps from the column on; none where the way never came through it by a name of it."""
    at = next((at for at, step in enumerate(trail) if read_label(step.label).kind == "column"), len(trail))
    return trail[at:]


def _is_organ(label: str) -> bool:
    return read_label(label).kind == "other" and 3 <= len(label) <= 24 and kind_of(label) is not None
