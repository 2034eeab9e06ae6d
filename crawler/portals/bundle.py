"""A first contact with portals, to send and to walk again: what was asked and answered, what was made of it, and how.

A bundle is a ZIP, or a folder with the same members:

bundle.json       its form, versions, settings, and what was left out
profiles/ID.toml  the profiles by which the portals were walked
captures.warc.gz  what was answered
reports.json      the reports that were found
problems.json     the problems that were met
ways.json         each page's ways, taken or not, with the reason

Nothing in it speaks of the machine that made it: no folder, user, host or variable of it, and no contact address.
"""

from __future__ import annotations

import json
import platform
import re
import socket
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

from crawler import __version__
from crawler.archive.archive import Archive
from crawler.archive.exchange import warc
from crawler.archive.exchange.folder import placed, placed_file
from crawler.navigation.trace import Trace
from crawler.portals.notation import toml_of
from crawler.portals.profile import Expect, Profile

FORM = 1
MOST_BODIES = 48 << 20
"""Bytes of all bodies in a bundle: a check of two minutes brings 120 pages of a portal, of 85 KB each."""
MOST_BODY = 8 << 20
"""Bytes of one body in it; what is longer is a scan."""
MOST_PROBLEMS = 5_000
"""Problems of one portal in it."""
_MOST_NAMED = 50
_LEADING = ("home", "column", "list", "redirect", "other", "missing", "challenge", "report", "article", "attachment")
"""Kinds of captures, those first without which nothing is walked again."""
_LIBRARIES = ("scrapy", "twisted", "lxml")
_MADE_AT = (1980, 1, 1, 0, 0, 0)
_IDENTITY = ("title", "organ", "organ_kind", "region_code", "report_year", "published_on", "text_sha256")


@dataclass(slots=True)
class Bundle:
    """What a bundle holds. `about`: bundle.json. `profiles`: TOML by id. `captures`: a packed WARC. `reports`,
    `problems`: rows with their `portal`. `ways`: by portal, a Trace as JSON."""

    about: dict[str, Any]
    profiles: dict[str, str]
    captures: bytes
    reports: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    ways: dict[str, Any] = field(default_factory=dict)


def collect(
    archive: Path, profiles: Sequence[Profile], traces: Mapping[str, Trace], settings: Mapping[str, str]
) -> Bundle:
    """What a walk over portals was, out of the archive that it made and the ways that it noted.

    Raises ArchiveError where that cannot be read.
    """
    scrub = _scrubber(archive.parent)
    texts = {
        one.id: toml_of(replace(one, sample=False, at_most=None, verified=None, expect=Expect())) for one in profiles
    }
    bundle = Bundle({}, texts, b"")
    cut: dict[str, int] = {}
    with Archive.read(archive) as reading:
        walked = [reading.portals.walked(profile.id) for profile in profiles]
        kept, left = _within([size for one in walked for size in one.sizes()])
        file = BytesIO()
        # A request names whom to ask about the crawl.
        reading.export(partial(warc.write, with_requests=False), file, kept)
        bundle.captures = file.getvalue()
        for one in walked:
            bundle.reports += one.findings()
            problems = one.problems()
            cut["problems"] = cut.get("problems", 0) + max(0, len(problems) - MOST_PROBLEMS)
            bundle.problems += [row | {"detail": scrub(row["detail"])} for row in problems[:MOST_PROBLEMS]]
    bundle.ways = {portal: asdict(trace)["pages"] for portal, trace in traces.items()}
    cut["ways"] = sum(trace.cut for trace in traces.values())
    bundle.about = {
        "form": FORM,
        "program": __version__,
        "versions": {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES},
        "settings": dict(settings),
        "left_out": {
            "captures": len(left),
            "bytes": sum(length for _, length in left),
            "addresses": [url for url, _ in left[:_MOST_NAMED]],
            **cut,
        },
    }
    return bundle


def _within(sizes: Sequence[tuple[int, str, str, int]]) -> tuple[set[int], list[tuple[str, int]]]:
    """Which captures go into a bundle, by id, and which do not: address and bytes. Those first that lead on."""
    order = {kind: place for place, kind in enumerate(_LEADING)}
    kept, left, total = set(), [], 0
    for capture_id, url, _, length in sorted(sizes, key=lambda size: (order.get(size[2], len(order)), size[0])):
        if length <= MOST_BODY and total + length <= MOST_BODIES:
            kept.add(capture_id)
            total += length
        else:
            left.append((url, length))
    return kept, left


def _scrubber(folder: Path) -> Callable[[str], str]:
    """Takes this machine's folders and name out of words that the program itself wrote."""
    places = {folder, Path.home(), Path.cwd(), Path(tempfile.gettempdir()), Path(sys.prefix), Path(sys.base_prefix)}
    places |= {place.resolve() for place in places} | {Path(__file__).resolve().parents[2]}
    paths = sorted({str(place) for place in places if len(place.parts) > 1}, key=len, reverse=True)
    host = socket.gethostname()
    patterns = [*map(re.escape, paths)] + ([rf"\b{re.escape(host)}\b"] if len(host) > 3 else [])
    private = re.compile("|".join(patterns))
    return lambda words: private.sub("…", words)


def save(bundle: Bundle, path: Path) -> None:
    """Write a bundle as a ZIP. Raises NianbaoError where the name is taken, or cannot be written."""
    with placed_file(path) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in _members(bundle).items():
            file.writestr(zipfile.ZipInfo(name, _MADE_AT), data, zipfile.ZIP_DEFLATED)


def unpack(bundle: Bundle, folder: Path) -> None:
    """Write a bundle as a new folder. Raises NianbaoError where the name is taken, or cannot be written."""
    with placed(folder) as partial:
        (partial / "profiles").mkdir()
        for name, data in _members(bundle).items():
            (partial / name).write_bytes(data)


def _members(bundle: Bundle) -> dict[str, bytes]:
    def lines(value: Any) -> bytes:
        return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")

    return {
        "bundle.json": lines(bundle.about),
        **{f"profiles/{name}.toml": text.encode() for name, text in bundle.profiles.items()},
        "captures.warc.gz": bundle.captures,
        "reports.json": lines(bundle.reports),
        "problems.json": lines(bundle.problems),
        "ways.json": json.dumps(bundle.ways, ensure_ascii=False).encode("utf-8", "replace"),
    }


def differences(then: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Reports `gained`, `lost` and `changed` (with what they were) between two findings, each by portal and address."""
    before, after = ({(row["portal"], row["url"]): dict(row) for row in rows} for rows in (then, now))
    return {
        "gained": [row for key, row in after.items() if key not in before],
        "lost": [row for key, row in before.items() if key not in after],
        "changed": [
            {"portal": key[0], "url": key[1], **{name: [before[key].get(name), row.get(name)] for name in differing}}
            for key, row in after.items()
            if key in before and (differing := [name for name in _IDENTITY if before[key].get(name) != row.get(name)])
        ],
    }
