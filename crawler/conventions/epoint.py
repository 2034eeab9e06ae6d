"""新点 Epoint EWB: the list of a column comes by POST of JSON (sources/systems#epoint).

The page (`…govInfoPub.html?deptcode=&categorynum=003006`) says which column in its own address; the site's number and
the service's folder stand in `/js/webBuilderCommon.js` (`var siteInfo = {"siteGuid":…,"projectName":"/EWB-FRONT",…}`),
rarely in the page itself. `POST <projectName>/rest/lightfrontaction/getgovinfolist` with deptcode, categorynum,
siteGuid, pageIndex (from 0) and pageSize answers `{"custom":{"data":[{"title","infourl","infodate"}],"total":…}}`.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode

from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.conventions.system import PagingRule, System
from crawler.words.addresses import join
from crawler.words.posts import posted_json, posted_value, target_of

_SERVICE = "/rest/lightfrontaction/getgovinfolist"
_SCRIPT = re.compile(
    r"<script\b[^<>]*?\bsrc\s*=\s*[\"']([^\"'<>]{0,200}\bwebBuilderCommon\.js)[^\"'<>]{0,100}[\"']", re.I
)
_SITE = re.compile(r"\bsiteInfo\s*=\s*\{(.{1,2000}?)\}", re.S)
_FIELD = re.compile(r"[\"']?(siteGuid|projectName)[\"']?\s*:\s*[\"']([^\"']{1,100})[\"']")
_TITLES, _URLS, _DATES = (
    ("title", "realtitle", "customtitle"),
    ("infourl", "visiturl", "linkurl"),
    ("infodate", "handsdate"),
)
_PICKS = ("deptcode", "categorynum")
PER_PAGE = 20


def pages(source: Source) -> Paging | None:
    """From a column's page what it asks first, from the site's script the first page, from an answer the others."""
    if _SERVICE in source.url:
        return _after(source)
    asked = dict(parse_qsl(source.url.partition("?")[2]))
    if "categorynum" not in asked:
        return None
    picks = {key: asked.get(key, "") for key in _PICKS}
    if (first := _first(source, picks)) is not None:
        return Paging("epoint", [(1, first)], by_service=True)
    script = _SCRIPT.search(source.html) if "webBuilderCommon" in source.html else None
    address = join(source.url, script.group(1)) if script is not None else None
    # Each column asks under an address of its own, or the second of them would never ask.
    return Paging("epoint", [(1, f"{address}?{urlencode(picks)}")], by_service=True) if address else None


def _first(source: Source, picks: dict[str, str]) -> str | None:
    """The first request, where site and folder are told here."""
    site = _SITE.search(source.html)
    told = dict(_FIELD.findall(site.group(1))) if site is not None else {}
    service = join(source.url, told.get("projectName", "").rstrip("/") + _SERVICE)
    if "siteGuid" not in told or service is None:
        return None
    return posted_json(service, {**picks, "siteGuid": told["siteGuid"], "pageIndex": 0, "pageSize": PER_PAGE})


def _after(source: Source) -> Paging | None:
    """All pages after the first, by the total that its answer states."""
    asked = posted_value(source.url)
    try:
        custom = source.data["custom"]
        total, here, number = int(custom["total"]), len(custom["data"]), int(asked["pageIndex"])
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    per_page = min(here, PER_PAGE) or PER_PAGE  # fewer may come than were asked for
    last = min(-(-total // per_page), MAX_PAGES) if number == 0 else 0
    service = target_of(source.url)
    named = [(page + 1, posted_json(service, {**asked, "pageIndex": page})) for page in range(1, last)]
    return Paging("epoint", named, total)


def rows(data: Any) -> str | None:
    """The entries of an answer as rows; None where it is not an answer of this service."""
    custom = data.get("custom") if isinstance(data, dict) else None
    entries = custom.get("data") if isinstance(custom, dict) else None
    if not isinstance(entries, list):
        return None
    return f"<ul>{''.join(_row(entry) for entry in entries if isinstance(entry, dict))}</ul>"


def _row(entry: dict[str, Any]) -> str:
    title, url, day = (escape(_said(entry, keys)) for keys in (_TITLES, _URLS, _DATES))
    return f'<li><a href="{url}">{title}</a><span>{day[:10]}</span></li>'


def _said(entry: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(entry[key]) for key in keys if entry.get(key)), "")


SYSTEM = System(
    name="Epoint",
    # the service getgovinfolist, the script with the site's number, class names as .ewb-location
    source="sources/systems#epoint",
    server="epoint",
    marks=(r"lightfrontaction|webBuilderCommon\.js|ewb-",),
    paging=(PagingRule("epoint", "sources/systems#epoint", pages),),
    answer=rows,
)
