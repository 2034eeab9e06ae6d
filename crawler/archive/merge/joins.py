"""Copies of a report that is here: one more address, and nothing else changes, so nothing is placed again.

That holds where the report here says one thing and said it earlier, its leading address was met earlier, too, each of
its addresses shows one capture, and nobody else claims its identity.
"""

from __future__ import annotations

import sqlite3

from crawler.archive.merge.course import Course
from crawler.archive.merge.rows import insert, values
from crawler.archive.write.keys import key_of_identity

_ALONE = """select report_urls.*, squeezed_sha256, versions.capture_id as founder, (
        select count(*) from report_versions where report_id = reports.id) as versions, (
        select count(*) from report_urls where report_id = reports.id) as addresses, (
        select count(*) from attachments where report_id = reports.id) as files, (
        select count(*) from report_urls as place join captures on captures.url = place.url
        where place.report_id = reports.id) as captures, (
        select count(*) from report_urls as place join redacted_captures on redacted_captures.capture_id
        = place.capture_id where place.report_id = reports.id) as tombstones, reports.key, reports.identity,
    reports.gone_at as gone
    from reports join report_versions as versions on versions.report_id = reports.id and version = 1
    join report_urls on report_urls.report_id = reports.id and report_urls.url = reports.url
    where reports.id = ?"""
"""A report by its leading address, and how much there is of it."""


def joins(target: sqlite3.Connection, source: sqlite3.Connection, course: Course, there: int, here: int) -> bool:
    """Whether a report of the source is nothing but a copy of one that is here."""
    copy, held = (one.execute(_ALONE, (number,)).fetchone() for one, number in ((source, there), (target, here)))
    if copy is None or held is None or copy["squeezed_sha256"] is None:
        return False
    for row in (copy, held):
        if (row["versions"], row["files"], row["tombstones"]) != (1, 0, 0) or row["captures"] != row["addresses"]:
            return False
        if row["gone"] is not None or row["gone_at"] is not None or row["text_sha256"] is None:
            return False
        if row["key"] != key_of_identity(row["identity"]):
            return False  # it was another's once
    return bool(
        copy["addresses"] == 1
        and copy["identity"] == held["identity"]
        and copy["squeezed_sha256"] == held["squeezed_sha256"]
        and course.captures[copy["founder"]] > held["founder"]
        and copy["first_seen_at"] > held["first_seen_at"]
    )


def join(target: sqlite3.Connection, source: sqlite3.Connection, course: Course, there: int, here: int) -> None:
    """Give the report here the address that the one there has."""
    row = source.execute("select * from report_urls where report_id = ?", (there,)).fetchone()
    insert(target, "report_urls", values(row, report_id=here, capture_id=course.captures[row["capture_id"]]))
    target.execute("update reports set last_seen_at = max(last_seen_at, ?) where id = ?", (row["last_seen_at"], here))
    course.reports[there] = here
