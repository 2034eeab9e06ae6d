"""A report's text as blocks to read, each figure marked where it stands; and the name of each within the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Figure = Mapping[str, Any]
"""A figure as crawler.archive.queries.reports gives it, with its place."""


@dataclass(slots=True)
class Piece:
    """Some words; `figures`: the positions (statistics.position) of the figures that stand there."""

    text: str
    figures: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A paragraph, a heading, or a table of `rows` of cells. `anchor`: the name of a heading within the page."""

    kind: str
    pieces: list[Piece] = field(default_factory=list)
    rows: list[list[Piece]] = field(default_factory=list)
    anchor: str = ""


def blocks(text: str, headings: Iterable[str | None], figures: Iterable[Figure]) -> list[Block]:
    """A text (paragraphs by newline, cells of a row by tab) in order; nothing of it is left out.

    `figures`: those that stand in it, by start (from 1) and length. One that begins within another's sentence is
    marked with that.
    """
    words = {heading for heading in headings if heading}
    placed = (figure for figure in figures if figure["start"] is not None)
    waiting = sorted(placed, key=lambda figure: (figure["start"], -figure["length"]))
    parts: list[Block] = []
    begin = at = 0
    for line in text.split("\n"):
        end = begin + len(line)
        held = []
        while at < len(waiting) and waiting[at]["start"] - 1 <= end:
            held.append(waiting[at])
            at += 1
        if "\t" in line:
            if not parts or parts[-1].kind != "table":
                parts.append(Block("table"))
            parts[-1].rows.append(_cells(line, begin, held))
        elif line.strip():
            is_heading = line.strip() in words
            parts.append(Block("heading" if is_heading else "paragraph", list(_marked(line, begin, held))))
            if is_heading:
                parts[-1].anchor = f"s{sum(block.kind == 'heading' for block in parts)}"
        begin = end + 1
    return parts


def _cells(line: str, begin: int, figures: Iterable[Figure]) -> list[Piece]:
    """The cells of a row; a figure of no cell that is there stands in the first."""
    pieces = [Piece(words) for words in line.split("\t")]
    starts, at = {}, begin
    for number, piece in enumerate(pieces):
        starts[at + 1] = number
        at += len(piece.text) + 1
    for figure in figures:
        number = starts.get(figure["start"], 0)
        is_row = figure["length"] > len(pieces[number].text)
        pieces[0 if is_row else number].figures.append(figure["position"])
    return pieces


def _marked(line: str, begin: int, figures: Iterable[Figure]) -> Iterator[Piece]:
    """A paragraph cut at the sentences in which figures stand."""
    at = 0
    last: Piece | None = None
    for figure in figures:
        start = figure["start"] - 1 - begin
        end = min(start + figure["length"], len(line))
        if last is not None and start < at:
            last.figures.append(figure["position"])
            continue
        if last is not None:
            yield last
        if start > at:
            yield Piece(line[at:start])
        last, at = Piece(line[start:end], [figure["position"]]), end
    if last is not None:
        yield last
    if at < len(line):
        yield Piece(line[at:])


def name_of(form: str, code: str | None, position: int) -> str:
    """What a figure is called within its report's page, by form and code; a local row by its number."""
    return f"{form}.{code}" if code else f"row.{position}"


def names(figures: Iterable[Figure]) -> dict[int, tuple[str, str | None]]:
    """By position the name of each figure, and its code where it is the first of that: the address to cite."""
    by_position: dict[int, tuple[str, str | None]] = {}
    codes: set[str] = set()
    for figure in figures:
        code = figure["code"]
        is_first = bool(code) and code not in codes
        by_position[figure["position"]] = name_of(figure["form"], code, figure["position"]), code if is_first else None
        if code:
            codes.add(code)
    return by_position
