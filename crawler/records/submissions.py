"""What was handed to web archives for keeping, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["archived", "pending", "failed", "refused"]
"""What a web archive answered: it has a capture; it is at work; it could not, and may another time; it will not."""


@dataclass(frozen=True, slots=True)
class Submission:
    """An address handed to a web archive, and its answer. `source`: the web archive; `at`: UTC, when it was handed in.

    `status`: HTTP status of the answer. `memento`, `memento_at`: address and time (UTC) of the capture, as far as they
    were said. `job`: what the web archive calls its work, to ask about it. `detail`: what it said, in words.
    """

    source: str
    portal: str
    url: str
    at: str
    outcome: Outcome
    status: int | None = None
    memento: str | None = None
    memento_at: str | None = None
    job: str | None = None
    detail: str | None = None


def sentence(row: dict[str, Any]) -> str:
    """A row of `submissions` on one line: «submitted to … at …, answer …»."""
    said = {"archived": "archived", "pending": "still at work"}.get(row["outcome"], row["outcome"])
    when = f" at {row['memento_at']}" if row["memento_at"] else ""
    where = f", {row['memento']}" if row["memento"] else ""
    why = f" ({row['detail']})" if row["detail"] else ""
    return f"{row['url']} submitted to {row['source']} at {row['at']}, answer: {said}{when}{where}{why}"
