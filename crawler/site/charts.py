"""Line charts as SVG, drawn on the server: they need no script, and their numbers stand in a table beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 14, 30
COLOURS = 8
"""Series that can be told apart (classes c0 to c7 of the style sheet); more begin again."""


@dataclass(slots=True)
class Point:
    """A value in the picture, with what it says."""

    x: float
    y: float
    words: str


@dataclass(slots=True)
class Line:
    """One series. `runs`: its points, broken where a year has no value."""

    name: str
    colour: int
    runs: list[list[Point]] = field(default_factory=list)

    def paths(self) -> list[str]:
        """The `points` of a polyline for each run."""
        return [" ".join(f"{point.x:.1f},{point.y:.1f}" for point in run) for run in self.runs]


@dataclass(slots=True)
class Chart:
    """What the template draws. `levels`: y and words of the grid lines; `years`: x and words below."""

    lines: list[Line]
    levels: list[tuple[float, str]]
    years: list[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT


def chart(years: Sequence[int], series: Mapping[str, Mapping[int, float | None]]) -> Chart | None:
    """A chart of series by year, from zero up; None where nothing is to be drawn."""
    figures = [value for values in series.values() for value in values.values() if value is not None]
    if not figures or not years:
        return None
    top = _ceiling(max(figures))
    first, last = min(years), max(years)

    def x(year: int) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * ((year - first) / (last - first) if last > first else 0.5)

    def y(value: float) -> float:
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * max(value, 0) / top

    lines = []
    for number, (name, values) in enumerate(series.items()):
        line = Line(name, number % COLOURS)
        run: list[Point] = []
        for year in range(first, last + 1):
            value = values.get(year)
            if value is None:
                run = []
                continue
            if not run:
                line.runs.append(run)
            run.append(Point(x(year), y(value), f"{name}, {year}: {value:,.15g}"))
        lines.append(line)
    step = max(1, (last - first) // 9)
    return Chart(
        lines,
        [(y(top * part / 4), f"{top * part / 4:,.15g}") for part in range(5)],
        [(x(year), str(year)) for year in range(first, last + 1, step)],
    )


def _ceiling(most: float) -> float:
    """The next round number: 1, 2, 4 or 8 times a power of ten, whose quarters are easily read."""
    power = 1.0
    while power * 10 < most:
        power *= 10
    return max(4.0, next(power * factor for factor in (1, 2, 4, 8, 10) if power * factor >= most))
