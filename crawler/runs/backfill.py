"""One backfill: indexes of web archives are asked, the portals of then are walked, and what is left is taken singly.

Each part is a run of its own with its row in `runs`; whatever breaks off in between, the next backfill goes on.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler

from crawler.archive.archive import Archive
from crawler.fetching.state import error_of
from crawler.mementos.client import ArchiveRestingError, Client
from crawler.mementos.index import Index
from crawler.mementos.past import Past
from crawler.mementos.plan import Epoch, Task, epochs, inquiries, of_then, text_of, today
from crawler.mementos.single import single
from crawler.portals.profile import Profile
from crawler.reading.derivation import Derivation
from crawler.reading.pool import Pool
from crawler.records.errors import NianbaoError
from crawler.records.mementos import Inquiry, Outcome
from crawler.records.problems import Problem
from crawler.reference import deadlines
from crawler.runs.gaps import Gaps
from crawler.runs.notes import Notes
from crawler.runs.run import Options, process_of, settings_of
from crawler.runs.singles import take
from crawler.words.counts import counted

Tell = Callable[..., None]
"""Says how far it is: event, message, further fields."""


class Backfill:
    """One backfill. `counts`: what came of it, for the summary. `runs`: ids of its runs."""

    def __init__(self, task: Task, tell: Tell) -> None:
        self.task, self.tell = task, tell
        self.counts: Counter[str] = Counter()
        self.runs: list[int] = []
        self._now = today()
        self._clients = {source.name: Client(source, task.contact) for source in task.sources}
        self._gaps = Gaps(task.archive, task.years if task.gaps else None)
        self._name = "+".join(self._clients)
        self._walks: list[tuple[Profile, Epoch]] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Do all of it. Raises NianbaoError where the archive cannot be had; KeyboardInterrupt."""
        try:
            self._resume()
            self._ask()
            self._walk()
            self._take()
        finally:
            for client in self._clients.values():
                self.counts["requests"] += client.requests
                client.close()

    @property
    def resting(self) -> list[str]:
        """The web archives that were left alone, each with why."""
        return [client.resting for client in self._clients.values() if client.resting is not None]

    def _begin(self, archive: Archive) -> int:
        archive.lock()
        samples = {profile.id: profile.sample for profile in self.task.profiles}
        archive.admit(samples, mixed=self.task.with_sample)
        run_id = archive.begin_run([profile.id for profile in self.task.profiles], source=self._name)
        self.runs.append(run_id)
        return run_id

    def _resume(self) -> None:
        """Read what came before a run was killed."""
        with Archive.open(self.task.archive) as archive, Pool(self.task.jobs) as pool:
            archive.lock()
            archive.take_in(archive.cautious(Derivation(pool)))

    def _ask(self) -> None:
        """Ask the indexes for what is due."""
        with Archive.open(self.task.archive) as archive:
            archive.lock()
            asking = [(profile, client) for profile in self.task.profiles for client in self._clients.values()]
            if not any(next(self._due(archive, *pair), None) for pair in asking):
                return
            run_id = self._begin(archive)
            for profile in self.task.profiles:
                years = self.task.years[profile.id]
                archive.expect(deadlines.expected(profile.id, profile.region, years), profile.id, years)
            for profile, client in asking:
                index = Index(client)
                try:
                    for inquiry in self._due(archive, profile, client):
                        self._ask_about(archive, run_id, profile, index, inquiry)
                except ArchiveRestingError as error:
                    problem = Problem("memento_resting", client.archive.index, str(error))
                    self._problem(archive, run_id, profile, problem)
            requests = sum(client.requests for client in self._clients.values())
            archive.finish_run(run_id, "finished", requests=requests)

    def _due(self, archive: Archive, profile: Profile, client: Client) -> Iterator[Inquiry]:
        """What is to be asked, told anew after each answer."""
        singly = client.archive.dialect == "timemap"
        years = self.task.years[profile.id]
        return inquiries(archive, profile, client.archive.name, years, self._now, singly=singly)

    def _ask_about(self, archive: Archive, run_id: int, profile: Profile, index: Index, inquiry: Inquiry) -> None:
        name, last = inquiry.source, inquiry
        for last, mementos in index.ask(inquiry, text_of(self._now)):
            archive.note_inquiry(last, mementos)
            self.counts["rows"] += len(mementos)
        self.counts["inquiries"] += 1
        self.tell(
            "asked",
            f"{name} has {counted(last.rows, 'capture')} of {inquiry.url} ({inquiry.match})",
            source=name, portal=profile.id, url=inquiry.url, match=inquiry.match, rows=last.rows,
        )  # fmt: skip
        for detail in last.faults:
            self._problem(archive, run_id, profile, Problem("memento_index", inquiry.url, f"{name}: {detail}"))

    def _problem(self, archive: Archive, run_id: int, profile: Profile, problem: Problem) -> None:
        archive.problem(run_id, profile.id, problem)
        self.counts[problem.kind] += 1

    def _walk(self) -> None:
        """Walk the portals of then, one walk after the other in one process, by the time of each."""
        with Archive.read(self.task.archive) as reader:
            for profile in self.task.profiles:
                years = self.task.years[profile.id]
                walks = epochs(reader, profile, tuple(self._clients), years, self._now)
                self._walks += [(profile, epoch) for epoch in walks]
        if not self._walks:
            return
        options = Options(contact=self.task.contact, jobs=self.task.jobs, with_sample=self.task.with_sample)
        process = process_of(settings_of(self.task.archive, options, asked=False))
        if not self._begin_walk(process):
            return
        process.start()
        if isinstance(self._error, NianbaoError):
            raise self._error
        if self._error is not None:
            said = f"{type(self._error).__name__}: {self._error}"
            raise NianbaoError(f"the walk as of {self._walks[0][1].at} failed: {said}") from self._error
        if self._walks:
            raise KeyboardInterrupt

    def _begin_walk(self, process: AsyncCrawlerProcess) -> bool:
        """Begin the next walk; of walks after gaps the next that may fill one. Whether there is any."""
        self._gaps.renew()
        single = None
        while self._walks:
            profile, epoch = self._walks[0]
            single = self._gaps.before(profile.id, epoch.at)
            if single is None or single:
                break
            self.tell("left_out", f"{profile.id} as of {epoch.at[:10]}: no gap is left that it could fill")
            self._walks.pop(0)
        else:
            return False
        if single:
            self.tell("gaps", f"{profile.id} as of {epoch.at[:10]}: after {', '.join(map(str, sorted(single)))} alone")
        years = self.task.years[profile.id]
        span = str(years.start + 1), str(max(self._now.year, years.start + 1))
        crawler = process.create_crawler("annual_reports")
        notebook = Notes(crawler, profile.id, self.counts)
        past = Past(self.task.archive, profile.id, self._clients, epoch.at, span, notebook)
        text = f"{years.start}-{years.stop - 1}"
        task = process.crawl(crawler, profiles=[of_then(profile, epoch.start)], years=text, source=past, single=single)
        task.add_done_callback(lambda ended: self._go_on(process, crawler, past, error_of(crawler, ended)))
        return True

    def _go_on(self, process: AsyncCrawlerProcess, crawler: Crawler, past: Past, error: BaseException | None) -> None:
        """After a walk: what goes wrong here would be lost in the loop, and is raised when that has ended."""
        try:
            self._error = error
            self._end_walk(process, crawler, past)
        except (NianbaoError, sqlite3.Error, OSError) as failure:
            self._error = self._error or failure

    def _end_walk(self, process: AsyncCrawlerProcess, crawler: Crawler, past: Past) -> None:
        """Keep what came of a walk, and begin the next, unless a signal came."""
        past.close()
        profile, epoch = self._walks[0]
        run_id = crawler.stats.get_value("nianbao/run_id") if crawler.stats else None
        if run_id is None:
            return
        with Archive.open(self.task.archive) as archive:
            archive.lock()
            row = archive.runs.get(run_id)
            if row["status"] != "finished" or self._error is not None:
                return
            walk = Inquiry(self._name, profile.id, epoch.start, "walk", epoch.at, epoch.at)
            archive.note_inquiry(
                replace(walk, asked_at=text_of(self._now), finished=not self.resting, rows=row["reports_new"])
            )
        self.runs.append(run_id)
        self.counts["walks"] += 1
        self._count(row, past.outcomes)
        self.tell(
            "walked",
            f"{profile.id} as of {epoch.at[:10]}, from {epoch.start}: {counted(row['reports_new'], 'report')} new",
            portal=profile.id, url=epoch.start, at=epoch.at, reports_new=row["reports_new"], run=run_id,
        )  # fmt: skip
        self._walks.pop(0)
        if self._walks:
            self._begin_walk(process)

    def _count(self, row: Mapping[str, Any], outcomes: Sequence[Outcome]) -> None:
        self.counts["reports_new"] += row["reports_new"]
        self.counts["kept"] += sum(outcome.sha256 is not None for outcome in outcomes)

    def _take(self) -> None:
        """Take singly what indexes have below columns and at addresses that are gone, and no walk came by."""
        with Archive.open(self.task.archive) as archive, Pool(self.task.jobs) as pool:
            archive.lock()
            self._gaps.renew()
            remainder = [
                (profile, client, memento)
                for profile in self.task.profiles
                for name, client in self._clients.items()
                for memento in single(archive, of_then(profile, profile.home), name)
                if self._gaps.before(profile.id, memento.at) != frozenset()
            ]
            if not remainder:
                return
            derive = archive.cautious(Derivation(pool))
            archive.take_in(derive)
            run_id = self._begin(archive)
            for profile, client, memento in remainder:
                if client.resting is None and archive.mementos.kept(memento) is None:
                    tell = partial(self._problem, archive, run_id, profile)
                    self.counts["kept"] += take(archive, derive, profile, client, memento, tell)
            archive.settle(run_id, derive)
            archive.finish_run(run_id, "finished")
            self._count(archive.runs.get(run_id), [])
