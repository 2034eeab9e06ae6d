"""What a person who compared a report with its page says of it."""

from __future__ import annotations

from dataclasses import dataclass

VERDICTS = {
    "checked": "compared with the page, and right",
    "disputed": "somebody says that it is not right; not settled",
    "wrong": "compared with the page, and not what it says",
}
"""Verdicts and what each means."""


@dataclass(frozen=True, slots=True)
class Review:
    """One verdict. `key`: the report's; `measure`: the code of the figure, None for the report as a whole; `note`: what
    was seen, None where nothing is to be said; `who`: the person's name."""

    key: str
    measure: str | None
    verdict: str
    note: str | None
    who: str
