"""Problem rows, and the sets of their kinds, each computed from the one table (crawler.records.problemkinds)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.records.problemkinds import PROBLEM_KINDS

ATTENTION_ABOVE = {name: kind.attention_above for name, kind in PROBLEM_KINDS.items() if kind.attention}
"""The kinds that want a person, each with how many of it a run may meet before it does."""
ATTENTION_KINDS = frozenset(name for name, above in ATTENTION_ABOVE.items() if not above)
"""Those of which a single one does."""
DERIVED_KINDS = frozenset(name for name, kind in PROBLEM_KINDS.items() if kind.derived)
RETRIED_KINDS = frozenset(name for name, kind in PROBLEM_KINDS.items() if kind.retried)
BLOCKING_KINDS = frozenset(name for name, kind in PROBLEM_KINDS.items() if kind.blocks)


def attention_kinds(counts: Mapping[str, int]) -> list[str]:
    """The kinds that want a person in a run that met so many problems of each kind, sorted."""
    return sorted(kind for kind, count in counts.items() if count > ATTENTION_ABOVE.get(kind, count))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something met and not understood, or that wants a person. `kind` is out of problems.PROBLEM_KINDS."""

    kind: str
    url: str
    detail: str


@dataclass(frozen=True, slots=True)
class PortalProblem:
    """A problem that belongs to no page that came: on its way to table `problems`."""

    portal: str
    problem: Problem
