"""Notes what web archives answer a walk over their captures, in the archive that the walk writes, at once."""

from __future__ import annotations

from collections import Counter

from scrapy.crawler import Crawler

from crawler.archive.archive import Archive
from crawler.fetching.state import state_of
from crawler.records.mementos import Inquiry, Memento, Outcome
from crawler.records.problems import Problem


class Notes:
    """See crawler.mementos.past.Notebook. `counts`: problems by kind."""

    def __init__(self, crawler: Crawler, portal: str, counts: Counter[str]) -> None:
        self._crawler, self._portal, self._counts = crawler, portal, counts

    def inquiry(self, inquiry: Inquiry, mementos: list[Memento]) -> None:
        """Keep a page of an index."""
        state_of(self._crawler).write(lambda archive: archive.note_inquiry(inquiry, mementos))

    def outcome(self, outcome: Outcome) -> None:
        """Keep what became of a memento."""
        state_of(self._crawler).write(lambda archive: archive.judge_mementos([outcome]))

    def problem(self, problem: Problem) -> None:
        """Keep a problem of the walk."""
        stats = self._crawler.stats
        assert stats is not None

        def note(archive: Archive) -> None:
            archive.problem(stats.get_value("nianbao/run_id"), self._portal, problem)

        state_of(self._crawler).write(note)
        self._counts[problem.kind] += 1

    def commit(self) -> None:
        """Commit what was stored so far."""
        state_of(self._crawler).flush()
