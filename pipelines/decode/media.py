"""The media type of a response, told by its first bytes, because Content-Type and file names lie
(sources/obstacles#files-in-place-of-pages)."""

from __future__ import annotations

import re

from crawler.records.media import MEDIA_TYPES, MEMBERS, in_ole, signature

_HTML_START = re.compile(
    rb"<!doctype\s+html|<(?:html|head|body|script|meta|title|div|table|p|iframe|frameset|!--)\b", re.I
)
_XML_START = re.compile(rb"\s*<(?:\?xml|datastore\b|rss\b|feed\b|urlset\b)", re.I)
_JSON_START = re.compile(rb"\{\s*\"|\[\s*\{\s*\"")
"""An object's first key: mark-up stands in its values (sources/systems#jpaas: `{"data":{"html":"<ul>…`)."""


def media_type(body: bytes, content_type: str | None) -> str | None:
    """What the bytes are, told by their beginning; the header only decides what the bytes leave open.

    Returns a lower-case media type without parameters, or None for an empty body without a header.
    """
    stated = (content_type or "").split(";")[0].strip().lower() or None
    head = body[:2048]
    name = signature(head)
    if name == "ole":
        name = in_ole(body)
    elif name == "zip":
        name = next((inner for member, inner in MEMBERS.items() if member.encode() in body), "zip")
    if name is not None:
        return MEDIA_TYPES[name]
    flat = head.replace(b"\0", b"")  # also reads the start of UTF-16
    start = flat.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _XML_START.match(start) and b"<html" not in flat.lower():
        return "application/xml"
    if _JSON_START.match(start) or (start[:1] in (b"{", b"[") and not _HTML_START.search(flat)):
        return "application/json"
    if _HTML_START.search(flat) or start.startswith(b"<"):
        return "text/html"
    if stated in (None, "application/octet-stream"):
        return _guess_plain(body) if body else stated
    return stated


def _guess_plain(body: bytes) -> str:
    """Without magic, mark-up or a header worth anything: text has no control characters."""
    head = body[:2048]
    return "application/octet-stream" if sum(byte < 9 for byte in head) else "text/plain"
