"""What stands on a page of a PDF or OFD: tables and paragraphs, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.marked.document import Cell


@dataclass(slots=True)
class Table:
    """A table on a page: its cells by fields, and where it stands; `edges` of its columns, in points."""

    cells: list[Cell]
    edges: list[float]
    top: float
    bottom: float
    pages: list[int] = field(default_factory=list)

    def take_on(self, below: Table) -> None:
        """Let the rows of another table follow."""
        height = max(cell.row + cell.rows for cell in self.cells)
        for cell in below.cells:
            cell.row += height
        self.cells += below.cells


@dataclass(slots=True)
class Paragraph:
    """A paragraph on a page, and where it begins, in points.

    `open_start`: it begins without an indent; `open_end`: its last line is full: at a page's edge it may go on."""

    words: str
    top: float
    open_start: bool = False
    open_end: bool = False
    pages: list[int] = field(default_factory=list)

    def take_on(self, below: Paragraph) -> None:
        """Let the words of the other half follow."""
        self.words = joined(self.words, below.words)
        self.open_end = below.open_end


Item = Table | Paragraph


def joined(words: str, more: str) -> str:
    """Two halves of a line: Chinese without a space between them, other words with one."""
    return words + more if words[-1] > "\u2e7f" or more[0] > "\u2e7f" else f"{words} {more}"
