"""Coverage as grids to look at: portals that share a region stand in one, so that no region is drawn twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Grid:
    """Rows of the view `coverage` by region and year; `portals`: the ids of those that should have them, sorted."""

    portals: list[str]
    rows: list[dict[str, Any]]

    @property
    def years(self) -> list[int]:
        """The report years, in order."""
        return sorted({row["report_year"] for row in self.rows})

    @property
    def regions(self) -> list[tuple[str, str]]:
        """Code and name of each region, by code; of a region that changed its name, the newest one."""
        return sorted({row["region_code"]: row["region"] for row in self._by_year}.items())

    @property
    def statuses(self) -> Counter[str]:
        """How many rows have each status, the most frequent of the earliest years first."""
        return Counter(row["status"] for row in self.rows)

    @property
    def late(self) -> int:
        """How many reports were late."""
        return sum(bool(row["days_late"]) for row in self.rows)

    @property
    def conflicts(self) -> int:
        """How many reports have another text that claims their place."""
        return sum(bool(row["conflict"]) for row in self.rows)

    @property
    def redacted(self) -> int:
        """How many reports were removed on a legal demand, whatever their status."""
        return sum(bool(row["redacted"]) for row in self.rows)

    @property
    def via(self) -> int:
        """How many reports only a web archive has."""
        return sum(row["via"] is not None for row in self.rows)

    @property
    def gaps(self) -> list[dict[str, Any]]:
        """The rows of reports that are missing, or blocked, by region and year."""
        gaps = [row for row in self.rows if row["status"] in ("missing", "blocked")]
        return sorted(gaps, key=lambda row: (row["region_code"], row["report_year"]))

    @property
    def gaps_asked(self) -> int:
        """For how many of them web archives were asked."""
        return sum(row["archives"] is not None for row in self.gaps)

    @property
    def sample(self) -> bool:
        """Whether there is anything made up in it."""
        return any(row["sample"] for row in self.rows)

    def cell(self, code: str, year: int) -> dict[str, Any] | None:
        """The row of a region and year; None where there was no such region."""
        return self._cells.get((code, year))

    @cached_property
    def _by_year(self) -> list[dict[str, Any]]:
        return sorted(self.rows, key=lambda row: row["report_year"])

    @cached_property
    def _cells(self) -> dict[tuple[str, int], dict[str, Any]]:
        return {(row["region_code"], row["report_year"]): row for row in self.rows}


def grids(rows: Iterable[dict[str, Any]]) -> list[Grid]:
    """The rows of `Coverage.rows` as grids, by the first of their portals; each row stands in one of them."""
    rows = list(rows)
    groups: dict[str, set[str]] = {}
    by_region: dict[str, set[str]] = {}
    for row in rows:
        by_region.setdefault(row["region_code"], set()).update(row["portals"])
    for portals in by_region.values():
        joined = set(portals).union(*(groups[portal] for portal in portals if portal in groups))
        groups.update(dict.fromkeys(joined, joined))
    by_portals: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        by_portals.setdefault(tuple(sorted(groups[row["portal"]])), []).append(row)
    return [Grid(list(portals), group) for portals, group in sorted(by_portals.items())]
