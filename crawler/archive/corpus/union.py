"""Which reports of several archives are one: by the rules by which a merge places them, of what the archives say of
each (crawler.archive.corpus.parts), without reading a page again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crawler.archive.write.keys import keys


@dataclass(frozen=True, slots=True)
class Claim:
    """A report of one archive.

    `holder`: its portal in the store; `number`: by which it stands among all, `place`: the same, once no other has it
    (crawler.archive.corpus.numbers); `who`: its identity with the organ's name hidden; `missed`: another archive met
    nothing at an address of it; `wordings`: digests of what its versions say, None for no text; `urls`: those of its
    addresses that other archives have, too. The rest: see parts.CLAIMS.
    """

    holder: str
    number: int
    place: int
    who: str | None
    identity: str | None
    key: str
    portal: str | None
    founded_url: str
    lead_since: str
    via: int
    redacted: int
    versions: int
    textless: bool
    first_seen_at: str
    last_seen_at: str
    gone_at: str | None
    missed: bool
    wordings: frozenset[str | None]
    urls: frozenset[str]


@dataclass(slots=True)
class United:
    """One report out of several. `members`: in the order in which they were met, the founder first."""

    members: list[Claim]
    key: str = ""
    doubtful: bool = False
    """Whether it takes the pages themselves, and so a merge, to be sure."""
    wordings: set[str | None] = field(default_factory=set)

    @property
    def founder(self) -> Claim:
        """The one that was met first: whose number and key the report has."""
        return self.members[0]

    @property
    def lead(self) -> Claim:
        """The one whose words and figures the report shows: as `Placing.settle` orders addresses."""
        return min(
            self.members,
            key=lambda claim: (
                claim.via,
                claim.gone_at is not None,
                claim.redacted,
                claim.textless,
                claim.lead_since,
                claim.place,
            ),
        )

    @property
    def gone_at(self) -> str | None:
        """Since when it is gone from all its addresses."""
        times = [claim.gone_at for claim in self.members]
        return None if None in times else max(time for time in times if time is not None)

    def add(self, claim: Claim) -> None:
        """Take in one more."""
        if self.members:
            several = claim.versions > 1 or self.founder.versions > 1
            self.doubtful |= several or bool(claim.redacted or self.founder.redacted) or claim.who != self.founder.who
            self.doubtful |= not claim.wordings <= self.wordings or claim.identity != self.founder.identity
        self.doubtful |= claim.missed
        self.members.append(claim)
        self.wordings |= claim.wordings


def unite(claims: Iterable[Claim]) -> list[United]:
    """The reports that these are; `claims`: all of the identities, addresses and numbers that several archives have."""
    by_who: dict[str, list[United]] = defaultdict(list)
    by_url: dict[str, list[United]] = defaultdict(list)
    reports: list[United] = []
    for claim in sorted(claims, key=lambda claim: (claim.place, claim.holder)):
        report = next(_fitting(claim, by_who, by_url), None)
        if report is None:
            report = United([])
            reports.append(report)
            if claim.who is not None:
                by_who[claim.who].append(report)
        report.add(claim)
        for url in claim.urls:
            for other in by_url[url]:  # which said what there when, and by which way it was met, the pages say
                other.doubtful = report.doubtful = True
            by_url[url].append(report)
    keyed: dict[str, United] = {}
    for report in reports:
        founder = report.founder
        holder = keyed.get(founder.key)
        if holder is not None and holder.founder.who != founder.who:  # one of them was known as the other once
            holder.doubtful = report.doubtful = True
        candidates = (founder.key, *_first(keys(founder.identity, founder.portal, founder.founded_url)))
        report.key = next((key for key in candidates if key not in keyed), founder.key)
        keyed[report.key] = report
    return reports


def _fitting(claim: Claim, by_who: dict[str, list[United]], by_url: dict[str, list[United]]) -> Iterator[United]:
    """The reports here that a claim is, the address first: see `Placing.place`."""
    for url in sorted(claim.urls):
        for report in by_url[url]:
            who = report.founder.who
            if who == claim.who or who is None or claim.who is None or _shares(claim, report):
                yield report
    for report in by_who.get(claim.who or "", ()):
        if all(member.holder != claim.holder for member in report.members) and (
            claim.wordings == {None} or report.wordings == {None} or _shares(claim, report)
        ):
            yield report


def _shares(claim: Claim, report: United) -> bool:
    return bool((claim.wordings & report.wordings) - {None})


def _first(candidates: Iterator[str]) -> Iterator[str]:
    yield from (next(candidates) for _ in range(100))
