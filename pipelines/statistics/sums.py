"""Digits printed without gaps, cut into the numbers they stand for: only where the sums of the form leave one way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

_MAX_DIGITS = 40
_MAX_WAYS = 400
_MAX_TOGETHER = 20_000
Numbers = tuple[int, ...]


def cuts(chunks: Sequence[str], count: int) -> list[Numbers]:
    """All ways to cut chunks of digits into `count` numbers without leading zeros; gaps between chunks are kept.

    At most 400; a longer list says no more than that it cannot be told.
    """
    found: list[Numbers] = []
    if not count or sum(map(len, chunks)) > _MAX_DIGITS or len(chunks) > count:
        return found
    for way in _cut(list(chunks), count):
        found.append(way)
        if len(found) > _MAX_WAYS:
            break
    return found


def _cut(chunks: list[str], count: int) -> Iterator[Numbers]:
    if not chunks:
        if count == 0:
            yield ()
        return
    digits = sum(map(len, chunks))
    if count < len(chunks) or digits < count:
        return
    first, rest = chunks[0], chunks[1:]
    longest = 1 if first[0] == "0" else len(first)
    for length in range(1, longest + 1):
        left = [first[length:], *rest] if length < len(first) else rest
        for more in _cut(left, count - 1):
            yield (int(first[:length]), *more)


def cuts_with_total(chunks: Sequence[str], parts: int) -> list[Numbers]:
    """The ways to cut digits into `parts` numbers and their sum after them; at most 400."""
    return [way for way, left in _summed(list(chunks), parts, 0) if not left][: _MAX_WAYS + 1]


def cuts_in_groups(chunks: Sequence[str], parts: int, groups: int) -> list[Numbers]:
    """The ways to cut digits into groups of `parts` numbers, each group with its sum after it; at most 400."""
    ways: list[tuple[Numbers, list[str]]] = [((), list(chunks))]
    for _ in range(groups):
        ways = [(before + way, rest) for before, left in ways for way, rest in _summed(left, parts, 0)][: _MAX_WAYS + 1]
    return [way for way, left in ways if not left]


def _summed(chunks: list[str], parts: int, sum_: int) -> Iterator[tuple[Numbers, list[str]]]:
    """The ways in which so many numbers and then their sum stand at the start, with the chunks that are left."""
    if not chunks:
        return
    first, rest = chunks[0], chunks[1:]
    if parts == 0:
        text = str(sum_)
        if first.startswith(text):
            yield (sum_,), [first[len(text) :], *rest] if len(text) < len(first) else rest
        return
    longest = 1 if first[0] == "0" else min(len(first), 9)
    for length in range(1, longest + 1):
        left = [first[length:], *rest] if length < len(first) else rest
        for way, after in _summed(left, parts - 1, sum_ + int(first[:length])):
            yield (int(first[:length]), *way), after


def together(rows: dict[str, list[Numbers]], parts: Sequence[str]) -> dict[str, list[Numbers]]:
    """Of the ways of each row those with which A1 and A2 hold in every column, where there are any.

    A1: new_received + carried_in = total_processed + carried_out. A2: total_processed is the sum of `parts`.
    """
    needed = ("new_received", "carried_in", "total_processed", "carried_out", *parts)
    if any(not rows.get(code) for code in needed):
        return rows
    count = 1
    for code in needed:
        count *= len(rows[code])
        if count > _MAX_TOGETHER:
            return rows
    fit: dict[str, dict[Numbers, None]] = {code: {} for code in needed}
    for ways in product(*(rows[code] for code in needed)):
        new, old, done, out, *each = ways
        if all(
            new[at] + old[at] == done[at] + out[at] and done[at] == sum(way[at] for way in each)
            for at in range(len(new))
        ):
            for code, way in zip(needed, ways, strict=True):
                fit[code][way] = None
    if not fit["new_received"]:
        return rows
    return {**rows, **{code: list(ways) for code, ways in fit.items()}}


def run_together(words: str) -> bool:
    """Whether digits lost the gaps between them: they stand right behind their label, or begin with a 0 that no number
    has. Else there are gaps, and cells are blank."""
    return words.strip("\r\n").isdecimal() or ("." not in words and re.search(r"(?<!\d)0\d", words) is not None)
