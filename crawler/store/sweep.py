"""The sweep: generations that have been superseded for long are removed, and what nobody sealed.

A generation's seal goes first, then its objects: a seal whose objects are gone is never seen, and where the sweep
breaks off, the rest has no seal and goes with the next one. What stands behind the newest seal is left alone, whatever
it is: a check-in that goes on, or what a fleet has committed and not sealed yet. Nobody seals it any more when a later
generation is sealed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from crawler.records.errors import StoreError
from crawler.store.names import ARCHIVES, CURRENT, TABLES, place_of, place_of_seal
from crawler.store.store import Entry, Store

KEEP = 3
"""Generations of a portal that stay, the current one among them."""
DAYS = 7
"""Days that a generation stays when it is superseded: nobody reads, or puts, for longer."""
_STAGED = re.compile(r"#[0-9]+$")
"""How obstore names the file that becomes an object of a folder."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """A generation that is to go. `names`: its objects, the seal first; `sealed`: it has one; `bytes`: of them all."""

    portal: str
    generation: int
    sealed: bool
    names: list[str]
    bytes: int


def refuse(
    store: Store, keep: int, days: int, now: datetime, named: Collection[tuple[str, int]] = frozenset()
) -> list[Refuse]:
    """What is to go, by portal and generation: all but the newest `keep` sealed generations of each portal, where the
    one after it was sealed more than `days` before `now`, and unsealed ones as old, in front of the newest sealed one.

    `named`: portal and generation of those that stay whatever they are. Raises StoreError, ValueError for a `keep` or
    `days` below 1.
    """
    if keep < 1 or days < 1:
        raise ValueError(f"expected keep and days of 1 or more, got {keep} and {days}")
    portals: dict[str, dict[int, list[Entry]]] = {}
    for entry in store.list():
        if (place := place_of(entry.name)) is not None and place not in named:
            portals.setdefault(place[0], {}).setdefault(place[1], []).append(entry)
    before = now - timedelta(days=days)
    return [gone for portal in sorted(portals) for gone in _of_portal(portal, portals[portal], keep, before)]


def sweep(store: Store, gone: Refuse) -> None:
    """Remove a generation; what was removed of it already is fine. Raises StoreError."""
    store.delete(gone.names)


def staged(store: Store, days: int, now: datetime) -> list[str]:
    """Files of a folder in which somebody began to put an object more than `days` before `now`, and was killed: no
    listing has them. None in a bucket, which keeps nothing by halves."""
    before = (now - timedelta(days=days)).timestamp()
    names: list[str] = []
    if (root := store.path("")) is None:
        return names
    for path in _below(root):
        name = path.relative_to(root).as_posix()
        with suppress(OSError):  # it became an object meanwhile
            if _STAGED.search(name) and place_of(name) is not None and path.stat().st_mtime < before:
                names.append(name)
    return sorted(names)


def tidy(store: Store, names: Iterable[str]) -> None:
    """Remove these files of a folder, and all folders of it in which nothing is; a put makes them anew.
    Raises StoreError."""
    if (root := store.path("")) is None:
        return
    for name in names:
        try:
            (root / name).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{name} could not be removed from {store.url}: {error.strerror}") from error
    for path in sorted(_below(root), reverse=True):
        if path.is_dir():
            with suppress(OSError):  # something is in it
                path.rmdir()


def _below(root: Path) -> Iterator[Path]:
    """All that is in the three folders of a store."""
    for folder in (ARCHIVES, TABLES, CURRENT):
        yield from (root / folder).rglob("*")


def _of_portal(portal: str, generations: dict[int, list[Entry]], keep: int, before: datetime) -> Iterator[Refuse]:
    seals = {
        number: entry.at for number, entries in generations.items() for entry in entries
        if place_of_seal(entry.name) is not None
    }  # fmt: skip
    superseded = {first: seals[second] for first, second in pairwise(sorted(seals))}
    kept = set(sorted(seals)[-keep:])
    for number, entries in sorted(generations.items()):
        over = superseded.get(number) if number in seals else max(entry.at for entry in entries)
        if number not in kept and number < max(seals, default=0) and over is not None and over < before:
            names = sorted((entry.name for entry in entries), key=lambda name: (place_of_seal(name) is None, name))
            yield Refuse(portal, number, number in seals, names, sum(entry.bytes for entry in entries))
