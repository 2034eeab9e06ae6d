"""Checks of a report in words: what was compared, the numbers, whether they fit, and at which figure each stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from crawler.reference.codes import measure_codes
from crawler.reference.measures import TABLE_FORMS, form_of
from crawler.reference.sums import sums_of
from crawler.site.language import DEFAULT, language, word
from pipelines.statistics.checks import BLANK_AS_0

_AT_MOST, _NEAR = "at most ", "near "
"""What stands before the number that rules F2, F3 and J1 expect."""
_OF_TEXT = ("A7", "T1")
"""Rules whose figure is the one that a sentence states."""
_PARTS = ("F2", "F3", "T1")
"""Rules in which a part must not be above its whole."""
_ORDER = (False, None, True)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One check. `holds`: True, False, or None where it cannot be told; `position`: of the figure that it is about
    (statistics.position), None where the report has no such figure."""

    rule: str
    words: str
    holds: bool | None
    position: int | None


def sentences(checks: Iterable[Mapping[str, Any]], figures: Iterable[Mapping[str, Any]]) -> list[Sentence]:
    """Every check of a report as a sentence in the language at hand: those that fail first, then those that cannot be
    told, then those that hold. A check is said once: where blanks leave it open, the second pass, which counts them as
    0, is said in its place; that it holds so tells nothing of the blanks."""
    rows = list(checks)
    second = {(row["rule"].removesuffix(BLANK_AS_0), row["subject"]) for row in rows if BLANK_AS_0 in row["rule"]}
    places: dict[tuple[bool, str], int] = {}
    for figure in figures:
        if figure["code"] is not None:
            places.setdefault((figure["form"] == "narrative", figure["code"]), figure["position"])
    said = [_sentence(row, places) for row in rows if (row["rule"], row["subject"]) not in second]
    return sorted(said, key=lambda entry: _ORDER.index(entry.holds))


def _sentence(row: Mapping[str, Any], places: Mapping[tuple[bool, str], int]) -> Sentence:
    rule, subject = row["rule"].removesuffix(BLANK_AS_0), row["subject"]
    expected, actual = (_number(row[name]) for name in ("expected", "actual"))
    words = word("check." + rule, subject=_name(rule, subject), expected=expected, actual=actual)
    with_blanks, holds = rule != row["rule"], None if row["holds"] is None else bool(row["holds"])
    if holds is False:
        words += (word("check.blanks") if with_blanks else "") + _difference(rule, expected, actual)
    else:
        words += word("check.untold" if holds is None else "check.blanks.hold" if with_blanks else "check.holds")
    sides = (True, False) if rule in _OF_TEXT else (False, True)
    position = next(
        (places[side, code] for code in _codes(rule, subject) for side in sides if (side, code) in places), None
    )
    return Sentence(rule, words, None if with_blanks and holds else holds, position)


def _number(said: str | None) -> str:
    return word("check.nothing") if said is None else said.removeprefix(_AT_MOST).removeprefix(_NEAR)


def _difference(rule: str, expected: str, actual: str) -> str:
    """What does not fit, and by how much."""
    if rule == "J1":
        return word("check.jump")
    try:
        difference = f"{abs(float(expected) - float(actual)):.15g}"
    except ValueError:
        return word("check.fails")
    return word("check.above" if rule in _PARTS else "check.differs", difference=difference)


def _name(rule: str, subject: str) -> str:
    """The column, row or measure that a check is about, as its form prints it, in the language at hand."""
    names = _names(rule).get(subject)
    return subject if names is None else names[0 if language.get() == DEFAULT else 1]


@cache
def _names(rule: str) -> Mapping[str, tuple[str, str]]:
    """By subject of a rule the label in Chinese and in English."""
    if rule in ("A1", "A2", "A5"):
        return {entry.code: (entry.label, entry.english) for entry in form_of("f2021").request_columns}
    if rule == "A3":
        return {
            entry.code: (entry.label, entry.english) for form in TABLE_FORMS for entry in form_of(form).request_rows
        }
    if rule == "A4":
        return {entry.code: (entry.label, entry.english) for entry in form_of("f2021").groups}
    labels = {entry.code: (entry.label_zh, entry.label_en) for entry in measure_codes()}
    if rule == "A6":
        return {code.removesuffix("_in_force"): names for code, names in labels.items() if code.endswith("_in_force")}
    if rule == "F3":
        return {code.removeprefix("disc_via_"): names for code, names in labels.items() if "disc_via_" in code}
    return labels


def _codes(rule: str, subject: str) -> tuple[str, ...]:
    """The codes at one of which a check stands, the whole before its parts."""
    if rule in ("A1", "A2", "A3", "A4", "F1"):
        return next(
            (
                (*entry.right, *entry.left)
                for form in reversed(TABLE_FORMS)
                for entry in sums_of(form)
                if (entry.rule, entry.subject) == (rule, subject)
            ),
            (),
        )
    if rule == "A5":
        return (f"req_carried_in__{subject}",)
    return (f"{subject}_in_force",) if rule == "A6" else (f"disc_via_{subject}",) if rule == "F3" else (subject,)
