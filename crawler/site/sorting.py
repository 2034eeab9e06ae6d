"""Tables that are sorted and turned by links in the address (`?sort=`, `?order=`, `?page=`), without any script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from crawler.site.language import word
from crawler.site.parameters import ParameterError, choice, single, whole

PARAMETERS = ("sort", "order", "page")
_MOST = 10**6


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: `address` of the table sorted by it the other way; `sorted`: ascending, descending or
    none, as `aria-sort` has it."""

    name: str
    address: str
    sorted: str

    @property
    def arrow(self) -> str:
        """What a reader sees of the order."""
        return {"ascending": " ▲", "descending": " ▼"}.get(self.sorted, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a sorted table. `query`: the parameters of its order, with a question mark, empty for the usual
    one; `back`, `on`: addresses of the pages before and behind, None for none."""

    heads: list[Head]
    rows: list[dict[str, Any]]
    page: int
    pages: int
    total: int
    query: str
    back: str | None
    on: str | None


def ordered(request: Any, rows: Sequence[dict[str, Any]], columns: Mapping[str, bool]) -> list[dict[str, Any]]:
    """Rows as `?sort=` and `?order=` of a request ask for; by the first column where nothing is asked for.

    `columns`: names that may be sorted by, and whether the largest comes first unless asked otherwise. What is not
    known comes last either way. Raises ParameterError.
    """
    name, falling = _order(request, columns)
    known = [row for row in rows if row[name] is not None]
    return sorted(known, key=lambda row: row[name], reverse=falling) + [row for row in rows if row[name] is None]


def sheet(
    request: Any, rows: Sequence[dict[str, Any]], columns: Mapping[str, bool], most: int, anchor: str = ""
) -> Sheet:
    """The page of a sorted table that a request asks for, of at most so many rows. Raises ParameterError."""
    name, falling = _order(request, columns)
    pages = max(-(-len(rows) // most), 1)
    page = whole("page", single(request, "page"), 1, _MOST) or 1
    if page > pages:
        raise ParameterError("page", str(page), word("expected.page", most=pages))

    def link(column: str, down: bool, number: int = 1) -> str:
        asked = {"sort": column, "order": "desc" if down else "asc"} | ({"page": number} if number > 1 else {})
        return f"?{urlencode(asked)}{anchor}"

    heads = [
        Head(column, link(column, not falling), "descending" if falling else "ascending")
        if column == name
        else Head(column, link(column, down), "none")
        for column, down in columns.items()
    ]
    order = {key: value for key in PARAMETERS[:2] if (value := single(request, key))}
    return Sheet(
        heads,
        ordered(request, rows, columns)[(page - 1) * most : page * most],
        page,
        pages,
        len(rows),
        f"?{urlencode(order)}" if order else "",
        link(name, falling, page - 1) if page > 1 else None,
        link(name, falling, page + 1) if page < pages else None,
    )


def _order(request: Any, columns: Mapping[str, bool]) -> tuple[str, bool]:
    name = choice("sort", single(request, "sort"), columns) or next(iter(columns))
    order = choice("order", single(request, "order"), ("asc", "desc"))
    return name, columns[name] if order is None else order == "desc"
