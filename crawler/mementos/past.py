"""A portal as it was at a time: answers each request with the nearest capture that web archives have of the address."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from crawler.archive.archive import Archive
from crawler.archive.file.blobs import digest
from crawler.fetching.captures import NotCapturedError
from crawler.mementos.client import ArchiveRestingError, Client
from crawler.mementos.index import Index
from crawler.mementos.plan import due, is_covered, text_of, today, usable
from crawler.mementos.replay import RefusedError, fetch
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


class Past:
    """See crawler.fetching.source.Answers. What came of it is kept for `Archive.judge_mementos` when the walk is over:
    `outcomes`, `inquiries` with what they brought, and `problems`."""

    past = True
    broken = 0

    def __init__(
        self, archive: Path, portal: str, clients: Mapping[str, Client], at: str, span: tuple[str, str]
    ) -> None:
        """`at`: UTC; `span`: first and last year that indexes are asked about. Raises ArchiveError."""
        self.name = "+".join(clients)
        self.outcomes: list[Outcome] = []
        self.inquiries: list[tuple[Inquiry, list[Memento]]] = []
        self.problems: list[Problem] = []
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
            if capture is not None:
                if self._days(memento) > FAR:
                    said = f"captured at {memento.at}, {self._days(memento)} days from {self._at}, the time of the walk"
                    self.problems.append(Problem("memento_distant", address, said))
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
        try:
            capture = await asyncio.to_thread(fetch, self._clients[memento.source], memento)
        except RefusedError as error:
            self.outcomes.append(Outcome(memento, None, None, str(error)))
            self.problems.append(refusal(memento, error))
            return None
        except ArchiveRestingError:
            return None
        self.outcomes.append(Outcome(memento, digest(capture.body), address))
        return capture

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
                self.inquiries += await asyncio.to_thread(_asked, self._indexes[name], wanted, now)
            except ArchiveRestingError:
                continue


def _asked(index: Index, inquiry: Inquiry, now: str) -> list[tuple[Inquiry, list[Memento]]]:
    return list(index.ask(inquiry, now))


def refusal(memento: Memento, error: RefusedError) -> Problem:
    """The problem row of a capture that was not taken."""
    return Problem("memento_refused", memento.url, f"{memento.source}, captured at {memento.at}: {error}")
