"""What a person who compared a report with its page says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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


def sentence(row: dict[str, Any]) -> str:
    """A row of crawler.archive.queries.reviews on one line: what it is about, the verdict, why, who, when."""
    place = " ".join(str(row[name]) for name in ("organ", "report_year") if row[name] is not None)
    place = place or row["title"] or ("not there any more" if row["report_id"] is None else row["url"])
    note = f": {row['note']}" if row["note"] else ""
    later = "" if row["stands"] else " (a later review stands)"
    measure = f", {row['measure']}" if row["measure"] else ""
    return f"{row['key']} ({place}){measure} {row['verdict']}{note} [{row['who']}, {row['at']}]{later}"
