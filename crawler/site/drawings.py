"""The pages that draw, region, compare and measure, and each of them as one SVG file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils.asgi import Response  # type: ignore[import-untyped]

from crawler.archive.queries.reader import Reader
from crawler.records.errors import QueryError
from crawler.site import comparison, freshness, measures, regions
from crawler.site.language import label, word
from crawler.site.page import SAFE, absolute, archive_of, respond
from crawler.site.parameters import ParameterError, only
from crawler.site.pictures import KINDS
from crawler.site.sheets import sheet

Contents = Callable[[Reader, Any, Callable[[str], str]], dict[str, Any] | None]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
"""A file of ours: its own style, and nothing else."""


def _region(archive: Reader, request: Any, address: Callable[[str], str]) -> dict[str, Any] | None:
    only(request)
    return regions.contents(archive, request.url_vars["code"], address)


PAGES: dict[str, tuple[str, Contents]] = {
    "region": (r"/region/(?P<code>\d{6})", _region),
    "compare": (r"/compare", comparison.contents),
    "measure": (r"/measure/(?P<measure>[a-z0-9_]{1,80})", measures.contents),
}
"""By template the address and what is shown."""


def _missing(name: str, request: Any) -> str:
    """The sentence for a page that is not there."""
    if name == "region":
        return word("missing.region", code=request.url_vars["code"])
    return word("missing.measure", name=request.url_vars["measure"]) if name == "measure" else ""


def _routes(name: str) -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    pattern, contents = PAGES[name]

    def collector(datasette: Any, request: Any) -> Callable[[Reader], dict[str, Any] | None]:
        return lambda archive: contents(archive, request, absolute(datasette, request))

    async def page(datasette: Any, request: Any) -> Any:
        return await respond(datasette, request, name, collector(datasette, request), _missing(name, request))

    async def drawing(datasette: Any, request: Any) -> Any:
        database = archive_of(datasette)
        headers = SAFE | {"Content-Security-Policy": POLICY}
        if database is not None:
            headers |= {"ETag": freshness.tag(database, request), "Cache-Control": "no-cache"}
            if freshness.is_fresh(request, headers["ETag"]):
                return Response("", status=304, headers=headers)
        collect = collector(datasette, request)
        try:
            shown = None if database is None else await database.read(collect)
        except (QueryError, ParameterError) as error:
            return Response(f"{error}\n", status=400, headers=dict(SAFE))
        if shown is None:
            return Response(f"{_missing(name, request)}\n", status=404, headers=dict(SAFE))
        names = {kind: label("shape", kind) for kind in KINDS}
        context = {**shown, "sheet": sheet({"keys": [], "kinds": [], **shown}, names)}
        body = await datasette.render_template("nianbao/sheet.svg", context, request=request)
        return Response(body, headers=headers, content_type="image/svg+xml; charset=utf-8")

    return [(f"^{pattern}$", page), (rf"^{pattern}\.svg$", drawing)]


ROUTES = [route for name in PAGES for route in _routes(name)]
