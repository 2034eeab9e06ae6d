"""Derives every row again from the captures, in one transaction: either all rows are the new ones, or none."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict, deque
from collections.abc import Container, Iterator
from dataclasses import dataclass

from crawler.archive.derive.attachments import note_changes
from crawler.archive.derive.conclusion import conclude
from crawler.archive.derive.references import check, unchecked
from crawler.archive.file import codes
from crawler.archive.file.captures import Derive, newest_first, pages_again
from crawler.archive.file.identity import conflict_detail, same_identity
from crawler.archive.schema import DERIVED_LISTS, DERIVED_TABLES
from crawler.archive.write import derivations, index
from crawler.archive.write.captures import is_late, write_derived
from crawler.archive.write.keys import Name
from crawler.archive.write.placement import Placing
from crawler.archive.write.reportrows import Seen
from crawler.records.page import Page
from crawler.records.problems import DERIVED_KINDS

_RETURNED = f"""with last as (
    select * from (
        select *, max(id) over of_a_kind as newest,
            row_number() over (of_a_kind order by {newest_first("stood")}) as place
        from (select *, id in (select capture_id from redacted_captures) as bare from captures where kind = 'report'
            and {{}}) as stood
        window of_a_kind as (partition by url, bare)
    ) where place = 1
)
select id from last where url in (select url from last where id <> newest) or url in (
    select one.url from last as one join last as other using (url)
    where one.id < other.id and (one.last_run_id, one.last_seen_at) > (other.last_run_id, other.last_seen_at)
) order by last_run_id, last_seen_at, id"""


_AMONG = "url in (select value from json_each(?))"
_LEFT = (
    "delete from labels where id not in (select labels from figures where labels is not null)",
    "delete from criteria where id not in (select criterion from findings)",
)
"""The words of tables of which no figure or check is left; others keep their numbers."""


class _OldNames:
    """Hands out the ids and keys that reports had, so that a citation holds.

    A report is founded by the capture of its first version: the same captures found the same reports in the same order.
    Where another derivation lets another capture found it, it is told by its address and identity, else by an address
    whose founder has passed without founding anything.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._by_founder: dict[int, list[int]] = defaultdict(list)
        self._by_url: dict[str, list[tuple[int, str | None, int]]] = defaultdict(list)
        self._used: set[int] = set()
        self._keys: dict[int, str] = dict(map(tuple, connection.execute("select id, key from reports")))
        rows = connection.execute(
            "select report_urls.url, reports.id, identity, report_versions.capture_id"
            " from report_urls join reports on reports.id = report_urls.report_id"
            " join report_versions on report_versions.report_id = reports.id and version = 1"
            " order by reports.id, report_urls.rowid"
        )
        for url, report_id, who, founder in rows:
            if report_id not in self._by_founder[founder]:
                self._by_founder[founder].append(report_id)
            self._by_url[url].append((report_id, who, founder))

    def take(self, url: str, who: str | None, capture_id: int) -> Name | None:
        """Id and key that the report founded by this capture had, once; None for a report that was not there."""
        found = [report_id for report_id in self._by_founder[capture_id] if report_id not in self._used]
        if not found:
            free = [one for one in self._by_url[url] if one[0] not in self._used]
            found = [report_id for report_id, its, _ in free if same_identity(its, who)]
            found += [report_id for report_id, _, founder in free if founder < capture_id]
        if not found:
            return None
        self._used.add(found[0])
        return found[0], self._keys[found[0]]


def rebuild(connection: sqlite3.Connection, derive: Derive, *, every: bool = True) -> dict[str, int]:
    """Rewrite all derived rows; return how many `captures` were read and how many `left`, and how many `reports` there
    are.

    The same captures and the same `derive` give the same rows, ids among them, however many it reads at a time. Without
    `every`, captures that this very program derived are left where their rows hang on nothing else: all of them where
    no other program derived any, else those that are no reports (crawler.archive.write.derivations.outdated).
    Raises ArchiveError where a body is damaged, or a row would refer to nothing; nothing is changed then.
    """
    # 16 MB of pages instead of 2: what is changed many times over goes to the log fewer times.
    connection.execute("pragma cache_size = -16000")
    with unchecked(connection):
        connection.execute("begin immediate")
        try:
            codes.fill(connection)
            captures = None if every else derivations.outdated(connection)
            count = 0
            if captures != []:
                count = rewrite(connection, derive, captures=captures)
                check(connection, (*DERIVED_TABLES, *DERIVED_LISTS))
            connection.execute("commit")
        except BaseException:
            if connection.in_transaction:  # a full disk ends it
                connection.execute("rollback")
            raise
    there, reports = connection.execute(
        "select (select count(*) from captures), (select count(*) from reports)"
    ).fetchone()
    return {"captures": count, "left": there - count, "reports": reports}


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the archive that can be derived again by itself: `captures` in the order of making, `reports`, and the
    `urls` at which nothing else stands than these. `rest`: all other reports."""

    captures: list[int]
    reports: frozenset[int]
    urls: frozenset[str]
    rest: frozenset[int]


def rewrite(
    connection: sqlite3.Connection, derive: Derive, scope: Scope | None = None, captures: list[int] | None = None
) -> int:
    """Within the caller's transaction: derive the rows of `scope` again, else all; return how many captures were read.

    `captures`: those that are read where no scope is given, every report among them; None: all.

    Raises ArchiveError where a body is damaged.
    """
    connection.execute("pragma defer_foreign_keys = on")
    names = _OldNames(connection)
    clear(connection, scope)
    placing = Placing(connection, names.take)
    if scope is None:
        count = replay(connection, placing, derive, captures)
    else:
        count = replay(connection, placing, derive, scope.captures, scope.urls, scope.rest)
    conclude(connection, placing, derive)
    for statement in _LEFT:
        connection.execute(statement)
    connection.execute("update events set report_id = null where report_id not in (select id from reports)")
    return count


def replay(
    connection: sqlite3.Connection,
    placing: Placing,
    derive: Derive,
    captures: list[int] | None = None,
    urls: frozenset[str] | None = None,
    left: Container[int] = frozenset(),
) -> int:
    """Place captures, or all, in their order where nothing stands of them; how many were read.

    `urls`: where they stand, and nothing else does. `left`: reports that are none of theirs.
    """
    count, endings = 0, _Endings(connection)
    for row, page in pages_again(connection, derive, captures):
        count += 1
        for run_id in endings.before(row["id"]):
            deque(note_changes(connection, placing, derive, run_id, left=left), maxlen=0)
        write_derived(connection, row["id"], page)
        late = is_late(connection, row["id"])
        if page.kind == "report" and (not late or row["source"] is not None):
            seen = Seen(row["id"], row["fetched_at"], row["last_seen_at"], row["run_id"])
            placed = placing.recall(page, seen) if late else placing.place(page, seen)
            if placed is not None and placed.conflict:
                page.problem("identity_conflict", conflict_detail(page, placed.conflict))
        _problems(connection, row, page)
    for run_id in endings.before(None):
        deque(note_changes(connection, placing, derive, run_id, left=left), maxlen=0)
    for row, page in pages_again(connection, derive, _returned(connection, urls)):
        placing.place(page, Seen(row["id"], row["fetched_at"], row["last_seen_at"], row["run_id"], again=True))
    among, listed = ("true", ()) if urls is None else (_AMONG, (json.dumps(sorted(urls)),))
    gone = f"select url, since from absences where first_run_id <> last_run_id and {among}"
    for url, since in connection.execute(gone, listed).fetchall():
        placing.addresses.gone(url, since)
    return count


def clear(connection: sqlite3.Connection, scope: Scope | None) -> None:
    """Take out the derived rows of the reports of a scope, or of all."""
    if scope is None:
        index.empty(connection)
        for table in (*DERIVED_TABLES, "panel", "panel_waiting"):
            connection.execute(f"delete from {table}")
        return
    for report_id in sorted(scope.reports):
        row = connection.execute("select title, text from reports where id = ?", (report_id,)).fetchone()
        index.remove(connection, report_id, *row)
        for table in DERIVED_TABLES[:-1]:
            connection.execute(f"delete from {table} where report_id = ?", (report_id,))
        connection.execute("delete from reports where id = ?", (report_id,))


class _Endings:
    """The runs that ended in order: each noted what it made of changed files when its last page had its place. A run
    that was broken off made nothing of them; the next one that ended did."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._waiting: deque[tuple[int, int]] = deque()
        end = 0
        for run_id, status, last in connection.execute(
            "select id, status, (select max(captures.id) from captures where run_id = runs.id) from runs order by id"
        ):
            end = max(end, last or 0)
            if status in ("finished", "interrupted"):
                self._waiting.append((end, run_id))

    def before(self, capture_id: int | None) -> Iterator[int]:
        """The runs, each once, that had ended before this capture came; None: all that are left."""
        while self._waiting and (capture_id is None or self._waiting[0][0] < capture_id):
            yield self._waiting.popleft()[1]


def _returned(connection: sqlite3.Connection, urls: frozenset[str] | None) -> list[int]:
    """Captures of reports whose bytes came back at their address after others had stood there, in the order of that;
    with them, where tombstones stand there too, the last of these, or the last that is none."""
    among, listed = ("true", ()) if urls is None else (_AMONG, (json.dumps(sorted(urls)),))
    return [row[0] for row in connection.execute(_RETURNED.format(among), listed)]


def _problems(connection: sqlite3.Connection, row: sqlite3.Row, page: Page) -> None:
    """Replace the derived problems of a capture, run by run, where they are not what they were."""
    marks = ", ".join("?" * len(DERIVED_KINDS))
    old = connection.execute(
        "select id, run_id, kind, url, detail, at from problems"
        f" where capture_id = ? and kind in ({marks}) order by id",
        (row["id"], *sorted(DERIVED_KINDS)),
    ).fetchall()
    new = [(one.kind, one.url, one.detail) for one in page.problems if one.kind in DERIVED_KINDS]
    times = {row["run_id"]: row["fetched_at"]} | {one["run_id"]: one["at"] for one in old}
    for run_id, at in times.items():
        before = [one for one in old if one["run_id"] == run_id]
        # A conflict is told once, by the run that met the second text.
        wanted = [one for one in new if run_id == row["run_id"] or one[0] != "identity_conflict"]
        if Counter((one["kind"], one["url"], one["detail"]) for one in before) == Counter(wanted):
            continue
        connection.executemany("delete from problems where id = ?", [(one["id"],) for one in before])
        connection.executemany(
            "insert into problems (run_id, portal, kind, url, detail, at, capture_id) values (?, ?, ?, ?, ?, ?, ?)",
            [(run_id, row["portal"], *one, at, row["id"]) for one in wanted],
        )
