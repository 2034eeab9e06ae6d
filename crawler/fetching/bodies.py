"""Bodies of responses that end as RFC 9112 does not have it: chunks of careless servers, lengths that contradict each
other (sources/obstacles#odd-http)."""

from __future__ import annotations

import re
from collections.abc import Callable

from scrapy.utils.asyncio import CallLaterResult, call_later
from twisted.web.http import PotentialDataLoss, _DataLoss

LONGEST_LINE = 256 * 1024
"""Bytes of a header line; Chromium takes as many of all headers together."""
STALL = 2.0
"""Seconds of silence after which a body is whole that has one of the lengths that contradict each other."""
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?\r?", re.S)
_LONGEST_SIZE = 4096
Take = Callable[[bytes], None]


class Chunks:
    """A chunked body (RFC 9112 7.1), also with blanks around a chunk's size, LF alone at the ends of lines, none after
    a chunk, no empty line at the end; and a body that is announced as chunked and is not."""

    def __init__(self, take: Take, finish: Take, note: Callable[[str], None]) -> None:
        self._take, self._finish, self._note = take, finish, note
        self._buffer = bytearray()
        self._state = self._size
        self._rest = 0
        self._begun = False

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 -- Twisted's name
        """Take in bytes. Raises ValueError for what is no chunk, after one that was."""
        self._buffer += data
        while self._buffer and self._state():
            pass

    def noMoreData(self) -> None:  # noqa: N802 -- Twisted's name
        """The connection was closed. Raises PotentialDataLoss, _DataLoss."""
        if self._state in (self._ended, self._trailer):
            return
        if self._state == self._plain or (not self._begun and self._is_plain()):
            raise PotentialDataLoss
        raise _DataLoss("the last chunk did not come")

    def _is_plain(self) -> bool:
        """A first line without an end that is no size: the body, given out whole."""
        if not self._buffer or _SIZE.fullmatch(self._buffer):
            return False
        self._become_plain()
        self._plain()
        return True

    def _become_plain(self) -> None:
        self._note("announced as chunked and is not")
        self._state = self._plain

    def _size(self) -> bool:
        line, end, rest = self._buffer.partition(b"\n")
        if not end and len(line) <= _LONGEST_SIZE:
            return False
        if self._begun and not line.strip():
            self._buffer = rest
            return True
        size = _SIZE.fullmatch(line) if end else None
        if size is None:
            if self._begun:
                raise ValueError("a chunk without a size")
            self._become_plain()
            return True
        self._begun = True
        self._buffer = rest
        self._rest = int(size[1], 16)
        self._state = self._chunk if self._rest else self._trailer
        return True

    def _chunk(self) -> bool:
        part = bytes(self._buffer[: self._rest])
        del self._buffer[: self._rest]
        self._rest -= len(part)
        if not self._rest:
            self._state = self._size
        self._take(part)
        return True

    def _trailer(self) -> bool:
        line, end, rest = self._buffer.partition(b"\n")
        if not end:
            if len(line) > LONGEST_LINE:
                raise ValueError("a trailer without an end")
            return False
        self._buffer = rest
        if line.strip():
            return True
        self._state = self._ended
        self._finish(bytes(rest))
        return False

    def _plain(self) -> bool:
        data = bytes(self._buffer)
        self._buffer.clear()
        self._take(data)
        return False

    def _ended(self) -> bool:
        return False


class Lengths:
    """A body of one of several lengths: the longest, unless the connection ends or falls silent at another."""

    def __init__(self, lengths: set[int], take: Take, finish: Take) -> None:
        self._lengths, self._take, self._finish = lengths, take, finish
        self._count = 0
        self._done = False
        self._timer: CallLaterResult | None = None

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 -- Twisted's name
        """Take in bytes."""
        self._rest_easy()
        room = max(self._lengths) - self._count
        self._count += min(len(data), room)
        self._take(data[:room])
        if len(data) >= room:
            self._end(data[room:])
        elif self._count in self._lengths:
            self._timer = call_later(STALL, self._end, b"")

    def noMoreData(self) -> None:  # noqa: N802 -- Twisted's name
        """The connection was closed. Raises PotentialDataLoss, _DataLoss."""
        self._rest_easy()
        if self._done or self._count in self._lengths:
            return
        if self._count > min(self._lengths):
            raise PotentialDataLoss
        raise _DataLoss("fewer bytes than the least of the lengths")

    def _rest_easy(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self, rest: bytes) -> None:
        self._timer = None
        self._done = True
        self._finish(rest)
