"""Numbers that stand in the order of time: whichever archive is merged first, a row has the same place among all.

A number is 53 bits, which every program reads exactly: seconds since 2000, which of its second it was in its archive
(256 of them; what is more spills into the next), and a digest of the row, to keep apart what two archives met at once.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache

from crawler.archive.file.captures import IMPORT

_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_SECOND, _MARK = 22, 14
"""Bits below the second, and of them those of the digest."""
_LAST = (1 << 31) - 1
"""The last second that there is a number for, in 2068."""


class Order:
    """Places the rows of one archive, one after another as they stand there: never before one that stands there first.

    `merged`: the archive came out of a merge; its numbers are kept as long as they are in order.
    """

    def __init__(self, merged: bool) -> None:
        self._merged = merged
        self._number = 0

    def place(self, at: str, mark: int, number: int) -> int:
        """The place of the next row: met `at` (UTC), with the `number` that it has in its archive."""
        second = seconds(at)
        if not (self._merged and number > self._number and number >> _SECOND >= second):
            slot = max(second << (_SECOND - _MARK), (self._number >> _MARK) + 1)
            number = (slot << _MARK) | mark
        self._number = number
        return number


@lru_cache(maxsize=4096)
def seconds(at: str) -> int:
    """Whole seconds since 2000; 0 for what is earlier, or no time."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(int((moment - _BEGINNING).total_seconds()), 0), _LAST)


def mark(*values: object) -> int:
    """The digest of a row, by what tells it from all others."""
    digest = hashlib.blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=2).digest()
    return int.from_bytes(digest, "big") >> (16 - _MARK)


Words = tuple[object, ...]


def free(place: int, words: Words, holder: Callable[[int], Words | None]) -> int:
    """The place, or the next one that is free or holds these very `words`: beside another row, on its side of it."""
    step = 0
    while (occupant := holder(place)) is not None and occupant != words:
        step = step or (1 if repr(words) > repr(occupant) else -1)
        place += step
    return place


def places(connection: sqlite3.Connection, merged: bool) -> Iterator[tuple[sqlite3.Row, int]]:
    """The captures of an archive, in its order, each with its place among those of all; `merged`: as of Order."""
    order = Order(merged)
    imports = {
        row[0]: row[1]
        for row in connection.execute("select id, started_at from runs where portals like ?", (f'["{IMPORT}%',))
    }
    for row in connection.execute("select * from captures order by id"):
        # An import brings what was met long before: it stands where it came in.
        at = imports.get(row["run_id"], row["fetched_at"])
        yield row, order.place(at, mark(row["url"], row["sha256"], row["status"]), row["id"])
