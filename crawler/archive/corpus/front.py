"""The front of a site over many archives: a file with the tables of an archive, of all of them together, without texts
and bodies, which stay in the archives; it says of each report and capture in which.

It is a copy: made anew where the archives are others, and thrown away without loss.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from crawler.archive.corpus import figures
from crawler.archive.corpus.corpus import Corpus
from crawler.archive.corpus.parts import Numbers
from crawler.archive.file.connection import connect, open_for_reading, open_for_writing
from crawler.archive.file.program import program_name
from crawler.archive.merge.order import Order, mark
from crawler.archive.merge.rows import insert, values
from crawler.archive.schema.figures import bare_view
from crawler.records.errors import ArchiveError

_ABSENT = (
    "arrivals", "attachments", "blobs", "chapters", "criteria", "deaths", "derivations", "dictionaries", "findings",
    "merged_ids", "ocr", "panel_waiting", "programs", "reports_fts", "request_heads", "request_lines", "requisites",
    "seals", "sources", "tallies", "ways",
)  # fmt: skip
"""Tables of an archive that the front has not: their rows stay in the archives."""
_MARKS = (
    "create table generations (portal text primary key, generation integer not null, program text not null)",
    "create table capture_places (id integer primary key, holder text not null, number integer not null)",
    "create table report_places (id integer not null, holder text not null, number integer not null,"
    " leads integer not null, primary key (id, holder, number)) without rowid",
    "create table checks (report_id integer not null, rule text not null, subject text not null, holds integer,"
    " expected text, actual text, primary key (report_id, rule, subject)) without rowid",
    "create index checks_broken on checks (rule) where holds = 0",
    "create index capture_places_number on capture_places (holder, number)",
    "create index report_places_number on report_places (holder, number)",
)
_DAMAGES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""SQLite's errors over a page that is none."""
_BARE = {"links_skipped": "[]", "context": "{}", "evidence": "{}"}
"""Columns of captures that say how it was read, and what stands there instead."""
_ONCE = ("inquiries", "mementos", "submissions")
"""Tables whose rows are told apart by what they say."""


@dataclass(slots=True)
class _Course:
    """The numbers in the front of what one archive has: by those that it has there."""

    holder: str
    captures: Mapping[int, int]
    reports: Mapping[int, int]
    leads: set[int]
    founders: set[int]
    runs: dict[int, int] = field(default_factory=dict)
    redactions: dict[int, int] = field(default_factory=dict)


def is_current(path: Path, generations: Mapping[str, int]) -> bool:
    """Whether a file is the front of these generations, by portal, made by this program."""
    with (
        suppress(sqlite3.Error, OSError),
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db,
    ):
        rows = db.execute("select portal, generation, program from generations")
        return {tuple(row) for row in rows} == {(*item, program_name()) for item in generations.items()}
    return False


def make(path: Path, corpus: Corpus, archives: Mapping[str, Path], generations: Mapping[str, int], store: str) -> None:
    """Make the front of the archives, files by holder, that are `corpus`; what stood there stays until it is whole.

    `store`: its address, by which the feeds of the site are named. Raises ArchiveError, QueryError.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        _clear(part)
        open_for_writing(part).close()
        with closing(connect(part)) as front:
            _fill(front, corpus, archives, store)
            rows = [(*item, program_name()) for item in generations.items()]
            front.executemany("insert into generations values (?, ?, ?)", rows)
            front.execute("commit")
            front.execute("analyze")
        part.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(f"{path} cannot be made: {getattr(error, 'strerror', None) or error}") from error
    finally:
        with suppress(OSError):
            _clear(part)


def _clear(part: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        Path(f"{part}{end}").unlink(missing_ok=True)


def _fill(front: sqlite3.Connection, corpus: Corpus, archives: Mapping[str, Path], store: str) -> None:
    """Begin a transaction, and write all but the generations."""
    for pragma in ("foreign_keys = off", "journal_mode = delete", "synchronous = off"):
        front.execute(f"pragma {pragma}")
    front.execute("begin")
    _shape(front)
    front.execute("update archive set uuid = ?", (str(uuid.uuid5(uuid.NAMESPACE_URL, store)),))
    united = corpus.united()
    for holder, file in archives.items():
        with _damage_of(file):
            with closing(open_for_reading(file, immutable=True)) as source:
                course = _course(source, holder, united)
                _take(front, source, course)
            front.execute("commit")
            figures.take(front, file, {number: course.reports[number] for number in course.leads})
            front.execute("begin")
    _views(front, corpus)
    front.execute("insert into events select null, run_id, at, kind, report_id, url, detail from found"
                  " order by run_id, id")  # fmt: skip
    front.execute("drop table found")


@contextmanager
def _damage_of(file: Path) -> Iterator[None]:
    """Say of which archive it is that a page cannot be read; the front itself has just been written."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in _DAMAGES:
            raise ArchiveError(f"{file} is damaged: {error}; `nianbao verify --archive {file}` says where") from error
        raise


def _shape(front: sqlite3.Connection) -> None:
    """Let go of what stays in the archives, and of what keeps an archive's rows in step."""
    for (name,) in front.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        front.execute(f"drop trigger {name}")
    for view in ("checks", "statistics", "sections", "requests"):
        front.execute(f"drop view {view}")
    for table in _ABSENT:
        front.execute(f"drop table {table}")
    front.execute("alter table reports drop column text")
    front.execute(bare_view())
    front.execute("create temp table found as select * from events")
    for statement in _MARKS:
        front.execute(statement)


def _course(source: sqlite3.Connection, holder: str, united: Mapping[tuple[str, int], tuple[int, bool]]) -> _Course:
    numbers = Numbers.of(source)
    reports, leads, founders = {}, set(), set()
    for source_id, number in numbers.reports.items():
        target_id, is_lead = united.get((holder, number), (number, True))
        reports[source_id] = target_id
        if is_lead:
            leads.add(source_id)
        if target_id == number:
            founders.add(source_id)
    return _Course(holder, numbers.captures, reports, leads, founders)


def _take(front: sqlite3.Connection, source: sqlite3.Connection, course: _Course) -> None:
    """What one archive has."""
    _runs(front, source, course)
    _redactions(front, source, course)
    for row in source.execute("select * from captures"):
        target_id = course.captures[row["id"]]
        headers = row["headers"] if 300 <= row["status"] < 400 else "[]"
        runs = {"run_id": course.runs[row["run_id"]], "last_run_id": course.runs[row["last_run_id"]]}
        copy = values(row, id=target_id, headers=headers, **runs) | _BARE
        insert(front, "captures", copy, "insert or ignore")
        front.execute("insert or ignore into capture_places values (?, ?, ?)", (target_id, course.holder, row["id"]))
    _reports(front, source, course)
    for row in source.execute("select * from problems order by id"):
        capture_id = None if row["capture_id"] is None else course.captures[row["capture_id"]]
        insert(front, "problems", values(row, id=None, run_id=course.runs[row["run_id"]], capture_id=capture_id))
    for row in source.execute("select * from events"):
        insert(
            front, "found",
            values(row, run_id=course.runs[row["run_id"]], report_id=course.reports.get(row["report_id"])),
        )  # fmt: skip
    for row in source.execute("select * from lists"):
        insert(front, "lists", values(row, run_id=course.runs[row["run_id"]]), "insert or replace")
    for table in _ONCE:
        for row in source.execute(f"select * from {table} order by id"):
            insert(front, table, values(row, id=None), "insert or ignore")
    for row in source.execute("select * from reviews order by id"):
        insert(front, "reviews", values(row, id=None))


def _runs(front: sqlite3.Connection, source: sqlite3.Connection, course: _Course) -> None:
    (name,) = source.execute("select uuid from archive").fetchone()
    order = Order(source.execute("select 1 from sources limit 1").fetchone() is not None)
    for row in source.execute("select * from runs order by id"):
        number = order.place(row["started_at"], mark(name, row["started_at"], row["portals"]), row["id"])
        course.runs[row["id"]] = number
        status = "broken_off" if row["status"] == "running" else row["status"]
        insert(front, "runs", values(row, id=number, status=status), "insert or ignore")


def _redactions(front: sqlite3.Connection, source: sqlite3.Connection, course: _Course) -> None:
    for row in source.execute("select * from redactions order by id"):
        query = "select id from redactions where sha256 = ? and lifted_at is null"
        same = front.execute(query, (row["sha256"],)).fetchone() if row["lifted_at"] is None else None
        if same is None:
            insert(front, "redactions", values(row, id=None))
            same = front.execute("select last_insert_rowid()").fetchone()
        course.redactions[row["id"]] = same[0]
    for row in source.execute("select * from redacted_captures"):
        number = course.captures[row["capture_id"]]
        fields = values(row, capture_id=number, redaction_id=course.redactions[row["redaction_id"]])
        insert(front, "redacted_captures", fields, "insert or ignore")


def _reports(front: sqlite3.Connection, source: sqlite3.Connection, course: _Course) -> None:
    """Its reports as they are there, for `_views` to say what several say of one."""
    for source_id, target_id in course.reports.items():
        front.execute(
            "insert into report_places values (?, ?, ?, ?)",
            (target_id, course.holder, source_id, source_id in course.leads),
        )
    for row in source.execute("select * from reports"):
        if row["id"] in course.leads:
            fields = values(row, id=course.reports[row["id"]], capture_id=course.captures[row["capture_id"]])
            fields["key"] = None  # that of the corpus: two archives may give one to two reports
            del fields["text"]
            insert(front, "reports", fields)
    for row in source.execute("select * from report_versions"):
        if row["report_id"] in course.founders:
            fields = values(
                row, report_id=course.reports[row["report_id"]], capture_id=course.captures[row["capture_id"]]
            )
            insert(front, "report_versions", fields)


def _views(front: sqlite3.Connection, corpus: Corpus) -> None:
    """What follows from all archives together, as the views of the corpus have it."""
    front.executemany(
        "update reports set key = ?, first_seen_at = ?, last_seen_at = ?, gone_at = ? where id = ?",
        corpus.reports(("key", "first_seen_at", "last_seen_at", "gone_at", "id")),
    )
    for table in ("portals", "regions", "expected", "report_urls", "checks", "panel"):
        answer = corpus.ask(f"from {table}")
        names = ", ".join(f'"{name}"' for name, _ in answer.columns)
        marks = ", ".join("?" * len(answer.columns))
        front.executemany(f"insert or replace into {table} ({names}) values ({marks})", answer.rows)
