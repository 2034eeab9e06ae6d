"""What a walk may ask of earlier runs: which pages at the end of a trail are archived, which lists may rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from crawler.records.capture import Kind
from crawler.records.ways import Next


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page at the end of a trail as an earlier run found it. `due`: it is time to ask for it again."""

    kind: Kind
    due: bool


class Memory(Protocol):
    """Earlier runs, as one walk sees them. `plan`: a hash of what is looked for and by which program."""

    plan: str

    def leaf(self, url: str) -> Leaf | None:
        """The page last seen at an address, where nothing leads on from it; None for all others."""

    def rests(self, list_url: str, stated: int | None) -> bool:
        """Whether a list was walked to its end lately, under the same plan, and stated as many entries as now."""

    def due(self) -> Iterable[Next]:
        """The reports whose recheck is due, whether or not a list still leads to them."""


class NoMemory:
    """A first run: nothing is known."""

    plan = ""

    def leaf(self, url: str) -> Leaf | None:
        """Nothing is known of any address."""
        return None

    def rests(self, list_url: str, stated: int | None) -> bool:
        """Every list is walked to its end."""
        return False

    def due(self) -> Iterable[Next]:
        """There is nothing to recheck."""
        return ()
