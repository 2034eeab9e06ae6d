"""From the archive of a short walk to a proposed profile: what the portal says it is, the trail as its labels stand,
its make by its marks, its paging; and what of all this is not sure."""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from lxml import html

from crawler.archive.archive import Archive
from crawler.archive.queries.portals import Walked
from crawler.conventions.registry import makes_of
from crawler.navigation.serialization import unpacked
from crawler.portals.notation import toml_of
from crawler.portals.profile import Profile
from crawler.reference import divisions, placenames
from crawler.words.counts import counted
from crawler.words.text import squeeze

PLACEHOLDER = "110000"
"""Region by which a portal that is not known yet is walked; it is never proposed."""
_YEAR = re.compile(r"(?:19|20)\d{2}\s*年?(?:度)?")
_TWO_LABELS = re.compile(r"([a-z0-9-]+\.(?:gov|com|org|edu|net)\.cn|[a-z0-9-]+\.[a-z]+)$")
_LEADS = re.compile(r"leads to (\S+)")
_FOOTER = 1500
"""Characters at the end of a home page in which it says whose it is."""
MOST_READ = 400
"""Pages in which the marks of a make are looked for."""


@dataclass(slots=True)
class Proposal:
    """A profile with what led to it.

    `no_home`: why the home page could not be had, "" where it was. `listed`: entries of reports that lists showed,
    archived or not yet.
    """

    id: str
    name: str
    home: str
    region: str | None = None
    region_by: str = ""
    trail: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    no_home: str = ""
    make: str | None = None
    make_by: str = ""
    paging: list[str] = field(default_factory=list)
    reports: int = 0
    listed: int = 0
    years: list[int] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)


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
    found = None if re.fullmatch(r"[\d.]+|.*:.*|localhost", host) else _TWO_LABELS.search(host)
    return (f"*.{found[1]}",) if found else ()


def propose(archive: Path, profile: Profile) -> Proposal:
    """What the walk by `profile` over a portal says of it; the archive may hold other portals' walks as well.

    Raises ArchiveError where the archive cannot be read.
    """
    told = Proposal(profile.id, profile.name, profile.home)
    with Archive.read(archive) as reading:
        walked = reading.portals.walked(profile.id)
        sha256 = walked.home()
        home = reading.captures.body(sha256) if sha256 else None
        if home is None:
            told.no_home = f"the home page could not be had: {_why(walked)}"
            told.uncertain.append(told.no_home)
            return told
        _place(told, home)
        _reports(told, walked)
        _hosts(told, walked, profile)
        _lists(told, walked)
        _make(told, reading, walked)
        if not told.reports and not profile.browser:
            _scripts(told, reading, walked)
    return told


def _why(walked: Walked) -> str:
    found = walked.first_problem()
    return f"{found[0]}, {found[1]}" if found else "no answer"


def _place(told: Proposal, home: bytes) -> None:
    """Name and region: the code that each government site must state (SiteIDCode), else its name, else its footer."""
    tree = html.fromstring(home if home.strip() else b"<html/>", parser=html.HTMLParser(encoding=_charset(home)))
    metas = {(one.get("name") or "").lower(): (one.get("content") or "").strip() for one in tree.iter("meta")}
    title = squeeze("".join(one.text or "" for one in tree.iter("title")))
    told.name = metas.get("sitename") or title or told.name
    footer = squeeze("".join(words for words in tree.itertext() if isinstance(words, str)))[-_FOOTER:]
    code = metas.get("siteidcode", "")[:6]
    if code.isdecimal() and divisions.known(code):
        told.region, told.region_by = code, f"SiteIDCode {metas['siteidcode']}"
    host = re.search("(?:主办|版权所有)(?:单位)?[：:]?(.{2,30})", footer)
    sponsor = host[1] if host else ""
    for source, words in (("name of the site", told.name), ("title", title), ("sponsor", sponsor), ("footer", footer)):
        found = placenames.locate(words)
        if found is None:
            continue
        if told.region is None:
            told.region, told.region_by = found.region.code, f"{source}: {found.region.name}"
            told.uncertain.append(f"region {found.region.code} is only by the {source}: «{words[:60]}»")
        elif not divisions.is_within(found.region.code, told.region) and found.region.code != told.region:
            told.uncertain.append(f"{source} names {found.region.name}, SiteIDCode says {told.region}")
        return
    if told.region is None:
        told.uncertain.append("nothing says which region the portal is of: no SiteIDCode, no name that is known")


def _charset(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _reports(told: Proposal, walked: Walked) -> None:
    """How many there are, on which years, and the trail that most of them stand at the end of."""
    rows = walked.reports()
    told.reports = len(rows)
    told.years = sorted({year for _, year, _ in rows if year})
    trails = Counter(_steps(json.loads(trail)) for _, _, trail in rows)
    if not trails:
        told.uncertain.append("no report was seen: the column may be named otherwise")
        return
    columns = Counter({steps[: _column(steps)]: 0 for steps in trails})
    for each, count in trails.items():
        columns[each[: _column(each)]] += count
    column = columns.most_common(1)[0][0]
    dated = any("{year}" in each for each in trails if each[: len(column)] == column)
    told.trail = [*column, "{year}"] if dated and "{year}" not in column else list(column)
    if len(columns) > 1:
        said = "; ".join(" → ".join(each) or "the home page" for each, _ in columns.most_common(4)[1:])
        told.uncertain.append(f"{len(rows) - columns[column]} of {counted(len(rows), 'report')} elsewhere: {said}")


def _steps(trail: list[dict[str, str]]) -> tuple[str, ...]:
    """The labels between home page and report, a year as {year}."""
    return tuple("{year}" if _YEAR.fullmatch(squeeze(step["label"])) else step["label"] for step in trail[1:-1])


def _column(steps: tuple[str, ...]) -> int:
    """How many steps lead to the column: those up to the year, or up to the last one that names the reports."""
    if "{year}" in steps:
        return steps.index("{year}")
    named = [at for at, label in enumerate(steps) if re.search("年报|年度报告|信息公开", label)]
    return named[-1] + 1 if named else len(steps)


def _hosts(told: Proposal, walked: Walked, profile: Profile) -> None:
    """Hosts beside the home page's: those that reports stood on, and those that several links of the trail led to."""
    own = urlsplit(told.home).netloc
    seen = {urlsplit(url).netloc for url, _, _ in walked.reports()} - {own}
    if seen:
        told.hosts += [pattern for pattern in profile.hosts if len(seen) > 1] or sorted(seen)
    led: dict[str, set[str]] = defaultdict(set)
    for detail in walked.details("host_not_allowed"):
        for url in _LEADS.findall(detail):
            led[urlsplit(url).netloc].add(url)
    for host, urls in sorted(led.items()):
        if len(urls) > 1 and _kin(host, own):
            told.hosts.append(host)
            told.uncertain.append(f"{len(urls)} links of the trail lead to {host}, which was not asked: is it theirs?")
        else:
            told.uncertain.append(f"a link of the trail leads to {host}, which is left out: {min(urls)}")


def _kin(host: str, own: str) -> bool:
    """Whether a host may belong to a government's portal: it is of a government, or both are on this machine."""
    local = [one.startswith(("127.", "localhost", "[::1]")) for one in (host, own)]
    return all(local) or (host.split(":")[0].endswith(".gov.cn") and not any(local))


def _lists(told: Proposal, walked: Walked) -> None:
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
    told.listed = len(entries)
    told.paging = [rule for rule, _ in rules.most_common()]
    for detail in walked.details("paging_not_understood")[:3]:
        told.uncertain.append(f"paging: {detail}")
    if told.listed > told.reports:
        told.uncertain.append(
            f"{counted(told.listed - told.reports, 'entry', 'entries')} of lists not reached, or no reports"
        )


def _make(told: Proposal, reading: Archive, walked: Walked) -> None:
    votes: Counter[str] = Counter()
    marks: dict[str, str] = {}
    for url, sha256 in walked.pages(MOST_READ):
        for make, mark in makes_of(url, reading.captures.body(sha256) or b""):
            votes[make] += 1
            marks.setdefault(make, mark)
    if not votes:
        told.uncertain.append("the make of the system is not known: none of its marks was met")
        return
    (told.make, most), *others = votes.most_common()
    told.make_by = marks[told.make]
    for make, count in others:
        if count * 2 > most:
            told.uncertain.append(f"marks of {make} were met as well: {marks[make]}")


def _scripts(told: Proposal, reading: Archive, walked: Walked) -> None:
    """Whether the way ended on a page with scripts of its own: what they build, only a browser shows."""
    for url in walked.places("trail_broken"):
        if re.search(rb"<script\b", reading.captures.body(url) or b"", re.I):
            told.uncertain.append(
                f"what scripts build on {url} was not seen; a browser may show it: probe with --browser"
            )
            return


def as_toml(told: Proposal, profile: Profile) -> str:
    """The proposal as a profile, what is not sure as comments."""
    remarks = [f"Proposed by `nianbao portals probe {told.home}`; {counted(told.reports, 'report')} seen."]
    if told.make:
        remarks.append(
            f"Make: {told.make} ({told.make_by})." + (f" Paging: {', '.join(told.paging)}." if told.paging else "")
        )
    remarks += [f"Not sure: {one}" for one in told.uncertain]
    proposed = Profile(
        id=told.id,
        name=told.name,
        home=told.home,
        region=told.region or "",
        trail=tuple(told.trail) or None,
        hosts=tuple(told.hosts),
        delay=profile.delay,
        allow_private_addresses=profile.allow_private_addresses,
        browser=profile.browser,
        verified=False,
    )
    return toml_of(proposed, remarks)
