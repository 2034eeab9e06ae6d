"""Datasette's tables as people read them: links to our pages, long words cut, columns of long words last."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasette.utils import path_with_replaced_args, tilde_encode  # type: ignore[import-untyped]
from markupsafe import Markup

from crawler.site.evidence import name_of
from crawler.site.language import word

LONGEST = 80
"""Characters of a cell in a table; the rest is on the page of the row or of the report."""
LAST = (
    "url",
    "sha256",
    "text_sha256",
    "squeezed_sha256",
    "attachments_sha256",
    "detail",
    "breadcrumb",
    "trail",
    "evidence",
    "links_skipped",
    "headers",
    "context",
    "yields",
    "ways",
    "text",
)
"""Columns of addresses, digests, testimony and whole texts: they stand behind the rest, in this order."""
_WIDE = 26
"""Characters from which a cell may be broken into lines."""


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column. `address`: of the table sorted by it; `arrow`: how it is sorted."""

    name: str
    description: str | None = None
    address: str | None = None
    arrow: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows. `kind`: a class of the style sheet: n for a number, long for what may be broken."""

    value: Any
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the template draws it."""

    columns: list[Column]
    rows: list[list[Cell]]


def table(
    columns: Sequence[Mapping[str, Any]],
    rows: Sequence[Any],
    request: Any,
    placed: Callable[[str], str],
    sort: tuple[str | None, str | None],
) -> Table:
    """Datasette's columns and rows of a table or view in our order. `placed`: an address as it is behind a proxy;
    `sort`: the column it is sorted by, upwards or downwards."""
    order = _order([column["name"] for column in columns])
    heads = [_head(columns[at], request, placed, sort) for at in order]
    cells = [[_cell(row.cells[at]["value"], row.cells[at]["raw"]) for at in order] for row in rows]
    return Table(heads, cells)


def answer(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """What a query found, in the order in which it was asked for."""
    cells = [[_cell(value, value) for value in row] for row in rows]
    return Table([Column(name) for name in names], cells)


def _order(names: Sequence[str]) -> list[int]:
    return sorted(range(len(names)), key=lambda at: LAST.index(names[at]) + 1 if names[at] in LAST else 0)


def _head(
    column: Mapping[str, Any], request: Any, placed: Callable[[str], str], sort: tuple[str | None, str | None]
) -> Column:
    name, (up, down) = column["name"], sort
    if not column["sortable"]:
        return Column(name, column.get("description"))
    changed = {"_sort": None, "_sort_desc": name} if name == up else {"_sort": name, "_sort_desc": None}
    address = placed(path_with_replaced_args(request, changed | {"_next": None}))
    return Column(name, column.get("description"), address, " ▲" if name == up else " ▼" if name == down else "")


def _cell(value: Any, raw: Any) -> Cell:
    words = str(value.striptags() if isinstance(value, Markup) else value)
    number = isinstance(raw, int | float) or re.fullmatch(r"-?\d+(\.\d+)?", words) is not None
    return Cell(value, "n" if number else "long" if len(words) > _WIDE else "")


def report_address(row: Any, table_name: str | None) -> str | None:
    """The address within the site of the report that a row is of, at its figure where the row is one; None for none."""
    names = set(row.keys())
    number = _plain(row["report_id"] if "report_id" in names else row["id"] if table_name == "reports" else None)
    if number is None:
        return None
    is_figure = {"report_id", "position", "form", "code", "evidence"} <= names
    name = f"#{name_of(row['form'], row['code'], row['position'])}" if is_figure else ""
    return f"report/{number}{name}"


def link(row: Any, value: Any, column: str, table_name: str | None) -> str | None:
    """The address within the site that a cell stands for; None for a cell that is none.

    `row`: a row by name; one of its values may be a pair of value and label, where the column is a foreign key.
    """
    plain = _plain(value)
    if column in ("report_id", "key", "code") or (column == "title" and table_name == "reports"):
        return report_address(row, table_name)
    if column == "region_code" and re.fullmatch(r"[0-9]{6}", str(plain)):
        return f"region/{plain}"
    if column == "capture_id" and plain is not None:
        return f"capture/{plain}/raw"
    return None


def anchor(address: str, value: Any, column: str) -> Markup:
    """A link with a value as its words; of a foreign key with its label, but that of a capture, which is any title, and
    that of a region, whose code the column is for: its name has a column of its own."""
    is_labelled = isinstance(value, dict) and column not in ("capture_id", "region_code")
    words = value["label"] if is_labelled else _plain(value)
    return Markup('<a href="{}">{}</a>').format(address, words)


def cut(value: str, address: str | None) -> Markup:
    """The beginning of a long value, and where there is an address the way to the whole of it."""
    beginning = value[:LONGEST].replace("\n", " ").replace("\t", " ")
    whole = Markup(' <a href="{}">{}</a>').format(address, word("whole")) if address else ""
    return Markup("{}…{}").format(beginning, whole)


def row_address(row: Any, keys: Sequence[str], table_address: str) -> str | None:
    """The address of a row's page in Datasette; None where the row has not all of its primary key."""
    if not keys or not set(keys) <= set(row.keys()):
        return None
    return f"{table_address}/{','.join(tilde_encode(str(_plain(row[key]))) for key in keys)}"


def _plain(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) else value
