"""What changed between two texts of one report, paragraph by paragraph and character by character: pure, for any page.

`difflib` is quadratic at worst, so what is compared is bounded; beyond the bounds a paragraph is simply another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MOST_PARAGRAPHS = 5_000
MOST_PAIRS = 250_000
"""Pairs of characters, or of cells of a table's row, that two paragraphs may have between what they share at both ends:
a sentence of 500 characters that changed throughout; a tenth of a second at worst."""
MOST_PAIRS_IN_ALL = 5_000_000
ALIKE = 0.5
"""Share of common characters from which a paragraph counts as the other one changed."""

Kind = Literal["same", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of characters that both paragraphs have, or only the old (`removed`) or the new one (`added`)."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph: `old` None: it is new; `new` None: it is gone; `parts`: where both are given and differ."""

    old: str | None
    new: str | None
    parts: tuple[Part, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing changed in it."""
        return self.old == self.new


def compare(old: str, new: str) -> list[Change]:
    """Every paragraph of both texts in order; all `old` joined by newlines are the old text, all `new` the new one."""
    before, after = old.split("\n") if old else [], new.split("\n") if new else []
    if len(before) + len(after) > MOST_PARAGRAPHS:
        return list(_without_comparing(before, after))
    changes: list[Change] = []
    closely = _Closely()
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            changes += [Change(line, line) for line in before[i1:i2]]
        else:
            changes += _replaced(before[i1:i2], after[j1:j2], closely)
    return changes


def _ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many pieces two sequences share at the beginning, and how many of the others at the end."""
    most = min(len(before), len(after))
    start = next((n for n in range(most) if before[n] != after[n]), most)
    end = next((n for n in range(most - start) if before[-1 - n] != after[-1 - n]), most - start)
    return start, end


def _without_comparing(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """The common beginning and end, all between simply replaced."""
    start, end = _ends(before, after)
    yield from (Change(line, line) for line in before[:start])
    yield from (Change(line, None) for line in before[start : len(before) - end])
    yield from (Change(None, line) for line in after[start : len(after) - end])
    yield from (Change(line, line) for line in before[len(before) - end :])


def _replaced(before: Sequence[str], after: Sequence[str], closely: _Closely) -> Iterator[Change]:
    """Paragraphs that were replaced: each old one beside the next new one that is like it."""
    at = 0
    for line in before:
        for match in range(at, min(at + 5, len(after))):
            parts = closely.parts(line, after[match])
            if parts is not None:
                yield from (Change(None, other) for other in after[at:match])
                yield Change(line, after[match], parts)
                at = match + 1
                break
        else:
            yield Change(line, None)
    yield from (Change(None, line) for line in after[at:])


class _Closely:
    """Compares paragraphs within a text's budget."""

    def __init__(self) -> None:
        self._left = MOST_PAIRS_IN_ALL

    def parts(self, old: str, new: str) -> tuple[Part, ...] | None:
        """What changed from one paragraph to the other; None where they are not alike, or too long to tell."""
        first, second = _pieces(old, new)
        start, end = _ends(first, second)
        middle, other = first[start : len(first) - end], second[start : len(second) - end]
        pairs = len(middle) * len(other)
        if pairs > min(MOST_PAIRS, self._left) or not old or not new:
            return None
        self._left -= pairs
        matcher = SequenceMatcher(None, middle, other, autojunk=False)
        codes = matcher.get_opcodes()
        same = start + end + sum(i2 - i1 for tag, i1, i2, _, _ in codes if tag == "equal")
        if 2 * same < ALIKE * (len(first) + len(second)):
            return None
        parts = [Part("same", "".join(first[:start]))]
        for tag, i1, i2, j1, j2 in codes:
            if tag == "equal":
                parts.append(Part("same", "".join(middle[i1:i2])))
            else:
                parts += [Part("removed", "".join(middle[i1:i2])), Part("added", "".join(other[j1:j2]))]
        parts.append(Part("same", "".join(first[len(first) - end :])))
        return tuple(part for part in parts if part.text)


def _pieces(old: str, new: str) -> tuple[list[str], list[str]]:
    """Characters; of rows of a table the cells, each with its tab."""
    if "\t" in old and "\t" in new:
        return re.findall(r"[^\t]*\t|[^\t]+", old), re.findall(r"[^\t]*\t|[^\t]+", new)
    return list(old), list(new)
