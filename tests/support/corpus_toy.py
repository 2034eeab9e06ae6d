"""Archives of several portals that say of each report what a test names, as one corpus and merged into one archive."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from crawler.archive.archive import Archive
from crawler.archive.corpus.corpus import Corpus
from crawler.archive.corpus.parts import NAMES, write_parts
from crawler.commands.export import measures
from crawler.records.capture import Context
from crawler.records.page import Page
from crawler.records.problems import Problem
from crawler.records.report import Check, Figure, Form, Place
from tests import ROOT
from tests.support import archive_toy
from tests.support.archive_toy import SITE, capture
from tests.support.merging import Sight

VIEWS = (
    "reports", "report_urls", "statistics", "checks", "deadlines", "panel", "coverage", "measures", "regions",
    "portals", "expected",
)  # fmt: skip
DUE = ("210104", "大东区"), ("210105", "皇姑区"), ("210106", "铁西区")
"""What each portal is asked for."""


def derive(taken: Any, context: Context = Context(region="210100"), files: Any = None, fatal: Any = None) -> Page:  # noqa: B008
    """The toy's derivation, with a figure for each number of a report's text: measures in order, and what disagrees."""
    page = archive_toy.derive(taken, context)
    if page.kind == "report":
        values = [int(number) for number in re.findall(r"\d+", page.text or "")]
        year = (page.report.report_year if page.report is not None else None) or 0
        form: Form = "f2019" if year < 2021 else "f2021"
        items = ("denied_internal", "denied_process", "total_processed", "refused_repeat", "unable_not_held")
        page.figures = [
            Figure(form, f"req_{item}__total", f"req_{item}", "total", value, None, "件", place, "toy")
            for row, (item, value) in enumerate(zip(items, values, strict=False))
            for place in [Place(None, 1, 2, row, item, "总计")]
        ]
        if values:
            figure = Figure(
                "narrative", "req_received", "req_received", None, values[0] + 1, None, "件", Place("收"), "t"
            )
            page.figures.append(figure)
            page.checks = [Check("A7", "req_received", False, str(values[0]), str(values[0] + 1))]
    return page


def archive_of(path: Path, portal: str, sights: Iterable[Sight]) -> Path:
    """An archive of one portal that met these in the order of time, a run each."""
    with Archive.open(path) as archive:
        archive.admit({portal: False})
        for sight in sorted(sights, key=lambda sight: sight.at):
            with mock.patch("crawler.archive.write.runs.now", return_value=sight.time):
                run = archive.begin_run([portal])
                archive.expect([(portal, *place, year, f"{year + 1}-03-31") for place in DUE for year in (2019, 2020)])
                taken = capture(sight.path, sight.time, sight.status, **sight.says)
                archive.store(derive(replace(taken, portal=portal), Context(region="210100")))
                archive.problem(run, portal, Problem("challenge", f"{SITE}/", "of the portal"))
                archive.settle(run, derive)
                archive.finish_run(run, "finished")
    return path


def tables_of(folder: Path, archives: Mapping[str, Path]) -> dict[str, dict[str, Path]]:
    """The tables of archives by name, as a store keeps them."""
    holders = {}
    for name, path in archives.items():
        place = folder / "tables" / name / "1"
        place.mkdir(parents=True)
        with Archive.read(path) as archive:
            archive.export(write_parts, measures(), place)
        holders[name] = {table: place / f"{table}.parquet" for table in NAMES}
    return holders


def merged(target: Path, archives: Iterable[Path]) -> Path:
    """The archives merged into one."""
    with Archive.open(target) as archive:
        archive.lock()
        for path in archives:
            archive.merge(path, derive)
        archive.wipe()
    return target


def rows_of_corpus(corpus: Corpus, question: str) -> list[tuple[Any, ...]]:
    """The answer, in an order of its own."""
    return _sorted(corpus.ask(question).rows)


def _sorted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """In an order of their own; whole numbers are numbers, whatever their type."""
    return sorted((tuple(float(value) if isinstance(value, int) else value for value in row) for row in rows), key=repr)


def rows_of_archive(path: Path, question: str) -> list[tuple[Any, ...]]:
    """The answer of one archive, in the same order."""
    with Archive.read(path) as archive:
        cursor = archive.connection.cursor()
        cursor.row_factory = None
        return _sorted(cursor.execute(question))


def differences(corpus: Corpus, archive: Path, views: Iterable[str] = VIEWS) -> dict[str, Any]:
    """The views of which the corpus has other rows than an archive, with both."""
    found = {}
    for view in views:
        names = ", ".join(f'"{name}"' for name, _ in corpus.ask(f"from {view} limit 0").columns)
        rows = (
            rows_of_corpus(corpus, f"select {names} from {view}"),
            rows_of_archive(archive, f"select {names} from {view}"),
        )
        if rows[0] != rows[1]:
            found[view] = rows
    return found


def questions() -> list[str]:
    """The documented questions of docs/figures.md."""
    text = (ROOT / "docs" / "figures.md").read_text("utf-8").partition("## Five questions")[2]
    return re.findall(r"```sql\n(.*?)```", text, re.S)


scratch = partial(tempfile.TemporaryDirectory, prefix="nianbao-corpus-")
"""A folder of a test's own, gone in the end."""
