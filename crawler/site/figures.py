"""A report's figures and checks as data, in the form in which its page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.archive.queries.reader import Reader
from crawler.site.checks import sentences
from crawler.site.evidence import names
from crawler.site.extracts import Extract
from crawler.site.language import word
from crawler.site.parameters import only

_FIGURES = {
    "form": "narrative, f2014, f2019 or f2021: where it stands.",
    "code": "Code of the measure (codebook); null for a row of the organ's own.",
    "item": "The measure without its applicant, or the row's own label.",
    "applicant": "Whose requests, in tables that tell applicants apart.",
    "value": "The number; null where the cell is blank.",
    "raw": "What is printed.",
    "unit": "The unit as printed.",
    "evidence": "The sentence, or row and column, in which it stands.",
    "method": "The rule that found it.",
    "anchor": "Its name within the report's page: `/report/KEY#anchor`.",
    "verdict": "What a person said of it last: checked, disputed or wrong.",
    "note": "The words to that.",
}
_CHECKS = {
    "rule": "The rule's name (codebook).",
    "subject": "Column, row or measure that it is about.",
    "holds": "1, 0, or null where it cannot be told.",
    "expected": "One side.",
    "actual": "The other side.",
    "words": "The check as a sentence, in the language asked for.",
}


def _entry(archive: Reader, request: Any) -> dict[str, Any] | None:
    only(request)
    number = archive.reports.find(request.url_vars["key"])
    return None if number is None else archive.reports.get(number)


def _figures(archive: Reader, request: Any) -> list[dict[str, Any]] | None:
    entry = _entry(archive, request)
    if entry is None:
        return None
    reviews = {review["measure"]: review for review in entry["reviews"] if review["stands"]}
    anchors = names(entry["statistics"])
    nothing = {"verdict": None, "note": None}
    return [
        {
            **figure,
            "anchor": anchors[figure["position"]][1] or anchors[figure["position"]][0],
            **{name: (reviews.get(figure["code"]) or nothing)[name] if figure["code"] else None for name in nothing},
        }
        for figure in entry["statistics"]
    ]


def _checks(archive: Reader, request: Any) -> list[dict[str, Any]] | None:
    entry = _entry(archive, request)
    if entry is None:
        return None
    return [
        {**row, "words": str(sentences([row], entry["statistics"])[0].words)}
        for row in sorted(entry["checks"], key=lambda row: (row["rule"], row["subject"]))
    ]


def _missing(parts: Mapping[str, str]) -> str:
    return word("missing.report", number=parts["key"])


EXTRACTS = (
    Extract("/report/{key}/figures", "A figure of a report, in the order of its page.", _FIGURES, _figures, _missing),
    Extract("/report/{key}/checks", "A check of a report.", _CHECKS, _checks, _missing),
)
