"""The archive as the rest of the program sees it: one SQLite file, opened for writing by one run, or for reading.

with Archive.open(path) as archive:
    archive.lock()
    run_id = archive.begin_run(["shenyang"])
    archive.store(page)
    archive.finish_run(run_id, "finished", requests=1)

with Archive.read(path) as archive:
    archive.captures.body("https://…")

What only looks things up starts quicker with the reading half alone (crawler.archive.catalogue). What may be asked
stands by subject (crawler.archive.queries): addresses, captures, coverage, demands, events, lists, panel, portals,
reports, reviews, runs. The connection is for the rooms of the archive; nobody above them holds it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from crawler.archive.catalogue import Catalogue
from crawler.archive.derive import compaction, comparison, redaction, wiping
from crawler.archive.derive.conclusion import conclude, is_unsettled
from crawler.archive.derive.demands import Demands
from crawler.archive.derive.files import loose_files
from crawler.archive.derive.rebuild import rebuild
from crawler.archive.derive.verify import glance
from crawler.archive.file.captures import Derive, Whole
from crawler.archive.file.connection import open_for_writing
from crawler.archive.file.lock import RunLock, utc
from crawler.archive.merge import merge
from crawler.archive.write.arrivals import waiting
from crawler.archive.write.conversion import convert
from crawler.archive.write.deaths import Caution, Deaths, deaths_of, unread
from crawler.archive.write.placement import Placing
from crawler.archive.write.samples import Holdings, keep_apart
from crawler.archive.write.writer import FileChanged, Stored, Writer
from crawler.records.capture import Capture, Context
from crawler.records.errors import ArchiveError
from crawler.records.mementos import Inquiry, Memento, Outcome
from crawler.records.page import Death, Needs, Page, SeenAgain
from crawler.records.problems import Problem
from crawler.records.review import Review
from crawler.records.submissions import Submission

__all__ = ["Archive", "Stored"]

_NOT_KEPT = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, sqlite3.InterfaceError)
"""Errors that are a page's own: the archive stays as it was."""
Arguments = ParamSpec("Arguments")
Found = TypeVar("Found")


class Archive(Catalogue):
    """An open archive. Made by `open` or `read`; what may be asked is inherited, writing needs `open`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, writer: Writer | None = None) -> None:
        super().__init__(path, connection)
        self.demands = Demands(connection, path)
        self._writer_or_none = writer
        self._lock = RunLock(path)
        self.deaths = Deaths([])
        self._unsettled = True
        """Whether checks over years may be left to make from runs before; not known until a run begins."""

    @classmethod
    def open(cls, path: Path | str, *, create: bool = True) -> Self:
        """Open for writing, made if need be. Raises ArchiveError, ArchiveLockedError: one clear sentence each."""
        connection = open_for_writing(Path(path), create=create)
        archive = cls(Path(path), connection, Writer(connection))
        try:
            convert(connection)
        except sqlite3.OperationalError as error:
            archive.close()
            raise ArchiveError(f"{path} cannot be brought to its second form: {error}") from error
        return archive

    def close(self) -> None:
        """Commit whole pages, let go of lock and file. May be called twice."""
        try:
            if self._writer_or_none is not None:
                self._writer_or_none.flush()
        finally:
            self._writer_or_none = None
            super().close()
            self._lock.release()

    @property
    def _writer(self) -> Writer:
        if self._writer_or_none is None:
            raise ArchiveError(f"{self.path} is not open for writing")
        return self._writer_or_none

    def lock(self) -> None:
        """Hold the archive for this run until `close`. Raises ArchiveLockedError that names the run that holds it.

        A run that died before is marked as broken off, with how far its lock says it had come.
        """
        self._lock.acquire()
        dead, self._lock.dead = self._lock.dead, None
        if dead is not None:
            with suppress(sqlite3.OperationalError):  # a full disk, another program: said by whoever writes next
                self._writer.runs.break_off(dead.requests, dead.progress_at)

    def begin_run(self, portals: Sequence[str], at_most: int = 0, source: str | None = None) -> int:
        """Open a run's row and return its id; takes the lock if that was not done. Raises ArchiveLockedError.

        `at_most`: seconds after which it is to end; 0: when it is done. `source`: the name of the file whose captures
        are walked; None: the network is asked.
        """
        self.lock()
        deadline = utc(timedelta(seconds=at_most)) if at_most else None
        self._lock.say(deadline=deadline, progress_at=utc())
        run_id = self._writer.runs.begin(list(portals), deadline, source)
        self._unsettled = is_unsettled(self.connection, run_id)
        return run_id

    def progress(self, requests: int, pages: int) -> None:
        """Let the lock say how far the run has come; without a commit, and cheap enough for every second."""
        self._lock.say(requests=requests, pages=pages, progress_at=utc())

    def cautious(self, derive: Derive) -> Derive:
        """`derive` without what is fatal to it (crawler.archive.write.deaths); `deaths` is what it knows of that."""
        self.deaths = deaths_of(self.connection)
        return Caution(derive, self.deaths)

    def take_in(self, derive: Derive) -> None:
        """Read what came and nobody read (crawler.archive.write.arrivals), by a `derive` that is cautious.

        The lock must be held. Raises ArchiveError where the file cannot be written.
        """
        for run_id, capture, context, sha256 in waiting(self.connection):
            if context is None:
                self._writer.give_up(run_id, capture, sha256)
                continue
            try:
                self._writer.store(derive(capture, context), run_id)
            except _NOT_KEPT as error:
                death = Death("reader_died", f"what was made of it cannot be kept ({error})")
                self._writer.store(unread(capture, context, death), run_id)
        self._keep_deaths()

    def arrive(self, capture: Capture, context: Context, *, leaf: bool) -> None:
        """Keep what came before it is read. `leaf`: nothing is expected to lead on from it."""
        self._writer.arrive(capture, context, leaf)

    def _keep_deaths(self) -> None:
        """Keep what readers were lost over since."""
        if self.deaths.learnt:
            self._writer.note_deaths(self.deaths.learnt)
            self.deaths.learnt.clear()
        self.flush()

    def finish_run(
        self,
        run_id: int,
        status: str,
        *,
        requests: int = 0,
        not_modified: int = 0,
        bytes: int = 0,
        yields: Mapping[str, Any] | None = None,
    ) -> None:
        """Close a run's row: `status` finished or interrupted; `bytes` as they came over the wire. Commits."""
        self._writer.runs.finish(
            run_id, status, requests=requests, not_modified=not_modified, bytes=bytes, yields=yields or {}
        )

    def settle(self, run_id: int, derive: Derive) -> None:
        """Before a run ends: make what only the whole shows (crawler.archive.derive.conclusion).

        Commits between one report and the next, as `store` does.
        """

        def concluded(placing: Placing, whole: Whole, changed: FileChanged) -> None:
            conclude(self.connection, placing, derive, (run_id, changed), whole=whole, years=self._unsettled)

        self._writer.settle(run_id, concluded)
        self._keep_deaths()

    def keep_list(
        self, run_id: int, portal: str, url: str, plan: str, pages: int, items: int, stated: int | None
    ) -> None:
        """Note that a list was walked to its end (table `lists`)."""
        self._writer.runs.keep_list(run_id, portal, url, plan, pages, items, stated)

    def expect(
        self, rows: Sequence[tuple[str, str, str, int, str]], portal: str | None = None, years: range = range(0)
    ) -> None:
        """What the law asks of a portal, for `coverage`: rows (portal, region_code, region, report_year, due_on).

        With `portal` and `years` nothing else is asked of it in these years any more.
        """
        self._writer.runs.expect(list(rows), portal, years)

    def admit(self, portals: Mapping[str, bool], *, mixed: bool = False) -> None:
        """Note the portals of a run, and whether the reports of each are made up (table `portals`).

        Raises ArchiveError, and notes nothing, where made-up reports and real ones would come together, unless `mixed`
        says that they may.
        """
        self.check_apart(portals, mixed=mixed)
        for portal, sample in portals.items():
            self._writer.runs.keep_portal(portal, sample)

    def check_apart(self, portals: Mapping[str, bool], *, mixed: bool = False) -> None:
        """Raise ArchiveError where `admit` would."""
        if not mixed:
            run = Holdings(real=not all(portals.values()), sample=any(portals.values()))
            keep_apart(self.path, self.portals.holdings(), run)

    def keep_needs(self, needs: Needs) -> None:
        """Note what a page needs to look as it did (table `requisites`)."""
        self._writer.runs.keep_needs(needs)

    def note_inquiry(self, inquiry: Inquiry, mementos: Iterable[Memento] = ()) -> None:
        """Keep a page of a web archive's index with the row of its inquiry (tables `mementos`, `inquiries`)."""
        self._writer.mementos.note(inquiry, mementos)

    def judge_mementos(self, outcomes: Iterable[Outcome]) -> None:
        """Note what became of mementos that were asked for."""
        self._writer.mementos.judge(outcomes)

    def keep_submission(self, submission: Submission) -> None:
        """Write what was handed to a web archive and what it answered (table `submissions`), and commit."""
        self._writer.mementos.submit(submission)

    def doubt_list(self, portal: str, url: str) -> None:
        """Have the next run walk a list to its end, whenever it last was."""
        self._writer.runs.doubt_list(portal, url)

    def keep_ocr(self, capture_id: int, engine: str, lines: Sequence[tuple[str, str, float]]) -> None:
        """Write what a model made out in a capture, (place, words, confidence) a line, in place of what is there."""
        self._writer.runs.keep_ocr(capture_id, engine, lines)

    def keep_review(self, review: Review) -> int:
        """Write what a person says of a report, and commit; the number of the row. Raises ArchiveError."""
        return self._writer.review(review)

    def store(self, page: Page) -> Stored:
        """Write a page and all that follows from it, or nothing of it. See `write.writer.Writer.store`."""
        stored = self._writer.store(page)
        self.deaths.learn(page)
        if self.deaths.learnt:
            self._keep_deaths()
        return stored

    def bury(self, page: Page, sha256: str, length: int, redaction: Mapping[str, str | None]) -> Stored:
        """Store a tombstone that another archive made. See `crawler.archive.write.writer.Writer.bury`."""
        return self._writer.bury(page, sha256, length, redaction)

    def seen_again(self, seen: SeenAgain) -> None:
        """Note that a capture's bytes came again from its address; adds no row but its problems."""
        self._writer.seen_again(seen)

    def problem(self, run_id: int, portal: str | None, problem: Problem) -> None:
        """Note a problem that belongs to no page that came."""
        self._writer.problem(run_id, portal, problem)

    def loose_files(self, run_id: int, portal: str) -> list[Problem]:
        """Files of a portal's reports that were not fetched, and files that this run fetched and no report has."""
        return list(loose_files(self.connection, portal, run_id))

    def flush(self) -> None:
        """Commit what was stored so far; happens by itself every hundred pages and twice a second."""
        self._writer.flush()

    def rebuild(self, derive: Derive, *, every: bool = True) -> dict[str, int]:
        """Derive rows again; `captures` read and `left`, `reports` that there are. See `derive.rebuild.rebuild`."""
        cautious = self.cautious(derive)
        self.take_in(cautious)
        counts = rebuild(self.connection, cautious, every=every)
        self._keep_deaths()
        return counts

    def redact(self, derive: Derive, pages: Mapping[int, Page | None], demand: redaction.Demand) -> redaction.Outcome:
        """Remove captures, by id with their pages, and all that came from them; see `crawler.archive.derive.redaction`.

        `derive` as `cautious` gives it.
        """
        self._writer.flush()
        self._writer.forget()
        return redaction.redact(self.connection, derive, pages, demand)

    def lift(self, bodies: Sequence[str], reason: str) -> int:
        """Lift the redactions of bodies, by SHA-256; how many. See `crawler.archive.derive.redaction.lift`."""
        self._writer.flush()
        return redaction.lift(self.connection, bodies, reason)

    def wipe(self) -> str | None:
        """Write the file anew without what redactions removed, if that was not done; None when done, else why not.

        The lock must be held.
        """
        self._writer.flush()
        return wiping.wipe(self.connection) if wiping.pending(self.connection) else None

    def merge(self, source: Path, derive: Derive, *, with_sample: bool = False) -> merge.Merger:
        """Merge another archive into this one; see `crawler.archive.merge.merge`. The lock must be held."""
        self._writer.flush()
        self._writer.forget()
        merge.check_target(self.connection, self.path)
        merger = merge.merge(self.connection, self.path, source, self.cautious(derive), with_sample)
        if not merger.skipped:
            self._keep_deaths()
            merge.conclude_merges(self.connection)
        return merger

    def compact(self) -> compaction.Compaction:
        """Pack bodies anew and write the file anew; see `crawler.archive.derive.compaction`. The lock must be held."""
        self._writer.flush()
        self._writer.forget()
        return compaction.compact(self.connection, self.path)

    def verify(self, derive: Derive | None = None, *, count: int = comparison.SAMPLE, every: bool = False) -> list[str]:
        """One sentence for each thing that is wrong with the archive; empty where it is sound.

        With `derive`, `count` captures are derived again, or `every` one in a rebuilt copy, and the rows compared.
        """
        derive = derive and self.cautious(derive)
        with self._moment():
            return list(comparison.failures(self.connection, self.path, derive, count, every))

    def export(
        self,
        write: Callable[Concatenate[sqlite3.Connection, Arguments], Found],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Found:
        """What a writer of crawler.archive.exchange makes of the archive as it is at one moment, and returns."""
        with self._moment():
            return write(self.connection, *args, **kwargs)

    @contextmanager
    def _moment(self) -> Iterator[None]:
        """All is read as it is at one moment, whatever a run writes meanwhile; with what was stored here."""
        if self._writer_or_none is not None:
            self._writer_or_none.flush()
        outermost = not self.connection.in_transaction
        if outermost:
            self.connection.execute("begin")
        try:
            yield
        finally:
            if outermost and self.connection.in_transaction:
                self.connection.execute("rollback")

    def glance(self) -> list[str]:
        """What is plainly damaged, told in a blink; see `crawler.archive.derive.verify.glance`."""
        return list(glance(self.connection, self.path.stat().st_size))
