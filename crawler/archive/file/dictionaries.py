"""Which pages of a host are the best dictionaries for all of it, tried on a sample of them.

A page that serves as one is stored plain, so each costs something; each is added while it saves more than that.
Measured on real pages grouped by host and on made-up ones (docs/size.md): dictionaries trained by zstd were worse, and
pages beyond the third were chosen for what only the sample has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.archive.file.frames import LEVEL, compressor

SAMPLE = 24
"""Pages of a host that are tried; half as many lost 5 % of the packed bytes, twice as many won nothing."""
MOST_PAGES = 3
"""Pages of a host that are stored plain."""
GAIN = 0.005
"""The share of a host's packed bytes that a further page must save."""

MOST_PACKED = 0.9
"""The share of its bytes that a page may take when it is packed, to be text at all."""


@dataclass(frozen=True, slots=True)
class Choice:
    """By SHA-256 the `pages` to be stored plain, and the `pairs` of them that make dictionaries (a page twice is one by
    itself), that which suits the most pages last."""

    pages: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


def choose(sample: Mapping[str, bytes], count: int) -> Choice:
    """The best choice for `count` pages of which `sample`, by SHA-256, are some; the same one for the same sample."""
    trial = _Trial(sample)
    choice = Choice()
    cost = trial.cost(choice, count)
    while len(choice.pages) < MOST_PAGES:
        candidates = [
            Choice((*choice.pages, page), (*choice.pairs, pair))
            for page in sample
            if page not in choice.pages and trial.is_fit(page)
            for pair in ((page, page), *((first, page) for first in choice.pages))
        ]
        if not candidates:
            break
        costs = [trial.cost(candidate, count) for candidate in candidates]
        least = min(costs)
        if least > cost * (1 - GAIN):
            break
        choice, cost = candidates[costs.index(least)], least
    return Choice(choice.pages, trial.by_use(choice))


class _Trial:
    """Packed lengths of the pages of a sample, each found once, at the level of a run: what is the better dictionary
    there is the better one at any."""

    def __init__(self, sample: Mapping[str, bytes]) -> None:
        self._sample = sample
        plain = compressor(LEVEL)
        self._plain = {page: len(plain.compress(body)) for page, body in sample.items()}
        self._against: dict[tuple[str, str], dict[str, int]] = {}

    def is_fit(self, page: str) -> bool:
        """Whether a page may serve: bytes that nothing packs are stored as they are, and teach nothing."""
        return self._plain[page] < MOST_PACKED * len(self._sample[page])

    def cost(self, choice: Choice, count: int) -> float:
        """Packed bytes of `count` pages; those outside the sample are taken to be like the others of it."""
        others = [page for page in self._sample if page not in choice.pages]
        if not others:
            return sum(self._plain.values())
        share = (count - len(choice.pages)) / len(others)
        return sum(self._plain[page] for page in choice.pages) + share * sum(
            min([self._plain[page], *(self._lengths(pair)[page] for pair in choice.pairs)]) for page in others
        )

    def by_use(self, choice: Choice) -> tuple[tuple[str, str], ...]:
        """Its dictionaries, that which suits the most pages last."""
        uses = dict.fromkeys(choice.pairs, 0)
        for page in self._sample:
            if page not in choice.pages and choice.pairs:
                uses[min(choice.pairs, key=lambda pair: self._lengths(pair)[page])] += 1
        return tuple(sorted(choice.pairs, key=lambda pair: uses[pair]))

    def _lengths(self, pair: tuple[str, str]) -> dict[str, int]:
        if pair not in self._against:
            packer = compressor(LEVEL, (self._sample[pair[0]], self._sample[pair[1]]))
            self._against[pair] = {page: len(packer.compress(body)) for page, body in self._sample.items()}
        return self._against[pair]
