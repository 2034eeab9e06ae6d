"""Numbers with their nouns."""

from __future__ import annotations

import pytest

from crawler.words.counts import counted


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 entries"),
        (1, "1 entry"),
        (2, "2 entries"),
        (21, "21 entries"),
        (1200, "1,200 entries"),
        (-1, "-1 entries"),
    ],
)
def test_one_is_singular_and_nothing_else(number: int, words: str) -> None:
    assert counted(number, "entry", "entries") == words
    assert counted(number, "report") == words.replace("entries", "reports").replace("entry", "report")
