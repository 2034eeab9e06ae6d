"""Merges one archive into another, in one transaction."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from crawler.archive.derive.quotations import of_redactions
from crawler.archive.file import seals
from crawler.archive.file.captures import Derive
from crawler.archive.file.connection import DAMAGED
from crawler.archive.merge import notes, redactions, standing
from crawler.archive.merge.course import Course
from crawler.archive.merge.origin import Origin
from crawler.archive.merge.sightings import Sightings, take_runs
from crawler.archive.merge.union import Union
from crawler.archive.write.ledger import now
from crawler.archive.write.samples import holdings, keep_apart
from crawler.records.errors import ArchiveError


@dataclass(frozen=True, slots=True)
class Merger:
    """What became of a source. `skipped`: nothing in it was new, and nothing was read; else how many captures were new,
    reports copied, reports placed again with others, and captures removed that were redacted in the other archive."""

    source: str
    skipped: bool = False
    captures: int = 0
    copied: int = 0
    placed: int = 0
    removed: int = 0


def check_target(connection: sqlite3.Connection, path: Path) -> None:
    """Raise ArchiveError where an archive has runs of its own: those have their numbers already."""
    row = connection.execute(
        "select id from runs where id not in (select id from merged_ids where name = 'runs') limit 1"
    ).fetchone()
    if row is not None:
        raise ArchiveError(
            f"{path} has a run of its own ({row[0]}); expected a new file, or one that `nianbao merge` made, with"
            f" {path} among the sources"
        )


def merge(connection: sqlite3.Connection, path: Path, source: Path, derive: Derive, with_sample: bool) -> Merger:
    """Merge the archive `source` into the one at `path`, or skip it. All of it is committed, or nothing.

    Raises ArchiveError where that cannot be, one sentence each; ArchiveLockedError where a run writes the source.
    """
    try:
        with Origin.open(source, path) as origin:
            (uuid,) = connection.execute("select uuid from archive").fetchone()
            if origin.uuid == uuid:
                raise ArchiveError(f"{source} is a copy of the target {path}; expected other archives as sources")
            source_row = connection.execute("select state from sources where uuid = ?", (origin.uuid,)).fetchone()
            if source_row is not None and origin.is_as(source_row["state"]):
                return Merger(str(source), skipped=True)
            origin.check()
            ours, theirs = holdings(connection), holdings(origin.connection)
            if not with_sample and not (theirs.mixed and ours.real == ours.sample):
                keep_apart(path, ours, theirs)
            connection.execute("begin immediate")
            try:
                merger = _merge(connection, origin, derive)
                connection.execute("commit")
            except BaseException:
                if connection.in_transaction:  # a full disk ends it by itself
                    connection.execute("rollback")
                raise
            return merger
    except sqlite3.OperationalError as error:
        raise ArchiveError(f"{source} cannot be merged into {path}: {error}") from error
    except DAMAGED as error:
        raise ArchiveError(f"{source} cannot be merged: it is damaged ({error})") from error


def _merge(connection: sqlite3.Connection, origin: Origin, derive: Derive) -> Merger:
    connection.execute("pragma defer_foreign_keys = on")
    connection.execute("pragma secure_delete = on")
    connection.execute(
        "insert into sources (uuid, name, state, merged_at) values (?1, ?2, ?3, ?4) on conflict (uuid) do update set"
        " name = excluded.name, state = excluded.state, merged_at = excluded.merged_at",
        (origin.uuid, origin.path.name, origin.state(), now()),
    )
    (source_id,) = connection.execute("select id from sources where uuid = ?", (origin.uuid,)).fetchone()
    course, source = Course(source_id), origin.connection
    notes.take_portals(connection, source)
    notes.take_testimony(connection, source)
    take_runs(connection, origin, course)
    redactions.take(connection, source, course, derive)
    sightings = Sightings(connection, origin, course, derive)
    sightings.take()
    notes.take_parts(connection, source, course)
    notes.take_problems(connection, source, course)
    standing.take_lists(connection, source, course)
    standing.take_expected(connection, source, course)
    absent = standing.take_absences(connection, source, course)
    redactions.hush(connection, course)
    union = Union(connection, origin, course, derive)
    copied, placed = union.make(absent)
    notes.take_events(connection, source, course, union.report)
    removed = redactions.remove_copies(connection, source, course, derive)
    sightings.take_arrivals()
    of_redactions(connection)
    return Merger(origin.path.name, False, len(course.fresh), copied, placed, removed)


def conclude_merges(connection: sqlite3.Connection) -> None:
    """Let SQLite look at what it holds now, for its choice of indexes."""
    connection.execute("begin immediate")
    connection.execute("pragma optimize")
    seals.renew_statistics(connection)
    connection.execute("commit")
