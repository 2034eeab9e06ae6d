"""Are the derived rows what the captures give today? A sample derived again, or the whole archive rebuilt in a copy."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

from crawler.archive.derive.conclusion import conclude
from crawler.archive.derive.filecaptures import bodies, files_of
from crawler.archive.derive.rebuild import rebuild
from crawler.archive.derive.verify import attempted, in_words, verify
from crawler.archive.file.captures import Derive, pages_again
from crawler.archive.file.connection import connect, open_for_reading, open_for_writing
from crawler.archive.file.identity import Fingerprint, sha256_of
from crawler.archive.schema import DERIVED_COLUMNS, DERIVED_TABLES
from crawler.archive.write.captures import derived
from crawler.archive.write.placement import Placing
from crawler.records.errors import ArchiveError
from crawler.records.page import Page
from crawler.records.problems import DERIVED_KINDS
from crawler.records.report import Report
from crawler.words.counts import counted

SAMPLE = 200
"""Captures that are derived again unless all are asked for: a second or two."""
_SEED = 2008
_CAPTURE_COLUMNS = DERIVED_COLUMNS["captures"]
_OF_THE_FILE = frozenset({"figures", "findings", "tallies"})
"""Tables whose rows are compared as views show them, or not at all."""
_TABLES = {
    "captures": f"select id, {', '.join(_CAPTURE_COLUMNS)} from captures",
    **{table: f"select * from {table}" for table in reversed(DERIVED_TABLES) if table not in _OF_THE_FILE},
    # The numbers of labels, methods and criteria are those in which they were met.
    "statistics": "select * from statistics",
    "checks": "select * from checks",
    "figures": "select report_id, position, document, page, table_no, row_no, column_no, start, length from figures",
    "panel": "select * from panel",
    "problems": "select run_id, portal, url, kind, detail, capture_id from problems where kind in ({})",
}
ADVICE = "; `nianbao rebuild --all` derives it anew"
"""After an update of the program rows may differ without anything being damaged."""


def failures(
    connection: sqlite3.Connection, path: Path, derive: Derive | None, count: int, every: bool
) -> Iterator[str]:
    """One sentence for each thing that is wrong with the archive; with `derive`, what `sample` or `everything` finds,
    too."""
    yield from verify(connection)
    if derive is None:
        return
    if every:
        try:
            yield from everything(connection, path, derive)
            return
        except Exception as error:
            yield f"the archive as a whole could not be derived again: {in_words(error)}; one by one:"
            count = sys.maxsize
    yield from attempted(sample(connection, derive, count), "what the captures give could not be compared")


def sample(connection: sqlite3.Connection, derive: Derive, count: int = SAMPLE) -> Iterator[str]:
    """Derive `count` captures again, the same ones each time; a sentence for each that gives other rows, or none."""
    ids = [row[0] for row in connection.execute("select id from captures order by id")]
    for capture_id in sorted(random.Random(_SEED).sample(ids, min(count, len(ids)))):
        yield from attempted(_one(connection, derive, capture_id), f"capture {capture_id} cannot be derived again")


def _one(connection: sqlite3.Connection, derive: Derive, capture_id: int) -> Iterator[str]:
    for row, page in pages_again(connection, derive, [capture_id]):
        for name, value in zip(_CAPTURE_COLUMNS, derived(page), strict=True):
            if row[name] != value:
                yield f"capture {row['id']} of {row['url']}: {name} is not what its bytes give{ADVICE}"
        if page.kind == "report":
            yield from _report(connection, row["id"], page)
            yield from _with_files(connection, derive, row["id"])


def _with_files(connection: sqlite3.Connection, derive: Derive, capture_id: int) -> Iterator[str]:
    """What the row of each report that shows this capture is, with its files, and what it should be."""
    for row in connection.execute("select * from reports where capture_id = ?", (capture_id,)).fetchall():
        files = _files_shown(connection, row["id"]) if _unsettled(connection) else files_of(connection, row["id"])[0]
        ((_, page),) = pages_again(connection, derive, [capture_id], files)
        facts = page.report or Report()
        told: dict[str, Any] = {field.name: getattr(facts, field.name) for field in fields(facts)}
        told |= {"text": page.text, "text_sha256": sha256_of(page.text)}
        wrong = [name for name, value in told.items() if row[name] != value]
        sections = connection.execute(
            "select position, level, heading, start, length from sections where report_id = ? order by position",
            (row["id"],),
        )
        given = [(part.position, part.level, part.heading, part.start, part.length) for part in page.sections]
        if [tuple(part) for part in sections] != given:
            wrong.append("sections")
        held = connection.execute(
            "select url, label, media_type, text from attachments where report_id = ?", (row["id"],)
        )
        known = {tuple(one) for one in held}
        if known != {(f.url, f.label, f.media_type, f.text) for f in _first_of_each(page)}:
            wrong.append("attachments")
        for name in wrong:
            yield f"report {row['id']} of {row['url']}: {name} is not what capture {capture_id} gives{ADVICE}"


def _unsettled(connection: sqlite3.Connection) -> bool:
    """Whether the last run is under way or died: what only the whole run shows is still to be made, and not wrong."""
    last = connection.execute("select status from runs order by id desc limit 1").fetchone()
    return last is not None and last["status"] != "finished"


def _files_shown(connection: sqlite3.Connection, report_id: int) -> dict[str, bytes]:
    """The bodies of the files that a report's row says it was made of, by address, whatever came since."""
    query = "select url, capture_id from attachments where report_id = ? and capture_id is not null"
    return bodies(connection, {row["url"]: row["capture_id"] for row in connection.execute(query, (report_id,))})


def _report(connection: sqlite3.Connection, capture_id: int, page: Page) -> Iterator[str]:
    for number, version, sha256 in connection.execute(
        "select report_id, version, text_sha256 from report_versions where capture_id = ? and url in"
        " (select url from report_urls where report_urls.report_id = report_versions.report_id)",
        (capture_id,),
    ).fetchall():
        if sha256 != Fingerprint.of(page).text_sha256:
            yield f"report {number}, version {version}: text_sha256 is not what capture {capture_id} gives{ADVICE}"


def _first_of_each(page: Page) -> list[Any]:
    return list({file.url: file for file in reversed(page.attachments)}.values())


def everything(connection: sqlite3.Connection, path: Path, derive: Derive) -> Iterator[str]:
    """Rebuild a copy of the archive and compare every derived row; a sentence for each table that differs, and where.

    The copy is made beside the system's other temporary files. Raises ArchiveError where there is no room for it, or a
    capture is damaged.
    """
    size = path.stat().st_size
    with tempfile.TemporaryDirectory(prefix="nianbao-verify-") as folder:
        if shutil.disk_usage(folder).free < 2 * size:
            raise ArchiveError(f"{folder} has no room for a copy of {path} ({size:,} bytes, twice); set TMPDIR")
        place = Path(folder) / "copy.db"
        with sqlite3.connect(place) as copy:
            connection.backup(copy)
        copy.close()
        yield from _index(place)
        rebuilt = open_for_writing(place, create=False)
        if _unsettled(rebuilt):
            conclude(rebuilt, Placing(rebuilt), derive)
        as_it_was = open_for_reading(place)
        try:
            # A reader goes on seeing the copy as it was when it began to read.
            as_it_was.execute("begin")
            as_it_was.execute("select count(*) from captures").fetchone()
            rebuild(rebuilt, derive)
            yield from _compared(as_it_was, rebuilt)
        finally:
            as_it_was.close()
            rebuilt.close()


_CONTENT = 'content="{}"'
_TOKENS = "reports_tokens"


def _index(place: Path) -> Iterator[str]:
    """FTS5's own check of the search index, against the tokens that titles and texts give today.

    FTS5 would hold the index against the texts themselves, which is not what stands in it; so in this copy, for as long
    as it takes, the index has a view of their tokens for its contents.
    """

    def change(connection: sqlite3.Connection, before: str, after: str) -> None:
        connection.execute("pragma writable_schema = on")
        connection.execute(
            "update sqlite_schema set sql = replace(sql, ?, ?) where name = 'reports_fts'",
            (_CONTENT.format(before), _CONTENT.format(after)),
        )

    with closing(connect(place)) as connection:
        connection.execute(
            f"create view {_TOKENS} as select id, nianbao_tokens(title) as title, nianbao_tokens(text) as text"
            " from reports"
        )
        change(connection, "reports", _TOKENS)
    with closing(connect(place)) as connection:
        try:
            connection.execute("insert into reports_fts (reports_fts, rank) values ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            yield f"the search index is not what titles and texts give: {error}; `nianbao rebuild --all` makes it anew"
        change(connection, _TOKENS, "reports")
        connection.execute(f"drop view {_TOKENS}")


def _compared(connection: sqlite3.Connection, rebuilt: sqlite3.Connection) -> Iterator[str]:
    kinds = ", ".join(repr(kind) for kind in sorted(DERIVED_KINDS))
    for table, query in _TABLES.items():
        held, given = (
            {json.dumps(tuple(row), ensure_ascii=False, default=str) for row in one.execute(query.format(kinds))}
            for one in (connection, rebuilt)
        )
        if held != given:
            first = min([*(held - given), *(given - held)])
            yield (
                f"{table}: {counted(len(held - given), 'row')} not what the captures give, {len(given - held)} missing,"
                f" the first is {first[:300]}{ADVICE}"
            )
