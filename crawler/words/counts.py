"""Numbers with their nouns, as a person reads them."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 failure`, `2 failures`, `0 entries`, `1,200 bytes`; `plural`: where it is not the noun with an s."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
