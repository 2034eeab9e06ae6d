"""Marks of notes: raised characters that refer to a foot- or endnote and are part of no number or word."""

from __future__ import annotations

import re

_NOTE = re.compile(r"\s*[\[(（【〔]?\s*(?:\d{1,2}|注\d*|[①-⑳*＊※†])\s*[\])）】〕]?\s*")


def is_note(raised: str, before: str) -> bool:
    """Whether raised words are the mark of a note, by themselves and the words before them.

    A raised digit behind a Latin letter is a unit's power (m²) and stays with it.
    """
    last = before[-1:]
    return _NOTE.fullmatch(raised) is not None and not (last.isascii() and last.isalpha())
