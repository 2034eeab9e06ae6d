"""What bytes are, by the bytes: names and Content-Type of files lie (sources/obstacles#files-in-place-of-pages)."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

MEDIA_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ole": "application/x-ole-storage",
    "ofd": "application/ofd",
    "rtf": "application/rtf",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "html": "text/html",
}
"""Format to media type. `doc` and `xls` are those of WPS (wps, et) as well; `ole`: another file of that container."""
IMAGES = frozenset({"jpeg", "png", "gif", "bmp", "tiff", "webp"})

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|meta|table|div|p\b)",
    re.I | re.S,
)
_HEAD = 1024
"""A PDF may have this much before its mark (ISO 32000-1, annex H.3.4.1)."""


def format_of(body: bytes) -> str | None:
    """The format of a document, a key of MEDIA_TYPES; None for plain text and whatever else is not known."""
    head = body[:_HEAD]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(_OLE):
        return _in_ole(body)
    if head.startswith(b"PK\x03\x04"):
        return _in_zip(body)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    text = head
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head.decode("utf-16", "replace").encode()
    return "html" if _HTML.match(text.removeprefix(b"\xef\xbb\xbf")) else None


def _in_ole(body: bytes) -> str:
    """By the names of its streams, which the directory holds as UTF-16."""
    for stream, name in (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls")):
        if stream.encode("utf-16-le") in body:
            return name
    return "ole"


def _in_zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return "zip"
    for member, name in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("OFD.xml", "ofd")):
        if member in names:
            return name
    return "zip"
