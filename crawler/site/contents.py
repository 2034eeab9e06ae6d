"""What each page shows, asked of the archive; nothing here knows of Datasette, nor any SQL."""

from __future__ import annotations

from typing import Any

from crawler.archive.queries.reader import Reader
from crawler.archive.schema.panel import MEASURES
from crawler.site.charts import chart
from crawler.site.language import label, word
from crawler.site.parameters import ParameterError, choice

_SHOWN = ("received", "granted", "denied", "not_held", "reviews", "lawsuits")
"""Measures drawn on a region's page; 主动公开 has a chart of its own, its numbers are a hundred times larger."""
_MOST_REGIONS = 8
_LABELS = {measure.name: measure for measure in MEASURES}


def region(archive: Reader, code: str) -> dict[str, Any] | None:
    """A region's coverage, reports, and measures by year."""
    expected, reports = archive.coverage.of_region(code), archive.reports.of_region(code)
    if not expected and not reports:
        return None
    panel = archive.panel.rows([code])
    years = sorted({row["report_year"] for row in panel})
    series = {
        str(label("measure", name)): {row["report_year"]: row[name] for row in panel}
        for name in _SHOWN
        if any(row[name] is not None for row in panel)
    }
    disclosed = {str(label("measure", "disclosed")): {row["report_year"]: row["disclosed"] for row in panel}}
    names = [row["region"] for row in [*expected, *panel] if row["region"]]
    return {
        "code": code,
        "name": names[-1] if names else code,
        "expected": expected,
        "reports": reports,
        "panel": panel,
        "measures": [measure for measure in MEASURES if any(row[measure.name] is not None for row in panel)],
        "charts": [drawn for drawn in (chart(years, series), chart(years, disclosed)) if drawn],
        "gaps": [row for row in expected if row["status"] in ("missing", "blocked")],
        "late": [row for row in expected if row["days_late"]],
        "conflicts": [row for row in [*expected, *panel] if row["conflict"]],
    }


def compare(archive: Reader, codes: list[str], measure: str) -> dict[str, Any]:
    """One measure of up to eight regions; the first regions and 申请 where nothing is asked for.

    Raises ParameterError for a region without reports, too many of them, and a measure that the panel has not.
    """
    names = archive.panel.regions()
    for code in codes:
        if code not in names:
            raise ParameterError("region", code, word("expected.regions"))
    asked = list(dict.fromkeys(codes)) or list(names)[:3]
    if len(asked) > _MOST_REGIONS:
        raise ParameterError("region", ", ".join(asked), word("expected.most", most=_MOST_REGIONS))
    chosen = choice("measure", measure, _LABELS) or "received"
    rows = archive.panel.rows(asked)
    years = sorted({row["report_year"] for row in rows})
    values = {(row["region_code"], row["report_year"]): row for row in rows}
    series = {
        names[code]: {year: values[code, year][chosen] for year in years if (code, year) in values} for code in asked
    }
    return {
        "names": names,
        "asked": asked,
        "measures": MEASURES,
        "chosen": _LABELS[chosen],
        "years": years,
        "values": values,
        "chart": chart(years, series),
        "most": _MOST_REGIONS,
    }
