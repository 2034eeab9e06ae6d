"""A report's text as blocks to read, each figure's evidence marked where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crawler.words.text import unspaced

_CELL = re.compile(r"^(?P<where>.*?)\btable (?P<table>\d+), row (?P<row>\d+)", re.S)
"""`where`: the file and the place in it, for a report that is a document or has its tables in one."""


@dataclass(slots=True)
class Piece:
    """Some words; `figures`: the positions (statistics.position) of the figures whose evidence they are."""

    text: str
    figures: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A paragraph, a heading, or a table of `rows` of cells."""

    kind: str
    pieces: list[Piece] = field(default_factory=list)
    rows: list[list[Piece]] = field(default_factory=list)


def blocks(text: str, sections: list[dict[str, Any]], figures: list[dict[str, Any]]) -> list[Block]:
    """The text of a report (paragraphs by newline, cells of a row by tab) in order; nothing of it is left out."""
    lines = text.split("\n")
    headings = {section["heading"] for section in sections if section["heading"]}
    cells = _cells(lines, figures)
    sentences = [figure for figure in figures if figure["form"] == "narrative"]
    parts: list[Block] = []
    for number, line in enumerate(lines):
        if "\t" in line:
            if not parts or parts[-1].kind != "table":
                parts.append(Block("table"))
            parts[-1].rows.append(
                [Piece(words, cells.get((number, place), [])) for place, words in enumerate(line.split("\t"))]
            )
        elif line.strip():
            kind = "heading" if line.strip() in headings else "paragraph"
            parts.append(Block(kind, list(_marked(line, sentences))))
    return parts


def _marked(line: str, figures: list[dict[str, Any]]) -> Iterator[Piece]:
    """A paragraph cut at the sentences that are evidence."""
    places: dict[tuple[int, int], list[int]] = {}
    for figure in figures:
        at = line.find(figure["evidence"])
        if at >= 0:
            places.setdefault((at, at + len(figure["evidence"])), []).append(figure["position"])
    at = 0
    for (start, end), positions in sorted(places.items()):
        if start < at:
            continue  # within a sentence that is marked already
        if start > at:
            yield Piece(line[at:start])
        yield Piece(line[start:end], positions)
        at = end
    if at < len(line):
        yield Piece(line[at:])


def _cells(lines: list[str], figures: list[dict[str, Any]]) -> dict[tuple[int, int], list[int]]:
    """Line and cell to the figures that stand there: the row of a table is found by its figures side by side."""
    rows: dict[tuple[int, int, str], list[dict[str, Any]]] = {}
    for figure in figures:
        cell = _CELL.match(figure["evidence"])
        if cell is not None:
            rows.setdefault((int(cell["table"]), int(cell["row"]), cell["where"]), []).append(figure)
    positions: dict[tuple[int, int], list[int]] = {}
    split = [
        (number, [unspaced(cell) for cell in line.split("\t")]) for number, line in enumerate(lines) if "\t" in line
    ]
    start = 0
    for _, row in sorted(rows.items()):
        label = unspaced(_label(row[0]["evidence"]))
        for at in range(start, len(split)):
            number, cells = split[at]
            places = _places(cells, row)
            if places and (not label or label in cells):
                for place, figure in zip(places, row, strict=True):
                    positions.setdefault((number, place), []).append(figure["position"])
                start = at + 1
                break
    return positions


def _places(cells: list[str], row: list[dict[str, Any]]) -> list[int]:
    """Where in a row its figures stand, as far apart as their columns are; all cells beside and behind them are blank.

    Counted from the last: of a label that goes over several rows a text may leave out the cells. [] for no such row.
    """
    columns = [_column(figure["evidence"], at) for at, figure in enumerate(row)]
    for end in range(len(cells) - 1, -1, -1):
        places = [end - (max(columns) - column) for column in columns]
        if min(places) < 0:
            break
        between = set(range(min(places), end)) - set(places)
        if all(cells[at] == unspaced(figure["raw"] or "") for at, figure in zip(places, row, strict=True)) and not any(
            cells[at] for at in between
        ):
            return places
        if cells[end]:
            break
    return []


def _column(evidence: str, otherwise: int) -> int:
    match = re.search(r", column (\d+)\b", evidence)
    return int(match[1]) if match else otherwise


def _label(evidence: str) -> str:
    match = re.search(r"row \d+ «(.*?)»", evidence)
    return match[1] if match else ""
