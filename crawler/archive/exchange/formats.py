"""One writer a format: each puts one table into one file, row by row."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.archive.exchange.tables import Measures, Table, Type, plain, tables_of
from crawler.records.errors import NianbaoError
from crawler.words.installation import install_line

ROWS_A_GROUP = 20_000
"""Rows of a row group of Parquet: what is held in memory at a time."""

Write = Callable[[sqlite3.Connection, Table, Path], int]
"""Writes a table into a folder and returns the number of its rows."""


def write(
    connection: sqlite3.Connection, format: Write, measures: Measures, folder: Path, with_sample: bool
) -> dict[str, int]:
    """All tables in one format; rows by table. `with_sample`: see `tables_of`."""
    return {table.name: format(connection, table, folder) for table in tables_of(connection, measures, with_sample)}


def jsonl(connection: sqlite3.Connection, table: Table, folder: Path) -> int:
    """One JSON object a line, null for NULL; what is JSON in the archive stands as itself."""
    count = 0
    with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for row in table.rows(connection):
            values = {column.name: plain(value, column.type) for column, value in zip(table.columns, row, strict=True)}
            file.write(json.dumps(values, ensure_ascii=False) + "\n")
            count += 1
    return count


def comma_separated(connection: sqlite3.Connection, table: Table, folder: Path) -> int:
    """RFC 4180 in UTF-8 with a header, lines ended by a line feed; NULL is an empty field."""
    count = 0
    with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        kinds: list[Type] = ["string" if column.type == "json" else column.type for column in table.columns]
        for row in table.rows(connection):
            writer.writerow([plain(value, kind) for value, kind in zip(row, kinds, strict=True)])
            count += 1
    return count


def parquet(connection: sqlite3.Connection, table: Table, folder: Path) -> int:
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
            for column in table.columns
        ]
    )
    count = 0
    with files.ParquetWriter(folder / f"{table.name}.parquet", schema, compression="zstd") as writer:
        for rows in _groups(table.rows(connection)):
            columns = [
                pyarrow.array([_as_number(row[at], column.type) for row in rows], type=field.type)
                for at, (column, field) in enumerate(zip(table.columns, schema, strict=True))
            ]
            writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))
            count += len(rows)
    return count


def _as_number(value: Any, kind: Type) -> Any:
    return float(value) if kind == "number" and value is not None else value


def _groups(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while group := list(islice(rows, ROWS_A_GROUP)):
        yield group
