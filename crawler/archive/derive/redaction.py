"""Removes bodies on a legal demand, with all that came from them; a tombstone stays (crawler.archive.file.tombstones).

All of it is one transaction; what the file still holds of the old pages then (free pages, the log) is wiped after it
(crawler.archive.derive.wiping), and until that is done the redaction says so of itself (`redactions.wiped_at`), as
`verify` does.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.archive.derive import quotations
from crawler.archive.derive.packing import pack_anew
from crawler.archive.derive.rebuild import Scope, rewrite
from crawler.archive.file import tombstones
from crawler.archive.file.captures import Derive
from crawler.archive.file.identity import hidden
from crawler.archive.write import index
from crawler.archive.write.ledger import now
from crawler.archive.write.reportrows import dumps
from crawler.records.capture import RENDERED, Step, as_told, steps_of
from crawler.records.page import Page, Remains


@dataclass(frozen=True, slots=True)
class Demand:
    """Why something is removed: the reason in words, and the rule (the article of a law, the number of the demand)."""

    reason: str
    rule: str | None = None


@dataclass(slots=True)
class Outcome:
    """What a redaction did: bodies emptied, captures that had them, reports derived again, notes of reviews emptied,
    bodies packed anew, and the SHA-256 of bodies that could not be, for they were damaged before."""

    bodies: int = 0
    captures: int = 0
    reports: int = 0
    notes: int = 0
    packed_anew: int = 0
    damaged: list[str] = field(default_factory=list)


def redact(connection: sqlite3.Connection, derive: Derive, pages: Mapping[int, Page | None], demand: Demand) -> Outcome:
    """Remove the captures `pages`, by id: each with the page that follows from it, None where its body is damaged
    or cannot be read.

    Every capture of a body must be among them. Raises ArchiveError where a body that another page of the same report
    has is damaged; nothing is changed then.
    """
    connection.execute("pragma secure_delete = on")
    connection.execute("begin immediate")
    try:
        outcome = remove(connection, derive, pages, demand)
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
    return outcome


def remove(connection: sqlite3.Connection, derive: Derive, pages: Mapping[int, Page | None], demand: Demand) -> Outcome:
    """As `redact`, within the caller's transaction."""
    connection.execute("pragma defer_foreign_keys = on")
    outcome = Outcome(captures=len(pages))
    rows = [connection.execute("select * from captures where id = ?", (number,)).fetchone() for number in sorted(pages)]
    urls = sorted({row["url"] for row in rows})
    bodies = {row["sha256"]: row["length"] for row in rows}
    outcome.packed_anew, outcome.damaged = pack_anew(connection, frozenset(bodies))
    redactions = {sha256: _empty(connection, sha256, length, demand) for sha256, length in bodies.items()}
    outcome.bodies = len(bodies)
    files = [row["url"] for row in rows if row["kind"] == "attachment"]
    for row in rows:
        strip(connection, row, redactions[row["sha256"]], pages[row["id"]])
    touched = {row["id"] for row in rows} | silence_trails(connection, urls)
    scope = _scope(connection, touched, files)
    outcome.reports = len(scope.reports)
    silence(connection, [row["id"] for row in rows], urls)
    rewrite(connection, derive, scope)
    texts = [text for page in pages.values() if page is not None for text in (page.text, page.title) if text]
    outcome.notes = quotations.of_redactions(connection) + quotations.quoting(connection, texts)
    _name_events(connection, scope.reports, urls)
    index.merge(connection)
    return outcome


def _empty(connection: sqlite3.Connection, sha256: str, length: int, demand: Demand) -> int:
    """The id of the body's redaction in force, made where there is none."""
    known = tombstones.in_force(connection, sha256)
    if known is not None:
        return int(known["id"])
    cursor = connection.execute(
        "insert into redactions (sha256, length, reason, rule, at) values (?, ?, ?, ?, ?)",
        (sha256, length, demand.reason, demand.rule, now()),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def strip(connection: sqlite3.Connection, row: sqlite3.Row, redaction_id: int, page: Page | None) -> None:
    """Leave of a capture's row what can hold no words of its body, and note what else stays of it."""
    if page is None:
        held = connection.execute(_HELD, (row["id"],)).fetchone()
        remains = Remains(None, None, None, None, None, None, "") if held is None else _remains(*held)
    else:
        remains = tombstones.remains_of(page)
    tombstones.note(connection, row["id"], redaction_id, remains)
    headers = tombstones.neutral([(name, value) for name, value in json.loads(row["headers"])], row["status"])
    said = next((value for name, value in reversed(headers) if name.lower() == "content-type"), None)
    trail = json.loads(row["trail"])
    if trail:
        trail[-1]["label"] = ""
    connection.execute(
        "update captures set headers = ?, content_type = ?, trail = ?, media_type = ? where id = ?",
        (dumps(headers), said, dumps(trail), tombstones.neutral_type(row["media_type"]), row["id"]),
    )


_HELD = """select organ_kind, region_code, report_year, identity, report_versions.text_sha256, squeezed_sha256,
    attachments_sha256 from reports join report_versions on report_versions.report_id = reports.id
    where reports.id in (select report_id from report_versions where capture_id = ?1 union select report_id
    from report_urls where capture_id = ?1 union select id from reports where capture_id = ?1)
    order by report_versions.capture_id = ?1 desc, version desc limit 1"""
"""What the rows say of a capture whose body cannot be read any more."""


def _remains(kind: Any, code: str, year: int, who: str | None, text: str, squeezed: str, files: str) -> Remains:
    return Remains(kind, code, year, None if who is None else hidden(who), text, squeezed, files)


def silence_trails(connection: sqlite3.Connection, urls: Iterable[str]) -> set[int]:
    """Take the words out of trails that lead through addresses of which nothing is left; the captures they are of."""
    changed = set()
    for url in {url.removesuffix(RENDERED) for url in urls}:
        quoted = dumps(url)[1:-1]
        for capture_id, told in connection.execute(
            "select id, trail from captures where instr(trail, ?)", (quoted,)
        ).fetchall():
            trail = steps_of(json.loads(told))
            labels = tombstones.silent_from(connection, trail)
            if labels != [step.label for step in trail]:
                silent = [Step(label, step.url) for label, step in zip(labels, trail, strict=True)]
                connection.execute("update captures set trail = ? where id = ?", (dumps(as_told(silent)), capture_id))
                changed.add(capture_id)
    return changed


def _scope(connection: sqlite3.Connection, captures: set[int], files: list[str]) -> Scope:
    """The reports that these captures or files have a part in, and all that must be derived again with them: whatever
    stands at an address of theirs, or claims the same identity."""
    reports: set[int] = set()
    for query in (
        "select report_id from report_versions where capture_id = ?",
        "select report_id from report_urls where capture_id = ?",
        "select id from reports where capture_id = ?",
        "select report_id from attachments where capture_id = ?",
        # What stood at an address between two sights of another text has no row of its own, but its place in the order.
        "select report_id from report_urls where url = (select url from captures where id = ?)",
    ):
        for number in captures:
            reports.update(row[0] for row in connection.execute(query, (number,)))
    for url in files:
        reports.update(row[0] for row in connection.execute("select report_id from attachments where url = ?", (url,)))
    urls: set[str] = set()
    identities: dict[str, set[int]] = {}
    for report_id, who in connection.execute("select id, identity from reports where identity is not null"):
        identities.setdefault(hidden(who), set()).add(report_id)
    before = -1
    while len(reports) != before:
        before = len(reports)
        for number in sorted(reports):
            urls.update(
                row[0] for row in connection.execute("select url from report_urls where report_id = ?", (number,))
            )
        for url in sorted(urls):
            reports.update(
                row[0] for row in connection.execute("select report_id from report_urls where url = ?", (url,))
            )
        for claiming in identities.values():
            if not reports.isdisjoint(claiming):
                reports |= claiming
    for url in sorted(urls):
        captures = captures | {row[0] for row in connection.execute("select id from captures where url = ?", (url,))}
    rest = {row[0] for row in connection.execute("select id from reports")} - reports
    return Scope(sorted(captures), frozenset(reports), frozenset(urls), frozenset(rest))


def silence(connection: sqlite3.Connection, captures: list[int], urls: list[str]) -> None:
    """Take out what is neither derived nor needed: what led on from the pages, what a model saw in them, and the
    details of problems, which may quote them."""
    for number in captures:
        connection.execute("delete from ways where capture_id = ?", (number,))
        connection.execute("delete from ocr where capture_id = ?", (number,))
        connection.execute("update problems set detail = ? where capture_id = ?", (tombstones.SILENCE, number))
    for url in {*urls, *(one.removesuffix(RENDERED) for one in urls)}:
        connection.execute(
            "update problems set detail = ? where url = ? and capture_id is null", (tombstones.SILENCE, url)
        )


def _name_events(connection: sqlite3.Connection, reports: Iterable[int], urls: Iterable[str]) -> None:
    """Name what runs found by what the reports say now, or by the address alone."""
    for number in reports:
        connection.execute(
            "update events set detail = (select coalesce(coalesce(organ, region) || ' ' || report_year, title,"
            " events.url) from reports where id = report_id) where report_id = ?",
            (number,),
        )
    for url in urls:
        connection.execute("update events set detail = url where url = ? and report_id is null", (url,))


def lift(connection: sqlite3.Connection, bodies: Iterable[str], reason: str) -> int:
    """Lift the redactions in force of these bodies, and of those that have the same text; how many that were.

    What was removed does not come back by this; what a later crawl or import brings is kept again.
    """
    connection.execute("begin immediate")
    count = 0
    try:
        for sha256 in bodies:
            count += connection.execute(
                "update redactions set lifted_at = ?1, lifted_reason = ?2 where lifted_at is null and (sha256 = ?3"
                " or copy_of = ?3 or sha256 = (select copy_of from redactions where sha256 = ?3 and lifted_at is null)"
                ")",
                (now(), reason, sha256),
            ).rowcount
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
    return count
