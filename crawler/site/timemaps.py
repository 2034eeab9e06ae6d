"""Memento (RFC 7089) over our own captures, so that aggregators find them: TimeMaps, a TimeGate, and what a capture
says of itself.

These are doors for programs: they answer in English, and an address in their path keeps its whole query.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from html import unescape
from typing import Any
from urllib.parse import quote, urlsplit

from datasette.utils.asgi import Response  # type: ignore[import-untyped]

from crawler.archive.queries.timelines import Point
from crawler.site.language import language, word
from crawler.site.page import archive_of

PAGE = 10_000
"""Captures in one TimeMap; further ones are in the next."""
_OF_ADDRESS = re.compile(r"/(?:timemap|timegate)/")
_LINK_FORMAT = "application/link-format"
_LONGEST = 4_000


class AddressError(Exception):
    """What stands in the path is no address, or what is asked of it cannot be meant; the message is the answer."""


def is_of_address(path: str) -> bool:
    """Whether the rest of a path is another site's address, with its query."""
    return _OF_ADDRESS.match(path) is not None


async def timemap(datasette: Any, request: Any) -> Any:
    """All captures of an address, oldest first, in link format or JSON."""
    language.set("en")
    form, number = request.url_vars["form"], int(request.url_vars["page"] or 1)
    try:
        url = _address(request)
    except AddressError as error:
        return Response.text(f"{error}\n", status=400)
    database = archive_of(datasette)
    count, points = (
        (0, [])
        if database is None
        else await database.read(
            lambda archive: (archive.timelines.count(url), archive.timelines.page(url, number, PAGE))
        )
    )
    if not points:
        said = (
            unescape(word("timemap.page", most=-(-count // PAGE)))
            if count
            else unescape(word("timemap.none", url=url[:200]))
        )
        return Response.text(f"{said}\n", status=404)
    site = _site(datasette, request)
    pages = -(-count // PAGE)
    if form == "json":
        body = json.dumps(_object(site, url, points, number, pages), ensure_ascii=False, indent=1)
        return Response(body, content_type="application/json; charset=utf-8")
    return Response(",\n".join(_links(site, url, points, number, pages)) + "\n", content_type=_LINK_FORMAT)


async def timegate(datasette: Any, request: Any) -> Any:
    """The capture of an address that is nearest to Accept-Datetime, the last one without it."""
    language.set("en")
    vary = {"Vary": "accept-datetime"}
    try:
        url, at = _address(request), _time(request.headers.get("accept-datetime"))
    except AddressError as error:
        return Response.text(f"{error}\n", status=400, headers=vary)
    database = archive_of(datasette)
    point = None if database is None else await database.read(lambda archive: archive.timelines.nearest(url, at))
    if point is None:
        return Response.text(f"{unescape(word('timemap.none', url=url[:200]))}\n", status=404, headers=vary)
    site = _site(datasette, request)
    links = [_link(url, "original"), _timemap(site, url, 1)]
    headers = vary | {"Location": _capture(site, point), "Link": ", ".join(links)}
    return Response("", status=302, headers=headers)


def headers_of(datasette: Any, request: Any, url: str, at: str, around: Mapping[str, Point]) -> dict[str, str]:
    """What a raw capture of an address says of itself, by what `Timelines.around` knows; nothing where it is not
    offered."""
    if not around:
        return {}
    site = _site(datasette, request)
    links = [_link(url, "original"), _link(f"{site}timegate/{url}", "timegate"), _timemap(site, url, 1)]
    relations: dict[Point, list[str]] = {}
    for name, point in around.items():
        relations.setdefault(point, []).append(name)
    links += [_memento(site, point, " ".join(names)) for point, names in relations.items()]
    return {"Memento-Datetime": _date(at), "Link": ", ".join(links)}


def _links(site: str, url: str, points: list[Point], number: int, pages: int) -> list[str]:
    """A TimeMap in link format (RFC 7089 5)."""
    span = f'; from="{_date(points[0][1])}"; until="{_date(points[-1][1])}"'
    links = [_link(url, "original"), _link(f"{site}timegate/{url}", "timegate")]
    links += [_timemap(site, url, number, "self") + span]
    links += [_timemap(site, url, other) for other in (number - 1, number + 1) if 1 <= other <= pages]
    for place, point in enumerate(points, 1):
        names = ["first"] * (number == 1 and place == 1) + ["last"] * (number == pages and place == len(points))
        links.append(_memento(site, point, " ".join(names)))
    return links


def _object(site: str, url: str, points: list[Point], number: int, pages: int) -> dict[str, Any]:
    """A TimeMap in JSON, as aggregators write it."""

    def entry(point: Point) -> dict[str, str]:
        return {"datetime": point[1], "uri": _capture(site, point)}

    mementos: dict[str, Any] = {"list": [entry(point) for point in points]}
    mementos |= {"first": entry(points[0])} if number == 1 else {}
    mementos |= {"last": entry(points[-1])} if number == pages else {}
    said: dict[str, Any] = {
        "original_uri": url,
        "timegate_uri": f"{site}timegate/{url}",
        "timemap_uri": {f"{form}_format": f"{site}timemap/{form}/{url}" for form in ("link", "json")},
        "mementos": mementos,
    }
    others = {"prev": number - 1, "next": number + 1}
    uris = {name: f"{site}timemap/json/{other}/{url}" for name, other in others.items() if 1 <= other <= pages}
    return said | ({"pages": uris} if uris else {})


def _address(request: Any) -> str:
    """The address in the path, with its query. Raises AddressError."""
    query = request.query_string
    url = re.sub(r"^(https?:)/+", r"\1//", request.url_vars["url"], flags=re.I) + (f"?{query}" if query else "")
    try:
        parts = urlsplit(url)
        is_valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_valid = False
    if not is_valid or len(url) > _LONGEST or not url.isprintable():
        raise AddressError(unescape(word("timemap.address", url=url[:200])))
    return url


def _time(text: str | None) -> str | None:
    """A time of HTTP (RFC 9110 5.6.7) as the archive writes times. Raises AddressError."""
    if text is None:
        return None
    try:
        at = parsedate_to_datetime(text)
        if at.tzinfo is None:
            raise ValueError(text)
        return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (TypeError, ValueError, OverflowError):
        raise AddressError(unescape(word("timegate.date", value=text[:60]))) from None


def _site(datasette: Any, request: Any) -> str:
    """The address of the site, with a slash at its end."""
    return str(datasette.absolute_url(request, datasette.urls.path("/")))


def _capture(site: str, point: Point) -> str:
    return f"{site}capture/{point[0]}/raw"


def _link(url: str, relation: str) -> str:
    return f'<{quote(url, safe="%/:=&?~#+!$,;@()*[]")}>; rel="{relation}"'


def _timemap(site: str, url: str, number: int, relation: str = "timemap") -> str:
    place = "" if number == 1 else f"{number}/"
    return _link(f"{site}timemap/link/{place}{url}", relation) + f'; type="{_LINK_FORMAT}"'


def _memento(site: str, point: Point, names: str) -> str:
    return _link(_capture(site, point), f"{names} memento".strip()) + f'; datetime="{_date(point[1])}"'


def _date(at: str) -> str:
    return format_datetime(datetime.fromisoformat(at).astimezone(UTC), usegmt=True)


ROUTES: list[tuple[str, Callable[..., Awaitable[Any]]]] = [
    (r"^/timemap/(?P<form>link|json)/(?:(?P<page>[1-9]\d{0,5})/)?(?P<url>.+)$", timemap),
    (r"^/timegate/(?P<url>.+)$", timegate),
]
