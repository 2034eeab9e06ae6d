"""The captures of one address by time, as Memento (RFC 7089) has them: under all its spellings, what was served and
may be shown.

Left out are redacted captures, challenges, what is no page (redirects, refusals, dead links), and what a browser made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from crawler.archive.queries.rows import Subject
from crawler.records.capture import RENDERED
from crawler.words.mementos import spellings

Point = tuple[int, str]
"""A capture: its id, and when it was made (UTC)."""

_SHOWN = (
    "from captures where url in (select value from json_each(?1)) and status = 200 and kind is not 'challenge'"
    " and id not in (select capture_id from redacted_captures)"
)
_AROUND = {
    "first": "order by fetched_at, id",
    "prev": "and (fetched_at, id) < (?2, ?3) order by fetched_at desc, id desc",
    "next": "and (fetched_at, id) > (?2, ?3) order by fetched_at, id",
    "last": "order by fetched_at desc, id desc",
}


class Timelines(Subject):
    """Captures of addresses, by time."""

    def count(self, url: str) -> int:
        """How many there are of an address."""
        return int(self._execute(f"select count(*) {_SHOWN}", (_spelled(url),)).fetchone()[0])

    def page(self, url: str, number: int, size: int) -> list[Point]:
        """Those of an address, a page of so many at a time, counted from 1."""
        rows = self._execute(
            f"select id, fetched_at {_SHOWN} order by fetched_at, id limit ?2 offset ?3",
            (_spelled(url), size, (number - 1) * size),
        )
        return [tuple(row) for row in rows]

    def nearest(self, url: str, at: str | None) -> Point | None:
        """The one made nearest to a time (ISO, UTC), of two as near the earlier; the last one without a time."""
        if at is None:
            return self._point(f"{_SHOWN} {_AROUND['last']}", url)
        return self._point(f"{_SHOWN} order by abs(julianday(fetched_at) - julianday(?2)), fetched_at, id", url, at)

    def around(self, capture_id: int) -> Mapping[str, Point]:
        """The first, the previous, the next and the last beside a capture; none where it is not among them."""
        row = self._execute("select url, fetched_at from captures where id = ?", (capture_id,)).fetchone()
        if row is None or row["url"].endswith(RENDERED):
            return {}
        url, at = row
        if self._point(f"{_SHOWN} and id = ?2", url, capture_id) is None:
            return {}
        points = {
            name: self._point(f"{_SHOWN} {order}", url, *((at, capture_id) if "?2" in order else ()))
            for name, order in _AROUND.items()
        }
        return {name: point for name, point in points.items() if point is not None}

    def _point(self, rest: str, url: str, *values: str | int) -> Point | None:
        row = self._execute(f"select id, fetched_at {rest} limit 1", (_spelled(url), *values)).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))


def _spelled(url: str) -> str:
    return json.dumps(spellings(url))
