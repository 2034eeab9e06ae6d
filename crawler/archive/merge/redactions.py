"""A redaction anywhere holds everywhere: what one archive removed goes out of the other before they are one."""

from __future__ import annotations

import sqlite3

from crawler.archive.derive.redaction import Demand, remove, silence, silence_trails
from crawler.archive.file.captures import Derive, pages_again
from crawler.archive.file.identity import sha256_of
from crawler.archive.file.tombstones import LEAST_TEXT
from crawler.archive.merge.course import Course
from crawler.archive.merge.rows import insert, update, values
from crawler.archive.write.ledger import now
from crawler.records.capture import RENDERED
from crawler.records.page import Page
from crawler.words.text import unspaced

_SAME = "select * from redactions where sha256 = ? and at = ? and reason = ? and rule is ?"
_STANDING = """select id from captures where sha256 = ? and length > 0
    and id not in (select capture_id from redacted_captures) order by id"""


def take(target: sqlite3.Connection, source: sqlite3.Connection, course: Course, derive: Derive) -> None:
    """The redactions of a source; what is here of their bodies is removed."""
    for row in source.execute("select * from redactions order by id").fetchall():
        course.redactions[row["id"]] = _keep(target, row)
        if row["lifted_at"] is None and _is_in_force(target, row["sha256"]):
            ids = [number for (number,) in target.execute(_STANDING, (row["sha256"],))]
            _remove(target, derive, ids, Demand(row["reason"], row["rule"]))


def _keep(target: sqlite3.Connection, row: sqlite3.Row) -> int:
    """The number here of a redaction. What was lifted anywhere is; of two in force for one body the earlier is."""
    words = (row["at"], row["reason"], row["rule"] or "")
    record = values(row, id=None, wiped_at=now())  # of its bytes nothing is here; where there is, `remove` says so
    same = target.execute(_SAME, (row["sha256"], row["at"], row["reason"], row["rule"])).fetchone()
    if same is not None:
        if row["lifted_at"] is not None and same["lifted_at"] is None:
            update(target, "redactions", same["id"], {name: row[name] for name in ("lifted_at", "lifted_reason")})
        return int(same["id"])
    if row["lifted_at"] is None:
        force = target.execute(
            "select * from redactions where sha256 = ? and lifted_at is null", (row["sha256"],)
        ).fetchone()
        if force is not None:
            if words < (force["at"], force["reason"], force["rule"] or ""):
                update(target, "redactions", force["id"], {name: row[name] for name in ("at", "reason", "rule")})
            return int(force["id"])
    insert(target, "redactions", record)
    return int(target.execute("select last_insert_rowid()").fetchone()[0])


def _is_in_force(target: sqlite3.Connection, sha256: str) -> bool:
    query = "select 1 from redactions where sha256 = ? and lifted_at is null"
    return target.execute(query, (sha256,)).fetchone() is not None


def _remove(target: sqlite3.Connection, derive: Derive, ids: list[int], demand: Demand) -> None:
    if not ids:
        return
    pages: dict[int, Page | None] = {row["id"]: page for row, page in pages_again(target, derive, ids)}
    remove(target, derive, pages, demand)
    marks = ", ".join("?" * len(ids))
    target.execute(
        f"update redactions set wiped_at = null where sha256 in (select sha256 from captures where id in ({marks}))",
        ids,
    )


def hush(target: sqlite3.Connection, course: Course) -> None:
    """Take the words of redacted pages out of trails and problems, in the rows of both; trails that changed are
    noted as touched."""
    marks = ", ".join("?" * len(course.tombstones))
    ids = sorted(course.tombstones)
    urls = {row[0] for row in target.execute(f"select url from captures where id in ({marks})", ids)}
    if target.execute("select 1 from redactions where lifted_at is null limit 1").fetchone() is not None and not urls:
        urls = {
            row[0]
            for row in target.execute(
                "select distinct url from captures join redacted_captures on capture_id = captures.id"
            )
        }
    if urls:
        silence(target, ids, sorted(urls))
        course.touched |= silence_trails(target, urls)


def remove_copies(target: sqlite3.Connection, source: sqlite3.Connection, course: Course, derive: Derive) -> int:
    """Remove from here what has the text of a redacted page of the other archive; how many captures that were.

    As in a crawl: at its own address, and from LEAST_TEXT characters on anywhere, but not what the archive that
    redacted the text held itself and left standing.
    """
    theirs = {row[0] for row in source.execute("select url || ' ' || sha256 from captures")}
    count = 0
    for row in target.execute(
        "select distinct squeezed_sha256, captures.url, redactions.* from redacted_captures"
        " join redactions on redactions.id = redaction_id join captures on captures.id = capture_id"
        " where squeezed_sha256 is not null and lifted_at is null"
    ).fetchall():
        from_there = row["id"] in course.redactions.values()
        ids = []
        for number, url, sha256, text in target.execute(
            "select distinct captures.id, captures.url, captures.sha256, reports.text from report_versions"
            " join report_urls on report_urls.report_id = report_versions.report_id"
            " join captures on captures.id in (report_versions.capture_id, report_urls.capture_id)"
            " join reports on reports.id = report_versions.report_id"
            " where squeezed_sha256 = ? and captures.id not in (select capture_id from redacted_captures)"
            " and captures.kind = 'report'",
            (row["squeezed_sha256"],),
        ).fetchall():
            is_theirs = f"{url} {sha256}" in theirs
            if is_theirs == from_there or sha256_of(unspaced(text or "")) != row["squeezed_sha256"]:
                continue
            if url.removesuffix(RENDERED) == row["url"].removesuffix(RENDERED) or len(unspaced(text)) >= LEAST_TEXT:
                ids.append(number)
        if ids:
            _note_copies(target, ids, row)
            _remove(target, derive, ids, Demand(row["reason"], row["rule"]))
            count += len(ids)
    return count


def _note_copies(target: sqlite3.Connection, ids: list[int], row: sqlite3.Row) -> None:
    for number in ids:
        sha256, length = target.execute("select sha256, length from captures where id = ?", (number,)).fetchone()
        if not _is_in_force(target, sha256):
            target.execute(
                "insert into redactions (sha256, length, reason, rule, at, copy_of) values (?, ?, ?, ?, ?, ?)",
                (sha256, length, row["reason"], row["rule"], row["at"], row["sha256"]),
            )
