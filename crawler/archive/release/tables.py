"""Which tables a release has, with the questions that fill them. A report is named by its key, never by its number in
one archive; a page by its address, time and SHA-256."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

from crawler.archive.exchange.columns import Column, Measures
from crawler.archive.exchange.wide import wide_columns, wide_rows
from crawler.archive.release.columns import KEY, REPORT, Holdings, Source, columns_of, described, holdings_of, source
from crawler.archive.release.parts import figures, texts
from crawler.archive.release.people import people
from crawler.archive.release.resource import Resource
from crawler.reference.rates import rates


def sources(connection: sqlite3.Connection, measures: Measures, with_sample: bool) -> list[Source]:
    """Every table of a release of an archive; those that people open first, which are the smaller ones, come first."""
    held = holdings_of(connection, with_sample)
    return [
        *people(connection, held),
        *_lists(held),
        *_reports(held, measures),
        *texts(connection, held),
        *figures(connection, held),
    ]


def _lists(held: Holdings) -> Iterator[Source]:
    portals = described("portals", "id sample", "id", ending="csv")
    where = "not sample" if held.only_real else "true"
    yield source(portals, f"select id, sample from portals where {where} order by id")
    names = "code item applicant forms section row label_zh label_en unit series comparable since until sums"
    measures = described("measures", names, "code", ending="csv")
    yield source(measures, f"select {', '.join(names.split())} from measures order by code")
    names = "code name full_name parent level valid_from valid_to former_names predecessors successors"
    regions = described("regions", names, "code", ending="csv", refers=(("parent", "regions", "code"),))
    yield source(regions, f"select {', '.join(names.split())} from regions order by code")
    columns = (
        Column("subject", "string", "the measure, or the report years and form, that was measured"),
        Column("material", "string", "what was read, and whether rules were made with it (tuned) or not (fresh)"),
        Column("exact", "integer", "figures that were read as they stand: at least so many"),
        Column("stated", "integer", "figures that were to be read"),
    )
    words = "How many figures were read as they stand, by measure and era, of reports that were read by hand."
    resource = Resource("error_rates", "error_rates", words, columns, ("material", "subject"), "csv")
    yield Source(resource, lambda _: iter(sorted(rates(), key=resource.order)))


def _reports(held: Holdings, measures: Measures) -> Iterator[Source]:
    names = "key portal url title organ organ_kind region_code region report_year published_on signed_on source"
    names += " index_no doc_no breadcrumb trail form text_sha256 first_seen_at gone_at evidence"
    resource = described("reports", names + " sha256 fetched_at", "key")
    picked = ", ".join(f"reports.{name}" for name in names.split())
    yield source(
        resource,
        f"select {picked}, captures.sha256, captures.fetched_at from {held.reports} as reports"
        " join captures on captures.id = reports.capture_id order by reports.key",
    )
    head = (KEY, *columns_of("reports", "region_code region report_year organ form"))
    words = "The figures that have a value, a row a report; text__… is what sentences say."
    resource = Resource("statistics_wide", "statistics_wide", words, head + wide_columns(measures), ("key",))
    wide = replace(resource, refers=REPORT)
    yield Source(wide, lambda connection: wide_rows(connection, held.reports, wide.columns, head))
    of = f"{held.reports} as reports on reports.id = report_id"
    yield source(
        described("checks", "key rule subject holds expected actual reports.region_code reports.report_year",
                   "key rule subject", refers=REPORT),
        "select reports.key, rule, subject, holds, expected, actual, region_code, report_year"
        f" from checks join {of} order by reports.key, rule, subject",
    )  # fmt: skip
    yield source(
        described("addresses", "key url first_seen_at last_seen_at gone_at", "key url", "report_urls", refers=REPORT),
        "select reports.key, u.url, u.first_seen_at, u.last_seen_at, u.gone_at from report_urls as u"
        f" join {held.reports} as reports on reports.id = u.report_id order by reports.key, u.url",
    )
    yield source(
        described("versions", "key version url observed_at text_sha256 sha256", "key version", "report_versions",
                   refers=REPORT),
        "select reports.key, v.version, v.url, v.observed_at, v.text_sha256, captures.sha256 from report_versions as v"
        f" join {held.reports} as reports on reports.id = v.report_id join captures on captures.id = v.capture_id"
        " order by reports.key, v.version",
    )  # fmt: skip
    yield source(
        described("attachments", "key document url label media_type sha256 fetched_at", "key document",
                   refers=REPORT),
        "select reports.key, a.position + 1, a.url, a.label, a.media_type, captures.sha256, captures.fetched_at"
        f" from attachments as a join {held.reports} as reports on reports.id = a.report_id"
        " left join captures on captures.id = a.capture_id order by reports.key, a.position",
    )  # fmt: skip
    yield source(
        described("captures", "url fetched_at sha256 portal status content_type length kind redacted",
                   "url fetched_at sha256"),
        "select url, fetched_at, sha256, min(portal), min(status), min(content_type), min(length), min(kind),"
        " max(id in (select capture_id from redacted_captures))"
        f" from {held.captures} as captures group by url, fetched_at, sha256 order by 1, 2, 3",
    )  # fmt: skip
