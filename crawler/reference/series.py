"""Series: one question over the report years, whichever codes the forms gave it (data/forms/series.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from crawler.records.report import Form
from crawler.reference.measures import Measure, form_of, generations

Comparable = Literal["same", "broader", "narrower", "other"]

_APPLICANT = "{applicant}"
_LONE_ZH = "各表同一指标，其他表未见对应的指标。"
_LONE_EN = "The same figure in every form that has it; no other form asks for it under another code."


@dataclass(frozen=True, slots=True)
class Member:
    """The codes that answer a series in some forms; the figures of several are added.

    `comparable`: how the answer compares with what the newest form that asks the question means by it; why, in one
    sentence each. Form `narrative`: what sentences state, in whatever year; it is told of the series of the file only,
    though sentences state other codes of f2014 too.
    """

    forms: tuple[Form, ...]
    codes: tuple[str, ...]
    comparable: Comparable
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Series:
    """One question over the years. `unit`: None where no form prints one. No form is in two of its members."""

    id: str
    label_zh: str
    label_en: str
    unit: str | None
    members: tuple[Member, ...]

    def member(self, form: Form) -> Member | None:
        """The codes that answer in a form; None where it does not ask the question."""
        return next((member for member in self.members if form in member.forms), None)

    def comparable(self, code: str) -> Comparable:
        """How a code of the forms' tables compares, over all of them that have it; KeyError for one of no member.

        A code of several forms is `same` only where it is in all of them, and `other` where they differ in how not.
        """
        values = {member.comparable for member in self.members if code in member.codes and _of_table(member)}
        if not values:
            raise KeyError(code)
        different = values - {"same"}
        return "other" if len(different) > 1 else different.pop() if different else "same"


@cache
def every_series() -> tuple[Series, ...]:
    """Every series: those of the file in its order, then one each for the codes that it does not name."""
    shared = tuple(_shared())
    named = {code for series in shared for member in series.members for code in member.codes}
    return (*shared, *(_lone(measures) for code, measures in generations().items() if code not in named))


@cache
def _by_code() -> dict[str, Series]:
    by_code: dict[str, Series] = {}
    for series in every_series():
        for member in series.members:
            for code in member.codes:
                by_code.setdefault(code, series)
    return by_code


def series_of(code: str) -> Series:
    """The series of a code, the first of the file where several name it; KeyError for no code of a form."""
    return _by_code()[code]


def _shared() -> Iterator[Series]:
    text = (resources.files("crawler.data.forms") / "series.toml").read_text("utf-8")
    for entry in tomllib.loads(text)["series"]:
        if _APPLICANT not in entry["id"]:
            yield _series(entry, "", "", "")
            continue
        for column in form_of("f2021").request_columns:
            if column.code != "total":
                yield _series(entry, column.code, f" × {column.label}", f" × {column.english}")


def _series(entry: dict[str, Any], applicant: str, label: str, english: str) -> Series:
    """The series of an entry, its labels with those of the applicant behind them."""
    members = tuple(
        Member(
            tuple(member["forms"]),
            tuple(code.replace(_APPLICANT, applicant) for code in member["codes"]),
            member["comparable"],
            member["why_zh"],
            member["why_en"],
        )
        for member in entry["members"]
    )
    name = entry["id"].replace(_APPLICANT, applicant)
    return Series(name, entry["label"] + label, entry["english"] + english, entry.get("unit"), members)


def _lone(measures: tuple[Measure, ...]) -> Series:
    """The series of a code that no other answers for."""
    newest = measures[-1]
    forms = tuple(measure.form for measure in reversed(measures))
    member = Member(forms, (newest.code,), "same", _LONE_ZH, _LONE_EN)
    return Series(newest.code, newest.label, newest.english, newest.unit, (member,))


def _of_table(member: Member) -> bool:
    return member.forms != ("narrative",)
