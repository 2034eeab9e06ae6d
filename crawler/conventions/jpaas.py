"""大汉 JPaaS: a list is a unit of the page that a service builds, page by page (sources/systems#jpaas).

The page names the unit in `<script … unitbuild.js url="…" queryData="{'webId':'…','pageId':'…','tagId':'…',…}">`; the
service answers a GET with `{"data":{"html":"<ul>…"}}`. Only `paramJson={"pageNo":N,…}` turns pages on every site. The
answer's pager has `count="87"`; without it an answer without links is the end.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.conventions.system import PagingRule, System
from crawler.words.addresses import join

_SERVICE = "/front/page/build/unit"
_UNIT = re.compile(r"<\w+\b[^<>]*?\bqueryData\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)')[^<>]*>", re.I)
_URL = re.compile(r"\burl\s*=\s*[\"']([^\"'<>]{1,300})[\"']", re.I)
_FIELD = re.compile(r"[\"']?(\w{1,30})[\"']?\s*:\s*[\"']([^\"']{0,100})[\"']")
_COUNT = re.compile(r"\bcount\s*=\s*\\?[\"']?(\d{1,6})", re.I)
_ROW = re.compile(r"<a\b[^<>]*?\bhref\s*=\s*[\"']?(?!#|javascript:)([^\"'\s<>]+)", re.I)
_NEEDED = frozenset({"webId", "pageId", "tplSetId"})
_MAX_UNITS = 4
PER_PAGE = 15


def units(source: Source) -> Paging | None:
    """From a page with units their first pages, from an answer the pages after it."""
    if _SERVICE in source.url:
        return _after(source)
    if "queryData" not in source.html:
        return None
    pages = [(1, address) for found in _UNIT.finditer(source.html) if (address := _first(found, source.url))]
    return Paging("jpaas unit", pages[:_MAX_UNITS], by_service=True) if pages else None


def rows(data: Any) -> str | None:
    """The list in an answer as mark-up; None where it is not an answer of this service."""
    inner = data.get("data") if isinstance(data, dict) else None
    told = inner.get("html") if isinstance(inner, dict) else None
    return told if isinstance(told, str) else None


def _first(unit: re.Match[str], own: str) -> str | None:
    """The address of a unit's first page; None for a unit that is not of a column, or does not say where it is."""
    fields = dict(_FIELD.findall(html.unescape(unit.group(1) or unit.group(2) or "")))
    url = _URL.search(unit.group())
    service = join(own, html.unescape(url.group(1))) if url is not None else None
    if service is None or _SERVICE not in service or not fields.keys() >= _NEEDED:
        return None
    return _page(service.partition("?")[0], fields, 1, PER_PAGE)


def _after(source: Source) -> Paging | None:
    """All further pages where the answer states how many entries there are, else the next one while rows come."""
    told = rows(source.data)
    url, _, query = source.url.partition("?")
    fields = dict(parse_qsl(query))
    try:
        asked = json.loads(fields.pop("paramJson", "{}"))
        size, number = int(asked["pageSize"]), int(asked["pageNo"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    if told is None or size < 1 or number < 1:
        return None
    here = len(set(_ROW.findall(told)))
    stated = _COUNT.search(told)
    total = int(stated.group(1)) if stated is not None and int(stated.group(1)) >= here else None
    if total is None:
        last = number + bool(here)
    elif number == 1:
        last = min(-(-total // (min(here, size) or size)), MAX_PAGES)  # fewer may come than were asked for
    else:
        last = number
    pages = [(following, _page(url, fields, following, size)) for following in range(number + 1, last + 1)]
    return Paging("jpaas unit", pages, total)


def _page(service: str, fields: dict[str, str], number: int, size: int) -> str:
    turned = json.dumps({"pageNo": number, "pageSize": size}, separators=(",", ":"))
    return f"{service}?{urlencode({**fields, 'paramJson': turned})}"


SYSTEM = System(
    name="Hanweb JPaaS",
    # its unitbuild.js; www.jyg.gov.cn/…/art/2022/art_185127c4318a4fd1bb991113aa3ac771.html
    source="sources/systems#jpaas",
    server="jpaas",
    marks=(r"unitbuild\.js|jpaas-publish-server",),
    articles=(r"/art_[0-9a-f]{32}",),
    paging=(PagingRule("jpaas unit", "sources/systems#jpaas", units),),
    answer=rows,
)
