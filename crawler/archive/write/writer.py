"""Writes pages: each with all that follows from it or not at all, many pages a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crawler.archive.file import tombstones
from crawler.archive.file.blobs import digest
from crawler.archive.file.captures import Whole
from crawler.archive.file.identity import conflict_detail
from crawler.archive.write import arrivals, captures
from crawler.archive.write.deaths import note_deaths
from crawler.archive.write.ledger import Ledger, now
from crawler.archive.write.mementos import MementoRows
from crawler.archive.write.placement import Placing
from crawler.archive.write.reviews import keep_review
from crawler.archive.write.runs import RunRows
from crawler.archive.write.samples import KEEP, is_sample
from crawler.archive.write.surrogates import scrubbed, scrubbed_page
from crawler.archive.write.withheld import let_in, redaction_of
from crawler.records.capture import RENDERED, Capture, Context
from crawler.records.errors import ArchiveError
from crawler.records.page import Page, SeenAgain
from crawler.records.problems import Problem
from crawler.records.review import Review

_SEEN_URL = "update report_urls set last_seen_at = ? where capture_id = ? and gone_at is null"
_SEEN_REPORT = (
    "update reports set last_seen_at = ? where id in"
    " (select report_id from report_urls where capture_id = ? and gone_at is null)"
)
"""Only what shows the report itself counts as seeing it: an error page that comes again at its address does not."""
_EVENTS = ("new", "changed", "moved", "returned")
"""What becomes of a report; from a web archive only the first, for a portal of then changes nothing today."""

FileChanged = Callable[[int, str, str], None]
"""Called with a report that a file changed, the file's address, and when it came; while that is being written."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a page. `capture_id`: its row, the older one where these bytes were seen before at that address.

    `report_id`: the report that it shows, or None. `new`: a report not known before. `changed`: a known report that
    says something new. `withheld`: a redaction keeps the page out, and a tombstone was stored for it.
    `late`: an import brought it after a newer one of its address (crawler.archive.write.captures.is_late).
    """

    capture_id: int
    report_id: int | None = None
    new: bool = False
    changed: bool = False
    withheld: bool = False
    late: bool = False


class Writer:
    """The writing half of an archive, for one run at a time. `runs`: the rows of runs. `mementos`: what web archives
    hold."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._ledger = Ledger(connection)
        self._placing = Placing(connection, index=self._ledger.index)
        self._ledger.forgetful.append(self._placing.rows.forget)
        self.runs = RunRows(self._ledger)
        self.mementos = MementoRows(self._ledger)

    def settle(self, run_id: int, conclude: Callable[[Placing, Whole, FileChanged], None]) -> None:
        """Have made what only the whole run shows (crawler.archive.derive.conclusion), and tell of the reports that
        changed by a file."""

        def changed(report_id: int, url: str, at: str) -> None:
            self._ledger.counts["reports_changed"] += 1
            self._ledger.event(run_id, at, "changed", report_id, url)

        conclude(self._placing, self._ledger.step, changed)

    def problem(self, run_id: int, portal: str | None, problem: Problem, capture_id: int | None = None) -> None:
        """Note a problem that belongs to no page that came, or to a capture that is there already."""
        with self._ledger.step():
            self._ledger.problem(run_id, portal, problem, now(), capture_id)

    def review(self, review: Review) -> int:
        """Keep what a person says of a report; see `crawler.archive.write.reviews.keep_review`."""
        return keep_review(self._ledger, review)

    def arrive(self, capture: Capture, context: Context, leaf: bool) -> None:
        """Keep what came before it is read; see `crawler.archive.write.arrivals`. Raises ArchiveError."""
        run_id = self._ledger.run_id
        if run_id is None:
            raise ArchiveError("a page came before the run began")
        connection, blobs = self._ledger.connection, self._ledger.blobs
        try:
            try:
                with self._ledger.step():
                    arrivals.keep(connection, blobs, run_id, capture, context, leaf)
            except UnicodeEncodeError:  # see `store`: the label of a link has words of its page
                with self._ledger.step():
                    arrivals.keep(connection, blobs, run_id, scrubbed(capture), context, leaf)
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"the archive cannot be written: {error}") from error

    def give_up(self, run_id: int, capture: Capture, sha256: str) -> None:
        """Dismiss what came and is damaged by now, and tell of it."""
        words = f"fetched at {capture.fetched_at}, its body {sha256} is damaged"
        with self._ledger.step():
            arrivals.dismiss(self._ledger.connection, capture.address, sha256)
            problem = Problem("arrival_damaged", capture.url, words)
            self._ledger.problem(run_id, capture.portal, problem, now(), None)

    def note_deaths(self, rows: list[tuple[str, ...]]) -> None:
        """Keep what readers were lost over; see `crawler.archive.write.deaths.Deaths`."""
        with self._ledger.step():
            note_deaths(self._ledger.connection, rows)

    def store(self, page: Page, run_id: int | None = None) -> Stored:
        """Write a page and all that follows from it; nothing of it where that fails.

        Bytes seen before at that address (with that status) make no new capture. Raises ArchiveError
        without a run, or where the file cannot be written; any other error is the page's own, and only it is undone.
        `run_id`: the run that met the page, where it is not the one that was begun.
        """
        run_id = run_id or self._ledger.run_id
        if run_id is None:
            raise ArchiveError("a page was to be stored before the run began")
        try:
            try:
                with self._ledger.step():
                    return self._store(page, run_id)
            except UnicodeEncodeError:
                # Half of a surrogate pair, out of a script's escapes: no text that a database could hold.
                with self._ledger.step():
                    return self._store(scrubbed_page(page), run_id)
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"the archive cannot be written: {error}") from error

    def bury(self, page: Page, sha256: str, length: int, redaction: Mapping[str, str | None]) -> Stored:
        """Store a tombstone that another archive made, and its redaction, where there is none in force here.

        Of the body this archive must hold no bytes. Raises ArchiveError without a run.
        """
        if self._ledger.run_id is None:
            raise ArchiveError("a tombstone was to be stored before the run began")
        with self._ledger.step():
            self._portal(page)
            redaction_id = redaction_of(self._ledger.connection, sha256, length, redaction)
            return self._keep(page, self._ledger.run_id, sha256, length, redaction_id)

    def seen_again(self, seen: SeenAgain) -> None:
        """Note when a capture, and the report that it shows, was last seen; add no row but its problems.

        Raises ArchiveError without a run, or where the file cannot be written.
        """
        if self._ledger.run_id is None:
            raise ArchiveError("a page was seen again before the run began")
        try:
            with self._ledger.step():
                self._ledger.execute(
                    "update captures set last_seen_at = ?, last_run_id = ? where id = ?",
                    (seen.at, self._ledger.run_id, seen.capture_id),
                )
                self._ledger.execute(_SEEN_URL, (seen.at, seen.capture_id))
                self._ledger.execute(_SEEN_REPORT, (seen.at, seen.capture_id))
                captures.keep_ways(self._ledger.connection, seen.capture_id, seen.ways)
                for problem in seen.problems:
                    self._ledger.problem(self._ledger.run_id, seen.portal, problem, seen.at, seen.capture_id)
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"the archive cannot be written: {error}") from error

    def flush(self) -> None:
        """Commit what was stored so far."""
        self._ledger.flush()

    def forget(self) -> None:
        """Know nothing any more of the bodies that were packed: another hand is about to pack them anew."""
        self._ledger.blobs.forget()

    def _store(self, page: Page, run_id: int) -> Stored:
        self._portal(page)
        body = page.capture.body
        page, redaction_id = let_in(self._ledger.connection, page)
        return self._keep(page, run_id, digest(body), len(body), redaction_id)

    def _portal(self, page: Page) -> None:
        if page.capture.portal is not None:
            self._ledger.execute(KEEP, (page.capture.portal, is_sample(page.capture)))

    def _keep(self, page: Page, run_id: int, sha256: str, length: int, redaction_id: int | None) -> Stored:
        seen = captures.keep(self._ledger.connection, self._ledger.blobs, page, run_id, sha256, length)
        if redaction_id is not None and page.remains is not None:
            tombstones.note(self._ledger.connection, seen.capture_id, redaction_id, page.remains)
            if seen.again:
                page.problems.clear()
        captures.keep_ways(self._ledger.connection, seen.capture_id, page.ways)
        arrivals.dismiss(self._ledger.connection, page.capture.address, sha256)
        self._absence(page, run_id)
        placed = None
        late = captures.is_late(self._ledger.connection, seen.capture_id)
        if page.kind == "report" and (not late or page.capture.source is not None):
            placed = self._placing.recall(page, seen) if late else self._placing.place(page, seen)
        if placed is not None:
            self._ledger.counts["reports_new"] += placed.new
            self._ledger.counts["reports_changed"] += placed.changed
            if placed.conflict:
                page.problem("identity_conflict", conflict_detail(page, placed.conflict))
            if placed.halved and page.capture.source is None:
                page.problem("text_shrank", f"{len(page.text or '')} characters are left of the text")
            for kind in _EVENTS if page.capture.source is None else _EVENTS[:1]:
                if getattr(placed, kind):
                    self._ledger.event(run_id, page.capture.fetched_at, kind, placed.report_id, page.capture.address)
        for problem in page.problems:
            self._ledger.problem(run_id, page.capture.portal, problem, page.capture.fetched_at, seen.capture_id)
        withheld = page.remains is not None
        if placed is None:
            return Stored(seen.capture_id, withheld=withheld, late=late)
        return Stored(seen.capture_id, placed.report_id, placed.new, placed.changed, withheld, late)

    def _absence(self, page: Page, run_id: int) -> None:
        """Keep count of the runs in which a report's address led to nothing; on the second it is gone from there.

        What else may stand there meanwhile (a redirect to the home page, a challenge) neither confirms nor ends it, nor
        does what a web archive has of the address.
        """
        if page.capture.source is not None:
            return
        if page.kind == "report":
            self._ledger.execute("delete from absences where url = ?", (page.capture.address,))
        elif page.kind == "missing":
            # Where nothing is served there is nothing to render either.
            for url in dict.fromkeys((page.capture.address, page.capture.url + RENDERED)):
                self._missed(url, page.capture.fetched_at, run_id)

    def _missed(self, url: str, at: str, run_id: int) -> None:
        self._ledger.execute(
            # A walk over captures met nothing: it neither begins nor confirms that anything is gone.
            "insert into absences select ?1, ?2, ?3, ?3 where exists (select 1 from report_urls where url = ?1)"
            " and exists (select 1 from runs where id = ?3 and source is null)"
            " on conflict (url) do update set last_run_id = excluded.last_run_id",
            (url, at, run_id),
        )
        row = self._ledger.execute("select since from absences where url = ? and first_run_id <> last_run_id", (url,))
        since = row.fetchone()
        if since is not None:
            for report_id in self._placing.addresses.gone(url, since[0]):
                self._ledger.counts["reports_gone"] += 1
                self._ledger.event(run_id, at, "gone", report_id, url)
