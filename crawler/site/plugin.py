"""The hooks of Datasette: archives with limits, our pages, descriptions of the tables, canned queries, errors."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable, Generator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from datasette import Response, hookimpl  # type: ignore[import-untyped]
from datasette.database import QueryInterrupted  # type: ignore[import-untyped]
from datasette.utils.asgi import Base400, Request  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]
from markupsafe import Markup

from crawler.archive.file.connection import holds_archive
from crawler.archive.file.functions import register
from crawler.archive.queries.canned import Query
from crawler.archive.sandbox.limits import limit
from crawler.archive.schema import is_archive
from crawler.records.errors import StoreError
from crawler.site import drawings, portal, province, views
from crawler.site.database import ArchiveDatabase, as_csv, written
from crawler.site.extracts import route
from crawler.site.language import Languages, asked, word
from crawler.site.page import canned
from crawler.site.parameters import ParameterError, milliseconds, tongue
from crawler.site.register import EXTRACTS
from crawler.site.skin import extra_template_vars
from crawler.site.timemaps import is_of_address

_LOG = logging.getLogger(__name__)


def adopt(datasette: Any) -> None:
    """Put our database in the place of each of Datasette's whose file is an archive; no facets are suggested then.

    To suggest facets Datasette counts the values of every column of a table, the 38 of the panel among them: seconds
    for a page that nobody asked for. `?_facet=` works as before.
    """
    databases = datasette.databases.copy()
    for name, database in databases.items():
        if database.path and not isinstance(database, ArchiveDatabase) and holds_archive(Path(database.path)):
            archive = ArchiveDatabase(datasette, str(database.path), immutable=not database.is_mutable)
            archive.name, archive.route = database.name, database.route
            databases[name] = archive
    datasette.databases = databases
    if any(isinstance(database, ArchiveDatabase) for database in databases.values()):
        datasette._settings["suggest_facets"] = False


@hookimpl  # type: ignore[untyped-decorator]
def startup(datasette: Any) -> None:
    """As `adopt` says."""
    adopt(datasette)


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Our SQL functions, and limits in what is an archive or in memory: there too a stranger may ask."""
    functions = register(conn)
    if is_archive(conn):
        conn.create_function("escape_fts", 1, functions.match)
        limit(conn)
    elif database == "_memory":
        limit(conn)


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Marks the requests that carry SQL of their own, takes the language from the address, and refuses a language that
    the site has not and a time limit that Datasette would stumble over; not where the query is another address's."""

    def wrapper(application: Any) -> Any:
        async def marked(scope: Any, receive: Any, send: Any) -> None:
            query = scope.get("query_string", b"").decode("latin-1")
            parameters = dict(parse_qsl(query))
            written.set("sql" in parameters or "_where" in parameters)
            as_csv.set(str(scope.get("path", "")).endswith(".csv"))
            try:
                tongue(asked(query))
                milliseconds("_timelimit", parameters.get("_timelimit", ""))
            except ParameterError as error:
                refusal = await _error(datasette, Request(scope, receive), error)
                await refusal.asgi_send(send)
            else:
                await application(scope, receive, send)

        languages = Languages(marked)

        async def parted(scope: Any, receive: Any, send: Any) -> None:
            of_address = scope["type"] == "http" and is_of_address(str(scope.get("path", "")))
            await (application if of_address else languages)(scope, receive, send)

        return parted

    return wrapper


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Our pages; those of Datasette stay where they are, but for the start page of an archive."""
    return [*map(route, EXTRACTS), *drawings.ROUTES, *province.ROUTES, *portal.ROUTES, *views.ROUTES]


@hookimpl  # type: ignore[untyped-decorator]
def canned_queries(datasette: Any, database: str) -> dict[str, Any]:
    """Questions that a researcher asks, with parameters."""
    held = datasette.get_database(database)
    return {query.name: _as_datasette(query) for query in canned(held)} if isinstance(held, ArchiveDatabase) else {}


def _as_datasette(query: Query) -> dict[str, str]:
    return {"title": query.title, "description": query.description, "sql": query.sql, "name": query.name}


@hookimpl(hookwrapper=True)  # type: ignore[untyped-decorator]
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Generator[None, Any, None]:
    """An error page that names no file of this machine, in the place of Datasette's own handler.

    That one shows what any exception says and prints a traceback with the values of all variables, for a 404 as well.
    """
    outcome = yield
    others = [handler for handler in outcome.get_result() if handler.__module__ != "datasette.handle_exception"]

    async def respond() -> Any:
        return await _error(datasette, request, exception)

    outcome.force_result([*others, respond])


async def _error(datasette: Any, request: Any, exception: Exception) -> Any:
    title, info, message = None, {}, str(word("error.noted"))
    status, expected = 500, True
    if isinstance(exception, ParameterError):
        status, title, message = 400, str(word("refused.title")), str(exception)
    elif isinstance(exception, Base400):
        status, message = exception.status, str(exception.args[0]) if exception.args else ""
    elif isinstance(exception, DatasetteError):
        # 500 is what Datasette leaves where it says what is wrong with the request: «Cannot sort table by x».
        status = 400 if exception.status == 500 else exception.status
        title, info = exception.title, exception.error_dict
        message = Markup(exception.message) if exception.message_is_html else exception.message
    elif isinstance(exception, StoreError):
        status, message = 503, str(word("error.store"))
        _LOG.error("%s %s: %s", request.method, request.path, exception)
    elif isinstance(exception, QueryInterrupted):  # by CSV; other formats say so themselves
        status, message = 400, str(word("error.late"))
    else:
        expected = False
    if not expected:
        _LOG.error("%s %s", request.method, request.path, exc_info=exception)
    answer = {**info, "ok": False, "error": message, "status": status, "title": title}
    headers = {"Retry-After": "60"} if status == 503 else {}
    if request.path.split("?")[0].endswith(".json"):
        return Response.json(answer, status=status, headers=headers)
    template = datasette.jinja_env.select_template([f"{status}.html", "error.html"])
    context = answer | {"urls": datasette.urls, "app_css_hash": datasette.app_css_hash(), "menu_links": list}
    with suppress(sqlite3.Error):  # what cannot be read may be what the error is about
        context |= await extra_template_vars(datasette, None, request)
    return Response.html(await template.render_async(context), status=status, headers=headers)
