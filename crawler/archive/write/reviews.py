"""Keeps what people say of reports: rows are added, and none is ever changed."""

from __future__ import annotations

from crawler.archive.write.ledger import Ledger, now
from crawler.records.errors import ArchiveError
from crawler.records.review import VERDICTS, Review


def keep_review(ledger: Ledger, review: Review) -> int:
    """Write the row of a review, and commit; its number.

    Raises ArchiveError for a key, a measure or a verdict that there is not, and for a verdict against a report that
    says nothing of why.
    """
    if review.verdict not in VERDICTS:
        raise ArchiveError(f"{review.verdict!r} is no verdict; expected one of {', '.join(VERDICTS)}")
    if ledger.execute("select 1 from reports where key = ?", (review.key,)).fetchone() is None:
        raise ArchiveError(f"no report has the key {review.key!r}")
    if review.measure is not None and not _has(ledger, review.measure):
        raise ArchiveError(
            f"there is no measure {review.measure!r}; expected a code of the codebook, as req_new_received__total"
        )
    if review.verdict != "checked" and not review.note:
        raise ArchiveError(f"a report or figure is {review.verdict} for a reason; expected it as --note")
    with ledger.step():
        row = (review.key, review.measure, review.verdict, review.note or None, review.who, now())
        number = ledger.execute(
            "insert into reviews (key, measure, verdict, note, who, at) values (?, ?, ?, ?, ?, ?)", row
        ).lastrowid
    ledger.flush()
    assert number is not None
    return number


def _has(ledger: Ledger, measure: str) -> bool:
    return ledger.execute("select 1 from measures where code = ?", (measure,)).fetchone() is not None
