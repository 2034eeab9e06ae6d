"""Does the archive hold what it says? Bodies and rows hashed again, references followed, SQLite's own check."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator

from crawler.archive.derive.files import silent_files
from crawler.archive.file import codes, seals
from crawler.archive.file.blobs import BlobReader
from crawler.records.errors import ArchiveError
from crawler.words.text import one_line
from crawler.words.tokens import tokens

MOST_NAMED = 5
"""Captures named of one damaged body; the others are counted."""

QUICK = 256 << 20
"""Bytes of a file that SQLite looks through in a quarter of a second; of a longer one the roots of all tables."""

_RULES = (
    "select 'capture ' || captures.id || ' says length ' || captures.length || ', its body has ' || blobs.length"
    " from captures join blobs using (sha256) where captures.length <> blobs.length",
    "select 'report ' || id || ' has no address in report_urls' from reports"
    " where not exists (select 1 from report_urls where report_id = reports.id and url = reports.url)",
    "select 'report ' || id || ' has no version' from reports"
    " where not exists (select 1 from report_versions where report_id = reports.id)",
    "select 'report ' || id || ' has an empty text instead of none' from reports where text = ''",
    "select 'body ' || sha256 || ' was redacted, and its bytes are here' from redactions join blobs using (sha256)"
    " where lifted_at is null and length(body) > 0",
    "select 'body ' || sha256 || ' was redacted, and capture ' || captures.id || ' of it was not' from redactions"
    " join captures using (sha256) where lifted_at is null and captures.id not in"
    " (select capture_id from redacted_captures)",
    "select 'the file may still hold what ' || count(*) || ' redactions removed; `nianbao redact --finish` wipes it'"
    " from redactions where wiped_at is null having count(*) > 0",
    "select 'dictionary ' || dictionaries.id || ' is not made of plain bodies' from dictionaries"
    " join blobs on sha256 in (first_sha256, second_sha256) where dictionary_id is not null or length(body) = 0",
)
_SERVED = """select id, url, fetched_at from captures where sha256 in (select value from json_each(?1))
    order by sha256 <> json_extract(?1, '$[0]'), id"""


def verify(connection: sqlite3.Connection) -> Iterator[str]:
    """One sentence for each thing that is wrong; none where the archive is sound. Reads every row and every body.

    What cannot be read is one of them, and what can is still looked at.
    """
    for part in (_structure, _references, seals.failures, codes.failures, _rules, silent_files, _not_found, _bodies):
        yield from attempted(part(connection), "the file is damaged so that SQLite cannot read on")


def glance(connection: sqlite3.Connection, size: int) -> Iterator[str]:
    """What of a file of `size` bytes is plainly damaged, told in a blink: for the end of a run.

    Another program, or a disk, may have overwritten pages under the run, which SQLite sees only when it reads them
    again. To be asked over a connection that was not open then.
    """

    def look() -> Iterator[str]:
        if size <= QUICK:
            for (told,) in connection.execute("pragma quick_check(1)"):
                if told != "ok":
                    yield f"integrity: {told}"
        for (name,) in connection.execute("select name from sqlite_schema where type = 'table'").fetchall():
            connection.execute(f"select * from [{name}] limit 1").fetchone()

    yield from attempted(look(), "SQLite cannot read on")


def attempted(failures: Iterator[str], what: str) -> Iterator[str]:
    """The failures, and one more where looking for them fails: on damaged rows anything may."""
    try:
        yield from failures
    except Exception as error:
        yield f"{what}: {in_words(error)}"


def in_words(error: Exception) -> str:
    """What went wrong, on one line; with the name of an error that nobody foresaw."""
    told = one_line(str(error))
    return told if isinstance(error, sqlite3.Error | ArchiveError) else f"{type(error).__name__}, {told}"


def _structure(connection: sqlite3.Connection) -> Iterator[str]:
    for (told,) in connection.execute("pragma integrity_check"):
        if told != "ok":
            yield f"integrity: {told}"


def _references(connection: sqlite3.Connection) -> Iterator[str]:
    for table, rowid, parent, _ in connection.execute("pragma foreign_key_check"):
        yield f"{table} row {rowid} refers to a row of {parent} that is not there"


def _rules(connection: sqlite3.Connection) -> Iterator[str]:
    for query in _RULES:
        for (told,) in connection.execute(query):
            yield told


def _bodies(connection: sqlite3.Connection) -> Iterator[str]:
    """Every body hashed again."""
    reader = BlobReader(connection)
    damaged: set[str] = set()
    bodies = connection.execute("select sha256, dictionary_id from blobs order by rowid").fetchall()
    pages = {
        row[0]: {row[1], row[2]}
        for row in connection.execute("select id, first_sha256, second_sha256 from dictionaries")
    }
    needing: dict[str, list[str]] = defaultdict(list)  # by a page of a dictionary, what is compressed against it
    for sha256, dictionary_id in bodies:
        for page in pages.get(dictionary_id, ()):
            needing[page].append(sha256)
    for sha256, dictionary_id in bodies:
        try:
            reader.get(sha256)
        except ArchiveError as error:
            if damaged.isdisjoint(pages.get(dictionary_id, ())):
                # Else it was named with the page of the dictionary that it needs, which stands before it.
                yield f"{error}; damaged are {_named(connection, [sha256, *needing[sha256]])}"
            damaged.add(sha256)


def _not_found(connection: sqlite3.Connection) -> Iterator[str]:
    """Some twenty reports looked up in the search index by their titles."""
    some = "select id, title from reports where title <> '' and id % (select 1 + count(*) / 20 from reports) = 0"
    for report_id, title in connection.execute(some).fetchall():
        found = connection.execute("select rowid from reports_fts where reports_fts match ?", (f'"{tokens(title)}"',))
        if report_id not in {row[0] for row in found}:
            yield f"report {report_id} is not found by its title; `nianbao rebuild --all` makes the index anew"


def _named(connection: sqlite3.Connection, bodies: list[str]) -> str:
    """The captures that have a body (the first), or one of those that are compressed against it, in words."""
    captures = connection.execute(_SERVED, (json.dumps(bodies),)).fetchall()
    if not captures:
        return "no captures"
    told = ", ".join(f"capture {number} of {url} at {at}" for number, url, at in captures[:MOST_NAMED])
    return told + (f" and {len(captures) - MOST_NAMED} more" if len(captures) > MOST_NAMED else "")
