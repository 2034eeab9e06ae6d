"""`nianbao review`: a person says of a report or a figure that it is checked, disputed or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from crawler.archive.archive import Archive
from crawler.archive.catalogue import Catalogue
from crawler.commands.common import WORDS, archive_option, json_option, print_json, report_id, say
from crawler.records.errors import ArchiveError
from crawler.records.review import VERDICTS, Review, sentence


@click.command()
@click.argument("words", metavar="KEY [MEASURE] checked|disputed|wrong", type=WORDS, nargs=-1)
@click.option("--note", type=WORDS, default="", metavar="TEXT", help="What was seen; needed for disputed and wrong.")
@click.option("--who", type=WORDS, default="", metavar="NAME", help="Who says so; stays with the review. Needed.")
@click.option("--list", "listing", is_flag=True, help="List the reviews, or those of KEY alone.")
@archive_option
@json_option
def review(words: tuple[str, ...], note: str, who: str, listing: bool, archive: Path, as_json: bool) -> None:
    """Say of a report, or of one figure of it, that it is checked, disputed or wrong.

    KEY is a report's key, number or one of its addresses; MEASURE a code of the codebook. Nothing that was read from
    the page is changed: the review stands beside it, and goes with exports and releases. The last review of a report
    or figure is the one that stands; those before are kept. So are those of a report that is not there any more.
    """
    if listing:
        _list(words, archive, as_json)
        return
    if len(words) not in (2, 3):
        raise click.UsageError("expected KEY [MEASURE] and a verdict, one of " + ", ".join(VERDICTS))
    if not who:
        raise click.UsageError("--who is missing; expected the name of whoever says so")
    with Archive.open(archive, create=False) as opened:
        opened.lock()
        key = _key(opened, words[0], archive)
        number = opened.keep_review(Review(key, words[1] if len(words) == 3 else None, words[-1], note or None, who))
        rows = [row for row in opened.reviews.of_report(key) if row["id"] == number]
    for row in rows:
        say(sentence(row))
        if as_json:
            print_json(row)


def _list(words: tuple[str, ...], archive: Path, as_json: bool) -> None:
    if len(words) > 1:
        raise click.UsageError("--list takes a KEY, or nothing")
    with Catalogue.read(archive) as reading:
        rows = reading.reviews.of_report(_key(reading, words[0], archive)) if words else reading.reviews.rows()
    if as_json:
        print_json({"reviews": rows})
        return
    for line in lines(rows):
        click.echo(line)


def _key(reading: Catalogue, word: str, archive: Path) -> str:
    """The key that a person means, which may be one of a report that is not there any more. Raises ArchiveError."""
    if reading.reviews.of_report(word):
        return word
    report = reading.reports.get(report_id(reading, word, archive))
    if report is None:
        raise ArchiveError(f"{archive} has no report {word!r}")
    return str(report["key"])


def lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    """What a person reads of reviews."""
    for row in rows:
        yield sentence(row)
    if not rows:
        yield "no reviews"
