"""Pages that a redaction keeps out: what of them may be kept, and the redactions that come with a tombstone."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from crawler.archive.file import tombstones
from crawler.archive.file.blobs import digest
from crawler.archive.write.ledger import now
from crawler.records.capture import Step
from crawler.records.page import Page


def let_in(connection: sqlite3.Connection, page: Page) -> tuple[Page, int | None]:
    """The page as it may be kept: itself, with no words of redacted pages in its trail; or, where a redaction keeps
    it out, its tombstone, with the id of the redaction of these bytes, made where only the text was known."""
    if connection.execute("select 1 from redactions limit 1").fetchone() is None:
        return page, None
    sha256 = digest(page.capture.body)
    found = tombstones.withholding(connection, page, sha256)
    if found is not None:
        page = _tombstone(connection, page, sha256)
    labels = tombstones.silent_from(connection, page.capture.trail, last=False)
    trail = tuple(Step(label, step.url) for label, step in zip(labels, page.capture.trail, strict=True))
    page.capture = replace(page.capture, trail=trail)
    if found is None:
        return page, None
    page.problem(tombstones.WITHHELD, "a redacted page came again, and was not kept")
    if found["sha256"] == sha256:
        return page, int(found["id"])
    # Other bytes, the same words: a redaction of their own, of which nothing was ever written.
    cursor = connection.execute(
        "insert into redactions (sha256, length, reason, rule, at, copy_of, wiped_at)"
        " values (?1, ?2, ?3, ?4, ?5, ?6, ?5)",
        (sha256, len(page.capture.body), found["reason"], found["rule"], now(), found["sha256"]),
    )
    return page, cursor.lastrowid


def _tombstone(connection: sqlite3.Connection, page: Page, sha256: str) -> Page:
    """The tombstone in the place of a page; of one that was not read (crawler.archive.write.deaths) the one known."""
    made = tombstones.tombstone(page)
    known = connection.execute(
        "select * from captures where url = ? and +sha256 = ? and status = ? order by id desc",
        (page.capture.address, sha256, page.capture.status),
    ).fetchone()
    if known is None or page.death is None:
        return made
    return tombstones.standing(connection, known, made.capture, made.context) or made


def redaction_of(
    connection: sqlite3.Connection, sha256: str, length: int, redaction: Mapping[str, str | None]
) -> int | None:
    """The id of a body's redaction: the one that is here, in force before lifted, else made as another archive has
    it."""
    found = connection.execute(
        "select id from redactions where sha256 = ? order by lifted_at is not null, id desc", (sha256,)
    ).fetchone()
    if found is not None:
        return int(found[0])
    cursor = connection.execute(
        f"insert into redactions (sha256, length, wiped_at, {', '.join(redaction)})"
        f" values (?, ?, ?{', ?' * len(redaction)})",
        (sha256, length, now(), *redaction.values()),
    )
    return cursor.lastrowid
