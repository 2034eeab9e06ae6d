"""Responses as browsers read them, where RFC 9112 would have them refused; what was read leniently is noted.

The notes are headers of the response with the name `NOTE`, and so stand on the capture (sources/obstacles#odd-http).
What stands over a header that was passed over is its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol, HTTPClientParser
from twisted.web.client import _HTTP11ClientFactory
from twisted.web.iweb import IResponse

from crawler.fetching.bodies import LONGEST_LINE, Chunks, Lengths, Take

NOTE = "X-Nianbao-Wire"
"""The header under which a capture says what of it was read leniently."""
MOST_NOTES = 8
"""Notes of one response; a server that gets one line wrong gets it wrong on each."""
_STATUS_LINE = re.compile(rb"\s*HTTP(?:/\s*(\d{1,2})(?:\.(\d{1,2}))?)?\s+(\d{3})(?!\d)[ \t]*(.*)", re.I | re.S)
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""RFC 9110 5.6.2: what a header's name may be."""
_BLANK_LINES = 8
"""Empty lines before a status line that are passed over (RFC 9112 2.2 allows servers one)."""
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
        status = _STATUS_LINE.fullmatch(line.removesuffix(b"\r"))
        if status is not None:
            major, minor = status[1] or b"1", status[2] or (b"1" if status[1] == b"1" else b"0")
            self.statusReceived(b"HTTP/%s.%s %s %s" % (major, minor, status[3], status[4]))
            self.state = HEADER
            if status[1] is None:
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
