"""Stage 7: write a page, and all that follows from it, into the archive; open and close the run's row."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.archive.archive import Archive
from crawler.fetching.internals import schedule, when_loop_ends
from crawler.fetching.state import RunState, state_of
from crawler.navigation.walk import Walk
from crawler.portals.profile import Profile
from crawler.reading.derivation import Derivation
from crawler.reading.pool import Pool
from crawler.reading.process import ReaderError, ended_by
from crawler.records.capture import Capture, Context
from crawler.records.errors import ArchiveError, ArchiveLockedError
from crawler.records.page import Needs, Page, SeenAgain
from crawler.records.problems import PortalProblem, Problem
from crawler.reference import deadlines
from crawler.runs import health
from crawler.runs.health import Yield
from crawler.runs.recheck import plan_hash

Item = Page | PortalProblem | SeenAgain | Needs


class Store:
    """Holds the archive's lock for the run; counts what the run found in Scrapy's stats under `nianbao/`."""

    def __init__(self, crawler: Crawler, run: RunState) -> None:
        self.crawler = crawler
        self.run = run
        self.path = Path(crawler.settings["NIANBAO_ARCHIVE"])
        self.failed: ArchiveError | None = None
        self._said_at = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler, state_of(crawler))

    def open_spider(self) -> None:
        """Open and lock the archive; begin the run. Raises ArchiveError before anything is fetched."""
        self.archive = Archive.open(self.path)
        self.archive.lock()
        self.archive.admit(
            {profile.id: profile.sample for profile in self.run.profiles},
            mixed=self.crawler.settings.getbool("NIANBAO_WITH_SAMPLE"),
        )
        source = self.run.source.name if self.run.source is not None else None
        self.run_id = self.archive.begin_run([profile.id for profile in self.run.profiles], self.run.at_most, source)
        self.crawler.stats.set_value("nianbao/run_id", self.run_id)
        for profile in self.run.profiles:
            rows = deadlines.expected(profile.id, profile.region, self.run.years)
            self.archive.expect(rows, profile.id, self.run.years)
        self.pool = Pool(self.crawler.settings.getint("NIANBAO_JOBS"))
        # Else a second signal would wait for every page that is being read, for threads wait for their readers.
        when_loop_ends(self.pool.close)
        self.derive = self.archive.cautious(Derivation(self.pool))
        self.run.desk, self.run.arrive, self.run.deaths = self.pool, self._arrive, self.archive.deaths
        self.run.flush, self.run.write = self._flush, self._write
        # Nothing is held open while the first page is waited for.
        self.archive.flush()

    def process_item(self, item: Item) -> Item:
        """Store an item; where the archive takes no more (disk full, held by another program), end the run."""
        if self.failed is None:
            self._say_progress()
            with self._ending():
                return self._take(item)
        return item

    def _arrive(self, capture: Capture, context: Context, leaf: bool) -> None:
        """Keep what came before it is read; where the archive takes no more, end the run."""
        if self.failed is None:
            with self._ending():
                self.archive.arrive(capture, context, leaf=leaf)

    def _flush(self) -> None:
        """Commit what was stored; where the archive takes no more, end the run."""
        if self.failed is None:
            with self._ending():
                self.archive.flush()

    def _write(self, work: Callable[[Archive], None]) -> None:
        """Write into the archive what is no page; where it takes no more, end the run."""
        if self.failed is None:
            with self._ending():
                work(self.archive)

    @contextmanager
    def _ending(self) -> Iterator[None]:
        """End the run where the archive takes no more; an error that is a page's own is raised, and the archive is as
        it was."""
        try:
            yield
        except (sqlite3.DatabaseError, ArchiveError) as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.DataError):
                raise
            self._fail(error)
            assert self.crawler.engine is not None
            schedule(self.crawler.engine.close_spider_async(reason="archive_failed"))

    def _say_progress(self) -> None:
        """Once a second let the lock say how far the run is."""
        if monotonic() - self._said_at >= 1:
            self._said_at = monotonic()
            stats = self.crawler.stats
            self.archive.progress(stats.get_value("downloader/request_count", 0), stats.get_value("nianbao/pages", 0))

    def _fail(self, error: Exception) -> None:
        """Keep the first error for crawler.runs.run to tell; what was committed before it stands."""
        if self.failed is None:
            held = "locked" in str(error) or "busy" in str(error)
            self.failed = (ArchiveLockedError if held else ArchiveError)(
                f"{self.path} is held by another program ({error}); the run was ended, the next carries on"
                if held
                else f"{self.path} cannot be written: {error}; the run was ended, what was archived before stands"
            )
            self.run.fail(self.failed)

    def _take(self, item: Item) -> Item:
        """Store a page in one transaction with all its rows, note when one was seen again, or note a problem."""
        stats = self.crawler.stats
        if isinstance(item, SeenAgain):
            self.archive.seen_again(item)
            stats.inc_value("nianbao/pages")
            stats.inc_value("nianbao/seen_again")
            if item.problems:
                stats.inc_value("nianbao/problems", len(item.problems))
            return item
        if isinstance(item, Needs):
            self.archive.keep_needs(item)
            return item
        if isinstance(item, PortalProblem):
            self.archive.problem(self.run_id, item.portal, item.problem)
            stats.inc_value("nianbao/problems")
            return item
        stored = self.archive.store(item)
        stats.inc_value("nianbao/pages")
        stats.inc_value(f"nianbao/kind/{item.kind}")
        if item.problems:
            stats.inc_value("nianbao/problems", len(item.problems))
        if stored.new:
            stats.inc_value("nianbao/reports_new")
        if stored.changed:
            stats.inc_value("nianbao/reports_changed")
        item.let_go()
        return item

    def close_spider(self) -> None:
        """End the run's row as far as the archive lets us, and let go of it."""
        try:
            if self.failed is None:
                try:
                    self._wind_up()
                except ReaderError as error:
                    self.run.fail(ended_by(error))
                    self.archive.finish_run(self.run_id, "interrupted")
                except (sqlite3.DatabaseError, ArchiveError) as error:
                    self._fail(error)
                    self.archive.finish_run(self.run_id, "interrupted")
            else:
                self.archive.finish_run(self.run_id, "interrupted")
        except (sqlite3.DatabaseError, ArchiveError) as error:
            self._fail(error)
        finally:
            # Whoever reads goes first: only the last to close folds SQLite's log into the file.
            self.run.let_go()
            self.pool.close()
            # What cannot be written any more is the next run's to fetch; it marks the row as broken off.
            with suppress(sqlite3.DatabaseError, ArchiveError):
                self.archive.close()

    def _wind_up(self) -> None:
        """Judge the run, end its row and let go of the archive."""
        stats = self.crawler.stats
        # A signal stops the crawl before the spider is closed; a run that has come to its end is still crawling here.
        status = "finished" if self.crawler.crawling and self.run.fatal_error is None else "interrupted"
        yields: dict[str, Any] = {}
        if status == "finished":
            self.archive.take_in(self.derive)
        self.archive.settle(self.run_id, self.derive)
        for profile in self.run.profiles if status == "finished" else ():
            walk = self.run.walks.get(profile.id)
            if walk is None or not walk.ended:
                self._problem(profile, Problem("walk_broken_off", profile.home, "the walk ended before its time"))
                continue
            if self.run.source is not None:
                continue  # what captures yielded is no measure for the portal as the next run finds it
            self._keep_lists(profile, walk, plan_hash(profile, self.run.years))
            if walk.stopped:
                continue  # what a part of a walk yielded says nothing of the portal
            yields[profile.id] = self._judge(profile, walk, self.run.years).as_json()
        for profile, problem in health.meagre(self.run.profiles, yields):
            self._problem(profile, problem)
        asked = self.run.source is None
        if status == "finished" and asked:
            before = self.archive.runs.problems_before(self.run_id, health.RUNS_COMPARED)
            for problem in health.rise(self.run.profiles[0].home, before, stats.get_value("nianbao/problems", 0)):
                self._problem(self.run.profiles[0], problem)
        self.archive.finish_run(
            self.run_id,
            status,
            requests=stats.get_value("downloader/request_count", 0) if asked else 0,
            not_modified=stats.get_value("downloader/response_status_count/304", 0) if asked else 0,
            bytes=stats.get_value("downloader/response_bytes", 0) if asked else 0,
            yields=yields,
        )

    def _keep_lists(self, profile: Profile, walk: Walk, plan: str) -> None:
        """Note the lists that were walked to their end, so that the next run may let them rest; not the broken ones."""
        for url in walk.itinerary.lists.broken():
            self.archive.doubt_list(profile.id, url)
        for walked in walk.itinerary.lists.walked():
            known = self.archive.lists.known(profile.id, walked.url)
            if known is None and not walked.items:
                continue
            for problem in health.shrunk(walked.url, known.items if known else 0, walked.items):
                self._problem(profile, problem)
            self.archive.keep_list(self.run_id, profile.id, walked.url, plan, walked.pages, walked.items, walked.stated)

    def _judge(self, profile: Profile, walk: Walk, years: range) -> Yield:
        """Hold what the portal yielded against its profile and against the last run that walked it to its end."""
        now = Yield(list_pages=self.archive.lists.pages(profile.id))
        for way, reports in self.archive.reports.standing(profile.id):
            listed = walk.itinerary.leads_to(way, [url for url, _, _ in reports])
            for (_, report_year, has_text), is_listed in zip(reports, listed, strict=True):
                now.count(report_year, is_listed, has_text)
        counts = self.archive.reports.per_year(profile.id)
        before = self.archive.runs.last_yield(profile.id)
        for problem in (
            *health.breaches(profile, years, counts, now),
            *(health.losses(profile, years, before, now) if walk.progress.entered_column else ()),
            *self.archive.loose_files(self.run_id, profile.id),
        ):
            self._problem(profile, problem)
        return now

    def _problem(self, profile: Profile, problem: Problem) -> None:
        self.archive.problem(self.run_id, profile.id, problem)
        self.crawler.stats.inc_value("nianbao/problems")
