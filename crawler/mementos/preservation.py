"""One call of `nianbao preserve`: jobs of the calls before are asked about, then what is due is handed in, in order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from crawler.archive.archive import Archive
from crawler.archive.queries.reader import Reader
from crawler.mementos.client import ArchiveRestingError, Client, Clock
from crawler.mementos.handover import ClosedError, hand_over, look_after
from crawler.mementos.plan import text_of, today
from crawler.records.submissions import Submission
from crawler.words.hosts import host_key, is_public, literal

ROUNDS = 4
"""How often a call asks about the jobs of its own; the next call asks on."""
MOST_FAILED = 3
"""Failures on end after which no further address of a host is handed in: the web archive does not reach it."""
_PRIVATE = (".localhost", ".local", ".internal", ".lan", ".test", ".home.arpa")

Due = list[tuple[str, str]]
"""Portals and addresses."""


def due(reader: Reader, source: str, portals: Sequence[str], since: str) -> tuple[Due, int]:
    """What is to be handed to a web archive (crawler.archive.queries.submissions), and how many addresses were left
    out because nobody else reaches them."""
    wanted = reader.submissions.due(source, json.dumps(list(portals)), since)
    open_to_all = [(portal, url) for portal, url in wanted if _is_open(url)]
    return open_to_all, len(wanted) - len(open_to_all)


def _is_open(url: str) -> bool:
    """Whether an address is of the public network, as far as its host's name says."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if (address := literal(host)) is not None:
        return is_public(address)
    return "." in host and not host.endswith(_PRIVATE)


class Preservation:
    """Hands addresses to one web archive. `remainder`: how many were due and not handed in; `reasons`: why."""

    def __init__(self, archive: Archive, client: Client, seconds: int, tell: Callable[[str], None]) -> None:
        """`seconds`: after which nothing more is begun; 0: when it is done."""
        self.remainder = 0
        self.reasons: list[str] = []
        self._archive, self._client, self._tell = archive, client, tell
        self._clock = Clock()
        self._end = self._clock.now() + seconds if seconds else None
        self._failures: Counter[str] = Counter()
        self._answers: dict[str, str] = {}

    @property
    def counts(self) -> Counter[str]:
        """How many addresses have each outcome by now."""
        return Counter(self._answers.values())

    def run(self, wanted: Due, portals: Sequence[str]) -> None:
        """Do all of it, as long as the web archive bears it."""
        self.remainder = len(wanted)
        try:
            waiting = self._ask(self._archive.submissions.pending(self._client.archive.name, json.dumps(list(portals))))
            for portal, url in wanted:
                if self._is_over():
                    break
                host = host_key(url)
                if self._failures[host] >= MOST_FAILED:
                    continue
                answer = hand_over(self._client, portal, url, text_of(today()))
                self.remainder -= 1
                self._keep(answer)
                waiting += [answer] if answer.outcome == "pending" else []
                self._failures[host] = self._failures[host] + 1 if answer.outcome == "failed" else 0
            for _ in range(ROUNDS):
                waiting = self._ask(waiting)
        except (ArchiveRestingError, ClosedError) as error:
            self.reasons.append(f"left alone: {error}; the next call goes on")
        for host, count in self._failures.items():
            if count >= MOST_FAILED:
                self.reasons.append(f"{self._client.archive.name} failed {count} times on end to take a page of {host}")

    def _ask(self, waiting: list[Submission]) -> list[Submission]:
        """Ask about jobs; those that are under way still."""
        rest = []
        for submission in waiting:
            answer = submission if self._is_over() else look_after(self._client, submission)
            if answer.outcome == "pending":
                self._answers[answer.url] = answer.outcome
                rest.append(answer)
            else:
                self._keep(answer)
        return rest

    def _keep(self, answer: Submission) -> None:
        self._archive.keep_submission(answer)
        self._answers[answer.url] = answer.outcome
        why = f" ({answer.detail})" if answer.detail else ""
        self._tell(f"{answer.url}: {answer.outcome}{why}")

    def _is_over(self) -> bool:
        over = self._end is not None and self._clock.now() >= self._end
        if over and not self.reasons:
            self.reasons.append("the time is over; the next call goes on")
        return over
