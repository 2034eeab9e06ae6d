"""A bit that flips anywhere in the file of an archive: where it changes a row, `verify --all` tells."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from crawler.archive.derive import comparison
from crawler.archive.derive.verify import attempted, verify
from crawler.records.errors import ArchiveError
from tests.support.archive_small import derive, make
from tests.support.thorough import THOROUGH

pytestmark = pytest.mark.slow

FLIPS = 1_000 if THOROUGH else 300


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
        whole = comparison.everything(reading.connection, path, derive)
        yield from chain(verify(reading.connection), attempted(whole, "not derived"))


def test_hundreds_of_flips(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    whole = make(path)
    assert list(failures(path)) == []
    before = rows(path)
    assert before is not None
    assert [name for name, held in before if not held] == ["panel_waiting"]
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
