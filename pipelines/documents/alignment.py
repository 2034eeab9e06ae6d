"""Tables that no lines rule, by the numbers that stand under one another: PDF and OFD whose tables have no borders.

A row is a line of five numbers and more whose places are those of the rows around it. What stands to the left of the
numbers are labels: lines of a label that are set close over one another are one, and belong to the row that they stand
around, so that a label of three lines is not torn in two by its numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise

from pipelines.documents.items import Table
from pipelines.documents.pieces import Letter, Piece, lines_of_pieces, pieces_of, stacks_of
from pipelines.marked.document import Cell

_NUMBER = re.compile(r"[-+－]?\d[\d,，]*(?:\.\d+)?|[-—－/]")
_HEADING = re.compile("[一二三四五六七八九十]{1,2}、")
_LISTED = re.compile(r"\d{1,2}[.．、]|[（(][一二三四五六七八九十]{1,2}[）)]|[一二三四五六七八九十]{1,2}、")
_LEAST, _LEAST_ALONE = 5, 10
"""Numbers of a row; of one that has no other to agree with."""
_FAR = 8.0
"""Sizes of the letters between two rows at most."""
_SLACK = 0.3
"""In sizes: a head may reach so far over the numbers beside its own."""
_ASIDE = 0.6
"""Of the way from one column to the next: so much more than others a head may stand beside its column."""
_MOST = 4000
"""Pieces of a page that are looked at; a page of print has some hundred lines."""


@dataclass(slots=True)
class _Block:
    """Rows of numbers under one another, from where to where each column reaches, and the lines of each one's head."""

    rows: list[list[Piece]]
    columns: list[tuple[float, float]] = field(default_factory=list)
    heads: list[list[Piece]] = field(default_factory=list)
    labels: list[list[list[Piece]]] = field(default_factory=list)
    """By row its labels from left to right, each by its lines."""


def aligned_tables(letters: list[Letter]) -> list[tuple[Table, list[Letter]]]:
    """The tables among the letters of a page that no lines rule, from top to bottom, each with its letters."""
    pieces = pieces_of(letters)
    if len(pieces) > _MOST:
        return []
    found = []
    for rows in _runs(pieces):
        columns = _columns(rows)
        if columns is None:
            continue
        block = _Block(rows, columns)
        block.heads = _heads(block, pieces)
        _find_labels(block, pieces)
        full = any(len(row) >= _LEAST and said for row, said in zip(block.rows, block.labels, strict=True))
        if full or (len(columns) >= _LEAST_ALONE and block.heads):
            found.append(_table(block))
    return found


def _runs(pieces: list[Piece]) -> Iterator[list[list[Piece]]]:
    """Rows of numbers that follow one another; a line of words that reaches over the numbers ends a run."""
    rows: list[list[Piece]] = []
    for line in lines_of_pieces(pieces):
        numbers: list[Piece] = []
        for piece in reversed(line):
            if not _NUMBER.fullmatch(piece.words):
                break
            numbers.insert(0, piece)
        edge = min((row[0].x0 for row in rows), default=0.0)
        far = bool(rows) and line[0].middle - rows[-1][0].middle > _FAR * line[0].size
        if rows and (far or (len(numbers) < len(line) and line[-len(numbers) - 1].x1 > edge)):
            yield rows
            rows = []
        if numbers:
            rows.append(numbers)
    if rows:
        yield rows


def _columns(rows: list[list[Piece]]) -> list[tuple[float, float]] | None:
    """From where to where the columns reach in which the numbers of all rows stand; None where there are too few, or
    two numbers of a row stand in one."""
    found: list[tuple[float, float]] = []
    for piece in sorted((piece for row in rows for piece in row), key=lambda piece: piece.x0):
        if found and piece.x0 < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], piece.x1)
        else:
            found.append((piece.x0, piece.x1))
    if len(found) < _LEAST or any(len({_place(piece, found) for piece in row}) < len(row) for row in rows):
        return None
    return found


def _place(piece: Piece, columns: list[tuple[float, float]]) -> int:
    """The column that a number stands in."""
    return next(at for at, (_, right) in enumerate(columns) if piece.x1 <= right)


def _heads(block: _Block, pieces: list[Piece]) -> list[list[Piece]]:
    """The lines of the head of each column; none where there is no row of heads, or heads and columns do not agree, as
    where a column has no number at all."""
    top, size, columns = block.rows[0][0].top, block.rows[0][0].size, block.columns
    above = [piece for piece in pieces if top - 2 * _FAR * size < piece.top and piece.bottom <= top]
    leaves: list[list[Piece]] = []
    for stack in sorted(stacks_of(above), key=lambda stack: -stack[-1].bottom):
        left, right = _reach(stack)
        if all(right <= _reach(other)[0] or _reach(other)[1] <= left for other in leaves):
            leaves.append(stack)
    leaves.sort(key=lambda stack: stack[0].x0)
    if len(leaves) < len(columns):
        return []
    leaves = leaves[-len(columns) :]
    ends = [float("-inf"), *(right for _, right in columns[:-1])]
    starts = [*(left for left, _ in columns[1:]), float("inf")]
    aside = []
    for stack, (begin, stop), end, start in zip(leaves, columns, ends, starts, strict=True):
        left, right = _reach(stack)
        if left < end - _SLACK * size or right > start + _SLACK * size:
            return []
        aside.append((left + right - begin - stop) / 2)
    # However heads and numbers are set in their cells, all stand about as far beside one another.
    pitch = min(after[0] - before[0] for before, after in pairwise(columns))
    if max(aside) - min(aside) > _ASIDE * pitch:
        return []
    return leaves


def _words(stack: list[Piece]) -> str:
    return "".join(piece.words for piece in stack)


def _reach(stack: list[Piece]) -> tuple[float, float]:
    return min(piece.x0 for piece in stack), max(piece.x1 for piece in stack)


def _table(block: _Block) -> tuple[Table, list[Letter]]:
    width = max(map(len, block.labels))
    letters = [letter for row in block.rows for piece in row for letter in piece.letters]
    letters += [letter for head in block.heads for piece in head for letter in piece.letters]
    cells = [Cell(_words(head), 0, width + at) for at, head in enumerate(block.heads)]
    for number, (row, said) in enumerate(zip(block.rows, block.labels, strict=True), bool(cells)):
        letters += [letter for cell in said for piece in cell for letter in piece.letters]
        words = [_words(cell) for cell in said]
        wide = width - len(words) + 1
        cells += [Cell(one, number, at and at + wide - 1, 1, 1 if at else wide) for at, one in enumerate(words)]
        cells += [Cell(piece.words, number, width + _place(piece, block.columns)) for piece in row]
    first = block.columns[0][0]
    left = min([first, *(piece.x0 for said in block.labels for cell in said for piece in cell)])
    inner = [left + (first - left) * at / max(width, 1) for at in range(width)]
    edges = [*inner, *(start for start, _ in block.columns), block.columns[-1][1]]
    return Table(cells, edges, block.rows[0][0].top, block.rows[-1][0].bottom), letters


def _find_labels(block: _Block, pieces: list[Piece]) -> None:
    """Fill the labels of each row, and leave out rows of few numbers that have none: page numbers."""
    size = block.rows[0][0].size
    middles = [row[0].middle for row in block.rows]
    found: list[list[list[Piece]]] = [[] for _ in middles]
    for stack in chain.from_iterable(map(_apart, stacks_of(_beside(block, pieces)))):
        top, bottom = stack[0].top - 0.5 * size, stack[-1].bottom + 0.5 * size
        inside = [at for at, middle in enumerate(middles) if top < middle < bottom]
        if len(inside) == 1:
            found[inside[0]].append(stack)
            continue
        for piece in stack if inside else ():
            at = min(inside, key=lambda row: abs(middles[row] - piece.middle))
            own = next((cell for cell in found[at] if cell[-1].x0 < piece.x1 and piece.x0 < cell[-1].x1), None)
            if own is None:
                found[at].append([piece])
            else:
                own.append(piece)
    kept = [at for at, row in enumerate(block.rows) if found[at] or len(row) >= _LEAST]
    block.rows = [block.rows[at] for at in kept]
    block.labels = [sorted(found[at], key=lambda cell: cell[0].x0) for at in kept]


def _apart(stack: list[Piece]) -> Iterator[list[Piece]]:
    """The labels of a stack: a line that begins with a number of a list begins one, as the next row may be blank."""
    start = 0
    for at in range(1, len(stack)):
        if _LISTED.match(stack[at].words):
            yield stack[start:at]
            start = at
    yield stack[start:]


def _beside(block: _Block, pieces: list[Piece]) -> list[Piece]:
    """What may be a label: what stands to the left of the numbers, not beyond a line of words over or under them."""
    edge, size = block.columns[0][0], block.rows[0][0].size
    first, last = block.rows[0][0].middle, block.rows[-1][0].middle
    top, bottom = first - _FAR * size, last + _FAR * size
    for piece in pieces:
        words = piece.x1 > edge or _HEADING.match(piece.words) is not None
        if words and last + size < piece.middle < bottom:
            bottom = piece.middle
        elif words and top <= piece.middle < first - size:
            top = piece.middle
    return [piece for piece in pieces if piece.x1 <= edge and top < piece.middle < bottom]
