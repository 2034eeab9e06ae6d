"""Rows of our pages as data: the page's address with `.json` or `.csv`, columns of stable names.

A page says what it has as an `Extract`; `register.EXTRACTS` names them all, and routes and documentation are made of
that. The names of columns are English and the same in every language of the site.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import Response  # type: ignore[import-untyped]

from crawler.archive.queries.reader import Reader
from crawler.records.errors import QueryError
from crawler.site import freshness
from crawler.site.language import word
from crawler.site.page import SAFE, archive_of
from crawler.site.parameters import ParameterError

PARTS = {"code": r"\d{6}", "key": r"[0-9a-f]{16}", "name": r"[\w-]+", "measure": r"[a-z0-9_]+"}
"""What may stand in the place of `{code}` … in an address: a region, a report, a portal, a measure."""
_TYPES = {"json": "application/json; charset=utf-8", "csv": "text/csv; charset=utf-8"}
_PLACE = re.compile(r"\{(\w+)\}")

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Extract:
    """Rows that are to be had as data.

    `path`: the address without the ending, `{code}` for a part that varies (PARTS). `about`: what a row is. `columns`:
    name to what it holds, in order; a row may have more, which stay out. `collect`: the rows, asked of the archive for
    a request (its `url_vars` hold the parts), None where there is no such page; may raise ParameterError. `missing`:
    the sentence for that, of the parts.
    """

    path: str
    about: str
    columns: Mapping[str, str]
    collect: Callable[[Reader, Any], Rows | None]
    missing: Callable[[Mapping[str, str]], str] | None = None

    def pattern(self) -> str:
        """The route, as Datasette takes it."""
        return "^" + _PLACE.sub(lambda part: f"(?P<{part[1]}>{PARTS[part[1]]})", self.path) + r"\.(?P<form>json|csv)$"


def route(extract: Extract) -> tuple[str, Callable[..., Awaitable[Any]]]:
    """The route of an extract, and what answers there: 304 to one who has it, else the rows, or one sentence with 404
    or 400 (in JSON the object that Datasette's errors are)."""

    async def view(datasette: Any, request: Any) -> Any:
        parts = dict(request.url_vars)
        form = parts.pop("form")
        database = archive_of(datasette)
        if database is None:
            return _refusal(form, 404, word("missing.archive"))
        headers = SAFE | {"ETag": freshness.tag(database, request), "Cache-Control": "no-cache"}
        if freshness.is_fresh(request, headers["ETag"]):
            return Response("", status=304, headers=headers)

        def ask(archive: Reader) -> str | None:
            rows = extract.collect(archive, request)
            return None if rows is None else written(form, extract.columns, rows)

        try:
            body = await database.read(ask)
        except (QueryError, ParameterError) as error:
            return _refusal(form, 400, str(error))
        if body is None:
            return _refusal(form, 404, extract.missing(parts) if extract.missing else word("error.missing"))
        name = re.sub(r"[^A-Za-z0-9]+", "-", request.path.rpartition(".")[0]).strip("-")
        headers["Content-Disposition"] = f'{"attachment" if form == "csv" else "inline"}; filename="{name}.{form}"'
        return Response(body, headers=headers, content_type=_TYPES[form])

    return extract.pattern(), view


def written(form: str, columns: Iterable[str], rows: Rows) -> str:
    """Rows as `json`, a list of objects with null for what is not known, or `csv` (RFC 4180, the names first), where
    that is an empty cell, and what is a list or an object stands as JSON. Raises KeyError for a row without a
    column."""
    names = list(columns)
    table = [{name: row[name] for name in names} for row in rows]
    if form == "json":
        return json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in table)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | tuple) else value


def _refusal(form: str, status: int, sentence: str) -> Any:
    if form == "json":
        return Response.json({"ok": False, "error": sentence, "status": status, "title": None}, status=status)
    return Response(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
