"""ZIP, and RAR and 7z where the system's libarchive is at hand: each file in them read as if it had come alone."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from zlib import error as zlib_error

from pipelines.marked.document import Document, UnreadableError, Writer, tidy_line

MAX_FILES = 60
MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes of all files of an archive (or parts of a DOCX, XLSX, OFD) together."""
_DEPTH = 2
_depth = 0


def check_zip(body: bytes) -> None:
    """Raise UnreadableError where the parts of a packed document are encrypted, or unpack to more than MAX_UNPACKED.

    zipfile never gives out more of a part than its entry says.
    """
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise UnreadableError(f"it is broken ({error})"[:200]) from error
    if len(entries) > 10_000 or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnreadableError(f"it unpacks to more than {MAX_UNPACKED >> 20} MB")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableError("it is encrypted")


def read_archive(body: bytes, name: str, read: Callable[[bytes], Document]) -> Document:
    """The documents of an archive one after another. Raises UnreadableError where nothing of it could be read."""
    global _depth
    if _depth >= _DEPTH:
        raise UnreadableError("an archive in an archive in an archive")
    _depth += 1
    try:
        return _read(body, name, read)
    finally:
        _depth -= 1


def _read(body: bytes, name: str, read: Callable[[bytes], Document]) -> Document:
    document, writer = Document(name), Writer()
    count = 0
    for label, content in _zip(body) if name == "zip" else _other(body, name):
        count += 1
        try:
            inner = read(content)
        except UnreadableError as error:
            document.problems.append(f"«{label}»: {error}"[:200])
            continue
        document.pages += max(inner.pages, 1)
        document.empty_pages += inner.empty_pages
        document.problems += [f"«{label}»: {one}"[:200] for one in inner.problems]
        writer.place(f"file «{label}»")
        writer.include(inner.marked)
    if not writer.marked and document.problems:
        raise UnreadableError("; ".join(document.problems)[:300])
    if count == 0:
        raise UnreadableError("an archive without files")
    document.marked = writer.marked
    return document


def _zip(body: bytes) -> Iterator[tuple[str, bytes]]:
    check_zip(body)
    with zipfile.ZipFile(BytesIO(body)) as archive:
        for entry in archive.infolist()[:MAX_FILES]:
            if entry.is_dir() or entry.filename.startswith("__MACOSX/"):
                continue
            try:
                yield _label(entry), archive.read(entry)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib_error) as error:
                yield _label(entry), _broken(error)


def _broken(error: Exception) -> bytes:
    """What stands for a file that could not be unpacked: no document, so that it is told as one."""
    return f"cannot be unpacked: {error}".encode()


def _label(entry: zipfile.ZipInfo) -> str:
    """A file's name: UTF-8 where the entry says so, else GBK, as Chinese Windows writes it."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with suppress(UnicodeEncodeError, UnicodeDecodeError):
            name = name.encode("cp437").decode("gb18030")
    return tidy_line(name)[:120]


def _other(body: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    try:
        import libarchive  # type: ignore[import-untyped]
    except (ImportError, OSError, TypeError) as error:
        raise UnreadableError(
            f"{name.upper()}: no libarchive here (install the extra `rar` and Debian's libarchive13)"
        ) from error
    unpacked = 0
    try:
        with libarchive.memory_reader(body) as archive:
            for number, entry in enumerate(archive):
                if number >= MAX_FILES or not entry.isfile:
                    continue
                parts = []
                for block in entry.get_blocks():
                    unpacked += len(block)
                    if unpacked > MAX_UNPACKED:
                        raise UnreadableError(f"it unpacks to more than {MAX_UNPACKED >> 20} MB")
                    parts.append(bytes(block))
                yield tidy_line(str(entry.pathname))[:120], b"".join(parts)
    except libarchive.exception.ArchiveError as error:
        raise UnreadableError(f"{name.upper()}: {tidy_line(str(error))}"[:200]) from error
