"""What Datasette's pages and ours have in common: words, header, links in cells, and how a table is first shown."""

from __future__ import annotations

from typing import Any

from datasette import hookimpl  # type: ignore[import-untyped]

from crawler.archive.queries.portals import marked_samples
from crawler.archive.schema.comments import COMMENTS
from crawler.site import cells
from crawler.site.database import ArchiveDatabase
from crawler.site.language import LANGUAGES, PARAMETER, label, language, word
from crawler.site.provinces import percent

READING = ("report_list", "panel", "coverage", "reports", "statistics", "problems")
"""Tables and views that people read, in the order in which the database's page names them, where it has them."""
_SHOWN: dict[str, dict[str, Any]] = {
    **{name: {"sort_desc": "id"} for name in ("runs", "captures", "reports", "events")},
    "problems": {"sort_desc": "id", "facets": ["kind"]},
    # By what rows that refer to these are told.
    **{name: {"label_column": "name"} for name in ("regions", "methods", "forms")},
    "measures": {"label_column": "label_zh"},
    "labels": {"label_column": "row_label"},
    "criteria": {"label_column": "rule"},
    "report_list": {"size": 50},
    "reports_fts": {"hidden": True},
}
"""How a table is first shown: the newest first; counts only where they are asked of an index or of few rows."""
_SEARCH = {"fts_table": "reports_fts", "fts_pk": "id", "label_column": "title"}
_LICENCE = "The texts are official documents of the organs named; the figures were read from them by nianbao."


@hookimpl  # type: ignore[untyped-decorator]
def get_metadata(datasette: Any) -> dict[str, Any]:
    """Title, licence note and, for each archive, what its tables and columns hold and how they are first shown."""
    tables: dict[str, dict[str, Any]] = {
        name: {
            "description": columns[""],
            "columns": {column: words for column, words in columns.items() if column},
        }
        for name, columns in COMMENTS.items()
    }
    for name, settings in _SHOWN.items():
        tables[name] = tables.get(name, {}) | settings
    tables["reports"] |= _SEARCH
    return {
        "title": "nianbao 年报",
        "description": "Yearly reports on government information disclosure 政府信息公开工作年度报告",
        "license": _LICENCE,
        "databases": {name: {"tables": tables} for name in datasette.databases if not name.startswith("_")},
    }


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any) -> None:
    """Words and tables for every template."""
    env.globals |= {
        "word": word,
        "label": label,
        "sheet": cells.table,
        "answer": cells.answer,
        "reading": READING,
        "longest": cells.LONGEST,
        "percent": percent,
        "tags": LANGUAGES,
    }


@hookimpl  # type: ignore[untyped-decorator]
async def extra_template_vars(datasette: Any, database: str | None, request: Any) -> dict[str, Any]:
    """For every page, Datasette's and ours. `archives`: the names of the databases that are archives; `root`: the
    address of the site; `tag`: the language; `tongues`: the address of this page in each; `sample`: the portals whose
    reports are made up, of the page's database, else of all."""
    names = [name for name in datasette.databases if database in (name, None, "") and not name.startswith("_")]
    samples = [await datasette.get_database(name).execute_fn(marked_samples) for name in names]
    archives = [name for name, held in datasette.databases.items() if isinstance(held, ArchiveDatabase)]
    return {
        "archives": archives,
        "root": datasette.urls.path("/"),
        "tag": LANGUAGES[language.get()],
        "tongues": {code: _address(datasette, request, code) for code in LANGUAGES},
        "sample": sorted({portal for portals in samples for portal in portals}),
    }


def _address(datasette: Any, request: Any, code: str) -> str:
    """The address of the page at hand in a language."""
    path, query = (request.path, request.query_string) if request is not None else ("/", "")
    parts = [part for part in query.split("&") if part and part.partition("=")[0] != PARAMETER]
    return str(datasette.urls.path("/" + path.lstrip("/"))) + "?" + "&".join([*parts, f"{PARAMETER}={code}"])


@hookimpl  # type: ignore[untyped-decorator]
async def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Any:
    """Links to reports, regions and captures, and long words cut, in the tables of an archive; None for a cell that
    Datasette shows as it is."""
    archive = datasette.databases.get(database)
    if not isinstance(archive, ArchiveDatabase) or value in (None, ""):
        return None
    address = cells.link(row, value, column, table)
    if address is not None:
        return cells.anchor(datasette.urls.path(f"/{address}"), value, column)
    if not isinstance(value, str) or len(value) <= cells.LONGEST or value.startswith(("http://", "https://")):
        return None
    whole = cells.report_address(row, table)
    keys = await archive.primary_keys(table) if table else []
    place = cells.row_address(row, keys, datasette.urls.table(database, table)) if table else None
    return cells.cut(value, place or (datasette.urls.path(f"/{whole}") if whole else None))
