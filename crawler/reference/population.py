"""How many people lived in a region in a year, as a table says that whoever serves an archive supplies. None ships."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crawler.records.errors import NianbaoError

COLUMNS = ("region_code", "year", "population")
"""Of the table; further columns are left alone."""


@dataclass(frozen=True, slots=True)
class Population:
    """People by region and year. `name`: of the file, for who reads a rate; `digest`: changes with what it holds."""

    people: Mapping[tuple[str, int], int] = field(default_factory=dict)
    name: str = ""
    digest: str = ""

    def of(self, code: str, year: int) -> int | None:
        """People of a region in a year; None where the table does not say: no other year stands for it."""
        return self.people.get((code, year))


NOBODY = Population()
"""Where no table is given."""


def read(path: Path) -> Population:
    """The table of a CSV file (UTF-8) with COLUMNS. Raises NianbaoError, one sentence with file and line."""
    try:
        body = path.read_bytes()
        lines = body.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise NianbaoError(f"{path}: {error.strerror}; expected a CSV file with {', '.join(COLUMNS)}") from error
    except UnicodeDecodeError as error:
        raise NianbaoError(f"{path}: byte {error.start} is no UTF-8; expected a CSV file in UTF-8") from error
    try:
        return Population(_rows(path, lines), path.name, hashlib.sha256(body).hexdigest()[:16])
    except csv.Error as error:
        raise NianbaoError(f"{path}: {error}; expected a CSV file with {', '.join(COLUMNS)}") from error


def _rows(path: Path, lines: list[str]) -> dict[tuple[str, int], int]:
    reader = csv.DictReader(lines)
    names = reader.fieldnames or []
    for column in COLUMNS:
        if column not in names:
            raise NianbaoError(f"{path}, line 1: no column {column}; expected {', '.join(COLUMNS)}")
    people: dict[tuple[str, int], int] = {}
    for row in reader:
        code, year, number = ((row[column] or "").strip() for column in COLUMNS)
        place = f"{path}, line {reader.line_num}"
        if not re.fullmatch("[0-9]{6}", code):
            raise NianbaoError(f"{place}: region_code {code!r}; expected six digits (GB/T 2260), as 210104")
        if not re.fullmatch("[12][0-9]{3}", year):
            raise NianbaoError(f"{place}: year {year!r}; expected four digits, as 2023")
        if not re.fullmatch("[1-9][0-9]{0,9}", number):
            raise NianbaoError(f"{place}: population {number!r}; expected people as a whole number above 0")
        if people.setdefault((code, int(year)), int(number)) != int(number):
            raise NianbaoError(f"{place}: another population of {code} in {year} stands above; expected one")
    return people
