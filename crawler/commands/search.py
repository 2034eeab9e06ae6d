"""`nianbao search`: find reports by what their titles and texts say."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from crawler.archive.catalogue import Catalogue
from crawler.archive.queries.places import FORMS, KINDS, ORDERS, Sieve
from crawler.archive.queries.search import Results
from crawler.commands.common import WORDS, archive_option, json_option, print_json, sample_notice
from crawler.words.counts import counted

_MOST_FACETS = 12


@click.command()
@click.argument("query")
@click.option(
    "--region",
    metavar="CODE",
    type=WORDS,
    help="Only this region, what lies within it, and what went into it (GB/T 2260).",
)
@click.option("--year", type=int, help="Only this report year.")
@click.option("--kind", type=click.Choice(KINDS), help="Only reports of such organs.")
@click.option("--form", type=click.Choice(FORMS), help="Only reports in this form.")
@click.option("--sort", type=click.Choice([*ORDERS]), default="relevance", show_default=True, help="What comes first.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="At most so many reports.")
@click.option("--offset", type=click.IntRange(0, 10**9), default=0, show_default=True, help="Leave out so many before.")
@click.option(
    "--index",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Ask no archive but the index that `nianbao index` made of a store there.",
)
@archive_option
@json_option
def search(
    query: str,
    region: str | None,
    year: int | None,
    kind: str | None,
    form: str | None,
    sort: str,
    limit: int,
    offset: int,
    index: Path | None,
    archive: Path,
    as_json: bool,
) -> None:
    """The reports whose title or text holds QUERY, exactly as it stands; the newest first, those with it in the title
    before the others.

    Words apart by spaces must all occur; "…" keeps the spaces within. No sign is an operator.
    """
    if not query.strip():
        raise click.BadParameter("is empty; expected at least one character", param_hint="QUERY")
    sieve = Sieve(region, year, kind, form)
    if index is not None:
        from crawler.archive.corpus.search import SearchIndex

        indexed = SearchIndex(index)
        sample = indexed.samples
        results = indexed.search(query, sieve=sieve, sort=sort, limit=limit, offset=offset)
    else:
        with Catalogue.read(archive) as reading:
            sample = reading.portals.samples()
            results = reading.search(query, sieve=sieve, sort=sort, limit=limit, offset=offset)
    if as_json:
        hits = [{**asdict(hit), "snippet": hit.snippet} for hit in results.hits]
        for hit in hits:
            del hit["pieces"]
        # JSON knows no key but strings; a report without a year, region, kind or form counts under "".
        facets = {
            name: {str(key or ""): count for key, count in getattr(results, name).items()}
            for name in ("years", "regions", "kinds", "forms")
        }
        print_json({"query": query, "sample": sample, "total": results.total, "hits": hits} | facets)
        return
    if sample:
        click.echo(sample_notice(index or archive, sample))
    _print(results)


def _print(results: Results) -> None:
    click.echo(counted(results.total, "report"))
    for hit in results.hits:
        click.echo(f"\n{hit.id}  {click.style(hit.title or '(no title)', bold=True)}")
        click.echo(f"    {hit.url}")
        if hit.pieces:
            click.echo(
                "    " + "".join(click.style(text, fg="yellow") if is_hit else text for text, is_hit in hit.pieces)
            )
    if results.total > len(results.hits):
        years = sorted(results.years.items(), key=lambda item: -(item[0] or 0))[:_MOST_FACETS]
        click.echo("\nby year: " + ", ".join(f"{year or 'unknown'} {count}" for year, count in years))
