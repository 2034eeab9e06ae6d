"""`nianbao export`: the archive in the formats of other programs."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.archive.archive import Archive
from crawler.archive.exchange import datapackage, formats
from crawler.archive.exchange.columns import Measures
from crawler.archive.exchange.folder import placed, placed_file
from crawler.commands.common import archive_option, json_option, print_json, sample_notice, say

sample_option = click.option(
    "--with-sample",
    is_flag=True,
    help="With made-up reports of the sample, too, where the archive holds real ones; else they are left out.",
)
destination = click.argument("destination", metavar="DEST", type=click.Path(path_type=Path))


@click.group()
def export() -> None:
    """The archive in the formats of other programs. DEST must not exist yet; the same archive gives the same bytes."""


def measures() -> Measures:
    """Code and label of every measure: those of tables in the order of the forms, then those that sentences state."""
    from crawler.reference.measures import TABLE_FORMS, form_of

    labels: dict[str, str] = {}
    for form in TABLE_FORMS:
        for measure in form_of(form).measures.values():
            labels.setdefault(measure.code, measure.label)
    texts = form_of("f2014").measures.values()
    return [*labels.items(), *((f"text__{measure.code}", measure.label) for measure in texts)]


def _write(format: formats.Format, archive: Path, destination: Path, with_sample: bool, as_json: bool) -> None:
    with Archive.read(archive) as reading, placed(destination) as folder:
        counts = reading.export(formats.write, format, measures(), folder, with_sample)
    _told(archive, destination, counts, as_json)


def _told(archive: Path, destination: Path, counts: dict[str, int], as_json: bool) -> None:
    with Archive.read(archive) as reading:
        sample = reading.portals.samples()
    if sample:
        say(sample_notice(archive, sample))
    say(f"{destination}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    if as_json:
        print_json({"archive": str(archive), "destination": str(destination), "sample": sample, "rows": counts})


@export.command()
@destination
@sample_option
@archive_option
@json_option
def jsonl(destination: Path, archive: Path, with_sample: bool, as_json: bool) -> None:
    """A folder of JSON Lines, one file a table."""
    _write(formats.JSONL, archive, destination, with_sample, as_json)


@export.command()
@destination
@click.option("--bom", is_flag=True, help="Begin each file with the mark by which Excel knows UTF-8.")
@sample_option
@archive_option
@json_option
def csv(destination: Path, bom: bool, archive: Path, with_sample: bool, as_json: bool) -> None:
    """A folder of CSV in UTF-8, one file a table; NULL is an empty field."""
    _write(formats.MARKED_CSV if bom else formats.CSV, archive, destination, with_sample, as_json)


@export.command()
@destination
@sample_option
@archive_option
@json_option
def parquet(destination: Path, archive: Path, with_sample: bool, as_json: bool) -> None:
    """A folder of Parquet, one file a table (needs the extra `parquet`)."""
    _write(formats.PARQUET, archive, destination, with_sample, as_json)


@export.command()
@destination
@sample_option
@archive_option
@json_option
def xlsx(destination: Path, archive: Path, with_sample: bool, as_json: bool) -> None:
    """A folder of workbooks, one a table (needs the extra `xlsx`); codes and dates are text, as they stand."""
    _write(formats.XLSX, archive, destination, with_sample, as_json)


@export.command("warc")
@destination
@archive_option
@json_option
def web_archive(destination: Path, archive: Path, as_json: bool) -> None:
    """A WARC 1.1 file (DEST ends in .warc.gz) of every capture, which pywb replays and `import` takes in again."""
    from crawler.archive.exchange import warc

    if not destination.name.endswith(".warc.gz"):
        raise click.BadParameter(f"{destination} must end in .warc.gz", param_hint="DEST")
    with Archive.read(archive) as reading, placed_file(destination) as path, path.open("wb") as file:
        counts = reading.export(warc.write, file)
    _told(archive, destination, counts, as_json)


@export.command("wacz")
@destination
@archive_option
@json_option
def web_archive_collection(destination: Path, archive: Path, as_json: bool) -> None:
    """A WACZ file (DEST ends in .wacz): the WARC with its index and a list of pages (extra `wacz`)."""
    from crawler.archive.exchange import wacz

    if destination.suffix != ".wacz":
        raise click.BadParameter(f"{destination} must end in .wacz", param_hint="DEST")
    with Archive.read(archive) as reading, placed_file(destination) as path:
        counts = reading.export(wacz.write, path)
    _told(archive, destination, counts, as_json)


@export.command("datapackage")
@destination
@sample_option
@archive_option
@json_option
def data_package(destination: Path, archive: Path, with_sample: bool, as_json: bool) -> None:
    """A Frictionless data package: CSV with schema, codebook, checksums and sources."""
    from crawler.manual.codebook import codebook

    with Archive.read(archive) as reading, placed(destination) as folder:
        counts = reading.export(datapackage.write, folder, measures(), codebook(), with_sample)
    _told(archive, destination, counts, as_json)
