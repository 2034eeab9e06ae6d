"""Of all that a report's sentences say of a measure: the figure of the report's own scope and year, or NULL and why."""

from __future__ import annotations

from itertools import groupby

from crawler.records.report import Figure, Place
from crawler.reference.measures import form_of
from pipelines.statistics.narrative.candidate import Candidate

AMBIGUOUS = "ambiguous"
NONE = "words for none"
_NEAR = 0.1
"""How far a rounded number (近900, 1.2万余) may lie from the one it stands for."""
_MOST = 4
"""Sentences kept as evidence where they disagree."""


def decide(candidates: list[Candidate]) -> list[Figure]:
    """One figure a measure, in the order in which measures were first met.

    Only candidates of the report's own scope count, and of these the plainest (see Candidate.rank) and those that are
    of the same whole. Where two of them disagree the value is NULL, the method `ambiguous`, and `raw` and `evidence`
    hold each; where all are of another scope it is NULL with that scope as its method and the first of them as
    evidence.
    """
    by_code: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        by_code.setdefault(candidate.code, []).append(candidate)
    return [_figure(code, found) for code, found in by_code.items()]


def _figure(code: str, candidates: list[Candidate]) -> Figure:
    unit = form_of("f2014").measures[code].unit
    fit = [candidate for candidate in candidates if not candidate.outside]
    if not fit:
        first = candidates[0]
        return Figure("narrative", code, code, None, None, first.raw, unit, Place(first.evidence), first.outside)
    best = max(candidate.rank for candidate in fit)
    plainest = [one for one in fit if one.rank == best]
    fit = [one for one in fit if one.rank == best or one.method == NONE or _contradicts(one, plainest)]
    fit = _without_rounded(fit)
    if len({candidate.value for candidate in fit}) == 1:
        first = next((candidate for candidate in fit if not candidate.about), fit[0])
        return Figure("narrative", code, code, None, first.value, first.raw, unit, Place(first.evidence), first.method)
    each = [next(group) for _, group in groupby(sorted(fit, key=lambda one: one.value), key=lambda one: one.value)]
    each = sorted(each, key=lambda one: one.sentence)[:_MOST]
    raw = " / ".join(candidate.raw or "" for candidate in each)
    evidence = "\n".join(dict.fromkeys(candidate.evidence for candidate in each))
    return Figure("narrative", code, code, None, None, raw, unit, Place(evidence), AMBIGUOUS)


def _contradicts(candidate: Candidate, plainest: list[Candidate]) -> bool:
    """Whether a number that is stated less plainly than others is of the same whole: of their subject, or of none."""
    return not candidate.whose or any(
        candidate.rank[1:2] == one.rank[1:2] and one.whose in ("", candidate.whose) for one in plainest
    )


def _without_rounded(fit: list[Candidate]) -> list[Candidate]:
    """Without the rounded numbers that an exact one agrees with."""
    exact = [candidate.value for candidate in fit if not candidate.about]
    return [
        candidate
        for candidate in fit
        if not candidate.about or not any(abs(candidate.value - value) <= _NEAR * value for value in exact)
    ]
