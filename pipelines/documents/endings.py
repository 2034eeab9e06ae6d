"""What the ending of a name suggests that a file is; its bytes decide once it is here (pipelines.documents.kind)."""

from __future__ import annotations

import re
from urllib.parse import unquote

MEDIA_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "wps": "application/vnd.ms-works",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "et": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ofd": "application/ofd",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "webp": "image/webp",
}
"""Media type by the ending of a file's name."""

_ENDING = re.compile(r"\.([A-Za-z0-9]{2,4})$")
NAMED = re.compile(r"\.(pdf|docx?|wps|xlsx?|et|pptx?|ofd|rtf|zip|rar|7z)(?=$|[&?#;)）\s(（])", re.I)
"""A document's name within words or a query."""


def media_type_of(name: str) -> str | None:
    """The media type that the ending of a file name or address suggests; None for an unknown or missing ending."""
    path = name.split("?")[0].split("#")[0] if "://" in name else name
    found = _ENDING.search(path.strip())
    if found is None or found.group(1).lower() not in MEDIA_TYPES:
        found = NAMED.search(unquote(name))
    return MEDIA_TYPES.get(found.group(1).lower()) if found else None
