"""The tables of a release that people read in a spreadsheet, and what people say."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from crawler.archive.exchange.columns import Column
from crawler.archive.exchange.tables import last_day
from crawler.archive.queries.reviews import REVIEWS
from crawler.archive.release.columns import KEY, REPORT, Holdings, Source, columns_of, described, source
from crawler.archive.release.resource import Resource
from crawler.archive.schema.mementos import coverage_on
from crawler.archive.schema.panel import MEASURES


def people(connection: sqlite3.Connection, held: Holdings) -> Iterator[Source]:
    """What people read in a spreadsheet, and what they say."""
    names = "key portal region_code region report_year organ url published_on"
    names += "".join(f" {measure.name} {measure.name}_source" for measure in MEASURES) + " conflict sample break"
    panel = described("panel", names, "region_code report_year", ending="csv", workbook=True, refers=REPORT)
    picked = ", ".join(f"panel.{name}" for name in names.split()[1:])
    yield source(
        panel,
        f"select reports.key, {picked} from panel join reports on reports.id = panel.report_id"
        f" where {held.condition('panel')} order by panel.region_code, panel.report_year",
    )
    names = "key portal region_code region report_year status published_on days_late portals conflict sample redacted"
    coverage = described("coverage", names, "region_code report_year", ending="csv", workbook=True, refers=REPORT)
    picked = ", ".join(f"coverage.{name}" for name in names.split()[1:])
    yield source(
        coverage,
        f"select reports.key, {picked} from ({coverage_on(last_day(connection))}) as coverage"
        f" left join reports on reports.id = coverage.report_id where {held.condition('coverage')}"
        " order by coverage.region_code, coverage.report_year",
    )
    reviews = described(
        "reviews", "key measure verdict note who at stands", "key measure at who verdict note", ending="csv"
    )
    made_up = f"select key from reports where key is not null and not {held.condition('reports')}"
    yield source(
        reviews,
        "select key, measure, verdict, note, who, at, max(stands)"
        f" from ({REVIEWS}) as reviews"
        f" where key not in ({made_up}) group by 1, 2, 3, 4, 5, 6 order by key, measure, at, who, verdict, note",
    )
    redactions = described("redactions", "sha256 at length reason rule lifted_at", "sha256 at", ending="csv")
    yield source(
        redactions,
        "select sha256, at, min(length), min(reason), min(rule), min(lifted_at) from redactions group by 1, 2"
        " order by 1, 2",
    )
    names = "reports.region_code reports.region reports.report_year reports.organ reports.url"
    columns = (
        KEY,
        Column("kind", "string", "review (a person says so, nianbao review) or check (a sum that does not hold)"),
        Column("subject", "string", "what it is about: a measure, or what the check compares; NULL: the whole report"),
        Column("verdict", "string", "disputed or wrong; of a check its rule (codebook.md)"),
        Column("note", "string", "what was seen; of a check what was expected, and what the report says"),
        Column("who", "string", "who says so; NULL for a check"),
        Column("at", "string", "UTC, when; NULL for a check"),
        *columns_of("reports", names),
    )
    words = "What is known to be wrong, or disputed: reviews that stand, and checks that do not hold."
    yield source(
        Resource("errata", "errata", words, columns, ("key", "kind", "subject", "verdict"), "csv"),
        f"select reviews.key, 'review', measure, verdict, note, who, reviews.at, {names.replace(' ', ', ')}"
        f" from ({REVIEWS}) as reviews left join reports on reports.key = reviews.key"
        f" where stands and verdict <> 'checked' and reviews.key not in ({made_up})"
        " union all select reports.key, 'check', subject, rule, 'expected ' || coalesce(expected, 'nothing')"
        f" || ', the report says ' || coalesce(actual, 'nothing'), null, null, {names.replace(' ', ', ')}"
        f" from checks join {held.reports} as reports on reports.id = report_id where holds = 0 order by 1, 2, 3, 4",
    )
