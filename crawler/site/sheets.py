"""What a page draws as one SVG file to keep: charts, legend, what must be said of them, and how they are cited."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from crawler.site.charts import Chart
from crawler.site.quantiles import Boxes

_MARGIN, _LINE, _CAPTION = 16, 18, 24
_CHARACTER = 6.6
"""Width of a Latin character of the small type; one of Chinese is twice as wide."""
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart at its place, `caption` over it. `boxes`: of a chart of quantiles."""

    x: float
    y: float
    caption: list[str]
    chart: Chart
    boxes: Boxes | None


@dataclass(frozen=True, slots=True)
class Key:
    """A sign of the legend at its place: of a series by colour, or of a kind of source."""

    x: float
    y: float
    name: str
    colour: int | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The file: everything at its place, texts cut into lines."""

    width: float
    height: float
    title: list[tuple[float, str]]
    panels: list[Panel]
    keys: list[Key]
    lines: list[tuple[float, str]]


def sheet(shown: Mapping[str, Any], names: Mapping[str, str]) -> Sheet:
    """The sheet of what a page shows (`title`, `pictures` or `boxes`, `keys`, `kinds`, `notes`, `citation`). `names`:
    what kinds of sources are called."""
    drawn = list(_drawn(shown))
    notes = [_plain(text) for text in (*shown["notes"], *shown["citation"].texts.values())]
    columns = min(_COLUMNS, max(1, len(drawn)))
    cell = max((chart.width for _, chart, _ in drawn), default=720)
    width = 2 * _MARGIN + max(columns * cell, 720)
    across = int((width - 2 * _MARGIN) / _CHARACTER)
    title = [
        (_MARGIN + 14 + 22 * place, line) for place, line in enumerate(wrapped(_plain(shown["title"]), across * 3 // 4))
    ]
    y = title[-1][0] + _LINE
    panels = []
    for first in range(0, len(drawn), columns):
        row = drawn[first : first + columns]
        captions = [wrapped(_plain(caption), int(cell / _CHARACTER)) if caption else [] for caption, _, _ in row]
        above = _CAPTION * max(map(len, captions))
        for place, (_, chart, boxes) in enumerate(row):
            panels.append(Panel(_MARGIN + place * cell, y + above, captions[place], chart, boxes))
        y += above + max(chart.height for _, chart, _ in row) + _LINE
    keys = list(_keys(shown["keys"], {kind: names[kind] for kind in shown["kinds"]}, y, width))
    y = keys[-1].y + 1.5 * _LINE if keys else y
    lines = []
    for text in notes:
        for line in wrapped(text, across):
            lines.append((y, line))
            y += _LINE
    return Sheet(width, y + _MARGIN, title, panels, keys, lines)


def _drawn(shown: Mapping[str, Any]) -> Iterator[tuple[str, Chart, Boxes | None]]:
    for picture in shown.get("pictures", ()):
        yield picture.caption, picture.charts[0], None
    for boxes in shown.get("boxes", ())[:1]:
        yield "", boxes.chart, boxes


def _keys(series: Sequence[tuple[str, int]], kinds: Mapping[str, str], y: float, width: float) -> Iterator[Key]:
    x = float(_MARGIN)
    signs: list[tuple[str, int | None, str | None]] = [(name, colour, None) for name, colour in series]
    signs += [(name, None, kind) for kind, name in kinds.items()]
    for name, colour, kind in signs:
        needed = 30 + breadth(name) * _CHARACTER * 1.1
        if x > _MARGIN and x + needed > width - _MARGIN:
            x, y = float(_MARGIN), y + _LINE
        yield Key(x, y, name, colour, kind)
        x += needed


def _plain(text: str) -> str:
    """Words of ours as text: they may hold signs written for HTML, which are not to be cut."""
    return str(text.unescape()) if isinstance(text, Markup) else text


def breadth(text: str) -> int:
    """How many Latin characters a text is as wide as."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def wrapped(text: str, most: int) -> list[str]:
    """A text in lines of at most so many Latin characters: cut at blanks, at any place within Chinese or a word that is
    too long. One line at least, nothing of it lost but blanks at the cuts."""
    lines = [""]
    for part in _parts(text, most):
        if lines[-1] and breadth(lines[-1] + part.rstrip()) > most:
            lines[-1] = lines[-1].rstrip()
            lines.append(part.lstrip())
        else:
            lines[-1] += part
    return [*lines[:-1], lines[-1].rstrip()]


def _parts(text: str, most: int) -> Iterable[str]:
    """Pieces that are not to be cut: words of Latin letters with the blank behind them, single signs of Chinese."""
    word = ""
    for one in text:
        if unicodedata.east_asian_width(one) in "WF":
            if word:
                yield word
            yield one
            word = ""
            continue
        word += one
        if one.isspace() or len(word) >= most:
            yield word
            word = ""
    if word:
        yield word
