"""Figures that no organ of its level can have, and parts above their whole: kept as printed, and told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawler.records.report import Check, Figure, Report

_ABOVE = ("F2", "F3", "T1")
"""Checks in which a part stands beside its whole."""
_MOST: dict[str, tuple[float, float]] = {
    "disc_total": (3_000_000, 20_000_000),
    "disc_via_website": (3_000_000, 20_000_000),
    "req_received": (20_000, 200_000),
    "req_answered": (20_000, 200_000),
    "req_closed": (20_000, 200_000),
    "review_total": (5_000, 50_000),
    "suit_total": (5_000, 50_000),
}
"""Far above the largest known (sources/forms#proportions): of a county, bureau or township, then of any organ."""
_SMALL = re.compile(r"(?:县|区|旗|镇|乡|街道|苏木)(?:人民政府)?(?:办公室|办事处)?$|局$|管委会$|管理委员会$")


def implausible(figures: Sequence[Figure], checks: Sequence[Check], report: Report | None) -> Iterator[str]:
    """A sentence for each figure of the text out of all proportion, and for each part that is above its whole.

    The level of an organ is that of its region's code, else what the end of its name says; without either the bound is
    that of a province. Sources: sources/forms#proportions.
    """
    small = report is not None and _is_small(report)
    for figure in figures:
        bounds = _MOST.get(figure.code or "")
        if figure.form == "narrative" and bounds is not None and (figure.value or 0) > bounds[0 if small else 1]:
            bound = f"more than {bounds[0 if small else 1]:,.0f}"
            yield f"{figure.code}: «{(figure.raw or '')[:80]}» in a sentence, {bound}; kept as printed"
    for check in checks:
        if check.rule in _ABOVE and check.holds is False:
            yield f"{check.subject}: a part of {check.actual}, the whole {check.expected} ({check.rule}); kept"


def _is_small(report: Report) -> bool:
    if report.region_code is not None and not report.region_code.endswith("00"):
        return True
    return report.organ_kind == "township" or _SMALL.search(report.organ or "") is not None
