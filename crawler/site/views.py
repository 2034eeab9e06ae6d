"""Our pages: what each shows is asked of the archive in one function, and drawn by one template."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response  # type: ignore[import-untyped]
from datasette.views.index import IndexView  # type: ignore[import-untyped]
from datasette.views.special import JsonDataView  # type: ignore[import-untyped]

from crawler.archive.queries.canned import QUERIES
from crawler.archive.queries.reader import Reader
from crawler.archive.queries.timelines import Point
from crawler.archive.schema.comments import COMMENTS
from crawler.records.capture import RENDERED
from crawler.records.errors import QueryError
from crawler.runs import feed
from crawler.site import contents, freshness, looks, timemaps
from crawler.site.database import archive_of
from crawler.site.language import word
from crawler.site.parameters import ParameterError, division, only, single, whole

Source = Callable[[Reader], dict[str, Any] | None]

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-src 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
"""Our pages run no script at all, load nothing from elsewhere and cannot be framed."""
RAW_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none';"
    " frame-ancestors 'self'; base-uri 'none'"
)
"""A page as it was served is a stranger's: no script, no form, no request, no origin; it can be framed by us alone."""
_MOST = 10**9
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


async def _page(
    datasette: Any, request: Any, template: str, collect: Source, missing: str = "", status: int = 200
) -> Any:
    """One of our pages; 304 where the visitor has it already, a page that says `missing`, with 404, where `collect`
    finds nothing, and one with 400 for what cannot be asked."""
    database = archive_of(datasette)
    headers = _SAFE | {"Content-Security-Policy": PAGE_POLICY, "X-Frame-Options": "DENY"}
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
    common = {"database": name, "queries": QUERIES}
    body = await datasette.render_template(f"nianbao/{template}.html", common | context, request=request)
    if status != 200:
        headers = {name: value for name, value in headers.items() if name not in ("ETag", "Cache-Control")}
    return Response.html(body, status=status, headers=headers)


async def home(datasette: Any, request: Any, send: Any) -> Any:
    """Coverage, what the last runs found, a search box; Datasette's own start page where no archive is served."""
    if archive_of(datasette) is None:
        return await IndexView.as_view(datasette)(request, send)
    return await _page(datasette, request, "home", contents.home)


async def report(datasette: Any, request: Any) -> Any:
    """One report beside the page as it was served."""
    key = request.url_vars["key"]
    return await _page(
        datasette, request, "report", lambda archive: contents.report(archive, key), word("missing.report", number=key)
    )


async def versions(datasette: Any, request: Any) -> Any:
    """What changed between two versions of a report."""
    key = request.url_vars["key"]

    def collect(archive: Reader) -> dict[str, Any] | None:
        only(request, "from", "to")
        older, newer = (whole(name, single(request, name), 1, _MOST) for name in ("from", "to"))
        return contents.versions(archive, key, older, newer)

    return await _page(datasette, request, "versions", collect, word("missing.versions", number=key))


async def numbered(datasette: Any, request: Any) -> Any:
    """A report by its number in this file: sent on to its key, which is its address everywhere."""
    number, rest = request.url_vars["id"], request.url_vars["rest"]
    database = archive_of(datasette)
    key = None if database is None else await database.read(lambda archive: archive.reports.key(int(number)))
    if key is None:
        return await _page(datasette, request, "missing", lambda archive: None, word("missing.report", number=number))
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
        return await _page(datasette, request, "missing", lambda archive: None, word("missing.capture", number=number))
    body, facts, around = capture
    if body is None:
        # RFC 7725: Unavailable For Legal Reasons.
        return await _page(
            datasette, request, "redacted", lambda archive: contents.redacted(archive, number), status=451
        )
    headers = _SAFE | {"Content-Security-Policy": RAW_POLICY, "X-Robots-Tag": "noindex"}
    headers |= timemaps.headers_of(datasette, request, facts["url"], facts["fetched_at"], around)
    media_type, charset = facts["media_type"], facts["charset"]
    if media_type in ("text/html", "application/xhtml+xml"):
        content_type = f"text/html; charset={charset}" if charset else "text/html"
    else:
        content_type = "application/octet-stream"
        headers["Content-Disposition"] = f'attachment; filename="capture-{number}"'
    return Response(body, headers=headers, content_type=content_type)


async def region(datasette: Any, request: Any) -> Any:
    """One region: its reports over the years, the main measures, gaps and lateness."""
    code = request.url_vars["code"]
    return await _page(
        datasette,
        request,
        "region",
        lambda archive: contents.region(archive, code),
        word("missing.region", code=code),
    )


async def compare(datasette: Any, request: Any) -> Any:
    """One measure of several regions over the years."""

    def collect(archive: Reader) -> dict[str, Any]:
        only(request, "region", "measure")
        return contents.compare(archive, request.args.getlist("region"), single(request, "measure"))

    return await _page(datasette, request, "compare", collect)


async def search(datasette: Any, request: Any) -> Any:
    """Hits with snippets, and how they spread over regions and years."""

    def collect(archive: Reader) -> dict[str, Any]:
        names = ("q", "region", "year", "page")
        only(request, *names)
        asked = {name: single(request, name) for name in names}

        def link(**changed: str) -> str:
            query = {name: value for name, value in (asked | {"page": ""} | changed).items() if value}
            return f"{datasette.urls.path('/search')}?{urlencode(query)}"

        region, year = division("region", asked["region"]), whole("year", asked["year"], 1990, 2100)
        page = whole("page", asked["page"], 1, _MOST) or 1
        hits = contents.search(archive, asked["q"], region=region, year=year, page=page)
        return hits | {"asked": asked, "link": link}

    return await _page(datasette, request, "search", collect)


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

    return await _page(datasette, request, "tables", collect)


async def atom(datasette: Any, request: Any) -> Any:
    """The newest findings as an Atom feed."""
    database = archive_of(datasette)
    if database is None:
        return await _page(datasette, request, "missing", lambda archive: None)
    body = await database.read(lambda archive: feed.atom(archive.uuid(), archive.events.newest(feed.ENTRIES)))
    return Response(body, headers=dict(_SAFE), content_type="application/atom+xml; charset=utf-8")


ROUTES: list[tuple[str, Callable[..., Awaitable[Any]]]] = [
    (r"^/(?P<format>)$", home),  # the name is what Datasette's own view looks for
    (r"^/report/(?P<key>[0-9a-f]{16})$", report),
    (r"^/report/(?P<key>[0-9a-f]{16})/versions$", versions),
    (r"^/report/(?P<id>\d{1,15})(?P<rest>(?:/versions)?)$", numbered),
    (r"^/capture/(?P<id>\d{1,15})/raw$", raw),
    (r"^/region/(?P<code>\d{6})$", region),
    (r"^/compare$", compare),
    (r"^/search$", search),
    (r"^/tables$", tables),
    (r"^/feed\.atom$", atom),
    (r"^/-/databases(\.(?P<format>json))?$", databases),
    *timemaps.ROUTES,
]
