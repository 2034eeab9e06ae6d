"""What objects of a store are called: the one place that knows."""

from __future__ import annotations

import re

from crawler.records.errors import StoreError

ARCHIVES, TABLES, CURRENT = "archives", "tables", "current"
"""The three folders: archives, their tables as Parquet, and seals."""
_PORTAL = re.compile(r"[a-z0-9][a-z0-9-]*")
_SEAL = re.compile(rf"{CURRENT}/([a-z0-9][a-z0-9-]*)/([1-9][0-9]*)\.json")
_OBJECT = re.compile(rf"(?:{ARCHIVES}|{TABLES}|{CURRENT})/([a-z0-9][a-z0-9-]*)/([1-9][0-9]*)[./]")


def archive_name(portal: str, generation: int) -> str:
    """The archive of a portal's generation. Raises StoreError for what is no portal's id, or no generation."""
    return f"{ARCHIVES}/{_place(portal, generation)}.db"


def table_name(portal: str, generation: int, table: str) -> str:
    """A table of a portal's generation as Parquet. Raises StoreError."""
    return f"{TABLES}/{_place(portal, generation)}/{table}.parquet"


def seal_name(portal: str, generation: int) -> str:
    """The seal of a portal's generation. Raises StoreError."""
    return f"{CURRENT}/{_place(portal, generation)}.json"


def place_of_seal(name: str) -> tuple[str, int] | None:
    """Portal and generation of the seal of that name; None where it is the name of no seal."""
    match = _SEAL.fullmatch(name)
    return None if match is None else (match[1], int(match[2]))


def place_of(name: str) -> tuple[str, int] | None:
    """Portal and generation that an object is of, for the sweep; None for a name that is no one's here."""
    match = _OBJECT.match(name)
    return None if match is None else (match[1], int(match[2]))


def _place(portal: str, generation: int) -> str:
    if not _PORTAL.fullmatch(portal):
        raise StoreError(
            f"{portal!r} names no portal in a store; expected small letters, digits and hyphens, no hyphen first"
        )
    if generation < 1:
        raise StoreError(f"generation {generation} of {portal} is none; expected 1 or more")
    return f"{portal}/{generation}"
