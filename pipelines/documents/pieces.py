"""Pieces of print on a page, which have no gaps between their letters, in lines and stacks, out of letters by place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

_GAP, _TIGHT = 0.6, 0.6
"""In sizes of the letters: between two pieces of a line, between two lines of a cell at most."""
_BESIDE = 40
"""Stacks beside one another that a piece may go on."""

Letter = dict[str, Any]
"""As pdfplumber has it; points from the top left."""


@dataclass(slots=True)
class Piece:
    """Letters of a line without a gap between them: their words and box, in points."""

    words: str
    x0: float
    x1: float
    top: float
    bottom: float
    letters: list[Letter]

    @property
    def middle(self) -> float:
        """Half of its height on the page."""
        return (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        """Height of its letters."""
        return max(self.bottom - self.top, 1.0)


def pieces_of(letters: list[Letter]) -> list[Piece]:
    """The pieces of all lines, from top to bottom and from left to right."""
    lines: list[list[Letter]] = []
    for letter in sorted((one for one in letters if one["text"].strip()), key=_middle):
        if lines and _middle(letter) - _middle(lines[-1][0]) < 0.4 * (letter["bottom"] - letter["top"]):
            lines[-1].append(letter)
        else:
            lines.append([letter])
    found: list[Piece] = []
    for line in lines:
        line.sort(key=lambda letter: letter["x0"])
        piece: Piece | None = None
        for letter in line:
            if piece is not None and letter["x0"] - piece.x1 <= _GAP * piece.size:
                piece.words += letter["text"]
                piece.x1 = max(piece.x1, letter["x1"])
                piece.letters.append(letter)
            else:
                box = (letter["x0"], letter["x1"], letter["top"], letter["bottom"])
                piece = Piece(letter["text"], *box, [letter])
                found.append(piece)
    return found


def _middle(letter: Letter) -> float:
    middle: float = (letter["top"] + letter["bottom"]) / 2
    return middle


def lines_of_pieces(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """The same pieces line by line."""
    line: list[Piece] = []
    for piece in pieces:
        if line and piece.x0 < line[-1].x1:
            yield line
            line = []
        line.append(piece)
    if line:
        yield line


def stacks_of(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces that stand closely over one another, as the lines of a cell do."""
    found: list[list[Piece]] = []
    for piece in pieces:
        near = (stack for stack in found[-_BESIDE:] if stack[-1].x0 < piece.x1 and piece.x0 < stack[-1].x1)
        for stack in near:
            if -0.2 * piece.size < piece.top - stack[-1].bottom <= _TIGHT * piece.size:
                stack.append(piece)
                break
        else:
            found.append([piece])
    return found
