"""How the governments of a year spread: quantiles by year, and their picture."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

from crawler.site.charts import Chart, Frame, Scale, Size


@dataclass(frozen=True, slots=True)
class Spread:
    """The numbers of one report year: how many, of which forms, and at or below which a tenth, a quarter, a half … of
    them lie."""

    year: int
    number: int
    forms: tuple[tuple[str, int], ...]
    least: float
    tenth: float
    quarter: float
    median: float
    three_quarters: float
    nine_tenths: float
    most: float


@dataclass(frozen=True, slots=True)
class Box:
    """A year in the picture: y of each quantile."""

    x: float
    width: float
    tenth: float
    quarter: float
    median: float
    three_quarters: float
    nine_tenths: float
    spread: Spread


@dataclass(frozen=True, slots=True)
class Boxes:
    """The picture: a chart without lines, and its boxes."""

    chart: Chart
    boxes: list[Box]


def spreads(numbers: Iterable[tuple[int, str, float]]) -> list[Spread]:
    """By year, of year, form and number."""
    values: dict[int, list[float]] = defaultdict(list)
    forms: dict[int, Counter[str]] = defaultdict(Counter)
    for year, form, value in numbers:
        values[year].append(value)
        forms[year][form] += 1
    return [_spread(year, sorted(values[year]), forms[year]) for year in sorted(values)]


def _spread(year: int, values: list[float], forms: Counter[str]) -> Spread:
    # Of one number all quantiles are that number; the library wants two.
    twentieths = quantiles(values * 2 if len(values) == 1 else values, n=20, method="inclusive")
    parts = (twentieths[part - 1] for part in (2, 5, 10, 15, 18))
    return Spread(year, len(values), tuple(sorted(forms.items())), values[0], *parts, values[-1])


def draw(found: list[Spread], size: Size, *, whole: bool) -> Boxes | None:
    """A box a year, from the tenth to nine tenths: the scale does not reach to the few that are far above."""
    ends = [end for spread in found for end in (spread.tenth, spread.nine_tenths)]
    scale = Scale.over([spread.year for spread in found], ends, whole=whole)
    if scale is None:
        return None
    frame = Frame(scale, size)
    width = min(26.0, 0.6 * (frame.x(scale.first + 1) - frame.x(scale.first)))
    boxes = [
        Box(
            frame.x(spread.year),
            width,
            frame.y(spread.tenth),
            frame.y(spread.quarter),
            frame.y(spread.median),
            frame.y(spread.three_quarters),
            frame.y(spread.nine_tenths),
            spread,
        )
        for spread in found
    ]
    return Boxes(frame.chart([]), boxes)
