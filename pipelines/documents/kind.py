"""What bytes are, by the bytes: names and Content-Type of files lie (sources/obstacles#files-in-place-of-pages)."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from crawler.records.media import MEMBERS, in_ole, signature

_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|meta|table|div|p\b)",
    re.I | re.S,
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TAG = re.compile(rb"<[a-zA-Z!/]")
_HEAD = 1024
"""A PDF may have this much before its mark (ISO 32000-1, annex H.3.4.1)."""


def format_of(body: bytes) -> str | None:
    """The format of a document, a key of records.media.FORMATS; None for what is not known."""
    head = body[:_HEAD]
    if b"%PDF-" in head:
        return "pdf"
    name = signature(head)
    if name == "ole":
        return in_ole(body)
    if name == "zip":
        return _in_zip(body)
    if name is not None:
        return name
    text = head
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head.decode("utf-16", "replace").encode()
        if (name := signature(text)) is not None:
            return name
    if _HTML.match(text.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return "txt" if _is_plain(body) else None


def _is_plain(body: bytes) -> bool:
    """Whether bytes of no other format are plain text: no control characters, no tags, several lines."""
    head = body[: 16 * _HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode()
    return not _CONTROL.search(head) and not _TAG.search(head) and head.count(b"\n") + head.count(b"\r") >= 2


def _in_zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return "zip"
    return next((name for member, name in MEMBERS.items() if member in names), "zip")
