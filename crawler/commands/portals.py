"""`nianbao portals`: the profiles at hand; `probe` proposes one, `check` tries them, `replay` walks a bundle."""

from __future__ import annotations

import re
import sys
import tempfile
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.common import WORDS, archive_option, json_option, print_json, profile_option, say
from crawler.commands.contact import check_free, replay, write_bundle
from crawler.portals.notation import toml_of
from crawler.portals.profile import DEFAULT_DELAY, Expect, Profile
from crawler.portals.selection import bundled, select
from crawler.records.errors import EXIT_ATTENTION, ProfileError
from crawler.words.counts import counted

if TYPE_CHECKING:
    from crawler.navigation.trace import Trace
    from crawler.portals.proposal import Proposal

SECONDS = 60
"""A minute is what a person waits, and what a portal that nobody asked bears."""


@click.group(invoke_without_command=True)
@archive_option
@json_option
@click.pass_context
def portals(context: click.Context, archive: Path, as_json: bool) -> None:
    """List the portals whose profiles ship with the program; look at others."""
    if context.invoked_subcommand is not None:
        return
    profiles = bundled().values()
    if as_json:
        print_json({"portals": [asdict(profile) for profile in profiles]})
        return
    for profile in profiles:
        state = "unverified" if profile.verified is False else ""
        click.echo(f"{profile.id}\t{profile.region}\t{profile.name}\t{profile.home}\t{state}".rstrip("\t"))


@portals.command()
@click.argument("url", type=WORDS)
@click.option("--seconds", type=click.IntRange(1, 3600), default=SECONDS, show_default=True, help="How long to look.")
@click.option(
    "--delay", type=click.FloatRange(0, 60), default=DEFAULT_DELAY, show_default=True, help="Seconds between requests."
)
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Write the profile to a new file.")
@click.option("--private", is_flag=True, help="The portal is on this machine or in its network.")
@click.option("--browser", is_flag=True, help="Have Chromium show each column (the extra `browser`).")
@json_option
def probe(url: str, seconds: int, delay: float, save: Path | None, private: bool, browser: bool, as_json: bool) -> None:
    """From a home page to a proposed profile, by a short polite walk; what is not sure is said.

    The profile is on standard output, what is not sure on standard error. Exit code 1: no report was seen, or the
    region is not known.
    """
    from crawler.portals.notation import parse
    from crawler.portals.probe import propose, provisional
    from crawler.portals.proposal import as_toml
    from crawler.runs import run

    if save is not None and save.exists():
        raise ProfileError(f"{save} exists already; name a new file")
    if save is not None and not save.parent.is_dir():
        raise ProfileError(f"{save.parent} is no directory; expected one to save {save.name} in")
    profile = provisional(url, delay, private, browser)
    stated = {key: value for key, value in asdict(profile).items() if value is not None and key != "expect"}
    keys = {key: list(value) if isinstance(value, tuple) else value for key, value in stated.items()}
    profile = parse(keys, "the address to probe")
    with tempfile.TemporaryDirectory() as folder:
        path, archive = Path(folder) / "probe.toml", Path(folder) / "probe.db"
        path.write_text(_written(profile), "utf-8")
        result = run.crawl(archive, [], [path], run.Options(at_most=f"{seconds}s"))
        proposal = propose(archive, profile)
    text = as_toml(proposal, profile)
    say(
        f"{counted(result['requests'], 'request')}; {counted(proposal.reports, 'report')} seen,"
        f" {counted(proposal.listed, 'entry', 'entries')} of lists"
    )
    for doubt in proposal.uncertain:
        say(f"not sure: {doubt}")
    if save is not None:
        try:
            save.write_text(text, "utf-8")
        except OSError as error:
            click.echo(text, nl=False)
            raise ProfileError(f"{save} cannot be written: {error.strerror or error}") from None
        todo = "try it" if proposal.region else "write its region into it, then try it"
        say(f"saved as {save}; {todo}: nianbao crawl --profile {save}")
    if as_json:
        print_json(asdict(proposal) | {"requests": result["requests"], "toml": text})
    else:
        click.echo(text, nl=False)
    sys.exit(0 if proposal.reports and proposal.region else EXIT_ATTENTION)


@portals.command()
@click.argument("ids", nargs=-1, metavar="[PORTAL]...", type=WORDS)
@profile_option
@click.option(
    "--seconds", type=click.IntRange(1, 86400), default=120, show_default=True, help="How long to look, at all of them."
)
@click.option("--save", is_flag=True, help="Write `verified` with today's date into each profile that holds.")
@click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    metavar="FILE.zip",
    help="Write down the whole contact for somebody who has no way to these portals; `portals replay` walks it again.",
)
@json_option
def check(
    ids: tuple[str, ...], profiles: tuple[Path, ...], seconds: int, save: bool, bundle: Path | None, as_json: bool
) -> None:
    """Try profiles on their portals: is the home page there, of that region, and are reports behind it?

    No PORTAL and no --profile: every profile that ships. All are walked at once, each host at its own pace. Exit code
    1: one of them does not hold.
    """
    from crawler.portals.probe import propose
    from crawler.runs import run

    if bundle is not None:
        check_free(bundle)
    traces: dict[str, Trace] = {}
    chosen = select(ids, profiles) if ids or profiles else list(bundled().values())
    with tempfile.TemporaryDirectory() as folder:
        archive, paths = Path(folder) / "check.db", []
        for profile in chosen:
            paths.append(Path(folder) / f"{profile.id}.toml")
            paths[-1].write_text(_written(profile), "utf-8")
        run.crawl(archive, [], paths, run.Options(at_most=f"{seconds}s", traces=traces))
        proposals = [propose(archive, profile) for profile in chosen]
        if bundle is not None:
            write_bundle(bundle, archive, chosen, traces)
    files = {profile.id: path for profile, path in zip(chosen[len(set(ids)) :], profiles, strict=False)}
    verdicts = []
    for profile, proposal in zip(chosen, proposals, strict=True):
        why = _against(profile, proposal)
        if not why and save:
            _verify(files.get(profile.id) or Path(str(resources.files("crawler.data.portals") / f"{profile.id}.toml")))
        verdicts.append({"holds": not why, "why": why, **asdict(proposal), "region_of_profile": profile.region})
        if not as_json:
            state = "holds" if not why else "fails"
            click.echo(
                "\t".join(
                    [profile.id, state, counted(proposal.reports, "report"), " → ".join(proposal.trail), "; ".join(why)]
                )
            )
            for doubt in proposal.uncertain if not why else ():
                say(f"{profile.id}: not sure: {doubt}")
    if as_json:
        print_json({"portals": verdicts})
    sys.exit(0 if all(verdict["holds"] for verdict in verdicts) else EXIT_ATTENTION)


portals.add_command(replay)


def _against(profile: Profile, proposal: Proposal) -> list[str]:
    """What speaks against a profile after a walk by it. A portal that says nothing of its region is only in doubt."""
    if proposal.no_home:
        return [proposal.no_home]
    if proposal.region is not None and proposal.region != profile.region:
        return [f"the portal is of region {proposal.region} ({proposal.region_by}), the profile says {profile.region}"]
    return [] if proposal.reports else ["no report was seen"]


def _written(profile: Profile) -> str:
    """A profile as a file for a run of its own, which is measured by nothing."""
    return toml_of(replace(profile, sample=False, at_most=None, verified=None, expect=Expect()))


def _verify(path: Path) -> None:
    """Write today's date into a profile; all else in it stays."""
    text = path.read_text("utf-8")
    line = f'verified = "{datetime.now(UTC).date().isoformat()}"'
    new, count = re.subn(r"(?m)^verified\s*=.*$", line, text, count=1)
    if not count:
        head, mark, rest = text.partition("\n[")
        new = f"{head.rstrip()}\n{line}\n" + (mark + rest if mark else "")
    path.write_text(new, "utf-8")
    say(f"{path}: {line}")
