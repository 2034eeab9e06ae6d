"""The rows of `captures`: bytes new at their address, or seen there again."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import fields
from functools import lru_cache

from crawler.archive.file.blobs import Blobs
from crawler.archive.file.captures import IMPORT
from crawler.archive.schema.heads import BEGINNING
from crawler.archive.schema.requests import plain_line
from crawler.archive.write import derivations
from crawler.archive.write.reportrows import Seen, dumps
from crawler.records.capture import Context, Sent, as_told
from crawler.records.page import Page

_INSERT_CAPTURE = """insert into captures (
    run_id, portal, url, fetched_at, status, headers, content_type, length, sha256, trail, links_skipped, context,
    last_seen_at, last_run_id, source, kind, media_type, charset_declared, charset, title, breadcrumb, lookalike,
    evidence
) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_MET = "update captures set last_seen_at = ?, last_run_id = ? where id = ?"
_MET_ELSEWHERE = "update captures set last_seen_at = max(last_seen_at, ?), last_run_id = ? where id = ?"
"""Captures of a web archive come in any order."""
# The pattern stands in the statement: one that is bound would have SQLite prepare it anew for every capture.
_LATE = f"""select 1 from captures as late cross join runs on runs.id = late.run_id
    cross join captures as newer on newer.url = late.url and newer.id < late.id and (newer.run_id > late.run_id
        or ((runs.portals like '["{IMPORT}%' or late.source is not null) and newer.fetched_at > late.fetched_at))
    where late.id = ? limit 1"""
# The plus keeps SQLite from putting the value in place of the column in the indexed expression.
_HEAD = f"""select id from request_heads
    where {BEGINNING.format("headers")} = {BEGINNING.format("?1")} and +headers = ?1 and ip_address is ?2"""
_UPDATE_DERIVED = """update captures set kind = ?, media_type = ?, charset_declared = ?, charset = ?, title = ?,
    breadcrumb = ?, lookalike = ?, evidence = ? where id = ?"""


def derived(page: Page) -> tuple[str | None, ...]:
    """The derived columns of `captures`, in the order of the statements above."""
    return (
        page.kind,
        page.media_type,
        page.charset_declared,
        page.charset,
        page.title,
        dumps(page.breadcrumb),
        page.lookalike,
        dumps([(found.rule, found.detail) for found in page.evidence]),
    )


def write_derived(connection: sqlite3.Connection, capture_id: int, page: Page) -> None:
    """Put what follows from a capture today in the place of what did."""
    connection.execute(_UPDATE_DERIVED, (*derived(page), capture_id))
    derivations.note(connection, capture_id)


def keep(connection: sqlite3.Connection, blobs: Blobs, page: Page, run_id: int, sha256: str, length: int) -> Seen:
    """The row of these bytes at this address, new or seen again."""
    execute, capture = connection.execute, page.capture
    context, headers = context_json(page.context), dumps(capture.headers)
    trail = dumps(as_told(capture.trail))
    known = execute(
        # By the address: a thousand dead links of one host may have one and the same body.
        "select id, fetched_at, context, headers, id in (select capture_id from redacted_captures) from captures"
        " where url = ? and +sha256 = ? and status = ? and source is ? order by id desc",
        (capture.address, sha256, capture.status, capture.source),
    ).fetchall()
    for capture_id, fetched_at, its_context, its_headers, redacted in known:
        if redacted and page.remains is None:
            continue  # its redaction was lifted: it stays a tombstone, and this is a capture of its own
        if 300 <= capture.status < 400 and place_of_redirect(its_headers) != place_of_redirect(headers):
            continue  # redirects have no body to speak of: where they lead is what they say
        execute(
            _MET_ELSEWHERE if capture.source is not None else _MET,
            (capture.fetched_at, run_id, capture_id),
        )
        if its_context != context:
            # The profile or the way there says something else about the page now: it is derived anew from that.
            execute("update captures set context = ?, trail = ? where id = ?", (context, trail, capture_id))
            write_derived(connection, capture_id, page)
        return Seen(capture_id, fetched_at, capture.fetched_at, run_id, again=its_context == context)
    if page.remains is not None:
        blobs.keep_empty(sha256, length)
    else:
        blobs.put(
            host_of(capture.url),
            capture.body,
            sha256=sha256,
            page=page.media_type == "text/html" and capture.status == 200,
            leaf=page.kind in ("report", "article"),
        )
    cursor = execute(
        _INSERT_CAPTURE,
        (
            run_id, capture.portal, capture.address, capture.fetched_at, capture.status, headers,
            capture.header("content-type"), length, sha256, trail, dumps(page.links_skipped), context,
            capture.fetched_at, run_id, capture.source, *derived(page),
        ),
    )  # fmt: skip
    assert cursor.lastrowid is not None
    derivations.note(connection, cursor.lastrowid)
    if capture.sent is not None:
        keep_request(connection, cursor.lastrowid, capture.address, capture.sent)
    return Seen(cursor.lastrowid, capture.fetched_at, capture.fetched_at, run_id)


def keep_request(connection: sqlite3.Connection, capture_id: int, url: str, sent: Sent) -> None:
    """Write the request that a capture at an address answers."""
    line = None if sent.line == plain_line(url) else sent.line
    head = (dumps(sent.headers), sent.ip_address)
    row = connection.execute(_HEAD, head).fetchone()
    if row is None:
        insert = "insert into request_heads (headers, ip_address) values (?, ?)"
        number = connection.execute(insert, head).lastrowid
    else:
        (number,) = row
    connection.execute("insert into request_lines values (?, ?, ?)", (capture_id, number, line))


def keep_ways(connection: sqlite3.Connection, capture_id: int, ways: tuple[str, bytes] | None) -> None:
    """Note what led on from a page; of a redacted one nothing."""
    if ways is not None:
        connection.execute(
            "insert or replace into ways select ?1, ?2, ?3 where ?1 not in (select capture_id from redacted_captures)",
            (capture_id, *ways),
        )


def is_late(connection: sqlite3.Connection, capture_id: int) -> bool:
    """Whether a capture came behind a newer one of its address: an import or a web archive brought it, or it came to a
    run that died and was read by a later one.

    It is kept as it is, but the report that stands there is not what it says. What a crawl brings is the newest,
    whatever its clock says.
    """
    return connection.execute(_LATE, (capture_id,)).fetchone() is not None


def host_of(url: str) -> str:
    """Host and port as written, lower-case; never raises (`urlsplit` does, on a broken IPv6 address)."""
    return url.partition("//")[2].partition("/")[0].lower()


_CONTEXT_FIELDS = tuple(field.name for field in fields(Context))


@lru_cache(maxsize=1024)
def context_json(context: Context) -> str:
    """A context as the archive keeps it, as JSON; the pages of one column share it."""
    told = {name: getattr(context, name) for name in _CONTEXT_FIELDS}
    for name in ("attached", "requisite"):
        if not told[name]:
            del told[name]  # as before there were any: the context of a page does not become another one by that
    return dumps(told)


def place_of_redirect(headers: str) -> str | None:
    """Where a stored header list redirects to."""
    pairs = json.loads(headers)
    return next((value for name, value in pairs if name.lower() == "location"), None)
