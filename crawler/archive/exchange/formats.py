"""One writer a format: each puts rows into one file, one after another."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.archive.exchange.columns import Column, Measures, Row, Type, plain
from crawler.archive.exchange.spreadsheet import spreadsheet
from crawler.archive.exchange.tables import Table, tables_of
from crawler.records.errors import NianbaoError
from crawler.words.installation import install_line

ROWS_A_GROUP = 20_000
"""Rows of a row group of Parquet: what is held in memory at a time."""

Write = Callable[[Sequence[Column], Iterable[Row], Path], int]
"""Writes rows into a file and returns how many."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the ending of its files, without the dot, and what writes them."""

    ending: str
    write: Write

    def put(self, connection: sqlite3.Connection, table: Table, folder: Path) -> int:
        """Write a table into a file of its name in `folder`; rows. Raises NianbaoError where a package is missing."""
        return self.write(table.columns, table.rows(connection), folder / f"{table.name}.{self.ending}")


def write(
    connection: sqlite3.Connection, format: Format, measures: Measures, folder: Path, with_sample: bool
) -> dict[str, int]:
    """All tables in one format; rows by table. `with_sample`: see `tables_of`."""
    return {table.name: format.put(connection, table, folder) for table in tables_of(connection, measures, with_sample)}


def jsonl(columns: Sequence[Column], rows: Iterable[Row], path: Path) -> int:
    """One JSON object a line, null for NULL; what is JSON in the archive stands as itself."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            values = {column.name: plain(value, column.type) for column, value in zip(columns, row, strict=True)}
            file.write(json.dumps(values, ensure_ascii=False) + "\n")
            count += 1
    return count


def comma_separated(columns: Sequence[Column], rows: Iterable[Row], path: Path, mark: bool = False) -> int:
    """RFC 4180 in UTF-8 with a header, lines ended by a line feed; NULL is an empty field.

    `mark`: with the byte order mark at the beginning by which Excel knows UTF-8.
    """
    count = 0
    with path.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in columns])
        kinds: list[Type] = ["string" if column.type == "json" else column.type for column in columns]
        for row in rows:
            writer.writerow([plain(value, kind) for value, kind in zip(row, kinds, strict=True)])
            count += 1
    return count


def parquet(columns: Sequence[Column], rows: Iterable[Row], path: Path) -> int:
    """Parquet with Zstandard; numbers as double, dates and JSON as strings, so that nothing is lost or refused."""
    try:
        import pyarrow  # type: ignore[import-untyped]
        from pyarrow import parquet as files
    except ImportError as error:
        raise NianbaoError(f"Parquet needs pyarrow; `{install_line('parquet')}` installs it") from error
    types: dict[Type, Any] = {"integer": pyarrow.int64(), "number": pyarrow.float64()}
    schema = pyarrow.schema(
        [
            pyarrow.field(
                column.name, types.get(column.type, pyarrow.string()), metadata={"description": column.description}
            )
            for column in columns
        ]
    )
    count = 0
    with files.ParquetWriter(path, schema, compression="zstd") as writer:
        for group in _groups(iter(rows)):
            arrays = [
                pyarrow.array([_as_number(row[at], column.type) for row in group], type=field.type)
                for at, (column, field) in enumerate(zip(columns, schema, strict=True))
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            count += len(group)
    return count


def _as_number(value: Any, kind: Type) -> Any:
    return float(value) if kind == "number" and value is not None else value


def _groups(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while group := list(islice(rows, ROWS_A_GROUP)):
        yield group


JSONL = Format("jsonl", jsonl)
CSV = Format("csv", comma_separated)
MARKED_CSV = Format("csv", partial(comma_separated, mark=True))
PARQUET = Format("parquet", parquet)
XLSX = Format("xlsx", spreadsheet)
