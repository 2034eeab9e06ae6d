"""Our pages: what each shows is asked of the archive in one function, and drawn by one template."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from datasette.utils.asgi import Response  # type: ignore[import-untyped]
from datasette.views.index import IndexView  # type: ignore[import-untyped]
from datasette.views.special import JsonDataView  # type: ignore[import-untyped]

from crawler.archive.queries.reader import Reader
from crawler.archive.queries.timelines import Point
from crawler.archive.schema.comments import COMMENTS
from crawler.records.capture import RENDERED
from crawler.records.errors import QueryError
from crawler.runs import feed
from crawler.site import hits, looks, timemaps
from crawler.site import home as start
from crawler.site import report as reports
from crawler.site.language import word
from crawler.site.page import SAFE, absolute, archive_of, respond
from crawler.site.parameters import ParameterError, only, single, whole

RAW_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none';"
    " frame-ancestors 'self'; base-uri 'none'"
)
"""A page as it was served is a stranger's: no script, no form, no request, no origin; it can be framed by us alone."""
_MOST = 10**9


async def home(datasette: Any, request: Any, send: Any) -> Any:
    """How much is held and what is new; Datasette's own start page where no archive is served."""
    if archive_of(datasette) is None:
        return await IndexView.as_view(datasette)(request, send)
    return await respond(datasette, request, "home", lambda archive: start.page(archive, request))


async def report(datasette: Any, request: Any) -> Any:
    """One report beside the page as it was served."""
    key = request.url_vars["key"]
    return await respond(
        datasette, request, "report", lambda archive: reports.report(archive, key), word("missing.report", number=key)
    )


async def versions(datasette: Any, request: Any) -> Any:
    """What changed between two versions of a report."""
    key = request.url_vars["key"]

    def collect(archive: Reader) -> dict[str, Any] | None:
        only(request, "from", "to")
        older, newer = (whole(name, single(request, name), 1, _MOST) for name in ("from", "to"))
        return reports.versions(archive, key, older, newer)

    return await respond(datasette, request, "versions", collect, word("missing.versions", number=key))


async def comparison(datasette: Any, request: Any) -> Any:
    """A report held against another one."""
    key, other = request.url_vars["key"], request.url_vars["other"]
    return await respond(
        datasette,
        request,
        "comparison",
        lambda archive: reports.comparison(archive, key, other),
        word("missing.comparison", number=key, other=other),
    )


async def numbered(datasette: Any, request: Any) -> Any:
    """A report by its number in this file: sent on to its key, which is its address everywhere."""
    number, rest = request.url_vars["id"], request.url_vars["rest"]
    database = archive_of(datasette)
    key = None if database is None else await database.read(lambda archive: archive.reports.key(int(number)))
    if key is None:
        return await respond(datasette, request, "missing", lambda archive: None, word("missing.report", number=number))
    query = f"?{request.query_string}" if request.query_string else ""
    return Response.redirect(datasette.urls.path(f"/report/{key}{rest}{query}"), status=301)


async def raw(datasette: Any, request: Any) -> Any:
    """The exact bytes of a capture: a page in a sandbox, anything else as a download. With `look=1` a page has what the
    archive holds of its styles, pictures and fonts within it."""
    number = int(request.url_vars["id"])
    looked = request.args.get("look") == "1"
    database = archive_of(datasette)

    def collect(archive: Reader) -> tuple[bytes | None, dict[str, Any], Mapping[str, Point]] | None:
        facts = archive.captures.facts(number)
        if facts is None:
            return None
        body = archive.captures.body(facts["sha256"])
        if looked and body is not None and facts["media_type"] == "text/html":
            body = looks.dressed(body, facts["charset"], facts["url"].removesuffix(RENDERED), looks.finder(archive))
        return body, facts, {} if looked else archive.timelines.around(number)

    capture = None if database is None else await database.read(collect)
    if capture is None:
        return await respond(
            datasette, request, "missing", lambda archive: None, word("missing.capture", number=number)
        )
    body, facts, around = capture
    if body is None:
        # RFC 7725: Unavailable For Legal Reasons.
        return await respond(
            datasette, request, "redacted", lambda archive: reports.redacted(archive, number), status=451
        )
    headers = SAFE | {"Content-Security-Policy": RAW_POLICY, "X-Robots-Tag": "noindex"}
    headers |= timemaps.headers_of(datasette, request, facts["url"], facts["fetched_at"], around)
    media_type, charset = facts["media_type"], facts["charset"]
    if media_type in ("text/html", "application/xhtml+xml"):
        content_type = f"text/html; charset={charset}" if charset else "text/html"
    else:
        content_type = "application/octet-stream"
        headers["Content-Disposition"] = f'attachment; filename="capture-{number}"'
    return Response(body, headers=headers, content_type=content_type)


async def search(datasette: Any, request: Any) -> Any:
    """Hits with snippets, and how they spread over years, kinds, forms and regions."""
    return await respond(datasette, request, "search", lambda archive: hits.page(archive, request))


async def newest(datasette: Any, request: Any) -> Any:
    """The newest hits of a search as an Atom feed."""
    database, address = archive_of(datasette), absolute(datasette, request)
    try:
        body = None if database is None else await database.read(lambda archive: hits.atom(archive, request, address))
    except (QueryError, ParameterError) as error:
        refusal = str(error)
        return await respond(datasette, request, "refused", lambda archive: {"refusal": refusal}, status=400)
    if body is None:
        return await respond(datasette, request, "missing", lambda archive: None)
    return Response(body, headers=dict(SAFE), content_type="application/atom+xml; charset=utf-8")


async def databases(datasette: Any, request: Any, send: Any) -> Any:
    """Datasette's list of databases, without the folders in which they lie."""

    def listed() -> list[dict[str, Any]]:
        rows = datasette._connected_databases()
        return [row | {"path": Path(row["path"]).name if row["path"] else None} for row in rows]

    return await JsonDataView.as_view(datasette, "databases.json", listed)(request, send)


async def tables(datasette: Any, request: Any) -> Any:
    """Every table and column with what it holds."""

    def collect(archive: Reader) -> dict[str, Any]:
        return {"tables": archive.tables(), "comments": COMMENTS}

    return await respond(datasette, request, "tables", collect)


async def atom(datasette: Any, request: Any) -> Any:
    """The newest findings as an Atom feed."""
    database = archive_of(datasette)
    if database is None:
        return await respond(datasette, request, "missing", lambda archive: None)
    body = await database.read(lambda archive: feed.atom(archive.uuid(), archive.events.newest(feed.ENTRIES)))
    return Response(body, headers=dict(SAFE), content_type="application/atom+xml; charset=utf-8")


ROUTES: list[tuple[str, Callable[..., Awaitable[Any]]]] = [
    (r"^/(?P<format>)$", home),  # the name is what Datasette's own view looks for
    (r"^/report/(?P<key>[0-9a-f]{16})$", report),
    (r"^/report/(?P<key>[0-9a-f]{16})/versions$", versions),
    (r"^/report/(?P<key>[0-9a-f]{16})/comparison/(?P<other>[0-9a-f]{16}|\d{1,15})$", comparison),
    (r"^/report/(?P<id>\d{1,15})(?P<rest>(?:/versions|/comparison/[0-9a-f]{1,16})?)$", numbered),
    (r"^/capture/(?P<id>\d{1,16})/raw$", raw),
    (r"^/search$", search),
    (r"^/search\.atom$", newest),
    (r"^/tables$", tables),
    (r"^/feed\.atom$", atom),
    (r"^/-/databases(\.(?P<format>json))?$", databases),
    *timemaps.ROUTES,
]
