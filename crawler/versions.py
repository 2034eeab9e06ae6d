"""What changed between two texts of one report, paragraph by paragraph and character by character: pure, for any page.

`difflib` is quadratic at worst, so what is compared is bounded; beyond the bounds a paragraph is simply another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MOST_PARAGRAPHS = 5_000
MOST_CHARACTERS = 20_000
"""Of two paragraphs together, compared character by character; the longest real one, a glued table, has 9,000."""
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
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            changes += [Change(line, line) for line in before[i1:i2]]
        else:
            changes += _replaced(before[i1:i2], after[j1:j2])
    return changes


def _without_comparing(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """The common beginning and end, all between simply replaced."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    yield from (Change(line, line) for line in before[:start])
    yield from (Change(line, None) for line in before[start : len(before) - end])
    yield from (Change(None, line) for line in after[start : len(after) - end])
    yield from (Change(line, line) for line in before[len(before) - end :])


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """Paragraphs that were replaced: each old one beside the next new one that is like it."""
    at = 0
    for line in before:
        match = next((n for n in range(at, min(at + 10, len(after))) if _alike(line, after[n])), None)
        if match is None:
            yield Change(line, None)
            continue
        yield from (Change(None, other) for other in after[at:match])
        yield Change(line, after[match], _parts(line, after[match]))
        at = match + 1
    yield from (Change(None, line) for line in after[at:])


def _alike(one: str, other: str) -> bool:
    if len(one) + len(other) > MOST_CHARACTERS or not one or not other:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _parts(old: str, new: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part("same", old[i1:i2]))
            continue
        if i2 > i1:
            parts.append(Part("removed", old[i1:i2]))
        if j2 > j1:
            parts.append(Part("added", new[j1:j2]))
    return tuple(parts)
