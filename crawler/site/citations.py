"""How what is drawn here is cited: title, archive, its state, the day, the address; in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.archive.queries.reader import Reader
from crawler.records.errors import ArchiveError
from crawler.site.language import LANGUAGES, spoken, word


@dataclass(frozen=True, slots=True)
class Citation:
    """One for each language, `texts` by its code; `address`: of the very picture, with all that was chosen."""

    address: str
    texts: dict[str, str]


def citation(archive: Reader, title: Callable[[], str], address: str, *, sample: bool) -> Citation:
    """The citation of what has a title and an address. `title`: asked for in each language; `sample`: whether any of it
    is made up."""
    day, uuid, state = datetime.now(UTC).date().isoformat(), archive.uuid(), _state(archive)
    texts = {}
    for code in LANGUAGES:
        with spoken(code):
            made_up = word("cite.made_up") if sample else ""
            texts[code] = made_up + word(
                "cite.chart", title=title(), archive=uuid, state=state, day=day, address=address
            )
    return Citation(address, texts)


def _state(archive: Reader) -> str:
    """The day of the last run."""
    try:
        run = archive.runs.get(archive.runs.last())
    except ArchiveError:
        return word("none")
    return str(run["finished_at"] or run["started_at"])[:10]
