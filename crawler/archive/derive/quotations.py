"""What people noted of redacted pages: notes that may quote them are emptied, the verdicts stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable

from crawler.archive.file.tombstones import SILENCE
from crawler.words.text import unspaced
from crawler.words.tokens import tokens

RUN = 12
"""Characters in a row, white space aside, by which a note quotes a page."""
_REDACTED = """capture_id in (select bare.capture_id from redacted_captures as bare join redactions
    on redactions.id = bare.redaction_id where lifted_at is null and reviews.at <= redactions.at)"""
_OF_REDACTIONS = f"""update reviews set note = '{SILENCE}' where note <> '{SILENCE}' and key in (
    select key from reports where id in (select report_id from report_versions where {_REDACTED}
    union select report_id from report_urls where {_REDACTED} union select id from reports where {_REDACTED}
    union select report_id from attachments where {_REDACTED}))"""


def of_redactions(connection: sqlite3.Connection) -> int:
    """Empty the notes on reports that have a version, an address, a file or their text from a page redacted since; how
    many."""
    return connection.execute(_OF_REDACTIONS).rowcount


def quoting(connection: sqlite3.Connection, texts: Collection[str]) -> int:
    """Empty the notes on any report that quote these texts, when they are gone from the search index; how many.

    A quotation is a run of RUN characters that stands in none of the reports that are left: what does is a phrase of
    the form.
    """
    plain = [unspaced(text) for text in texts]
    rows = connection.execute("select id, note from reviews where note <> ?", (SILENCE,)).fetchall()
    quotes = [
        number
        for number, note in rows
        if any(run in text and not _stands(connection, run) for run in _runs(unspaced(note)) for text in plain)
    ]
    connection.executemany("update reviews set note = ? where id = ?", [(SILENCE, number) for number in quotes])
    return len(quotes)


def _runs(note: str) -> Iterable[str]:
    return (note[at : at + RUN] for at in range(len(note) - RUN + 1))


def _stands(connection: sqlite3.Connection, run: str) -> bool:
    query = "select 1 from reports_fts where reports_fts match ? limit 1"
    return connection.execute(query, (f'"{tokens(run)}"',)).fetchone() is not None
