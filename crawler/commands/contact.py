"""A first contact, written down by `nianbao portals check --bundle` and walked again by `nianbao portals replay`."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.common import json_option, print_json, profile_option, say
from crawler.portals.notation import load
from crawler.portals.profile import Profile
from crawler.records.errors import EXIT_ATTENTION, NianbaoError, ProfileError
from crawler.records.problems import attention_kinds

if TYPE_CHECKING:
    from crawler.navigation.trace import Trace

_SETTINGS = (
    "DOWNLOAD_TIMEOUT", "DOWNLOAD_MAXSIZE", "NIANBAO_RETRY_WAITS", "NIANBAO_MAX_WAIT", "NIANBAO_BROWSER_SECONDS"
)  # fmt: skip
"""Settings that bear on what comes of a contact; all are numbers."""
_MOST_LISTED = 20


def check_free(path: Path) -> None:
    """Raise NianbaoError where a bundle cannot be written to `path`: told before anybody is asked."""
    if os.path.lexists(path):
        raise NianbaoError(f"{path} exists already; expected a name that is free for the bundle")
    if not path.parent.is_dir():
        raise NianbaoError(f"{path.parent} is no directory; expected one to write {path.name} into")


def write_bundle(path: Path, archive: Path, profiles: Sequence[Profile], traces: Mapping[str, Trace]) -> None:
    """Write down a walk, and say what of it is there. Raises NianbaoError."""
    from crawler.fetching import settings
    from crawler.portals.bundle import collect, save

    stated = {name: str(getattr(settings, name)) for name in _SETTINGS}
    bundle = collect(archive, profiles, traces, stated)
    save(bundle, path)
    say(f"{path}: {path.stat().st_size:,} bytes; it holds what the portals answered, and nothing of this machine")
    omitted = bundle.about["left_out"]
    if omitted["captures"]:
        say(
            f"{omitted['captures']} answers of {omitted['bytes']:,} bytes were left out,"
            " to keep it small enough to send"
        )
    for name in ("ways", "problems"):
        if omitted[name]:
            say(f"{omitted[name]} {name} were left out, to keep it small enough to send")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@profile_option
@click.option(
    "--test",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write it into a new folder, with what is found now as what is to be found.",
)
@json_option
def replay(file: Path, profiles: tuple[Path, ...], test: Path | None, as_json: bool) -> None:
    """Walk a bundle of `portals check --bundle` again, a ZIP or a folder, without the network: what is found now?

    A --profile takes the place of the bundle's own of the same id. Exit code 1: a report that the bundle found is lost,
    a portal has none, or something wants a person.
    """
    from dataclasses import replace

    from crawler.archive.archive import Archive
    from crawler.portals.bundle import differences, unpack
    from crawler.portals.intake import MOST_UNPACKED, read
    from crawler.runs import run

    bundle = read(file)
    if test is not None:
        check_free(test)
    texts = dict(bundle.profiles)
    for path in profiles:
        profile = load(path)
        if profile.id not in texts:
            raise ProfileError(f"{path}: the bundle has no portal {profile.id!r}; it has {', '.join(texts)}")
        texts[profile.id] = path.read_text("utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [folder / f"{portal}.toml" for portal in texts]
        for path, text in zip(paths, texts.values(), strict=True):
            path.write_text(text, "utf-8")
        archive, source = folder / "replay.db", folder / "captures.warc.gz"
        source.write_bytes(bundle.captures)
        result = run.crawl(archive, [], paths, run.Options(offline=source, most_unpacked=MOST_UNPACKED))
        with Archive.read(archive) as reading:
            walked = [reading.portals.walked(portal) for portal in texts]
            reports = [row for walk in walked for row in walk.findings()]
            problems = [row for walk in walked for row in walk.problems()]
    changes = differences(bundle.reports, reports)
    outcomes = {portal: _portal(portal, reports, changes, bundle.problems, problems) for portal in texts}
    wants = attention_kinds(result["problem_kinds"])
    if test is not None:
        unpack(replace(bundle, profiles=texts, reports=reports, problems=problems), test)
        say(f"{test}: what is found now is what is to be found there; `nianbao portals replay {test}` tries it")
    _say(outcomes, changes, problems, wants, bundle.about, result)
    if as_json:
        print_json(
            {"portals": outcomes, **changes, "problems": problems, "wants_a_person": wants, "bundle": bundle.about}
        )
    bare = any(not outcome["reports"] for outcome in outcomes.values())
    sys.exit(EXIT_ATTENTION if changes["lost"] or bare or wants else 0)


def _portal(
    portal: str,
    reports: Sequence[Mapping[str, Any]],
    changes: Mapping[str, Sequence[Mapping[str, Any]]],
    then: Sequence[Mapping[str, Any]],
    now: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The counts of one portal: reports, differences, problems by kind then and now."""

    def own(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return [row for row in rows if row["portal"] == portal]

    kinds = [dict(sorted(Counter(row["kind"] for row in own(rows)).items())) for rows in (then, now)]
    counts = {name: len(own(rows)) for name, rows in changes.items()}
    return {"reports": len(own(reports)), **counts, "problems_then": kinds[0], "problems_now": kinds[1]}


def _say(
    outcomes: Mapping[str, Mapping[str, Any]],
    changes: Mapping[str, Sequence[Mapping[str, Any]]],
    problems: Sequence[Mapping[str, Any]],
    wants: Sequence[str],
    about: Mapping[str, Any],
    result: Mapping[str, Any],
) -> None:
    for portal, outcome in outcomes.items():
        parts = [f"{outcome[name]} {name}" for name in ("gained", "lost", "changed") if outcome[name]]
        click.echo("\t".join([portal, f"{outcome['reports']} reports", ", ".join(parts) or "as the bundle found"]))
        then, now = outcome["problems_then"], outcome["problems_now"]
        if then != now:
            kinds = sorted({*then, *now})
            differing = [kind for kind in kinds if then.get(kind) != now.get(kind)]
            counts = ", ".join(f"{kind} {then.get(kind, 0)} → {now.get(kind, 0)}" for kind in differing)
            say(f"{portal}: problems then and now: {counts}")
    for name, rows in changes.items():
        for row in rows[:_MOST_LISTED]:
            say(f"{name}: {row['url']}" + (f" {row['title']}" if row.get("title") and name != "changed" else ""))
        if len(rows) > _MOST_LISTED:
            say(f"{name}: {len(rows) - _MOST_LISTED} more")
    for problem in [row for row in problems if row["kind"] in wants][:_MOST_LISTED]:
        say(f"wants a person: {problem['kind']} at {problem['url']}: {problem['detail']}")
    omitted = (about.get("left_out") or {}).get("captures")
    if omitted:
        say(f"the bundle was made without {omitted} answers, to keep it small")
    if result["source_broken"]:
        say(f"{result['source_broken']} records of the bundle could not be used")
