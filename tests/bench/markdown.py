"""Cells and tables of docs/bench.md, and what is wanted of each figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

TARGETS: dict[str, tuple[str, float]] = {
    "rate": ("at least", 0.6),
    "cpu": ("at most", 3.2),
    "memory": ("at most", 2.5),
    "growth": ("at most", 1.1),
    "bodies": ("at most", 0.45),
    "file": ("at most", 2.0),
    "dense file": ("at most", 2.7),
    "store": ("at most", 2.0),
    "rebuild": ("at least", 200),
    "jobs": ("at least", 1.8),
    "idle": ("at most", 0.2),
    "idle beside the fixed cost": ("at most", 0.05),
}
"""What is wanted of the median of a ratio, or of captures a second (`rebuild`), on two cores. `growth`: of peak memory
from half the pages to all, where flat is wanted and a tenth is what two runs of the same differ by."""


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median, and where there is more than one value the least and the most."""
    middle = f"{median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def wanted(name: str, values: Sequence[float]) -> str:
    """A target and whether the median meets it."""
    bound, target = TARGETS[name]
    meets = median(values) >= target if bound == "at least" else median(values) <= target
    return f"{bound} {target:g}: {'met' if meets else '**missed**'}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
