"""The stretch of a text around what was asked for, with what was asked for marked in it."""

from __future__ import annotations

import re

BEFORE, AFTER = 30, 90
"""Characters of a snippet before and after the first place that was found."""
_WINDOW = 4_096
"""Characters that are folded at a time."""
_LETTER = re.compile("[a-z]")


def snippet(text: str, asked: list[str]) -> list[tuple[str, bool]]:
    """The stretch around the first place of what was asked for, on one line, cut where it is found; [] for no text."""
    places = [at for term in asked if (at := _place(text, folded(term))) >= 0]
    at = min(places, default=0)
    start, end = max(0, at - BEFORE), min(len(text), at + AFTER)
    pieces = marked(text[start:end].replace("\n", " ").replace("\t", " "), asked)
    if start > 0:
        pieces.insert(0, ("…", False))
    if end < len(text):
        pieces.append(("…", False))
    return pieces


def _place(text: str, wanted: str) -> int:
    """Where `wanted`, its letters small, first stands in a text, or -1; no more is folded than is looked at."""
    if not _LETTER.search(wanted):
        return text.find(wanted)  # folding changes no sign of it, and makes none
    step = max(_WINDOW, len(wanted))
    for start in range(0, len(text), step):
        at = folded(text[start : start + step + len(wanted) - 1]).find(wanted)
        if at >= 0:
            return start + at
    return -1


def marked(text: str, asked: list[str]) -> list[tuple[str, bool]]:
    """A text in pieces, True for those that hold what was asked for; together they are the text."""
    small = folded(text)
    flags = bytearray(len(text))
    for term in asked:
        wanted = folded(term.replace("\n", " ").replace("\t", " "))
        at = small.find(wanted)
        while at >= 0:
            flags[at : at + len(wanted)] = b"\1" * len(wanted)
            at = small.find(wanted, at + 1)
    pieces: list[tuple[str, bool]] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or flags[place] != flags[start]:
            pieces.append((text[start:place], bool(flags[start])))
            start = place
    return pieces


def folded(text: str) -> str:
    """ASCII letters small, as LIKE and the index take them; no other letter changes, and no length.

    In UTF-8 no other character has a byte of theirs, and `bytes.lower` knows no other letters: ten times as fast as a
    table of characters.
    """
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
