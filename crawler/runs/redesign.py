"""A portal that used to hold and broke: at which step, and what a profile would have to say now.

After the run that met the break the portal is looked at once more, for a minute, into an archive that is thrown away:
from its home page and from where the trail broke, by no labels of the profile, on all hosts of its domain, and behind
any menu entry, not only behind those whose words promise something. What is found becomes a profile beside the archive;
nothing is applied.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler.archive.archive import Archive
from crawler.archive.queries.portals import Walked
from crawler.navigation.remarks import standing
from crawler.navigation.serialization import unpacked
from crawler.portals.notation import toml_of
from crawler.portals.probe import own_hosts, propose
from crawler.portals.profile import Expect, Profile
from crawler.portals.proposal import Proposal
from crawler.records.errors import NianbaoError
from crawler.words.text import squeeze

SECONDS = 60
"""How long is looked on, at all broken portals together; as long as a probe takes."""
SUFFIX = ".proposed"
"""What the name of the archive ends in, for the folder of proposed profiles."""
_OUTPOST = "-from-the-break"
"""What ends the id by which the walk that begins where the trail broke is known."""


@dataclass(frozen=True, slots=True)
class Break:
    """A portal whose trail broke: at which page, which labels had led there, and what was missing, in words."""

    profile: Profile
    url: str
    labels: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What looking on gave. `path`: the proposed profile; None: no report was seen. `reports`: how many were."""

    portal: str
    url: str
    detail: str
    path: Path | None
    reports: int
    trail: tuple[str, ...]


def breaks(archive: Path, run_id: int, profiles: Iterable[Profile]) -> list[Break]:
    """The portals that had reports in earlier runs, and whose trail the finished run found broken or elsewhere.

    Raises ArchiveError where the archive cannot be read.
    """
    places = []
    with Archive.read(archive) as reading:
        if reading.runs.get(run_id)["status"] != "finished":
            return []
        broken = {row["portal"]: row for row in reading.runs.problems(run_id) if row["kind"] == "trail_broken"}
        for profile in profiles:
            walked = reading.portals.walked(profile.id)
            trails = walked.trails(run_id)
            if not trails:
                continue
            row = broken.get(profile.id)
            if row is not None:
                places.append(_broken(reading, walked, run_id, (profile, trails), row))
            elif (step := _moved(walked, run_id, profile)) is not None:
                said = f"the step {step!r} of the profile's trail stood on no page any more; the usual names led on"
                places.append(Break(profile, profile.home, (), said))
    return places


def _broken(
    reading: Archive, walked: Walked, run_id: int, before: tuple[Profile, list[tuple[str, ...]]], row: dict[str, Any]
) -> Break:
    """At which step of the way that most reports stood at the end of, and what stands there now."""
    profile, trails = before
    ((steps, _),) = Counter(trails).most_common(1)
    _, now = walked.labels(run_id)
    met = next((at for at, label in enumerate(steps) if label not in now), len(steps))
    page = walked.page_at(steps[:met], run_id)
    if page is None or met == len(steps):
        return Break(profile, row["url"], (), row["detail"])
    capture_id, url = page
    said = f"after {(steps[met - 1] if met else '首页')!r} no {steps[met]!r} stands any more"
    with suppress(ValueError, KeyError, TypeError, zlib.error):
        packed = reading.addresses.ways(capture_id)
        said += f"; {standing(unpacked(packed).labels)}" if packed else ""
    return Break(profile, url, steps[:met], said)


def _moved(walked: Walked, run_id: int, profile: Profile) -> str | None:
    """A label of the profile's trail, before the years, that earlier runs followed and this one did not."""
    then, now = walked.labels(run_id)
    for step in profile.trail or ():
        if step.startswith("{"):
            break
        label = squeeze(step)
        if label in then and label not in now:
            return step
    return None


def outposts(breaks: Sequence[Break]) -> list[Profile]:
    """The profiles by which is looked on: from each home page, and from where the trail broke, if that is elsewhere."""
    profiles = []
    for fault in breaks:
        hosts = tuple(dict.fromkeys((*fault.profile.hosts, *own_hosts(fault.profile.home))))
        home = replace(fault.profile, trail=None, hosts=hosts, at_most=None, sample=False, expect=Expect())
        profiles.append(home)
        if fault.labels and home.allows(fault.url):
            profiles.append(replace(home, id=home.id + _OUTPOST, home=fault.url))
    return profiles


def conclude(breaks: Sequence[Break], looked: Path, archive: Path) -> list[Outlook]:
    """Write the profiles that follow from looking on, each as ARCHIVE.proposed/ID.toml, in the place of an older one.

    `looked`: the archive of the looking on. Raises NianbaoError where it cannot be read, or the folder not be written.
    """
    outlooks = []
    for fault in breaks:
        proposal = propose(looked, fault.profile)
        labels: tuple[str, ...] = ()
        if fault.labels:
            outpost = propose(looked, replace(fault.profile, id=fault.profile.id + _OUTPOST, home=fault.url))
            if outpost.reports > proposal.reports:
                proposal, labels = outpost, fault.labels
        trail = (*labels, *proposal.trail)
        path = _written(fault, proposal, trail, archive) if proposal.reports else None
        outlooks.append(Outlook(fault.profile.id, fault.url, fault.detail, path, proposal.reports, trail))
    return outlooks


def _written(fault: Break, proposal: Proposal, trail: tuple[str, ...], archive: Path) -> Path:
    hosts = tuple(dict.fromkeys((*fault.profile.hosts, *proposal.hosts)))
    proposed = replace(fault.profile, trail=trail or None, hosts=hosts, verified=False)
    remarks = [f"Proposed after the trail broke at {fault.url}: {fault.detail}"]
    remarks.append(f"{proposal.reports} reports were seen by this one, which nobody has looked at")
    remarks += [f"Not sure: {words}" for words in proposal.uncertain]
    folder = archive.with_name(archive.name + SUFFIX)
    path = folder / f"{fault.profile.id}.toml"
    try:
        folder.mkdir(exist_ok=True)
        path.write_text(toml_of(proposed, remarks), "utf-8")
    except OSError as error:
        raise NianbaoError(f"{path} cannot be written: {error.strerror or error}") from error
    return path
