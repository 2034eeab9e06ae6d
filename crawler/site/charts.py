"""Charts over the years as SVG, drawn on the server: they need no script, and their numbers stand in a table beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from crawler.reference.breaks import changes
from crawler.site import ticks

COLOURS = 8
"""Series that can be told apart (classes c0 to c7 of the style sheet); more begin again."""
_TOP, _RIGHT, _BOTTOM = 22, 14, 26
_DIGIT = 7.2
"""Width of a character of a numeral in the type of the chart."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of a chart in units of its view box; text is 12 units high, so that it is read at about this many pixels."""

    width: int
    height: int
    years: int
    """Most years that are named below."""


WIDE, NARROW, SMALL = Size(760, 330, 18), Size(360, 300, 7), Size(330, 200, 6)


@dataclass(frozen=True, slots=True)
class Entry:
    """A number to be drawn. `form`: that states it; `kind`: of its source; `words`: what the point says."""

    year: int
    value: float
    form: str
    kind: str
    words: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """One series. `goes_on`: whether a line may be drawn from one form to another; `is_muted`: to compare with only."""

    name: str
    colour: int
    entries: Sequence[Entry]
    goes_on: Callable[[str, str], bool]
    is_muted: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A value in the picture."""

    x: float
    y: float
    entry: Entry


@dataclass(slots=True)
class Line:
    """One series in the picture. `stretches`: the `points` of polylines, solid or dashed (over a change of form)."""

    name: str
    colour: int
    is_muted: bool
    points: list[Point] = field(default_factory=list)
    stretches: list[tuple[str, bool]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws. `levels`: y and words of the grid lines; `years`: x and words below; `rules`: x and year
    of each change of form."""

    lines: list[Line]
    levels: list[tuple[float, str]]
    years: list[tuple[float, str]]
    rules: list[tuple[float, str]]
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Scale:
    """The range of a chart: years, and numbers of which `levels` are named."""

    first: int
    last: int
    levels: Sequence[float]

    @staticmethod
    def over(years: Iterable[int], values: Iterable[float], *, whole: bool) -> Scale | None:
        """One that has them all, and 0; None without any. `whole`: the numbers are counts."""
        years, values = list(years), list(values)
        if not years or not values:
            return None
        return Scale(min(years), max(years), ticks.levels(min(values), max(values), whole=whole))


@dataclass(frozen=True, slots=True)
class Frame:
    """A scale upon a size."""

    scale: Scale
    size: Size

    @property
    def left(self) -> float:
        """Where the numbers beside the scale end."""
        return 12 + _DIGIT * ticks.widest(self.scale.levels)

    def x(self, year: float) -> float:
        """The place of a year; each has a column of its own."""
        columns = self.scale.last - self.scale.first + 1
        return self.left + (self.size.width - self.left - _RIGHT) * (year - self.scale.first + 0.5) / columns

    def y(self, value: float) -> float:
        """The place of a number."""
        low, high = self.scale.levels[0], self.scale.levels[-1]
        return self.size.height - _BOTTOM - (self.size.height - _TOP - _BOTTOM) * (value - low) / (high - low)

    def chart(self, lines: list[Line]) -> Chart:
        """The chart with its levels, years and changes of form."""
        first, last = self.scale.first, self.scale.last
        return Chart(
            lines,
            [(self.y(level), ticks.numeral(level)) for level in self.scale.levels],
            [(self.x(year), str(year)) for year in ticks.years(first, last, self.size.years)],
            [(self.x(change.year - 0.5), str(change.year)) for change in changes() if first < change.year <= last],
            self.size.width,
            self.size.height,
            self.left,
            self.size.width - _RIGHT,
            _TOP,
            self.size.height - _BOTTOM,
        )


def draw(scale: Scale, traces: Iterable[Trace], size: Size) -> Chart:
    """Lines by year. A line goes on from one year to the next within a form, dashed over a change of form where the
    series asks the same there; else, and where a year has no number, there is a gap."""
    frame = Frame(scale, size)
    return frame.chart([_line(frame, trace) for trace in traces])


def _line(frame: Frame, trace: Trace) -> Line:
    line = Line(trace.name, trace.colour % COLOURS, trace.is_muted)
    run: list[Point] = []
    for entry in sorted(trace.entries, key=lambda entry: entry.year):
        point = Point(frame.x(entry.year), frame.y(entry.value), entry)
        line.points.append(point)
        last = run[-1] if run else None
        if last is not None and not (last.entry.year + 1 == entry.year and last.entry.form == entry.form):
            _stretch(line, run)
            run = []
            if last.entry.year + 1 == entry.year and trace.goes_on(last.entry.form, entry.form):
                line.stretches.append((_points((last, point)), True))
        run.append(point)
    _stretch(line, run)
    return line


def _stretch(line: Line, run: Sequence[Point]) -> None:
    if len(run) > 1:
        line.stretches.append((_points(run), False))


def _points(run: Iterable[Point]) -> str:
    return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in run)
