"""What a web archive's index says of a capture (RFC 7089 calls it a memento), and what was asked of such an index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Match = Literal["exact", "prefix", "host", "walk"]
"""What of an address was asked: itself, all below it, all of its host; or a walk over captures begun there."""


@dataclass(frozen=True, slots=True)
class Memento:
    """A row of an index. `source`: the web archive; `key`: see words.mementos; `at`: UTC, when it was captured.

    `status` and `media_type` as the index says, None where it does not. `digest`: of the payload, as the index writes
    it. `file`, `offset`, `length`: where its record stands in a WARC file.
    """

    source: str
    portal: str
    url: str
    key: str
    at: str
    status: int | None = None
    media_type: str | None = None
    digest: str | None = None
    length: int | None = None
    file: str | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a memento that was asked for: its body, by SHA-256, and the address that it was taken for, which
    may be another spelling of its own; or why it was refused."""

    memento: Memento
    sha256: str | None
    address: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What was asked of a web archive about an address, from `since` to `until` (years, or times), and what came.

    `rows`: mementos that were taken from the index; `unread`: rows that could not be read; `left_out`: those beyond one
    a month of an address. `resume`: where the next run goes on, None: from the beginning. `detail`: why it is not
    `finished`.
    """

    source: str
    portal: str
    url: str
    match: Match
    since: str
    until: str
    asked_at: str = ""
    finished: bool = False
    rows: int = 0
    unread: int = 0
    left_out: int = 0
    resume: str | None = None
    detail: str | None = None

    @property
    def what(self) -> tuple[str, str, str, str, str, str]:
        """What tells it from all others."""
        return self.source, self.portal, self.url, self.match, self.since, self.until

    @property
    def faults(self) -> list[str]:
        """What was wrong with what the index answered, in words."""
        said = [self.detail] if self.detail is not None else []
        return said + ([f"{self.unread:,} of its rows could not be read"] if self.unread else [])
