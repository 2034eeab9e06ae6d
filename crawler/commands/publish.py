"""`nianbao publish`: a release of the corpus, a flat folder that a repository takes as it is."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from crawler.archive.archive import Archive
from crawler.archive.exchange.folder import placed
from crawler.commands.common import WORDS, archive_option, jobs_option, json_option, print_json, sample_notice, say
from crawler.commands.export import measures, sample_option
from crawler.records.errors import ArchiveError
from crawler.words.counts import counted

AUTHOR = "the nianbao founders"
"""Whom a release names as its authors where nobody else is named; as CITATION.cff does."""


@click.command()
@click.argument("destination", metavar="DEST", type=click.Path(path_type=Path))
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The release before: the new one has a delta to it, and must not lose what it has.",
)
@click.option("--force", is_flag=True, help="Publish although a table shrinks by more than 2 % or a province vanishes.")
@click.option("--author", "authors", type=WORDS, multiple=True, metavar="NAME", help="Whom to cite; may be repeated.")
@click.option(
    "--licence",
    type=WORDS,
    metavar="SPDX",
    help="What the authors grant on their own work, as CC-BY-4.0. Default: nothing.",
)
@click.option(
    "--apply",
    "delta",
    type=click.Path(path_type=Path),
    metavar="DELTA",
    help="Ask no archive: make DEST of the release named by --since and this delta of the next.",
)
@click.option(
    "--store",
    type=WORDS,
    metavar="STORE",
    help="First merge the newest archives of this store into the archive, which is new or was made so before.",
)
@sample_option
@jobs_option
@archive_option
@json_option
def publish(
    destination: Path,
    since: Path | None,
    force: bool,
    authors: tuple[str, ...],
    licence: str | None,
    delta: Path | None,
    store: str | None,
    with_sample: bool,
    jobs: int,
    archive: Path,
    as_json: bool,
) -> None:
    """Write a release of the corpus into DEST, which must not exist yet: a flat folder of at most 100 files.

    Tables as Parquet, CSV and XLSX, their description for people and machines, how to cite them, what is wrong with
    them. Reports are named by key. No date is that of writing: the same archive gives the same bytes.
    """
    if delta is not None:
        _apply(destination, since, delta, as_json)
        return
    from crawler.archive.release.publication import Order, publish
    from crawler.manual.codebook import codebook

    if store is not None:
        _merge(store, archive, with_sample, jobs)
    order = Order(measures(), codebook(), authors or (AUTHOR,), licence or None, with_sample, since, force)
    with Archive.read(archive) as reading, placed(destination) as folder:
        facts = reading.export(publish, folder, order)
    if facts.sample:
        say(sample_notice(archive, list(facts.sample)))
    files = sorted(path.name for path in destination.iterdir())
    say(f"{destination}: release {facts.version}, {counted(len(files), 'file')}, {facts.rows['reports']} reports")
    if as_json:
        summary = {"version": facts.version, "since": facts.since, "sample": list(facts.sample), "rows": facts.rows}
        print_json({"archive": str(archive), "destination": str(destination), **summary, "files": files})


def _merge(url: str, archive: Path, with_sample: bool, jobs: int) -> None:
    """Bring an archive up to the newest archives of a store. Raises NianbaoError for the first that cannot be merged;
    those before it stay merged."""
    from crawler.reading.derivation import Derivation  # with all stages
    from crawler.reading.pool import Pool
    from crawler.store.seals import current
    from crawler.store.store import Store

    opened = Store.open(url)
    with Archive.open(archive) as target, Pool(jobs) as pool, TemporaryDirectory(prefix="nianbao-publish-") as name:
        target.lock()
        derive = Derivation(pool)
        for sealed in current(opened).values():
            path = Path(name) / f"{sealed.portal}.db"
            opened.get(sealed.archive[0], path, sealed.archive[1])
            merger = target.merge(path, derive, with_sample=with_sample)
            say(f"{sealed.portal} {sealed.generation}: " + ("nothing new" if merger.skipped else "merged"))
            path.unlink()
        unwiped = target.wipe()
    if unwiped is not None:
        raise ArchiveError(
            f"{archive} is not wiped of what was redacted yet: {unwiped}; then `nianbao redact --finish`"
        )


def _apply(destination: Path, since: Path | None, delta: Path, as_json: bool) -> None:
    if since is None:
        raise click.UsageError("--apply needs --since; expected the folder of the release before")
    from crawler.archive.release.application import apply

    with placed(destination) as folder:
        count = apply(since, delta, folder)
    say(f"{destination}: {since} and {counted(count, 'change')}")
    if as_json:
        print_json({"destination": str(destination), "changes": count})
