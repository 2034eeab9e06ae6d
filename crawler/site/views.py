"""Our pages: what each shows is asked of the archive in one function, and drawn by one template."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response  # type: ignore[import-untyped]
from datasette.views.index import IndexView  # type: ignore[import-untyped]
from datasette.views.special import JsonDataView  # type: ignore[import-untyped]

from crawler.archive.queries.canned import QUERIES
from crawler.archive.queries.reader import Reader
from crawler.archive.schema.comments import COMMENTS
from crawler.records.capture import RENDERED
from crawler.records.errors import QueryError
from crawler.runs import feed
from crawler.site import contents, looks
from crawler.site.database import ArchiveDatabase

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
_NO_ARCHIVE = "No archive of nianbao is served here."
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def _archive(datasette: Any) -> ArchiveDatabase | None:
    """The first archive among the databases, None where there is none."""
    return next((database for database in datasette.databases.values() if isinstance(database, ArchiveDatabase)), None)


async def _page(
    datasette: Any, request: Any, template: str, collect: Source, missing: str = "", status: int = 200
) -> Any:
    """One of our pages; a page that says `missing`, with 404, where `collect` finds nothing."""
    database = _archive(datasette)
    try:
        context = None if database is None else await database.read(collect)
        if context is None:
            template, context, status = "missing", {"missing": missing if database is not None else _NO_ARCHIVE}, 404
    except QueryError as error:
        template, context, status = "refused", {"refusal": str(error)}, 400
    name = database.name if database is not None else ""
    common = {"root": datasette.urls.path("/"), "database": name, "queries": QUERIES}
    body = await datasette.render_template(f"nianbao/{template}.html", common | context, request=request)
    headers = _SAFE | {"Content-Security-Policy": PAGE_POLICY, "X-Frame-Options": "DENY"}
    return Response.html(body, status=status, headers=headers)


async def home(datasette: Any, request: Any, send: Any) -> Any:
    """Coverage, what the last runs found, a search box; Datasette's own start page where no archive is served."""
    if _archive(datasette) is None:
        return await IndexView.as_view(datasette)(request, send)
    return await _page(datasette, request, "home", contents.home)


async def report(datasette: Any, request: Any) -> Any:
    """One report beside the page as it was served."""
    number = int(request.url_vars["id"])
    return await _page(
        datasette,
        request,
        "report",
        lambda archive: contents.report(archive, number),
        f"There is no report {number}.",
    )


async def versions(datasette: Any, request: Any) -> Any:
    """What changed between two versions of a report."""
    number = int(request.url_vars["id"])
    wanted = [_number(request.args.get(name)) for name in ("from", "to")]
    return await _page(
        datasette,
        request,
        "versions",
        lambda archive: contents.versions(archive, number, *wanted),
        f"Report {number} has no such versions.",
    )


async def raw(datasette: Any, request: Any) -> Any:
    """The exact bytes of a capture: a page in a sandbox, anything else as a download. With `look=1` a page has what the
    archive holds of its styles, pictures and fonts within it."""
    number = int(request.url_vars["id"])
    looked = request.args.get("look") == "1"
    database = _archive(datasette)

    def collect(archive: Reader) -> tuple[bytes | None, str | None, str | None] | None:
        facts = archive.captures.facts(number)
        if facts is None:
            return None
        body = archive.captures.body(facts["sha256"])
        if looked and body is not None and facts["media_type"] == "text/html":
            body = looks.dressed(body, facts["charset"], facts["url"].removesuffix(RENDERED), looks.finder(archive))
        return body, facts["media_type"], facts["charset"]

    capture = None if database is None else await database.read(collect)
    if capture is None:
        return await _page(datasette, request, "missing", lambda archive: None, f"There is no capture {number}.")
    body, media_type, charset = capture
    if body is None:
        # RFC 7725: Unavailable For Legal Reasons.
        return await _page(
            datasette, request, "redacted", lambda archive: contents.redacted(archive, number), status=451
        )
    headers = _SAFE | {"Content-Security-Policy": RAW_POLICY, "X-Robots-Tag": "noindex"}
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
        f"The archive holds nothing of region {code}, and expects nothing.",
    )


async def compare(datasette: Any, request: Any) -> Any:
    """One measure of several regions over the years."""
    codes, measure = request.args.getlist("region"), request.args.get("measure") or ""
    return await _page(datasette, request, "compare", lambda archive: contents.compare(archive, codes, measure))


async def search(datasette: Any, request: Any) -> Any:
    """Hits with snippets, and how they spread over regions and years."""
    asked = {name: (request.args.get(name) or "").strip() for name in ("q", "region", "year", "page")}

    def link(**changed: str) -> str:
        query = {name: value for name, value in (asked | {"page": ""} | changed).items() if value}
        return f"{datasette.urls.path('/search')}?{urlencode(query)}"

    def collect(archive: Reader) -> dict[str, Any]:
        return contents.search(archive, asked, _number(asked["page"]) or 1, _number(asked["year"])) | {"link": link}

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
    database = _archive(datasette)
    if database is None:
        return await _page(datasette, request, "missing", lambda archive: None)
    body = await database.read(lambda archive: feed.atom(archive.uuid(), archive.events.newest(feed.ENTRIES)))
    return Response(body, headers=dict(_SAFE), content_type="application/atom+xml; charset=utf-8")


def _number(words: str | None) -> int | None:
    return int(words) if words and words.isascii() and words.isdigit() and len(words) < 10 else None


ROUTES: list[tuple[str, Callable[..., Awaitable[Any]]]] = [
    (r"^/(?P<format>)$", home),  # the name is what Datasette's own view looks for
    (r"^/report/(?P<id>\d{1,15})$", report),
    (r"^/report/(?P<id>\d{1,15})/versions$", versions),
    (r"^/capture/(?P<id>\d{1,15})/raw$", raw),
    (r"^/region/(?P<code>\d{6})$", region),
    (r"^/compare$", compare),
    (r"^/search$", search),
    (r"^/tables$", tables),
    (r"^/feed\.atom$", atom),
    (r"^/-/databases(\.(?P<format>json))?$", databases),
]
