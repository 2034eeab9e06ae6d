"""The formats of files that portals serve: media type, endings of names, first bytes; one table for all that ask.

What a file is, its bytes decide (sources/obstacles#files-in-place-of-pages); a name or Content-Type is only believed
of a file that is not here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_XML = r"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]{0,300}\?>\s*|<!--.{0,300}?-->\s*){0,5}"
"""What may stand before the root of an XML file."""
_MHTML = (
    r"\s*(?:[A-Za-z-]{2,40}:[^\r\n]{0,300}\r?\n(?:[ \t][^\r\n]{0,300}\r?\n)*+){0,12}?Content-Type:\s*multipart/related"
)
_OPEN_XML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Format:
    """`endings` of names, without the dot; `magic`: patterns of the first bytes; `stream`: a name in the directory of
    an OLE container; `member`: a file in a ZIP, by which those two kinds of container are told apart."""

    media_type: str
    endings: tuple[str, ...] = ()
    magic: tuple[bytes, ...] = ()
    stream: tuple[str, ...] = ()
    member: str | None = None
    image: bool = False


FORMATS: dict[str, Format] = {
    "pdf": Format("application/pdf", ("pdf",), (rb"%PDF-",)),
    "docx": Format(f"{_OPEN_XML}.wordprocessingml.document", ("docx",), member="word/document.xml"),
    "xlsx": Format(f"{_OPEN_XML}.spreadsheetml.sheet", ("xlsx",), member="xl/workbook.xml"),
    "pptx": Format(f"{_OPEN_XML}.presentationml.presentation", ("pptx",)),
    "ofd": Format("application/ofd", ("ofd",), member="OFD.xml"),
    "doc": Format("application/msword", ("doc",), stream=("WordDocument",)),
    "xls": Format("application/vnd.ms-excel", ("xls", "et"), stream=("Workbook", "Book")),
    "ppt": Format("application/vnd.ms-powerpoint", ("ppt",), stream=("PowerPoint Document",)),
    "wps": Format("application/vnd.ms-works", ("wps",)),
    "ole": Format("application/x-ole-storage", (), (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    "rtf": Format("application/rtf", ("rtf",), (rb"\{\\rtf",)),
    "zip": Format("application/zip", ("zip",), (rb"PK\x03\x04",)),
    "rar": Format("application/vnd.rar", ("rar",), (rb"Rar!\x1a\x07",)),
    "7z": Format("application/x-7z-compressed", ("7z",), (rb"7z\xbc\xaf\x27\x1c",)),
    "txt": Format("text/plain", ("txt",)),
    "html": Format("text/html"),
    "wordxml": Format("application/vnd.ms-word+xml", magic=(rf"{_XML}<(?:w:wordDocument|pkg:package)\b".encode(),)),
    "sheetxml": Format("application/vnd.ms-excel+xml", magic=(rf"{_XML}<(?:ss:)?Workbook\b".encode(),)),
    "mhtml": Format("multipart/related", ("mht", "mhtml"), (_MHTML.encode(),)),
    "jpeg": Format("image/jpeg", ("jpg", "jpeg"), (rb"\xff\xd8\xff",), image=True),
    "png": Format("image/png", ("png",), (rb"\x89PNG\r\n\x1a\n",), image=True),
    "gif": Format("image/gif", ("gif",), (rb"GIF8",), image=True),
    # Two letters alone begin many a text; the four bytes that are reserved are zero.
    "bmp": Format("image/bmp", ("bmp",), (rb"BM.{4}\0\0\0\0",), image=True),
    "tiff": Format("image/tiff", ("tif", "tiff"), (rb"II\*\0", rb"MM\0\*"), image=True),
    "webp": Format("image/webp", ("webp",), (rb"RIFF.{4}WEBP",), image=True),
}
"""By the name of the format. `doc` and `xls` are those of WPS (wps, et) as well; `ole`: another file of that container.
A name that ends in .wps does not say which of its kinds it is until the bytes are here."""

IMAGES = frozenset(name for name, form in FORMATS.items() if form.image)
MEDIA_TYPES: dict[str, str] = {name: form.media_type for name, form in FORMATS.items()}
"""Format to media type."""
BY_ENDING: dict[str, str] = {ending: form.media_type for form in FORMATS.values() for ending in form.endings}
"""Media type by the ending of a file's name, in lower case."""
TABLES: dict[str, str] = {"csv": "text/csv", "parquet": "application/x-parquet"}
"""Media type by the ending of the tables that the program writes; Parquet's is the one that programs know."""
MEMBERS: dict[str, str] = {form.member: name for name, form in FORMATS.items() if form.member}
"""Format by the file that a ZIP of it holds."""
_STREAMS = tuple((stream.encode("utf-16-le"), name) for name, form in FORMATS.items() for stream in form.stream)
_SIGNATURES = tuple((re.compile(magic, re.S), name) for name, form in FORMATS.items() for magic in form.magic)


def signature(head: bytes) -> str | None:
    """The format, a key of FORMATS, that the first bytes of a file name; None for text and what is not known."""
    return next((name for magic, name in _SIGNATURES if magic.match(head)), None)


def in_ole(body: bytes) -> str:
    """The format of an OLE container by the names of its streams, which its directory holds as UTF-16."""
    return next((name for stream, name in _STREAMS if stream in body), "ole")
