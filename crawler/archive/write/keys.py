"""The public name of a report: 16 hexadecimal digits, the same in every archive that holds it, and never another's."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from itertools import count

Name = tuple[int, str]
"""Number in this file, and key."""


def new_key(connection: sqlite3.Connection, who: str | None, portal: str | None, url: str) -> str:
    """The key of a report that is new here: of its identity, or where it has none of its portal and first address.

    A second text that claims the same identity gets one of identity and address.
    """
    return next(
        key
        for key in keys(who, portal, url)
        if connection.execute("select 1 from reports where key = ?", (key,)).fetchone() is None
    )


def keys(who: str | None, portal: str | None, url: str) -> Iterator[str]:
    """The keys that a report may have, without end: the first that no other has is its."""
    said = [f"{portal or ''}\n{url}"] if who is None else [who, f"{who}\n{url}"]
    for number in count():
        yield _digest(said[number] if number < len(said) else f"{said[-1]}\n{number}")


def key_of_identity(who: str | None) -> str | None:
    """The key of the first report of an identity."""
    return None if who is None else _digest(who)


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
