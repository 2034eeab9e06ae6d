"""Rows of what web archives hold, of what was asked of them, and of what was handed to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple

from crawler.archive.write.ledger import Ledger
from crawler.records.mementos import Inquiry, Memento, Outcome
from crawler.records.submissions import Submission

_MEMENTO = (
    "insert into mementos (source, portal, url, key, at, status, media_type, digest, length, file, offset)"
    " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (source, url, at) do nothing"
)
_INQUIRY = (
    "insert into inquiries (source, portal, url, match, since, until, asked_at, finished, rows, unread, left_out,"
    " resume, detail) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " on conflict (source, portal, url, match, since, until) do update set asked_at = excluded.asked_at,"
    " finished = excluded.finished, rows = excluded.rows, unread = excluded.unread, left_out = excluded.left_out,"
    " resume = excluded.resume, detail = excluded.detail"
)

_SUBMISSION = (
    "insert into submissions (source, portal, url, at, outcome, status, memento, memento_at, job, detail)"
    " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (source, url, at) do update set outcome = excluded.outcome,"
    " status = excluded.status, memento = excluded.memento, memento_at = excluded.memento_at, job = excluded.job,"
    " detail = excluded.detail"
)
"""The answer to work that is under way is written into its row."""


class MementoRows:
    """Writes them over the ledger of a run."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def note(self, inquiry: Inquiry, mementos: Iterable[Memento] = ()) -> None:
        """A page of an index with the row of its inquiry, both or neither; commits."""
        with self._ledger.step():
            self._ledger.connection.executemany(_MEMENTO, [astuple(memento) for memento in mementos])
            self._ledger.execute(_INQUIRY, astuple(inquiry))
        self._ledger.flush()

    def judge(self, outcomes: Iterable[Outcome]) -> None:
        """What became of mementos, of which one that no index named is noted; commits."""
        with self._ledger.step():
            for outcome in outcomes:
                self._ledger.execute(_MEMENTO, astuple(outcome.memento))
                self._ledger.execute(
                    "update mementos set outcome = ?, detail = ?, sha256 = ?, taken_as = ?"
                    " where source = ? and url = ? and at = ?",
                    (
                        "refused" if outcome.sha256 is None else "kept", outcome.detail, outcome.sha256,
                        outcome.address, outcome.memento.source, outcome.memento.url, outcome.memento.at,
                    ),
                )  # fmt: skip
        self._ledger.flush()

    def submit(self, submission: Submission) -> None:
        """What was handed to a web archive, and what it answered; commits."""
        with self._ledger.step():
            self._ledger.execute(_SUBMISSION, astuple(submission))
        self._ledger.flush()
