"""Lists as they were when last walked to their end."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.archive.queries.rows import Subject


@dataclass(frozen=True, slots=True)
class KnownList:
    """A list as it was when last walked to its end; see table `lists`."""

    plan: str
    swept_at: str
    pages: int
    items: int
    stated: int | None


class Lists(Subject):
    """The lists of portals."""

    def known(self, portal: str, url: str) -> KnownList | None:
        """A list as last walked to its end; None if it never was."""
        row = self._execute(
            "select plan, swept_at, pages, items, stated from lists where portal = ? and url = ?", (portal, url)
        ).fetchone()
        return None if row is None else KnownList(*row)

    def pages(self, portal: str) -> int:
        """How many pages the lists of a portal had when last walked to their end."""
        row = self._execute("select coalesce(sum(pages), 0) from lists where portal = ?", (portal,)).fetchone()
        return int(row[0])
