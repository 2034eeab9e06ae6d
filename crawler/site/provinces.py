"""The country as tiles: where each province-level unit stands in a grid that is read like a map, and its share held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crawler.site.language import label, word

PLACES: dict[str, tuple[int, int]] = {
    "230000": (0, 8),
    "150000": (1, 6), "220000": (1, 8),
    "650000": (2, 1), "110000": (2, 6), "120000": (2, 7), "210000": (2, 8),
    "620000": (3, 3), "640000": (3, 4), "140000": (3, 5), "130000": (3, 6), "370000": (3, 7),
    "630000": (4, 2), "610000": (4, 4), "410000": (4, 5), "340000": (4, 6), "320000": (4, 7), "310000": (4, 8),
    "540000": (5, 1), "510000": (5, 3), "500000": (5, 4), "420000": (5, 5), "360000": (5, 6), "330000": (5, 7),
    "530000": (6, 3), "520000": (6, 4), "430000": (6, 5), "350000": (6, 6), "710000": (6, 8),
    "450000": (7, 4), "440000": (7, 5), "820000": (7, 6), "810000": (7, 7),
    "460000": (8, 4),
}  # fmt: skip
"""Row and column of each tile by its code of GB/T 2260, roughly as they lie to each other."""
_STEPS = 5


@dataclass(frozen=True, slots=True)
class Tile:
    """One province on the map. `step`: 0 for nothing held, 1 to 5 for the share; `words`: what it says in full."""

    code: str
    row: int
    column: int
    due: int
    held: int

    @property
    def share(self) -> float | None:
        """Held of what is due, 0 to 1; None where nothing is due."""
        return self.held / self.due if self.due else None

    @property
    def step(self) -> int:
        """The colour: 0 where nothing is held, else by fifths."""
        return 0 if not self.held else min(int((self.share or 0) * _STEPS) + 1, _STEPS)

    @property
    def words(self) -> str:
        """What a reader who does not see the colour is told."""
        name = label("province", self.code)
        if not self.due:
            return word("tile.none", name=name)
        return word("tile.held", name=name, held=self.held, due=self.due, share=percent(self.share))


def province_of(code: str) -> str:
    """The code of the province of a region."""
    return f"{code[:2]}0000"


def percent(share: float | None) -> str:
    """A share in words: whole percents, but neither 0 % nor 100 % of what is neither."""
    if share is None:
        return "–"
    return "<1%" if 0 < share < 0.01 else ">99%" if 0.99 < share < 1 else f"{share:.0%}"


def sums(regions: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By code of a province that has any of these regions (Country.regions): `regions`, `due`, `held`,
    `open_checks`, `latest_year`."""
    found: dict[str, dict[str, Any]] = {}
    for region in regions:
        start = {"regions": 0, "due": 0, "held": 0, "open_checks": 0, "latest_year": None}
        total = found.setdefault(province_of(region["region_code"]), start)
        total["regions"] += 1
        for name in ("due", "held", "open_checks"):
            total[name] += region[name]
        total["latest_year"] = max(filter(None, (total["latest_year"], region["latest_year"])), default=None)
    return found


def tiles(totals: dict[str, dict[str, Any]]) -> list[Tile]:
    """The map, row by row."""
    nothing = {"due": 0, "held": 0}
    return [
        Tile(code, row, column, totals.get(code, nothing)["due"], totals.get(code, nothing)["held"])
        for code, (row, column) in PLACES.items()
    ]
