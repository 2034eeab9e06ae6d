"""`nianbao query`: questions in SQL over all archives of a store."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from crawler.archive.corpus.corpus import Answer, Corpus
from crawler.commands.common import WORDS, print_json, say
from crawler.commands.store import store_argument
from crawler.commands.terminal import terminal
from crawler.records.errors import StoreError
from crawler.store.seals import Seal, current
from crawler.store.store import Store
from crawler.store.tables import table_files
from crawler.words.counts import counted

cache_option = click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where tables out of a bucket are kept for the next time. Default: nowhere.",
)


@contextmanager
def corpus_of(url: str, cache: Path | None) -> Iterator[tuple[Corpus, dict[str, Seal]]]:
    """The archives of a store as one corpus, and its newest seals. Raises NianbaoError."""
    opened = Store.open(url)
    seals = current(opened)
    if not seals:
        raise StoreError(f"{url} holds no archive yet; `nianbao store put {url} ARCHIVE…` puts some")
    with tempfile.TemporaryDirectory(prefix="nianbao-query-") as name:
        files = table_files(opened, seals, cache or Path(name))
        with Corpus.open(files, Path(name) / "scratch") as corpus:
            if corpus.doubtful:
                say(
                    f"{counted(len(corpus.doubtful), 'report')} that several archives have said something else before,"
                    f" or what they say was removed ({', '.join(corpus.doubtful[:3])} …): `nianbao merge` alone is sure"
                )
            yield corpus, seals


@click.command()
@store_argument
@click.argument("sql", metavar="SQL", type=WORDS)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="json: one object a line.",
)
@cache_option
def query(url: str, sql: str, form: str, cache: Path | None) -> None:
    """Answer SQL, one SELECT, over the newest archives of STORE as if they were one (needs the extra `query`).

    Views: reports, report_urls, statistics, checks, panel, coverage, deadlines, measures, regions, portals, expected,
    as in an archive; a report that several archives have is one row. The SQL is DuckDB's. It reads these views, and no
    other file.
    """
    with corpus_of(url, cache) as (corpus, _):
        answer = corpus.ask(sql)
        {"table": _table, "csv": _csv, "json": _json}[form](answer)


def _plain(row: tuple[Any, ...]) -> Iterator[Any]:
    for value in row:
        yield int(value) if isinstance(value, float) and value.is_integer() else value


def _table(answer: Answer) -> None:
    table = Table(*(name for name, _ in answer.columns))
    count = 0
    for row in answer.rows:
        table.add_row(*("" if value is None else str(value) for value in _plain(row)))
        count += 1
    terminal().print(table)
    say(counted(count, "row"))


def _csv(answer: Answer) -> None:
    for row in chain([tuple(name for name, _ in answer.columns)], answer.rows):
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(_plain(row))
        click.echo(line.getvalue(), nl=False)


def _json(answer: Answer) -> None:
    names = [name for name, _ in answer.columns]
    for row in answer.rows:
        values = (
            value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)
            for value in _plain(row)
        )
        print_json(dict(zip(names, values, strict=True)))
