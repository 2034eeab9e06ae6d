"""Unpacks WARC files: gzip members and zstd frames, whether each holds a record, several, or a part of one.

Behind one that is damaged it goes on at the next that can be unpacked. A zstd file may begin with a dictionary for all
its frames, in a skippable frame of its own (the Warc-Zstandard specification of the IIPC).
"""

from __future__ import annotations

import mmap
import re
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from crawler.archive.file.zstd import zstd
from crawler.words.text import one_line

MAX_MEMBER = 1 << 33
"""Bytes that may be unpacked in one go, on disk; a file of one member is as long as all its records."""
MAX_RATIO = 250
"""How many times its size a member may unpack to, beyond SMALL bytes: pages rarely come to 20, gzip can do 1,000."""
SMALL = 1 << 27
_IN_MEMORY = 1 << 24
_CHUNK = 1 << 16
_PART = 1 << 18
_LOOK = 1 << 12
"""Bytes of a member that tell how it begins."""
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18", re.S)
_DICTIONARY = b"\x5d\x2a\x4d\x18"
PACKED = re.compile(rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", re.S)
"""How a packed file begins."""
_MEMBER = re.compile(re.escape(_GZIP) + b"|" + re.escape(_ZSTD), re.S)
_MAX_DICTIONARY = 1 << 26
_ERRORS = (zlib.error, zstd.ZstdError, EOFError, ValueError)


@dataclass(slots=True)
class Stream:
    """Plain bytes of records. `places`: where members begin here and in the packed file; none for a file as it is.

    `why`: the stream breaks off for this reason. `doubtful`: what the last member gave before that may be wrong, too.
    `resumed`: it begins behind damage, perhaps within a record.
    """

    file: IO[bytes]
    places: list[tuple[int, int]] = field(default_factory=list)
    why: str = ""
    doubtful: bool = False
    resumed: bool = False

    def place(self, at: int) -> int:
        """Where in the file that was given the record stands, or the member that it begins in."""
        return next((member for begin, member in reversed(self.places) if begin <= at), at)


@dataclass(slots=True)
class Gap:
    """Bytes between members that are no member."""

    at: int
    why: str


@dataclass(frozen=True, slots=True)
class _Fault:
    why: str
    doubtful: bool = False


class Packed:
    """The members of a packed file. `begins`: whether plain bytes are the beginning of a record."""

    def __init__(self, view: mmap.mmap, begins: Callable[[bytes], bool]) -> None:
        self._view, self._begins = view, begins
        self._size = len(view)
        self._dictionary: Any = None
        self._joined = False
        """Whether records go over from one member to the next, so that few members begin with a record."""

    def streams(self) -> Iterator[Stream | Gap]:
        """What the members hold, in their order. Each must have been read before the next is asked for."""
        at: int | None = 0
        resumed = False
        while at is not None:
            end = self._skip(at)
            if isinstance(end, Gap):
                yield end
                at, resumed = self._next(end.at + 1), True
                continue
            at = end
            if at >= self._size or not self._view[at : at + _CHUNK].strip(b"\0\r\n"):
                return
            if not _MEMBER.match(self._view, at):
                after = self._next(at)
                yield Gap(at, f"{(after or self._size) - at:,} bytes that are no record")
                at, resumed = after, True
                continue
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as plain:
                stream = Stream(plain, resumed=resumed)
                end = self._unpack_all(at, stream)
                plain.seek(0)
                yield stream
            at, resumed = (self._next(end + 1), True) if stream.why else (end, False)

    def first(self) -> int | None:
        """Where the first member stands that begins with a record; None where there is none."""
        end = self._skip(0)
        return self._find(0 if isinstance(end, Gap) else end, self._begins)

    def _unpack_all(self, at: int, stream: Stream) -> int:
        """Unpack a member, and those behind it that go on with its last record; where that ends or is faulty."""
        while True:
            stream.places.append((stream.file.tell(), at))
            end, fault = self._unpack(at, stream.file)
            if fault is not None:
                stream.why, stream.doubtful = fault.why, fault.doubtful
                return at
            after = self._skip(end)
            if isinstance(after, Gap) or not _MEMBER.match(self._view, after) or stream.file.tell() > MAX_MEMBER:
                return end
            head = self._look(after)
            if not head or self._begins(head):
                return end
            self._joined = True
            at = after

    def _unpack(self, at: int, plain: IO[bytes]) -> tuple[int, _Fault | None]:
        """Unpack the member at `at`; where it ends, and why it could not be unpacked to its end."""
        stream = self._open(at)
        size, begun, data = 0, at, b""
        try:
            while not stream.eof:
                part = stream.decompress(data, _PART)
                size += len(part)
                if size > MAX_MEMBER or size > max(SMALL, MAX_RATIO * (at - begun)):
                    return begun, _Fault(
                        f"a packed record that unpacks to more than {size - len(part):,} bytes, out of {at - begun:,}"
                    )
                plain.write(part)
                data = getattr(stream, "unconsumed_tail", b"")
                if not data and not part and not stream.eof:
                    data = self._view[at : at + _CHUNK]
                    at += len(data)
                    if not data:
                        return begun, _Fault("the file ends within the record")
        except _ERRORS as error:
            why = one_line(str(error))
            return begun, _Fault(f"the packed record cannot be unpacked ({why})", doubtful=True)
        return at - len(stream.unused_data), None

    def _open(self, at: int) -> Any:
        """What unpacks the member at `at`: with the dictionary, but for a frame that was plainly made without it."""
        if self._view[at : at + len(_ZSTD)] != _ZSTD:
            return zlib.decompressobj(wbits=31)
        with_it, without = (
            self._head(at, zstd.ZstdDecompressor(dictionary)) or b"" for dictionary in (self._dictionary, None)
        )
        needless = self._begins(without) and not self._begins(with_it)
        return zstd.ZstdDecompressor(None if needless else self._dictionary)

    def _head(self, at: int, unpacking: Any) -> bytes | None:
        try:
            return bytes(unpacking.decompress(self._view[at : at + _CHUNK], _LOOK))
        except _ERRORS:
            return None

    def _look(self, at: int) -> bytes | None:
        """The first plain bytes of a member; None where it cannot be unpacked."""
        return self._head(at, self._open(at))

    def _next(self, at: int) -> int | None:
        """Where to go on from `at`: at a record, or where records go over members, at any that can be unpacked."""
        place = None if self._joined else self._find(at, self._begins)
        return self._find(at, bool) if place is None else place

    def _find(self, at: int, wanted: Callable[[bytes], bool]) -> int | None:
        for match in _MEMBER.finditer(self._view, at):
            head = self._look(match.start())
            if head is not None and wanted(head):
                return match.start()
        return None

    def _skip(self, at: int) -> int | Gap:
        """The place behind skippable frames, which hold no records; a dictionary is taken for what follows."""
        while _SKIPPABLE.match(self._view, at):
            head = self._view[at + 4 : at + 8]
            end = at + 8 + (struct.unpack("<I", head)[0] if len(head) == 4 else self._size)
            if end > self._size:
                return Gap(at, "a skippable frame of zstd is cut off")
            if self._view[at : at + 4] == _DICTIONARY:
                try:
                    self._dictionary = _dictionary(self._view[at + 8 : end])
                except _ERRORS as error:
                    return Gap(at, f"the dictionary of the file cannot be read ({error})")
            at = end
        return at


def _dictionary(content: bytes) -> Any:
    """A dictionary out of its frame, in which it may be packed itself. Raises one of _ERRORS."""
    if content.startswith(_ZSTD):
        unpacking = zstd.ZstdDecompressor()
        content = unpacking.decompress(content, _MAX_DICTIONARY)
        if not unpacking.eof:
            raise ValueError("it is cut off, or too long")
    dictionary = zstd.ZstdDict(content)
    zstd.ZstdDecompressor(dictionary)  # raises ZstdError for one that is damaged
    return dictionary
