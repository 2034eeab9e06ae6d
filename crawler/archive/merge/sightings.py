"""Runs and captures of a source, each in its place in time; bytes met at one address by both are one capture."""

from __future__ import annotations

import sqlite3
from typing import Any

from crawler.archive.derive.redaction import strip
from crawler.archive.file.captures import Derive, pages_again
from crawler.archive.merge.bodies import Bodies
from crawler.archive.merge.course import Course
from crawler.archive.merge.order import Order, free, mark, places
from crawler.archive.merge.origin import Origin
from crawler.archive.merge.rows import insert, update, values
from crawler.archive.write.captures import host_of, place_of_redirect
from crawler.records.errors import ArchiveError
from crawler.records.page import Page

_FIRST = ("run_id", "portal", "fetched_at", "headers", "content_type", "links_skipped")
"""Columns of a capture that say how it was met first."""
_DERIVED = ("kind", "media_type", "charset_declared", "charset", "title", "breadcrumb", "lookalike", "evidence")
_SEEN = {"last_seen_at", "last_run_id"}
_SEEN_AGAIN = (
    "update report_urls set last_seen_at = ? where capture_id = ? and gone_at is null",
    "update reports set last_seen_at = max(last_seen_at, ?) where id in"
    " (select report_id from report_urls where capture_id = ? and gone_at is null)",
)
_OF_CAPTURES = ("request_lines", "requisites", "ways", "ocr", "problems", "reports", "report_urls",
                "report_versions", "attachments")  # fmt: skip
"""Tables that refer to captures, by column `capture_id`."""


def take_runs(target: sqlite3.Connection, origin: Origin, course: Course) -> None:
    """The runs of a source; those known are brought up to date.

    Raises ArchiveError where the source is a copy of one merged before that went another way.
    """
    order = Order(origin.merged)
    known = dict(
        map(
            tuple,
            target.execute(
                "select source_key, id from merged_ids where source_id = ? and name = 'runs'", (course.source_id,)
            ),
        )
    )

    def holder(place: int) -> tuple[object, ...] | None:
        row = target.execute("select started_at, portals from runs where id = ?", (place,)).fetchone()
        return None if row is None else tuple(row)

    for row in origin.connection.execute("select * from runs order by id"):
        words = (row["started_at"], row["portals"])
        place = order.place(row["started_at"], mark(origin.uuid, *words), row["id"])
        status = "broken_off" if row["status"] == "running" else row["status"]
        if row["id"] in known:
            place = known[row["id"]]
            if holder(place) != words:
                raise ArchiveError(
                    f"{origin.path} is a copy of an archive that was merged before, and went another way since:"
                    f" its run {row['id']} is another one; merge the copy that goes on"
                )
            update(target, "runs", place, values(row, id=place, status=status))
        else:
            place = free(place, words, holder)
            insert(target, "runs", values(row, id=place, status=status), "insert or replace")
            target.execute("insert into merged_ids values (?, 'runs', ?, ?)", (course.source_id, row["id"], place))
        course.runs[row["id"]] = place


class Sightings:
    """Takes the captures of a source, within the caller's transaction."""

    def __init__(self, target: sqlite3.Connection, origin: Origin, course: Course, derive: Derive) -> None:
        self._target, self._source, self._course, self._derive = target, origin.connection, course, derive
        self._bodies = Bodies(target, origin.connection)
        self._merged = origin.merged
        self._bare = {row["capture_id"]: row for row in self._source.execute("select * from redacted_captures")}
        self._forced = {row[0]: row[1] for row in target.execute(
            "select sha256, id from redactions where lifted_at is null"
        )}  # fmt: skip

    def take(self) -> None:
        """All of them. Raises ArchiveError where a body is damaged."""
        for row, place in places(self._source, self._merged):
            self._course.captures[row["id"]] = self._keep(row, place)
        if self._course.moved:
            self._follow()

    def _follow(self) -> None:
        """Let all that refers to captures which were met earlier than it was known refer to their numbers of now."""
        self._target.execute("create temp table if not exists moves (before integer primary key, number integer)")
        self._target.execute("delete from temp.moves")
        self._target.executemany("insert into temp.moves values (?, ?)", self._course.moved.items())
        for table in _OF_CAPTURES:
            self._target.execute(
                f"update {table} set capture_id = (select number from temp.moves where before = capture_id)"
                " where capture_id in (select before from temp.moves)"
            )

    def take_arrivals(self) -> None:
        """What came and nobody read there, unless it is here by now, or a redaction may keep it out."""
        self._target.execute(
            "delete from arrivals where exists (select 1 from captures where captures.url = arrivals.url"
            " and captures.sha256 = arrivals.sha256)"
        )
        if self._target.execute("select 1 from redactions limit 1").fetchone() is not None:
            return
        for row in self._source.execute("select * from arrivals"):
            known = "select 1 from captures where url = ? and sha256 = ?"
            if self._target.execute(known, (row["url"], row["sha256"])).fetchone() is None:
                self._bodies.copy(row["sha256"], host_of(row["url"]))
                insert(
                    self._target, "arrivals", values(row, run_id=self._course.runs[row["run_id"]]), "insert or replace"
                )

    def _keep(self, row: sqlite3.Row, place: int) -> int:
        """The number here of a capture."""
        bare = row["id"] in self._bare or row["sha256"] in self._forced
        stands = self._target.execute(
            "select *, id in (select capture_id from redacted_captures) as bare from captures where url = ?",
            (row["url"],),
        ).fetchall()
        if any(one["id"] not in self._course.fresh for one in stands):
            self._course.shared.add(row["url"])
        for one in stands:
            if _tells(one) == _tells(row) and bool(one["bare"]) == bare:
                return self._unite(one, row, place, len(stands) == 1)
        return self._insert(row, place, bare)

    def _insert(self, row: sqlite3.Row, place: int, bare: bool) -> int:
        number = self._free(row, place)
        if bare:
            self._bodies.keep_empty(row["sha256"], row["length"])
        else:
            self._bodies.copy(row["sha256"], host_of(row["url"]))
        runs = self._course.runs
        insert(
            self._target,
            "captures",
            values(row, id=number, run_id=runs[row["run_id"]], last_run_id=runs[row["last_run_id"]]),
        )
        self._course.fresh.add(number)
        if bare:
            self._course.tombstones.add(number)
            self._bury(row, number)
        return number

    def _bury(self, row: sqlite3.Row, number: int) -> None:
        """What stays of a capture that is redacted there, or was redacted here before it came."""
        told = self._bare.get(row["id"])
        if told is not None:
            redaction = self._course.redactions[told["redaction_id"]]
            insert(self._target, "redacted_captures", values(told, capture_id=number, redaction_id=redaction))
            return
        page: Page = next(pages_again(self._source, self._derive, [row["id"]]))[1]
        here = self._target.execute("select * from captures where id = ?", (number,)).fetchone()
        strip(self._target, here, self._forced[row["sha256"]], page)

    def _unite(self, here: sqlite3.Row, row: sqlite3.Row, place: int, alone: bool) -> int:
        """One capture out of two of the same bytes at an address: met first by the one, last by the other.

        `alone`: nothing else was ever met there.
        """
        runs = self._course.runs
        there = values(row, run_id=runs[row["run_id"]], last_run_id=runs[row["last_run_id"]])
        same = (row["fetched_at"], there["run_id"]) == (here["fetched_at"], here["run_id"])
        earlier = (
            here["id"] not in self._course.fresh
            and not same
            and (place, there["run_id"]) < (here["id"], here["run_id"])
        )
        later = (there["last_run_id"], row["last_seen_at"]) > (here["last_run_id"], here["last_seen_at"])
        first, last = (there if earlier else here), (there if later else here)
        other = here["context"] != row["context"]
        said: dict[str, Any] = {name: first[name] for name in _FIRST}
        said |= {name: last[name] for name in ("last_seen_at", "last_run_id", "context", *_DERIVED)}
        said["trail"] = (last if other else first)["trail"]
        if here["bare"]:  # its words were taken out here, or there
            said |= {"headers": here["headers"], "content_type": here["content_type"], "trail": here["trail"]}
        number: int = here["id"]
        if earlier and place < here["id"]:
            number = self._move(here["id"], self._free(row, place))
        changed = {name for name, value in said.items() if here[name] != value}
        if changed:
            update(self._target, "captures", number, said)
        if not changed:
            return number
        if not earlier and alone and changed <= _SEEN:
            for query in _SEEN_AGAIN:
                self._target.execute(query, (said["last_seen_at"], number))
        elif number not in self._course.fresh:
            self._course.touched.add(number)
        if earlier:
            self._target.execute("delete from request_lines where capture_id = ?", (number,))
        return number

    def _free(self, row: sqlite3.Row, place: int) -> int:
        def holder(at: int) -> tuple[object, ...] | None:
            found = self._target.execute("select url, sha256, status from captures where id = ?", (at,)).fetchone()
            return None if found is None else (*found, at)

        return free(place, (row["url"], row["sha256"], row["status"]), holder)

    def _move(self, before: int, number: int) -> int:
        """Let a capture have another number; those that refer to it follow when all have come."""
        self._target.execute("update captures set id = ? where id = ?", (number, before))
        self._target.execute("update redacted_captures set capture_id = ? where capture_id = ?", (number, before))
        moved = self._course.moved
        for origin in [key for key, held in moved.items() if held == before] or [before]:
            moved[origin] = number
        for known in (self._course.fresh, self._course.touched, self._course.tombstones):
            if before in known:
                known.discard(before)
                known.add(number)
        return number


def _tells(row: sqlite3.Row) -> tuple[object, ...]:
    """What makes a capture at an address another one: bytes, status, and where a redirect leads."""
    leads = place_of_redirect(row["headers"]) if 300 <= row["status"] < 400 else None
    return row["sha256"], row["status"], leads
