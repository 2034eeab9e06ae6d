"""`nianbao index`: a search index of all archives of a store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from crawler.commands.common import WORDS, json_option, print_json, say
from crawler.commands.query import cache_option, corpus_of
from crawler.words.counts import counted


@click.command()
@click.argument("destination", metavar="DEST", type=click.Path(file_okay=False, path_type=Path))
@click.option("--store", "url", type=WORDS, required=True, metavar="STORE", help="A folder or s3://BUCKET/PREFIX.")
@cache_option
@json_option
def index(destination: Path, url: str, cache: Path | None, as_json: bool) -> None:
    """Make a search index of the newest archives of STORE in DEST, or bring it up to them (needs the extra `index`).

    DEST is a folder that is not there or empty, or an index that this command made. Only reports that are new or told
    otherwise are read; `nianbao search --index DEST` asks it.
    """
    from crawler.archive.corpus.index import build

    with corpus_of(url, cache) as (corpus, seals):
        generations = {portal: sealed.generation for portal, sealed in seals.items()}
        change = build(corpus, destination, generations, url)
    say(
        f"{destination}: {counted(change.reports, 'report')}, {change.written} written, {change.removed} taken out,"
        f" of {counted(len(generations), 'portal')}"
    )
    if as_json:
        print_json({"store": url, "destination": str(destination), "generations": generations, **asdict(change)})
