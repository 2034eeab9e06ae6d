"""What all our pages have in common: the archive they are of, their headers, their ETag, and how they say no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from datasette.utils.asgi import Response  # type: ignore[import-untyped]

from crawler.archive.queries.canned import QUERIES, Query
from crawler.archive.queries.reader import Reader
from crawler.records.errors import QueryError
from crawler.site import freshness
from crawler.site.database import ArchiveDatabase
from crawler.site.language import word
from crawler.site.parameters import ParameterError

Source = Callable[[Reader], dict[str, Any] | None]

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-src 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
"""Our pages run no script at all, load nothing from elsewhere and cannot be framed."""
SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def archive_of(datasette: Any) -> ArchiveDatabase | None:
    """The first archive among the databases, None where there is none."""
    return next((database for database in datasette.databases.values() if isinstance(database, ArchiveDatabase)), None)


def canned(database: ArchiveDatabase | None) -> tuple[Query, ...]:
    """The canned queries; a front of many archives has no texts and no evidence."""
    return tuple(query for query in QUERIES if database is None or database.shelf is None or not query.reads_texts)


def absolute(datasette: Any, request: Any) -> Callable[[str], str]:
    """What makes a whole address of a path of ours, as the visitor reaches it."""
    return lambda path: str(datasette.absolute_url(request, datasette.urls.path(path)))


async def respond(
    datasette: Any, request: Any, template: str, collect: Source, missing: str = "", status: int = 200
) -> Any:
    """One of our pages; 304 where the visitor has it already, a page that says `missing`, with 404, where `collect`
    finds nothing, and one with 400 for what cannot be asked."""
    database = archive_of(datasette)
    headers = SAFE | {"Content-Security-Policy": PAGE_POLICY, "X-Frame-Options": "DENY"}
    if database is not None and status == 200:
        headers |= {"ETag": freshness.tag(database, request), "Cache-Control": "no-cache"}
        if freshness.is_fresh(request, headers["ETag"]):
            return Response("", status=304, headers=headers)
    try:
        context = None if database is None else await database.read(collect)
        if context is None:
            missing = missing if database is not None else word("missing.archive")
            template, context, status = "missing", {"missing": missing}, 404
    except (QueryError, ParameterError) as error:
        template, context, status = "refused", {"refusal": str(error)}, 400
    name = database.name if database is not None else ""
    common = {"database": name, "queries": canned(database)}
    body = await datasette.render_template(f"nianbao/{template}.html", common | context, request=request)
    if status != 200:
        headers = {name: value for name, value in headers.items() if name not in ("ETag", "Cache-Control")}
    return Response.html(body, status=status, headers=headers)
