"""Writes a release: tables, then the papers that speak of them, the delta, and the checksums of all."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crawler import __version__
from crawler.archive.exchange.columns import Column, Measures, Row
from crawler.archive.exchange.tables import last_day
from crawler.archive.release import readme
from crawler.archive.release.columns import Source
from crawler.archive.release.croissant import NAME as CROISSANT
from crawler.archive.release.croissant import croissant
from crawler.archive.release.delta import CHANGES, paper_changes, row_changes
from crawler.archive.release.guard import check_losses, losses
from crawler.archive.release.package import NAME, SUMS, Facts, Release, package, read_release
from crawler.archive.release.papers import DESCRIPTION, TITLE, changelog, citation, citation_file, errata, licence_note
from crawler.archive.release.resource import Resource
from crawler.archive.release.sums import check_sums, sums
from crawler.archive.release.tables import sources
from crawler.archive.write.samples import holdings, sample_portals
from crawler.records.errors import NianbaoError

MOST_FILES = 100
"""Files of a release: what Zenodo takes of one record (https://help.zenodo.org/docs/deposit/manage-files/)."""
_CHANGELOG = "CHANGELOG.md"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for. `codebook`: its text; `since`: the folder of the release before; `force`: publish what lost
    rows or provinces, too."""

    measures: Measures
    codebook: str
    authors: tuple[str, ...]
    licence: str | None = None
    with_sample: bool = False
    since: Path | None = None
    force: bool = False


def publish(connection: sqlite3.Connection, folder: Path, order: Order) -> Facts:
    """Write a release of an archive into an empty folder; what it is of, with its rows.

    Raises NianbaoError where the release before is none or damaged, where the new one loses what it must not, or would
    have more than a hundred files.
    """
    old = None if order.since is None else _earlier(order.since)
    tables = sources(connection, order.measures, order.with_sample)
    tables.append(_codebook(tables))
    resources = [source.resource for source in tables]
    rows = {source.resource.name: source.resource.write(source.rows(connection), folder) for source in tables}
    facts = replace(_facts(connection, order, old), rows=rows)
    words = {"title": TITLE, "description": DESCRIPTION}
    (folder / NAME).write_text(package(facts, resources, folder, words), "utf-8")
    new = read_release(folder)
    if old is None:
        _papers(new, facts, order, _changelog(facts, Counter(), old, new))
    else:
        if not order.force:
            check_losses(old, new)
        CHANGES.write(_changes(old, new, facts, order), folder)
    (folder / SUMS).write_text(sums(folder), "utf-8")
    count = sum(1 for _ in folder.iterdir())
    if count > MOST_FILES:
        raise NianbaoError(f"the release would have {count} files; a repository takes {MOST_FILES}")
    return facts


def _earlier(folder: Path) -> Release:
    check_sums(folder)
    return read_release(folder)


def _changes(old: Release, new: Release, facts: Facts, order: Order) -> Iterator[Row]:
    """The rows of the delta. The papers speak of what changed in the tables, and stand in the delta themselves: they
    are written when all tables have been compared."""
    counts: Counter[tuple[str, str]] = Counter()
    tables = {**old.resources, **new.resources}
    for row in row_changes(old, new):
        counts[tables[row[0]].table, row[1]] += 1
        yield row
    _papers(new, facts, order, _changelog(facts, counts, old, new))
    yield from paper_changes(old, new)


def _changelog(facts: Facts, counts: Counter[tuple[str, str]], old: Release | None, new: Release) -> str:
    if old is None:
        return changelog(facts, counts, (), None)
    path = old.folder / _CHANGELOG
    return changelog(facts, counts, list(losses(old, new)), path.read_text("utf-8") if path.exists() else None)


def _papers(new: Release, facts: Facts, order: Order, changes: str) -> None:
    resources = list(new.resources.values())
    wrong = new.resources["errata.csv"]
    places = {column.name: at for at, column in enumerate(wrong.columns)}
    papers = {
        "README.md": readme.readme(facts, resources),
        "README.zh-CN.md": readme.chinese(facts, resources),
        "CITATION.cff": citation_file(facts),
        "LICENCE.md": licence_note(facts),
        "ERRATA.md": errata(list(wrong.read(new.folder)), places),
        _CHANGELOG: changes,
        "codebook.md": order.codebook,
        CROISSANT: croissant(new, citation(facts)),
    }
    for name, text in papers.items():
        (new.folder / name).write_text(text, encoding="utf-8", newline="\n")


def _facts(connection: sqlite3.Connection, order: Order, old: Release | None) -> Facts:
    day = last_day(connection)
    (uuid,) = connection.execute("select uuid from archive").fetchone()
    samples = sample_portals(connection)
    hidden = () if order.with_sample or not holdings(connection).mixed else tuple(samples)
    origins = connection.execute(
        "select portal, min(json_extract(trail, '$[0].url')) from captures where portal is not null"
        " group by 1 order by 1"
    ).fetchall()
    return Facts(
        uuid=uuid,
        day=day,
        version=_version(day, None if old is None else old.version),
        program=__version__,
        authors=order.authors,
        licence=order.licence,
        since=None if old is None else old.version,
        sample=tuple(portal for portal in samples if portal not in hidden),
        origins=tuple((portal, home) for portal, home in origins if portal not in hidden),
    )


def _version(day: str, before: str | None) -> str:
    """The day as a version (2026.1.3), and behind a plus a number where the release before is of that day, too."""
    version = ".".join(str(int(part)) for part in day.split("-"))
    if before is None or before.partition("+")[0] != version:
        return version
    return f"{version}+{int(before.partition('+')[2] or 1) + 1}"


def _codebook(tables: list[Source]) -> Source:
    """A row for each column of each table; of a table in several files once."""
    columns = (
        Column("table", "string", "the table; a file of its name, or several with the province or year behind it"),
        Column("column", "string", "the column"),
        Column("type", "string", "string, integer, number or date"),
        Column("description", "string", "what it holds; NULL: not stated, or as said"),
    )
    resource = Resource("codebook", "codebook", "Every column of every table.", columns, ("table", "column"), "csv")
    kinds = {"json": "string"}
    rows = {
        (source.resource.table, column.name): (kinds.get(column.type, column.type), column.description)
        for source in tables
        for column in source.resource.columns
    }
    return Source(resource, lambda _: iter(sorted((*name, *said) for name, said in rows.items())))
