"""What lies over or under the print of a page: watermarks and the words of seals, told by colour, size and overlap."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

Letter = dict[str, Any]
"""As pdfplumber has it: text, x0, x1, top, bottom, size, matrix, non_stroking_color, tag; points from the top left."""

_COVER = 0.2
"""Share of the smaller letter's box that another run covers where one lies over the other."""
_PALE = 0.55
"""Brightness from which print is a watermark where it lies under other print; black is 0, white 1."""
_GREAT = 1.5
"""A run in so many times the size of the print that it lies over is a watermark."""
CROWD = 48
"""Letters looked at of one spot of a page: a page that draws more over one another is no print."""
SPOT = 16.0
"""Points of a side of such a spot."""
STROKES = "_＿—-"
"""Strokes of a blank that is to be written over."""


@dataclass(slots=True)
class _Run:
    """Letters of one colour and size that follow one another on a line."""

    colour: tuple[float, float, float]
    size: float
    letters: list[Letter]

    @property
    def style(self) -> tuple[tuple[float, float, float], int]:
        """Its colour and size."""
        return self.colour, round(self.size)

    @property
    def brightness(self) -> float:
        """Of its colour, 0 black to 1 white."""
        red, green, blue = self.colour
        return 0.3 * red + 0.59 * green + 0.11 * blue


def _colour(letter: Letter) -> tuple[float, float, float]:
    """Red, green and blue from 0 to 1; a pattern is black."""
    given = letter.get("non_stroking_color") or (0,)
    numbers = [float(part) for part in given if isinstance(part, int | float)]
    if len(numbers) == 4:
        cyan, magenta, yellow, black = numbers
        return tuple(round((1 - ink) * (1 - black), 1) for ink in (cyan, magenta, yellow))  # type: ignore[return-value]
    if len(numbers) == 3:
        return round(numbers[0], 1), round(numbers[1], 1), round(numbers[2], 1)
    grey = round(numbers[0], 1) if len(numbers) == 1 else 0.0
    return grey, grey, grey


def _runs(letters: list[Letter]) -> list[_Run]:
    runs: list[_Run] = []
    before: Letter | None = None
    for letter in letters:
        colour, size = _colour(letter), float(letter["size"])
        goes_on = (
            before is not None
            and runs[-1].colour == colour
            and abs(runs[-1].size - size) < 0.5
            and abs(before["top"] - letter["top"]) < 0.5 * size
            and -0.5 * size < letter["x0"] - before["x1"] < 2 * size
        )
        if goes_on:
            runs[-1].letters.append(letter)
        else:
            runs.append(_Run(colour, size, [letter]))
        before = letter
    return runs


def layers_of(letters: list[Letter], edges: list[dict[str, Any]]) -> tuple[list[Letter], list[Letter]]:
    """The print, and what lies over it of a seal, out of upright letters and ruled lines.

    Runs that lie over or under others are none of the print: pale or great ones are watermarks and left out, as are
    others of their colour and size; coloured ones are a seal's.
    """
    runs = _runs(letters)
    colours: Counter[tuple[float, float, float]] = Counter()
    for run in runs:
        colours[run.colour] += len(run.letters)
    if not colours:
        return letters, []
    main = colours.most_common(1)[0][0]
    strangers = {at for at, run in enumerate(runs) if run.brightness >= _PALE and _crosses(run, edges)}
    for one, other in _overlaps(runs):
        stranger = _stranger(runs[one], runs[other], main)
        if stranger is not None:
            strangers.add(one if stranger is runs[one] else other)
    if not strangers:
        return letters, []
    alike = Counter(run.style for run in runs)
    over = Counter(runs[at].style for at in strangers)
    watermarks = {
        run.style
        for run in (runs[at] for at in strangers)
        if run.brightness >= _PALE or (run.colour == main and 2 * over[run.style] >= alike[run.style])
    }
    kept: list[Letter] = []
    aside: list[Letter] = []
    for at, run in enumerate(runs):
        if run.style in watermarks:
            continue
        if at not in strangers:
            kept += run.letters
        elif run.colour != main:
            aside += run.letters
    return kept, aside


def _crosses(run: _Run, edges: list[dict[str, Any]]) -> bool:
    """Whether an upright ruled line goes through a letter of a run, as none does through what stands in a cell."""
    first = run.letters[0]
    middle = (first["top"] + first["bottom"]) / 2
    for edge in edges:
        if edge["orientation"] != "v" or not edge["top"] <= middle <= edge["bottom"]:
            continue
        if any(letter["x0"] + 1 < edge["x0"] < letter["x1"] - 1 for letter in run.letters):
            return True
    return False


def _stranger(run: _Run, other: _Run, main: tuple[float, float, float]) -> _Run | None:
    """Which of two runs that lie over one another is no print; None where that cannot be told."""
    if run.colour != other.colour:
        if main in (run.colour, other.colour):
            return other if run.colour == main else run
        return run if run.brightness > other.brightness else other
    if run.size >= _GREAT * other.size:
        return run
    return other if other.size >= _GREAT * run.size else None


def _overlaps(runs: list[_Run]) -> set[tuple[int, int]]:
    """Pairs of runs of which a letter lies over a letter."""
    spots: dict[tuple[int, int], list[tuple[int, Letter]]] = defaultdict(list)
    for at, run in enumerate(runs):
        for letter in run.letters:
            if letter["text"].isspace() or letter["text"] in STROKES:
                continue
            for across in range(int(letter["x0"] // SPOT), int(letter["x1"] // SPOT) + 1)[:8]:
                for down in range(int(letter["top"] // SPOT), int(letter["bottom"] // SPOT) + 1)[:8]:
                    spots[across, down].append((at, letter))
    found: set[tuple[int, int]] = set()
    for inhabitants in spots.values():
        for place, (at, letter) in enumerate(inhabitants[:CROWD]):
            for other_at, other in inhabitants[place + 1 : CROWD]:
                if at != other_at and (at, other_at) not in found and covers(letter, other):
                    found.add((at, other_at))
    return found


def covers(letter: Letter, other: Letter) -> bool:
    """Whether one letter lies over another, by a good part of the smaller."""
    across: float = min(letter["x1"], other["x1"]) - max(letter["x0"], other["x0"])
    down: float = min(letter["bottom"], other["bottom"]) - max(letter["top"], other["top"])
    if across <= 0 or down <= 0:
        return False
    smaller: float = min((box["x1"] - box["x0"]) * (box["bottom"] - box["top"]) for box in (letter, other))
    return across * down > _COVER * smaller
