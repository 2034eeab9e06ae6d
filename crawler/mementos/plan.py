"""Which addresses are asked about, and at which times the portal of then is walked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from crawler.archive.queries.reader import Reader
from crawler.mementos.archives import WebArchive
from crawler.portals.profile import Expect, Profile
from crawler.records.mementos import Inquiry, Match, Memento
from crawler.words.addresses import column_prefix, host_of
from crawler.words.mementos import key

DUE = timedelta(days=90)
"""After which an index is asked again: it grows by what is captured today, of little use here."""
MOST_GONE = 300
"""Addresses that lead to nothing any more and are asked about singly; what is below a column is asked with it."""
MOST_STARTS = 3
"""Pages from which the portal of one year is walked."""
_MIDDLE = "-07-01T00:00:00Z"
"""Of a year: reports are due by 31 March, and lists have them by then."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be filled: the `archive`, of these portals the reports of these `years`, from these web archives.
    `gaps`: only what coverage says is missing, as long as it says so."""

    archive: Path
    profiles: Sequence[Profile]
    years: Mapping[str, range]
    sources: Sequence[WebArchive]
    contact: str
    jobs: int = 0
    with_sample: bool = False
    gaps: bool = False


@dataclass(frozen=True, slots=True)
class Epoch:
    """A walk over the portal of then: from `start`, as it was captured at `at` (UTC)."""

    start: str
    at: str


def inquiries(
    reader: Reader, profile: Profile, source: str, years: range, now: datetime, *, singly: bool = False
) -> Iterator[Inquiry]:
    """What is to be asked of a web archive and is due, one after the other; `years`: report years wanted.

    The home page, the hosts that the portal had, its own; then, as far as an index did not come to the end of a host,
    the prefixes of the columns and lists that the archive knows from any time, and reports that are gone. `singly`: the
    web archive knows single addresses alone.
    """
    since, until = str(years.start + 1), str(max(now.year, years.start + 1))
    hosts: Match = "exact" if singly else "host"
    subjects: list[tuple[str, Match]] = [(profile.home, "exact")]
    subjects += [(root, hosts) for root in (*former_roots(profile), host_of(profile.home) + "/")]
    columns = [url for url in reader.mementos.columns(profile.id) if of_then(profile, profile.home).allows(url)]
    prefixes = sorted({url if singly else column_prefix(url) or url for url in columns})
    prefixes = [
        subject for subject in prefixes if not any(subject != other and subject.startswith(other) for other in prefixes)
    ]
    subjects += [(url, "prefix" if url.endswith("/") and not singly else "exact") for url in prefixes]
    covered = tuple(key(prefix) + "/" for prefix in prefixes if prefix.endswith("/"))
    gone = [url for url in reader.mementos.gone(profile.id) if singly or not key(url).startswith(covered)]
    subjects += [(url, "exact") for url in gone[:MOST_GONE]]
    asked: set[tuple[str, str]] = set()
    for url, match in subjects:
        inquiry = Inquiry(source, profile.id, url, match, since, until)
        if (key(url), match) in asked or (match != "host" and url != profile.home and is_covered(reader, inquiry)):
            continue
        asked.add((key(url), match))
        if (wanted := due(reader, inquiry, now)) is not None:
            yield wanted


def is_covered(reader: Reader, inquiry: Inquiry) -> bool:
    """Whether an index was asked about all of the host of an address, and came to its end."""
    root = host_of(inquiry.url) + "/"
    return reader.mementos.wider(replace(inquiry, url=root, match="host")) is not None


def due(reader: Reader, inquiry: Inquiry, now: datetime) -> Inquiry | None:
    """An inquiry as it is to be made: new, from where it was left, or again after DUE; None: it was made lately."""
    before = reader.mementos.inquiry(inquiry)
    if before is None or not before.finished:
        wider = reader.mementos.wider(inquiry)
        if wider is not None and now - datetime.fromisoformat(wider.asked_at) < DUE:
            return None
    if before is None:
        return inquiry
    if not before.finished:
        return before
    return inquiry if now - datetime.fromisoformat(before.asked_at) >= DUE else None


def former_roots(profile: Profile) -> list[str]:
    """The front doors of the hosts that a portal had before."""
    return [f"http://{host}/" for host in profile.former_hosts]


def of_then(profile: Profile, start: str) -> Profile:
    """The profile by which the portal of then is walked: by no labels of today's but from today's home, on its former
    hosts as well, by no browser."""
    trail = profile.trail if key(start) == key(profile.home) else None
    return replace(
        profile,
        home=start,
        hosts=tuple(dict.fromkeys((*profile.hosts, urlsplit(profile.home).netloc, *profile.former_hosts))),
        trail=trail,
        browser=False,
        requisites=False,
        at_most=None,
        expect=Expect(),
    )


def epochs(reader: Reader, profile: Profile, sources: Sequence[str], years: range, now: datetime) -> list[Epoch]:
    """The walks that are due, by time: for each year in which a home page was captured, one from it; where none was,
    from the columns that were.

    A walk is due again when its page has captures of another time.
    """
    roots = [profile.home, *former_roots(profile)]
    columns = [url for url in reader.mementos.columns(profile.id) if key(url) not in set(map(key, roots))]
    walks: list[Epoch] = []
    for year in range(years.start + 1, now.year + 1):
        fitting = _of_year(reader, roots, sources, year) or _of_year(reader, columns, sources, year)[:MOST_STARTS]
        walks += [Epoch(memento.url, memento.at) for memento in fitting]
    name = "+".join(sources)
    walked = [(Inquiry(name, profile.id, epoch.start, "walk", epoch.at, epoch.at), epoch) for epoch in walks]
    return sorted(
        (epoch for walk, epoch in walked if due(reader, walk, now) is not None),
        key=lambda epoch: (epoch.at, epoch.start),
    )


def _of_year(reader: Reader, urls: Sequence[str], sources: Sequence[str], year: int) -> list[Memento]:
    """Of each address the capture nearest to the middle of a year, if it is of that year."""
    nearest = []
    for url in urls:
        fitting = (
            subject for subject in reader.mementos.near(key(url), f"{year}{_MIDDLE}") if usable(subject, sources)
        )
        memento = next(fitting, None)
        if memento is not None and memento.at[:4] == str(year):
            nearest.append(memento)
    return nearest


def usable(memento: Memento, sources: Sequence[str]) -> bool:
    """Whether a capture may be a page, or a redirect, and is of an archive that is asked."""
    return memento.source in sources and (memento.status is None or memento.status < 400)


def today() -> datetime:
    """UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def text_of(at: datetime) -> str:
    """A time (UTC) as the archive writes times."""
    return at.isoformat().replace("+00:00", "Z")
