"""A portal as it was at a time: answers each request with the nearest capture that web archives have of the address."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from crawler.archive.archive import Archive
from crawler.archive.file.blobs import digest
from crawler.fetching.captures import NotCapturedError
from crawler.mementos.client import ArchiveRestingError, Client
from crawler.mementos.index import Index
from crawler.mementos.plan import due, is_covered, text_of, today, usable
from crawler.mementos.replay import RefusedError, fetch, memento_of
from crawler.records.capture import RENDERED, Capture
from crawler.records.errors import ArchiveError
from crawler.records.mementos import Inquiry, Memento, Outcome
from crawler.records.problems import Problem
from crawler.words.mementos import key

FARTHEST_LIST, FARTHEST_ENTRY = 400, 1830
"""Days between the time that is walked and a capture that may stand for it: a list is another one after a year; an
entry is what it was for as long as it stands."""
FAR = 400
"""Days from which on that is told."""
ATTEMPTS = 3
"""Captures of one address that are tried, the nearest first."""
MOST_ASKED = 400
"""Addresses that a walk asks indexes about one by one, where these do not have all of its hosts yet."""


class Notebook(Protocol):
    """Where a walk notes at once what web archives answer, so that a walk that is killed need not ask it again."""

    def inquiry(self, inquiry: Inquiry, mementos: list[Memento]) -> None:
        """A page of an index."""

    def outcome(self, outcome: Outcome) -> None:
        """What became of a memento."""

    def problem(self, problem: Problem) -> None:
        """What is to be told."""

    def commit(self) -> None:
        """Have kept what came so far, before anything else is asked for."""


class Past:
    """See crawler.fetching.source.Answers. `outcomes`, `inquiries` with what they brought: what came of it so far."""

    past = True
    broken = 0

    def __init__(
        self,
        archive: Path,
        portal: str,
        clients: Mapping[str, Client],
        at: str,
        span: tuple[str, str],
        notebook: Notebook,
    ) -> None:
        """`at`: UTC; `span`: first and last year that indexes are asked about. Raises ArchiveError."""
        self.name = "+".join(clients)
        self.outcomes: list[Outcome] = []
        self.inquiries: list[tuple[Inquiry, list[Memento]]] = []
        self._notebook = notebook
        self._reader = Archive.read(archive)
        self._clients, self._portal, self._at, self._span = clients, portal, at, span
        self._indexes = {name: Index(client) for name, client in clients.items()}

    async def answer(self, address: str, leads_on: bool) -> Capture:
        """The nearest capture of an address within FARTHEST_LIST or FARTHEST_ENTRY days. Raises NotCapturedError."""
        if address.endswith(RENDERED):
            raise NotCapturedError("what a browser would have made of it was not captured")
        candidates = self._near(address)
        if not candidates:
            await self._ask(address)
            candidates = self._near(address)
        farthest = FARTHEST_LIST if leads_on else FARTHEST_ENTRY
        fitting = [memento for memento in candidates if self._days(memento) <= farthest]
        for memento in fitting[:ATTEMPTS]:
            capture = self._held(memento) or await self._fetched(memento, address)
            if capture is None:
                continue
            days = self._days(memento_of(memento, capture))
            if days > FAR:
                said = f"captured at {capture.fetched_at}, {days} days from {self._at}, the time of the walk"
                self._notebook.problem(Problem("memento_distant", address, said))
            if days <= farthest:
                return capture
        if candidates and not fitting:
            days = self._days(candidates[0])
            raise NotCapturedError(f"{self.name}: the nearest capture is {days} days from {self._at}, too far")
        raise NotCapturedError(f"{self.name}: {'no capture that could be taken' if fitting else 'no capture'}")

    def close(self) -> None:
        """Let go of the archive."""
        self._reader.close()

    def _near(self, address: str) -> list[Memento]:
        refused = {outcome.memento for outcome in self.outcomes if outcome.sha256 is None}
        lately = [memento for _, mementos in self.inquiries for memento in mementos if memento.key == key(address)]
        stored = self._reader.mementos.near(key(address), self._at)
        usables = {memento for memento in (*stored, *lately) if usable(memento, tuple(self._clients))} - refused
        return sorted(usables, key=lambda memento: (self._days(memento), memento.at, memento.source, memento.url))

    def _days(self, memento: Memento) -> int:
        return abs((datetime.fromisoformat(memento.at) - datetime.fromisoformat(self._at)).days)

    def _held(self, memento: Memento) -> Capture | None:
        """What was taken before, of this capture or of one with the same digest."""
        capture_id = self._reader.mementos.kept(memento)
        try:
            capture = None if capture_id is None else self._reader.captures.get(capture_id)
        except ArchiveError:
            return None
        return None if capture is None else replace(capture, fetched_at=memento.at)

    async def _fetched(self, memento: Memento, address: str) -> Capture | None:
        """What the web archive gives out; None where it was refused, or the archive is left alone."""
        self._notebook.commit()
        try:
            capture = await asyncio.to_thread(fetch, self._clients[memento.source], memento)
        except RefusedError as error:
            self._judge(Outcome(memento, None, None, str(error)))
            self._notebook.problem(refusal(memento, str(error)))
            return None
        except ArchiveRestingError:
            return None
        if (other := lead(memento, capture)) is not None:
            self._judge(Outcome(memento, None, None, other.detail))
            self._notebook.problem(other)
        self._judge(Outcome(memento_of(memento, capture), digest(capture.body), address))
        return capture

    def _judge(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self._notebook.outcome(outcome)

    async def _ask(self, address: str) -> None:
        """Ask the indexes about one address, where none was asked about it, or all of its host."""
        for name, client in self._clients.items():
            inquiry = Inquiry(name, self._portal, address, "exact", *self._span)
            asked = {memento.what for memento, _ in self.inquiries}
            if is_covered(self._reader, inquiry) or inquiry.what in asked or len(asked) >= MOST_ASKED:
                continue
            wanted = due(self._reader, inquiry, today())
            if wanted is None or client.resting is not None:
                continue
            now = text_of(today())
            try:
                pages = await asyncio.to_thread(_asked, self._indexes[name], wanted, now)
            except ArchiveRestingError:
                continue
            self.inquiries += pages
            for page in pages:
                self._notebook.inquiry(*page)


def _asked(index: Index, inquiry: Inquiry, now: str) -> list[tuple[Inquiry, list[Memento]]]:
    return list(index.ask(inquiry, now))


def refusal(memento: Memento, why: str) -> Problem:
    """The problem row of a capture that was not taken."""
    return Problem("memento_refused", memento.url, f"{memento.source}, captured at {memento.at}: {why}")


def lead(memento: Memento, capture: Capture) -> Problem | None:
    """The problem row where an archive led from the capture that was asked for to another; None where it did not."""
    if memento_of(memento, capture) == memento:
        return None
    hours = abs(datetime.fromisoformat(capture.fetched_at) - datetime.fromisoformat(memento.at)).total_seconds() / 3600
    distance = f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours"
    said = (
        f"{memento.source}: asked for the capture of {memento.at}, led to that of {capture.fetched_at}, {distance} off"
    )
    return Problem("memento_distant", memento.url, said)
