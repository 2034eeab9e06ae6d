"""`nianbao store`: archives of many portals in one place, a folder or a bucket, whole and by generation."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from crawler.archive.exchange.folder import placed_file
from crawler.commands.common import WORDS, json_option, print_json, say
from crawler.commands.export import measures
from crawler.fleet.installation import check
from crawler.records.errors import NianbaoError, StoreError
from crawler.store.deposit import deposit, portal_of
from crawler.store.seals import Seal, current
from crawler.store.store import Store
from crawler.store.sweep import DAYS, KEEP, refuse, staged, tidy
from crawler.store.sweep import sweep as remove
from crawler.words.counts import counted

store_argument = click.argument("url", metavar="STORE", type=WORDS)


@click.group()
def store() -> None:
    """A store: archives and their tables as objects that nobody overwrites. STORE is a folder or s3://BUCKET/PREFIX."""


@store.command()
@store_argument
@click.argument("archives", metavar="ARCHIVE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--name", type=WORDS, help="The archive's name in the store. Default: the id of its one portal.")
@json_option
def put(url: str, archives: tuple[Path, ...], name: str | None, as_json: bool) -> None:
    """Put archives into STORE, each as the next generation of its portal: the archive, its tables, then the seal.

    An archive in which nothing was written since makes no generation. One that cannot be put is named, the others are
    put all the same, and the exit code is that of the first such error.
    """
    if name is not None and len(archives) > 1:
        raise click.UsageError("--name is for one archive; expected one ARCHIVE, or none of --name")
    opened = Store.open(url, create=True)
    done, errors = [], []
    for archive in archives:
        try:
            sealed, new = deposit(opened, name or portal_of(archive), archive, measures())
        except NianbaoError as error:
            say(f"nianbao: {error}")
            errors.append(error)
            continue
        done.append({"archive": str(archive), "new": new, **_row(sealed)})
        say(f"{archive}: {sealed.portal} {sealed.generation}" + ("" if new else ", nothing new"))
    if as_json:
        print_json({"store": url, "archives": done, "errors": list(map(str, errors))})
    if errors:
        raise click.exceptions.Exit(errors[0].exit_code)


@store.command("list")
@store_argument
@json_option
def list_(url: str, as_json: bool) -> None:
    """The newest generation of each portal in STORE."""
    seals = current(Store.open(url))
    if as_json:
        print_json({"store": url, "portals": [_row(sealed) for sealed in seals.values()]})
        return
    for sealed in seals.values():
        size = sum(content.bytes for content in sealed.objects.values())
        click.echo(f"{sealed.portal}  {sealed.generation}  {sealed.made_at}  {size:,} bytes")
    click.echo(counted(len(seals), "portal"))


@store.command()
@store_argument
@click.argument("portal", type=WORDS)
@click.argument("destination", metavar="DEST", type=click.Path(path_type=Path))
@json_option
def get(url: str, portal: str, destination: Path, as_json: bool) -> None:
    """Write the newest archive of PORTAL in STORE to DEST, which must not exist yet; its SHA-256 is checked."""
    opened = Store.open(url)
    sealed = current(opened, portal).get(portal)
    if sealed is None:
        raise StoreError(f"{url} has no portal {portal!r}; `nianbao store list {url}` says which it has")
    with placed_file(destination) as path:
        opened.get(sealed.archive[0], path, sealed.archive[1])
    say(f"{destination}: {portal} {sealed.generation}")
    if as_json:
        print_json({"store": url, "destination": str(destination), **_row(sealed)})


@store.command()
@store_argument
@click.option("--keep", type=click.IntRange(min=1), default=KEEP, show_default=True, help="Generations of a portal.")
@click.option(
    "--days",
    type=click.IntRange(min=1),
    default=DAYS,
    show_default=True,
    help="What was superseded, or left behind unsealed, more recently stays as well.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@click.option("--database", "dsn", type=WORDS, metavar="DSN", help="A fleet's database: what it names stays as well.")
@json_option
def sweep(url: str, keep: int, days: int, dry_run: bool, dsn: str | None, as_json: bool) -> None:
    """Remove from STORE generations other than the newest of each portal, and what was left behind unsealed.

    Any number of people may put, read and sweep at the same time, and it may be broken off and given again.
    """
    opened, named = Store.open(url), frozenset[tuple[str, int]]()
    if dsn is not None:
        check()
        from crawler.fleet.commit import named as named_by
        from crawler.fleet.database import connected

        with connected(dsn) as connection:
            named = named_by(connection)
    now = datetime.now(UTC)
    done, halves = refuse(opened, keep, days, now, named), staged(opened, days, now)
    for gone in done:
        if not dry_run:
            remove(opened, gone)
        say(f"{gone.portal} {gone.generation}: {gone.bytes:,} bytes" + ("" if gone.sealed else ", never sealed"))
    for name in halves:
        say(f"{name}: put by halves")
    if not dry_run:
        tidy(opened, halves)
    total = sum(gone.bytes for gone in done)
    say(f"{counted(len(done), 'generation')}, {total:,} bytes {'would be ' if dry_run else ''}removed")
    if as_json:
        generations = list(map(asdict, done))
        removed = {"removed": not dry_run, "bytes": total, "generations": generations, "staged": halves}
        print_json({"store": url, **removed})


def _row(sealed: Seal) -> dict[str, object]:
    row = asdict(sealed)
    del row["objects"]
    return row | {"bytes": sum(content.bytes for content in sealed.objects.values())}
