"""Sentences that stand word for word in another text: which count, and when two are the same.

A sentence ends with 。！？； or its paragraph; rows of tables are none. Two are the same when nothing differs but white
space and figures: one number in digits (1,204件, 3.5%) is as good as another. A sentence of
fewer than LEAST signs without its numbers (a heading, a date, a signature) is anyone's, and does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.words.text import squeeze

LEAST = 10
"""Signs of a sentence, numbers and white space aside, from which it is one's own or somebody's."""
_END = re.compile(r"(?<=[。！？；!?;])")
_NUMBER = re.compile(r"\d+(?:[,，.]\d+)*")
_MARK = "#"


@dataclass(frozen=True, slots=True)
class Share:
    """`count`: sentences of a text, each as often as it stands; `copied`: those of them that another text has."""

    copied: int
    count: int

    @property
    def percent(self) -> int:
        """Of a hundred sentences how many are copied, rounded down: 100 means all of them."""
        return 100 * self.copied // self.count if self.count else 0


def sentences(text: str) -> list[str]:
    """The sentences of a text that count, as they are compared, in order."""
    return list(_sentences(text))


def _sentences(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if "\t" not in line:
            for words in _END.split(squeeze(line)):
                masked = _NUMBER.sub(_MARK, words)
                if len(masked) - masked.count(_MARK) >= LEAST:
                    yield masked


def share(subject: list[str], others: frozenset[str]) -> Share:
    """How many of a text's sentences are among those of others."""
    return Share(sum(sentence in others for sentence in subject), len(subject))
