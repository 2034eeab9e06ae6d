"""A table of a release as a file: its columns, its key, how it is written and read back."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from crawler.archive.exchange.columns import Column, Row, Type, plain
from crawler.archive.exchange.formats import MARKED_CSV, PARQUET, XLSX

ROWS_A_BATCH = 20_000
"""Rows that are read of a Parquet file at a time."""
_FORMATS = {"csv": MARKED_CSV, "parquet": PARQUET}


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of rows. `name`: that of the file without its ending, and of the resource; `table`: what it is a part of
    (statistics of statistics-2021). `key`: the columns that tell its rows apart, and their order; `refers`: (column,
    other resource, its column). `workbook`: whether the same rows stand in a workbook beside it."""

    name: str
    table: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    ending: Literal["csv", "parquet"] = "parquet"
    workbook: bool = False
    refers: tuple[tuple[str, str, str], ...] = ()

    @property
    def file(self) -> str:
        """Name of the file."""
        return f"{self.name}.{self.ending}"

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the file and of the workbook, where it has one."""
        return (self.file, f"{self.name}.xlsx") if self.workbook else (self.file,)

    def write(self, rows: Iterable[Row], folder: Path) -> int:
        """Write the rows, which come in the order of the key; how many. Raises NianbaoError without the packages."""
        count = _FORMATS[self.ending].write(self.columns, rows, folder / self.file)
        if self.workbook:
            XLSX.write(self.columns, self.read(folder), folder / f"{self.name}.xlsx")
        return count

    def read(self, folder: Path) -> Iterator[Row]:
        """The rows that a folder's file has. Raises OSError or ValueError where it cannot be read."""
        return self._parquet(folder / self.file) if self.ending == "parquet" else self._csv(folder / self.file)

    def _csv(self, path: Path) -> Iterator[Row]:
        kinds = [column.type for column in self.columns]
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            if next(lines, None) != [column.name for column in self.columns]:
                raise ValueError(f"{path.name} has other columns than its datapackage.json says")
            for line in lines:
                yield tuple(_value(cell, kind) for cell, kind in zip(line, kinds, strict=True))

    def _parquet(self, path: Path) -> Iterator[Row]:
        from pyarrow import parquet  # type: ignore[import-untyped]

        names = [column.name for column in self.columns]
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(ROWS_A_BATCH, columns=names):
                columns = [batch.column(name).to_pylist() for name in names]
                yield from zip(*columns, strict=True)

    def key_of(self, row: Row) -> tuple[Any, ...]:
        """What tells a row from the others."""
        return tuple(row[at] for at in self._places())

    def order(self, row: Row) -> tuple[tuple[bool, Any], ...]:
        """By what rows are sorted: their key, NULL first, as SQLite does."""
        return tuple((value is not None, value) for value in self.key_of(row))

    def _places(self) -> list[int]:
        names = [column.name for column in self.columns]
        return [names.index(name) for name in self.key]

    def said(self, row: Row) -> str:
        """A row as a JSON object by column name: the same for the same values, whatever file they were read from."""
        return json.dumps(
            {column.name: plain(value, _flat(column.type)) for column, value in zip(self.columns, row, strict=True)},
            ensure_ascii=False,
        )

    def row(self, said: str) -> Row:
        """The row that `said` gives; of columns that it does not have, NULL."""
        values = json.loads(said)
        return tuple(values.get(column.name) for column in self.columns)


def row_hash(said: str) -> str:
    """The first 16 hexadecimal digits of a row's SHA-256."""
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _flat(kind: Type) -> Type:
    return "string" if kind == "json" else kind


def _value(cell: str, kind: Type) -> Any:
    if not cell:
        return None
    if kind == "integer":
        return int(cell)
    if kind == "number":
        return int(cell) if cell.lstrip("-").isdigit() else float(cell)
    return cell
