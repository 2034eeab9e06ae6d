"""A number that may be a measure of the report: what it says, where it stands, and what it is of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from crawler.records.report import Check


@dataclass(slots=True)
class Candidate:
    """`outside`: why it cannot be the report's figure (crawler.reference.methods), empty where it may be.
    `sentence`: its number in the text. `rank`: how plainly it is the year's total of the whole: of two, the higher
    counts. `bodies`: its subject names departments or units (全区各部门): a part, where others are counted beside
    it. `whose`: what its subject is, empty for none (scope)."""

    code: str
    value: float
    raw: str | None
    evidence: str
    method: str
    outside: str = ""
    about: bool = False
    sentence: int = 0
    rank: tuple[int, ...] = ()
    bodies: bool = False
    whose: str = ""


@dataclass(slots=True)
class Context:
    """What the text before a sentence leaves behind. `year`, `organ`: the report's. `topics`: what the paragraph speaks
    of; `section`: what its heading does, which is `heading` as printed; `said`: the sentences of the paragraph
    before. `way`: the only channel that the heading names. `headed`: whether the text has had a heading. `elsewhen`:
    whether the title of another year's report stands over it."""

    year: int | None
    organ: str = ""
    topics: set[str] = field(default_factory=set)
    section: set[str] = field(default_factory=set)
    heading: str = ""
    said: list[str] = field(default_factory=list)
    way: str = ""
    headed: bool = False
    elsewhen: bool = False
    number: int = 0
    candidates: list[Candidate] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    _counting: dict[str, list[Candidate]] = field(default_factory=dict)
    """By code: the candidates of one sentence that may count."""
    _sentence: int = 0
    """The number of that sentence."""

    def add(self, candidate: Candidate) -> None:
        """Note a candidate of the sentence that is being read."""
        candidate.sentence = self.number
        self.candidates.append(candidate)
        if not candidate.outside:
            self._counting[candidate.code] = [*self.counted(candidate.code), candidate]

    def remove(self, candidate: Candidate) -> None:
        """Take a candidate of the sentence that is being read away again."""
        # The sentence's own are the last; those before it can be as many as a text has numbers.
        for at in range(len(self.candidates) - 1, -1, -1):
            if self.candidates[at] is candidate:
                del self.candidates[at]
                break
        self._counting[candidate.code].remove(candidate)

    def counted(self, code: str) -> list[Candidate]:
        """The candidates of a measure that the sentence being read has given so far and that may count.

        They are few, since of two only the plainer is noted; those that may not can be as many as there are numbers.
        """
        if self._sentence != self.number:
            self._sentence = self.number
            self._counting.clear()
        return [one for one in self._counting.get(code, ()) if not one.outside]

    def of_sentence(self, code: str) -> list[Candidate]:
        """All candidates of a measure that the sentence being read has given so far, in order."""
        return [one for one in self.latest() if one.code == code][::-1]

    def latest(self) -> Iterator[Candidate]:
        """All candidates that the sentence being read has given so far, the last one first."""
        return takewhile(lambda one: one.sentence == self.number, reversed(self.candidates))
