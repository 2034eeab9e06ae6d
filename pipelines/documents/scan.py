"""Lines and tables of a scanned page: by the lines that are drawn on it, else by numbers that stand under one another.

An engine gives boxes of words; the lines of a table are dark runs of the picture far longer than a stroke of a letter.
Both go the way of a printed page's letters and lines (`layout`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.words.text import unspaced
from pipelines.documents.items import Table
from pipelines.documents.layout import tables_of
from pipelines.marked.document import Line, tidy_line

Segment = tuple[float, float, float, float]
"""A drawn line: x0, top, x1, bottom."""
_PAGE = 842.0
"""Points of the longer side: a scan is taken for a page of A4, whatever its dots."""
_DARK = 170
"""Of 255: darker is ink; the rules of a copied form are often grey."""
_RUN = 2.0
"""Heights of the words: a longer dark run is a rule and no stroke."""
_THICK = 0.6
"""Heights of the words: what is thicker is a bar or a picture and no rule."""


@dataclass(frozen=True, slots=True)
class Box:
    """Words that an engine made out: where, in dots from the top left, and how sure it is, from 0 to 1."""

    words: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float


def lines_of_scan(place: str, boxes: Sequence[Box], rules: Sequence[Segment], size: tuple[int, int]) -> Iterator[Line]:
    """The lines of a page from top to bottom; a row of a table is one, its cells parted by tabs, its place the table's.

    `rules`: the lines drawn on it, in dots as the boxes; `size`: the picture's width and height. A row is as sure as
    the least sure of its boxes; where these cannot be told, as the table's. Raises nothing.
    """
    scale = _PAGE / max(*size, 1)
    letters = {number: list(_letters(box, scale)) for number, box in enumerate(boxes)}
    edges = [edge for rule in rules if (edge := _edge(rule, scale)) is not None]
    tables, outside = tables_of([letter for group in letters.values() for letter in group], edges)
    free = {id(letter) for letter in outside}
    places: list[tuple[float, float, list[Line]]] = []
    within: list[Box] = []
    for number, box in enumerate(boxes):
        if sum(id(letter) in free for letter in letters[number]) * 2 >= len(letters[number]):
            if text := tidy_line(box.words):
                places.append((box.top * scale, box.x0, [Line(place, text, round(box.confidence, 4))]))
        else:
            within.append(box)
    for number, table in enumerate(sorted(tables, key=lambda table: table.top), 1):
        members = [box for box in within if table.top <= (box.top + box.bottom) / 2 * scale <= table.bottom] or within
        name = f"{place} table {number}".strip()
        places.append((table.top, 0.0, [Line(name, words, _sureness(words, members)) for words in _rows(table)]))
    for _, _, lines in sorted(places, key=lambda entry: entry[:2]):
        yield from lines


def _rows(table: Table) -> Iterator[str]:
    """The rows of a table as words; fields that a cell of several reaches over are empty but the first."""
    width = max(cell.column + cell.columns for cell in table.cells)
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, [""] * width)[cell.column] = tidy_line(cell.words)
    yield from ("\t".join(rows[row]) for row in sorted(rows) if any(rows[row]))


def _sureness(words: str, boxes: Sequence[Box]) -> float:
    cells = [unspaced(cell) for cell in words.split("\t") if cell]
    row = "".join(cells)
    named = [
        box.confidence for box in boxes if (said := unspaced(box.words)) in cells or (len(said) > 1 and said in row)
    ]
    return round(min(named or [box.confidence for box in boxes], default=0.0), 4)


def _letters(box: Box, scale: float) -> Iterator[dict[str, Any]]:
    """The letters of a box, each as wide as its sign usually is, as pdfplumber has them."""
    words = box.words.strip()
    weights = [1.0 if sign > "\u2e7f" else 0.55 for sign in words]
    step = (box.x1 - box.x0) / (sum(weights) or 1.0)
    x, top, bottom = box.x0, box.top * scale, box.bottom * scale
    for sign, weight in zip(words, weights, strict=True):
        right = x + weight * step
        yield {
            "text": sign, "x0": x * scale, "x1": right * scale, "top": top, "doctop": top, "bottom": bottom,
            "size": bottom - top, "upright": True, "fontname": "",
        }  # fmt: skip
        x = right


def _edge(rule: Segment, scale: float) -> dict[str, Any] | None:
    """A level or upright line as pdfplumber has them, in points: the middle of the ink."""
    x0, top, x1, bottom = (value * scale for value in rule)
    level = x1 - x0 > bottom - top
    if level:
        top = bottom = (top + bottom) / 2
    else:
        x0 = x1 = (x0 + x1) / 2
    line = {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top}
    return line | {"orientation": "h" if level else "v", "object_type": "line"} if x1 > x0 or bottom > top else None


def rules_of(picture: Any, height: float) -> list[Segment]:
    """The lines drawn on a picture (PIL, any mode), in dots. `height`: that of its words, in dots."""
    import numpy

    ink = numpy.asarray(picture.convert("L")) < _DARK
    least = max(int(_RUN * height), 12)
    level = _runs(ink, least, _THICK * height)
    upright = _runs(ink.T, least, _THICK * height)
    return [*level, *((top, x0, bottom, x1) for x0, top, x1, bottom in upright)]


def _runs(ink: Any, least: int, thick: float) -> list[Segment]:
    """Level runs of ink of at least so many dots, those of neighbouring rows that touch as one."""
    import numpy

    if ink.shape[1] <= least:
        return []
    total = numpy.cumsum(numpy.pad(ink, ((0, 0), (1, 0))), axis=1, dtype=numpy.int32)
    begun = (total[:, least:] - total[:, :-least]) == least
    segments: list[Segment] = []
    open_runs: list[Segment] = []
    for row in numpy.flatnonzero(begun.any(axis=1)):
        steps = numpy.flatnonzero(numpy.diff(numpy.pad(begun[row].astype(numpy.int8), 1)))
        going, open_runs = open_runs, []
        for start, stop in zip(steps[::2], steps[1::2], strict=True):
            run = (float(start), float(row), float(stop + least - 1), float(row + 1))
            for other in [old for old in going if old[3] >= row and old[0] < run[2] and run[0] < old[2]]:
                going.remove(other)
                run = min(run[0], other[0]), min(run[1], other[1]), max(run[2], other[2]), run[3]
            open_runs.append(run)
        segments += going
    return [run for run in [*segments, *open_runs] if run[3] - run[1] <= max(thick, 4)]
