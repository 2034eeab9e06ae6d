"""Responses as browsers read them, where RFC 9112 would have them refused; what was read leniently is noted.

The notes are headers of the response with the name `NOTE`, and so stand on the capture (sources/obstacles#odd-http).
What stands over a header that was passed over is its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from scrapy.utils.asyncio import CallLaterResult, call_later
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol, HTTPClientParser
from twisted.web.client import _HTTP11ClientFactory
from twisted.web.http import PotentialDataLoss, _DataLoss
from twisted.web.iweb import IResponse

NOTE = "X-Nianbao-Wire"
"""The header under which a capture says what of it was read leniently."""
LONGEST_LINE = 256 * 1024
"""Bytes of a header line; Chromium takes as many of all headers together."""
STALL = 2.0
"""Seconds of silence after which a body is whole that has one of the lengths that contradict each other."""
MOST_NOTES = 8
"""Notes of one response; a server that gets one line wrong gets it wrong on each."""

_STATUS_LINE = re.compile(rb"\s*HTTP(?:/\s*(\d{1,2})(?:\.(\d{1,2}))?)?\s+(\d{3})(?!\d)[ \t]*(.*)", re.I | re.S)
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""RFC 9110 5.6.2: what a header's name may be."""
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?\r?", re.S)
_LONGEST_SIZE = 4096
_BLANK_LINES = 8
"""Empty lines before a status line that are passed over (RFC 9112 2.2 allows servers one)."""

Take = Callable[[bytes], None]


class Chunks:
    """A chunked body (RFC 9112 7.1), also with blanks around a chunk's size, LF alone at the ends of lines, none after
    a chunk, no empty line at the end; and a body that is announced as chunked and is not."""

    def __init__(self, take: Take, finish: Take, note: Callable[[str], None]) -> None:
        self._take, self._finish, self._note = take, finish, note
        self._buffer = bytearray()
        self._state = self._size
        self._left = 0
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
        found = _SIZE.fullmatch(line) if end else None
        if found is None:
            if self._begun:
                raise ValueError("a chunk without a size")
            self._become_plain()
            return True
        self._begun = True
        self._buffer = rest
        self._left = int(found[1], 16)
        self._state = self._chunk if self._left else self._trailer
        return True

    def _chunk(self) -> bool:
        part = bytes(self._buffer[: self._left])
        del self._buffer[: self._left]
        self._left -= len(part)
        if not self._left:
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


_TwistedParser: Any = HTTPClientParser  # without types


class Parser(_TwistedParser):  # type: ignore[misc]
    """Twisted's parser, but for what browsers read and it does not."""

    MAX_LENGTH = LONGEST_LINE
    _partialHeader: list[bytes] | None  # noqa: N815 -- Twisted's name
    _transferDecoders: dict[bytes, Callable[[Take, Take], Chunks | Lengths]]  # noqa: N815 -- Twisted's name
    _everReceivedData: bool  # noqa: N815 -- Twisted's name
    _blank_lines = 0
    _notes = 0

    def note(self, words: str) -> None:
        """Say on the response what was read leniently."""
        if self._notes < MOST_NOTES:
            self.headers.addRawHeader(NOTE, words.encode("ascii", "backslashreplace"))
        self._notes += 1

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 -- Twisted's name
        """One line of status or headers."""
        if self.state == STATUS:
            self._read_status(line)
            return
        line = line.removesuffix(b"\r")
        if line[:1] in (b" ", b"\t") and line.strip():
            # A line that goes on with the one before it; the first of all has none.
            if self._partialHeader is not None:
                self._partialHeader.append(line)
            return
        line = line.strip()
        if self._partialHeader is not None:
            self._read_header(b"".join(self._partialHeader))
        self._partialHeader = [line] if line else None
        if not line:
            self.allHeadersReceived()

    def _read_status(self, line: bytes) -> None:
        if not line.strip() and self._blank_lines < _BLANK_LINES:
            self._blank_lines += 1
            return
        found = _STATUS_LINE.fullmatch(line.removesuffix(b"\r"))
        if found is not None:
            major, minor = found[1] or b"1", found[2] or (b"1" if found[1] == b"1" else b"0")
            self.statusReceived(b"HTTP/%s.%s %s %s" % (major, minor, found[3], found[4]))
            self.state = HEADER
            if found[1] is None:
                self.note("a status line without a version")
            return
        self.statusReceived(line)
        self.state = HEADER

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 -- Twisted's name
        """Bytes of the response. What begins with a tag is the page: HTTP/0.9 had neither status nor headers."""
        if self._everReceivedData or data.lstrip()[:1] != b"<":
            super().dataReceived(data)
            return
        self._everReceivedData = True
        self.statusReceived(b"HTTP/0.9 200 OK")
        self.state = HEADER
        self.note("no status line and no headers")
        self.allHeadersReceived()
        self.rawDataReceived(data)

    def _read_header(self, header: bytes) -> None:
        name, colon, value = header.partition(b":")
        name = name.rstrip()
        if not colon or not _TOKEN.fullmatch(name):
            words = name[:80].decode("utf-8", "backslashreplace")
            self.note(f"a header line passed over: {words}" if colon else "a header line without a colon passed over")
        elif name.lower() != NOTE.lower().encode():
            self.headerReceived(name, value.strip())

    def allHeadersReceived(self) -> None:  # noqa: N802 -- Twisted's name
        """Settle how the body ends, then go on as Twisted does."""
        stated = self.connHeaders.getRawHeaders(b"Transfer-Encoding") or []
        codings = [coding.strip().lower() for line in stated for coding in line.split(b",")]
        self.connHeaders.removeHeader(b"Transfer-Encoding")
        self._transferDecoders = {b"chunked": lambda take, finish: Chunks(take, finish, self.note)}
        if b"chunked" in codings:
            self.connHeaders.addRawHeader(b"Transfer-Encoding", b"chunked")
        else:
            self._settle_length()
        if codings and codings != [b"chunked"]:
            self.note(f"Transfer-Encoding: {b', '.join(codings)[:80].decode('latin-1')}")
        super().allHeadersReceived()

    def _settle_length(self) -> None:
        stated = self.connHeaders.getRawHeaders(b"Content-Length") or []
        parts = [part.strip() for line in stated for part in line.split(b",")]
        lengths = {int(part) for part in parts if part.isdigit() and len(part) < 16}
        if not parts or (len(lengths) == 1 and all(part.isdigit() for part in parts)):
            return
        self.note(f"Content-Length: {b', '.join(parts)[:80].decode('latin-1')}")
        self.connHeaders.removeHeader(b"Content-Length")
        if len(lengths) == 1:
            self.connHeaders.addRawHeader(b"Content-Length", str(*lengths).encode())
        elif lengths:
            self.connHeaders.addRawHeader(b"Transfer-Encoding", b"lengths")
            self._transferDecoders[b"lengths"] = lambda take, finish: Lengths(lengths, take, finish)


class Protocol(HTTP11ClientProtocol):
    """Twisted's protocol with that parser, which it makes by itself."""

    def request(self, request: Any) -> Deferred[IResponse]:
        """Send a request over this connection."""
        answer: Deferred[IResponse] = super().request(request)
        assert self._parser is not None
        # The parser has no state yet but what both classes have.
        self._parser.__class__ = Parser
        return answer


class Factory(_HTTP11ClientFactory):
    """Makes those protocols for a pool of connections."""

    noisy = False

    def buildProtocol(self, addr: IAddress | None) -> Protocol:  # noqa: N802 -- Twisted's name
        """A protocol for a new connection."""
        return Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


def reads_whole(body: bytes, coding: bytes | None) -> bool:
    """Whether a body that is shorter than was announced is whole by its own end.

    A page after its `</html>`, a PDF after its `%%EOF`; a packed body says itself where it ends, and is judged when it
    is unpacked.
    """
    if coding and body.lstrip()[:1] != b"<":
        return bool(body)
    tail = body[-1024:]
    return b"</html>" in tail.lower() or (body[:5] == b"%PDF-" and b"%%EOF" in tail)
