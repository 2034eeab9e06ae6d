"""The page in hand: a note beside the archive of what a process is reading, for whoever comes after its death.

The note is written to a file's cache, never synced: it outlives the process (SIGSEGV, `kill -9`, out of memory), which
is all that a page can do; after a power cut there is none, and no page is blamed for that. It costs a few writes a
page and no commit. A crash in C code adds its own line (`faulthandler`), which tells it from a process that was killed.
"""

from __future__ import annotations

import faulthandler
import json
import os
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crawler.records.capture import Capture, Context, as_told, steps_of

_SIZES = struct.Struct(">cII")
"""Whether the page is in hand ("1") or was put down ("0"); bytes of the record's head, bytes of the body."""
_IN_HAND, _PUT_DOWN = b"1", b"0"
_FAULT = re.compile(rb"Fatal Python error: ([^\n]{1,80})")


@dataclass(frozen=True, slots=True)
class Death:
    """What a dead process had in hand. `fault`: what it died of, where the crash itself said so; None: it was ended
    from without, or had no time to say."""

    capture: Capture
    context: Context
    fault: str | None


class Hand:
    """The note of one process; made with its first page, taken away by `close`. `archive` None: nothing is noted.

    Where the note cannot be written (a full disk) the page is read all the same. Sent to another process, it is a note
    of that process.
    """

    def __init__(self, archive: Path | None, mark: str = "") -> None:
        self._archive = archive
        self._mark = mark
        self._file: int | None = None
        self._fault: int | None = None
        self._capture: Capture | None = None

    def __getstate__(self) -> Path | None:
        return self._archive

    def __setstate__(self, archive: Path | None) -> None:
        self.__init__(archive, f"-{os.getpid()}")  # type: ignore[misc]

    @contextmanager
    def holding(self, capture: Capture, context: Context) -> Iterator[None]:
        """Note that this page is being read, for as long as the block lasts."""
        with suppress(OSError):
            self._take(capture, context)
        try:
            yield
        finally:
            if self._file is not None:
                with suppress(OSError):
                    os.pwrite(self._file, _PUT_DOWN, 0)

    def close(self) -> None:
        """Put everything down, and take the note away."""
        if self._file is None or self._archive is None:
            return
        if self._fault is not None:
            faulthandler.disable()
            os.close(self._fault)
        os.close(self._file)
        _note(self._archive, self._mark).unlink(missing_ok=True)
        self._file = self._fault = self._capture = None

    def _take(self, capture: Capture, context: Context) -> None:
        if self._archive is None:
            return
        if self._file is None:
            self._open(_note(self._archive, self._mark))
        assert self._file is not None
        if capture is not self._capture:
            self._capture = None
            head = json.dumps([_told(capture), asdict(context)]).encode()
            parts = [_SIZES.pack(_PUT_DOWN, len(head), len(capture.body)), head, capture.body]
            os.pwritev(self._file, parts, 0)
            os.ftruncate(self._file, sum(map(len, parts)))
            self._capture = capture
        os.pwrite(self._file, _IN_HAND, 0)

    def _open(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
        if not faulthandler.is_enabled():
            # Whoever enabled it before (PYTHONFAULTHANDLER) has it say elsewhere what a crash was.
            self._fault = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
            faulthandler.enable(self._fault, all_threads=False)


def deaths(archive: Path) -> Iterator[tuple[Path, Death | None]]:
    """The notes that dead processes left beside an archive, each with what was in hand; None: nothing was.

    Asked by whoever holds the archive's lock: then nobody who is alive has a note there.
    """
    for path in sorted(archive.parent.glob(f"{_escaped(archive.name)}.hand*")):
        try:
            yield path, _read(path.read_bytes())
        except OSError:
            yield path, None


def clear(archive: Path) -> None:
    """Take all notes beside an archive away: what was in them is known, or its reading ended well."""
    for path, _ in deaths(archive):
        path.unlink(missing_ok=True)


def _read(note: bytes) -> Death | None:
    try:
        flag, head, body = _SIZES.unpack_from(note)
        if flag != _IN_HAND or len(note) < _SIZES.size + head + body:
            return None
        told, context = json.loads(note[_SIZES.size : _SIZES.size + head])
        told["trail"] = steps_of(told["trail"])
        told["headers"] = [(name, value) for name, value in told["headers"]]
        start = _SIZES.size + head
        capture = Capture(body=note[start : start + body], **told)
        fault = _FAULT.search(note, start + body)
        return Death(capture, Context(**context), fault[1].decode("ascii", "replace") if fault else None)
    except (ValueError, TypeError, KeyError, struct.error):
        return None


def _told(capture: Capture) -> dict[str, Any]:
    """All of a capture but its body."""
    return {
        "url": capture.url,
        "status": capture.status,
        "headers": capture.headers,
        "fetched_at": capture.fetched_at,
        "portal": capture.portal,
        "trail": as_told(capture.trail),
        "rendered": capture.rendered,
    }


def _note(archive: Path, mark: str) -> Path:
    return archive.with_name(f"{archive.name}.hand{mark}")


def _escaped(name: str) -> str:
    """A file's name as a pattern that only it fits."""
    return re.sub(r"([*?[])", r"[\1]", name)
