"""A bit that flips anywhere in the file of an archive: where it changes a row, `verify --all` tells."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

from crawler.archive import rederive
from crawler.archive.archive import Archive
from crawler.archive.verify import attempted, verify
from crawler.errors import ArchiveError
from crawler.items import Check, Context, Figure, Page, Problem, SeenAgain
from tests import archive_toy
from tests.archive_toy import SITE, capture

FLIPS = 1_000
FILLING = "<p>政府信息公开工作年度报告，主动公开，依申请公开。</p>" * 40


def derive(taken: Any, context: Context = Context(region="210100"), files: Any = None) -> Page:  # noqa: B008
    """The toy's derivation, with a figure and a check to each report."""
    page = archive_toy.derive(taken, context)
    if page.kind == "report":
        page.figures = [
            Figure("narrative", "req_received", "req_received", None, 3, None, "件", "收到申请3件", "toy"),
            Figure("f2019", None, "local", "total", 2.5, "2.5", None, "2.5", "toy"),
        ]
        page.checks = [Check("A1", "req_received", True, "3", "3")]
    return page


def make(path: Path) -> bytes:
    """A small archive with rows in every table."""
    with Archive.open(path) as archive:
        for day in (1, 2, 3):
            at = f"2026-01-0{day}T00:00:00Z"
            run = archive.begin_run(["somewhere"])
            archive.expect([("somewhere", "210104", "大东区", year, f"{year + 1}-03-31") for year in range(2015, 2018)])
            for n in range(4):
                says = {
                    "kind": "report",
                    "text": f"收到申请{n}件。\n{'增长' * n * day}",
                    "title": f"{2014 + n}年度报告",
                }
                says |= {"year": 2014 + n, "files": ["f.xls"] * (n == 1), "filling": FILLING * (n < 3)}
                page = derive(capture(f"/{n}.html", at, headers=[("ETag", f'"{n}-{day}"')], **says))
                page.links_skipped = {"host_not_allowed": n}
                page.ways = ("seal", bytes([n, day, 7]))
                stored = archive.store(page)
            archive.store(archive_toy.page("/2.html" if day > 1 else "/x.html", at, kind="missing", status=404))
            archive.store(archive_toy.page("/f.xls", at, kind="attachment", day=day))
            problems = (Problem("robots", SITE, "of a page"),)
            archive.seen_again(SeenAgain(stored.capture_id, SITE + "/3.html", at, "somewhere", problems))
            archive.problem(run, "somewhere", Problem("challenge", SITE + "/c", "of none"))
            archive.keep_list(run, "somewhere", SITE + "/list/", "plan", 2, 4 + day, None)
            archive.keep_ocr(1, "engine", [("page 1", "收到", 0.75), ("page 2", "申请", 1)])
            archive.settle(run, derive)
            archive.finish_run(run, "finished", requests=9, bytes=70, yields={"somewhere": {"reports": 4}})
    return path.read_bytes()


def rows(path: Path) -> list[Any] | None:
    """All that an SQLite program reads of a file, each word of the search index with its place; None: it cannot."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
            connection.text_factory = lambda held: held.decode("utf-8", "surrogateescape")
            connection.execute("create virtual table temp.words using fts5vocab('main', 'reports_fts', 'instance')")
            names = connection.execute(
                "select name, sql from sqlite_schema where type = 'table' order by name"
            ).fetchall()
            tables = ["sqlite_schema", *(name for name, _ in names if not name.startswith("reports_fts")), "temp.words"]
            return [(name, connection.execute(f"select * from {name}").fetchall()) for name in tables]
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def failures(path: Path) -> Iterator[str]:
    """What `verify --all` says, piece by piece."""
    try:
        reading = Archive.read(path)
    except ArchiveError as error:
        yield str(error)
        return
    with reading:
        reading.connection.execute("begin")
        whole = rederive.everything(reading.connection, path, derive)
        yield from chain(verify(reading.connection), attempted(whole, "not derived"))


def test_a_thousand_flips(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    whole = make(path)
    assert list(failures(path)) == []
    before = rows(path)
    assert before is not None
    assert all(held for name, held in before), [name for name, held in before if not held]
    changed, silent = 0, []
    for number in range(FLIPS):
        at, bit = len(whole) * number // FLIPS, number * 5 % 8
        put(path, at, whole[at] ^ 1 << bit)
        if rows(path) != before:
            changed += 1
            if next(failures(path), None) is None:
                silent.append((at, bit))
        put(path, at, whole[at])
    assert silent == []
    assert changed > FLIPS / 6
    assert path.read_bytes() == whole


def put(path: Path, at: int, byte: int) -> None:
    """Change one byte of a file."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(bytes([byte]))
