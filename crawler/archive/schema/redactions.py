"""What was removed on a legal demand: a tombstone for each body, and what stays of each capture that had it."""

from __future__ import annotations

import sqlite3

_REDACTIONS = (
    """create table redactions (
        id integer primary key,
        sha256 text not null,
        length integer not null,
        reason text not null,
        rule text,
        at text not null,
        copy_of text,
        wiped_at text,
        lifted_at text,
        lifted_reason text
    )""",
    "create unique index redactions_in_force on redactions (sha256) where lifted_at is null",
    "create index redactions_sha256 on redactions (sha256)",
    """create table redacted_captures (
        capture_id integer primary key references captures (id),
        redaction_id integer not null references redactions (id),
        organ_kind text,
        region_code text,
        report_year integer,
        identity text,
        text_sha256 text,
        squeezed_sha256 text,
        attachments_sha256 text not null
    )""",
    "create index redacted_captures_redaction on redacted_captures (redaction_id)",
    "create index redacted_captures_text on redacted_captures (squeezed_sha256)",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Tombstones (redaction). A redacted body keeps its row of blobs, of no bytes, for its captures."""
    for statement in _REDACTIONS:
        connection.execute(statement)
