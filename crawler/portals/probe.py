"""From the archive of a short walk to a proposed profile: what the portal says it is, the trail as its labels stand,
its make by its marks, its paging; and what of all this is not sure."""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from crawler.archive.archive import Archive
from crawler.archive.queries.portals import Walked
from crawler.conventions.registry import makes_of
from crawler.navigation.serialization import unpacked
from crawler.portals.homepage import add_place
from crawler.portals.profile import Profile
from crawler.portals.proposal import Proposal
from crawler.words.counts import counted
from crawler.words.text import squeeze

PLACEHOLDER = "110000"
"""Region by which a portal that is not known yet is walked; it is never proposed."""
_YEAR = re.compile(r"(?:19|20)\d{2}\s*年?(?:度)?")
_TWO_LABELS = re.compile(r"([a-z0-9-]+\.(?:gov|com|org|edu|net)\.cn|[a-z0-9-]+\.[a-z]+)$")
_LEADS = re.compile(r"leads to (\S+)")
MOST_READ = 400
"""Pages in which the marks of a make are looked for."""


def provisional(home: str, delay: float, private: bool, browser: bool) -> Profile:
    """The profile by which an unknown portal is looked at: all hosts of its own domain."""
    return Profile(id_of(home), id_of(home), home, PLACEHOLDER, None, own_hosts(home), delay, private, browser)


def id_of(home: str) -> str:
    """An id out of a home page's host: www.shenyang.gov.cn is shenyang."""
    host = urlsplit(home).hostname or "portal"
    name = re.sub(r"^www\d*\.|\.(?:gov|com|org|edu|net)?\.?cn$", "", host)
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "portal"


def own_hosts(home: str) -> tuple[str, ...]:
    """The pattern of the domain that a home page's host belongs to; none for a number."""
    host = urlsplit(home).hostname or ""
    domain = None if re.fullmatch(r"[\d.]+|.*:.*|localhost", host) else _TWO_LABELS.search(host)
    return (f"*.{domain[1]}",) if domain else ()


def propose(archive: Path, profile: Profile) -> Proposal:
    """What the walk by `profile` over a portal says of it; the archive may hold other portals' walks as well.

    Raises ArchiveError where the archive cannot be read.
    """
    proposal = Proposal(profile.id, profile.name, profile.home)
    with Archive.read(archive) as reading:
        walked = reading.portals.walked(profile.id)
        sha256 = walked.home()
        home = reading.captures.body(sha256) if sha256 else None
        if home is None:
            proposal.no_home = f"the home page could not be had: {_why(walked)}"
            proposal.uncertain.append(proposal.no_home)
            return proposal
        add_place(proposal, home)
        _add_reports(proposal, walked)
        _add_hosts(proposal, walked, profile)
        _add_lists(proposal, walked)
        _add_make(proposal, reading, walked)
        if not proposal.reports and not profile.browser:
            _add_scripts(proposal, reading, walked)
    return proposal


def _why(walked: Walked) -> str:
    problem = walked.first_problem()
    return f"{problem[0]}, {problem[1]}" if problem else "no answer"


def _add_reports(proposal: Proposal, walked: Walked) -> None:
    """How many there are, on which years, and the trail that most of them stand at the end of."""
    rows = walked.reports()
    proposal.reports = len(rows)
    proposal.years = sorted({year for _, year, _ in rows if year})
    trails = Counter(_steps(json.loads(trail)) for _, _, trail in rows)
    if not trails:
        proposal.uncertain.append("no report was seen: the column may be named otherwise")
        return
    columns = Counter({steps[: _column(steps)]: 0 for steps in trails})
    for each, count in trails.items():
        columns[each[: _column(each)]] += count
    column = columns.most_common(1)[0][0]
    dated = any("{year}" in each for each in trails if each[: len(column)] == column)
    proposal.trail = [*column, "{year}"] if dated and "{year}" not in column else list(column)
    if len(columns) > 1:
        said = "; ".join(" → ".join(each) or "the home page" for each, _ in columns.most_common(4)[1:])
        proposal.uncertain.append(f"{len(rows) - columns[column]} of {counted(len(rows), 'report')} elsewhere: {said}")


def _steps(trail: list[dict[str, str]]) -> tuple[str, ...]:
    """The labels between home page and report, a year as {year}."""
    return tuple("{year}" if _YEAR.fullmatch(squeeze(step["label"])) else step["label"] for step in trail[1:-1])


def _column(steps: tuple[str, ...]) -> int:
    """How many steps lead to the column: those up to the year, or up to the last one that names the reports."""
    if "{year}" in steps:
        return steps.index("{year}")
    named = [at for at, label in enumerate(steps) if re.search("年报|年度报告|信息公开", label)]
    return named[-1] + 1 if named else len(steps)


def _add_hosts(proposal: Proposal, walked: Walked, profile: Profile) -> None:
    """Hosts beside the home page's: those that reports stood on, and those that several links of the trail led to."""
    home = urlsplit(proposal.home).netloc
    hosts = {urlsplit(url).netloc for url, _, _ in walked.reports()} - {home}
    if hosts:
        proposal.hosts += [pattern for pattern in profile.hosts if len(hosts) > 1] or sorted(hosts)
    led: dict[str, set[str]] = defaultdict(set)
    for detail in walked.details("host_not_allowed"):
        for url in _LEADS.findall(detail):
            led[urlsplit(url).netloc].add(url)
    for host, urls in sorted(led.items()):
        if len(urls) > 1 and _kin(host, home):
            proposal.hosts.append(host)
            proposal.uncertain.append(
                f"{len(urls)} links of the trail lead to {host}, which was not asked: is it theirs?"
            )
        else:
            proposal.uncertain.append(f"a link of the trail leads to {host}, which is left out: {min(urls)}")


def _kin(host: str, home: str) -> bool:
    """Whether a host may belong to a government's portal: it is of a government, or both are on this machine."""
    local = [name.startswith(("127.", "localhost", "[::1]")) for name in (host, home)]
    return all(local) or (host.split(":")[0].endswith(".gov.cn") and not any(local))


def _add_lists(proposal: Proposal, walked: Walked) -> None:
    """How lists are turned, how many entries they show."""
    rules: Counter[str] = Counter()
    entries: set[str] = set()
    for packed in walked.ways():
        try:
            ways = unpacked(packed)
        except (ValueError, KeyError, TypeError, zlib.error):
            continue
        entries.update(way.url for way in ways.next if way.why == "item")
        if ways.paging_rule:
            rules[ways.paging_rule] += 1
    proposal.listed = len(entries)
    proposal.paging = [rule for rule, _ in rules.most_common()]
    for detail in walked.details("paging_not_understood")[:3]:
        proposal.uncertain.append(f"paging: {detail}")
    if proposal.listed > proposal.reports:
        proposal.uncertain.append(
            f"{counted(proposal.listed - proposal.reports, 'entry', 'entries')} of lists not reached, or no reports"
        )


def _add_make(proposal: Proposal, reading: Archive, walked: Walked) -> None:
    votes: Counter[str] = Counter()
    marks: dict[str, str] = {}
    for url, sha256 in walked.pages(MOST_READ):
        for make, mark in makes_of(url, reading.captures.body(sha256) or b""):
            votes[make] += 1
            marks.setdefault(make, mark)
    if not votes:
        proposal.uncertain.append("the make of the system is not known: none of its marks was met")
        return
    (proposal.make, most), *others = votes.most_common()
    proposal.make_by = marks[proposal.make]
    for make, count in others:
        if count * 2 > most:
            proposal.uncertain.append(f"marks of {make} were met as well: {marks[make]}")


def _add_scripts(proposal: Proposal, reading: Archive, walked: Walked) -> None:
    """Whether the way ended on a page with scripts of its own: what they build, only a browser shows."""
    for url in walked.places("trail_broken"):
        if re.search(rb"<script\b", reading.captures.body(url) or b"", re.I):
            proposal.uncertain.append(
                f"what scripts build on {url} was not seen; a browser may show it: probe with --browser"
            )
            return
