"""What goes over the socket between a process and its readers: a letter that says what it is, the ticket of the
question that it belongs to, and a parcel."""

from __future__ import annotations

import os
import select
import socket
import struct
import time

from crawler.reading.limits import MOST_BYTES

_TICKET = 8
_HEAD = struct.Struct(f">c{_TICKET}sI")

NONE = bytes(_TICKET)
"""The ticket of what belongs to no question."""

PAGE, PICTURE = b"p", b"v"
"""What is asked: a page; the lines of a scan."""
READY, ANSWER, WEARY, BEGUN, ENDED, TOO_LARGE, UNREADABLE = b"r", b"a", b"w", b"b", b"e", b"l", b"u"
"""What a reader says: it is ready; an answer; an answer, and it is to be replaced; a document is begun, or done with;
the page takes more memory than it may; a scan cannot be read."""


class EndError(Exception):
    """The other end is closed."""


class NoFrameError(Exception):
    """The other end says what is no frame; nothing more can be received."""


def ticket() -> bytes:
    """A new one, which no reader can have known before it is asked."""
    return os.urandom(_TICKET)


def send(
    end: socket.socket, letter: bytes, parcel: bytes = b"", until: float | None = None, ticket: bytes = NONE
) -> None:
    """Send a frame by `until` (of `time.monotonic`). Raises TimeoutError, EndError."""
    try:
        end.settimeout(_seconds(until))
        end.sendall(_HEAD.pack(letter, ticket, len(parcel)))
        end.sendall(parcel)
    except TimeoutError:
        raise
    except OSError as error:
        raise EndError(str(error)) from error


def has_begun(end: socket.socket, until: float) -> bool:
    """Whether a frame, or the end, has come by `until`; nothing is taken off the socket."""
    watch = select.poll()
    try:
        watch.register(end, select.POLLIN)
        return bool(watch.poll(max(until - time.monotonic(), 0) * 1000))
    except (OSError, ValueError):  # it is closed
        return True


def receive(end: socket.socket, until: float | None = None) -> tuple[bytes, bytes, bytes]:
    """The next frame, its letter, ticket and parcel, by `until`. Raises TimeoutError, after which nothing more can be
    received, for a frame may be torn; EndError; NoFrameError."""
    try:
        letter, ticket, length = _HEAD.unpack(_bytes(end, _HEAD.size, until))
        if length > MOST_BYTES:
            raise NoFrameError(f"a frame of {length:,} bytes")
        return letter, ticket, _bytes(end, length, until)
    except TimeoutError:
        raise
    except OSError as error:
        raise EndError(str(error)) from error


def _bytes(end: socket.socket, length: int, until: float | None) -> bytes:
    parts = bytearray(length)
    view, count = memoryview(parts), 0
    while count < length:
        end.settimeout(_seconds(until))
        count_read = end.recv_into(view[count:])
        if not count_read:
            raise EndError("closed")
        count += count_read
    return bytes(parts)


def _seconds(until: float | None) -> float | None:
    """How long may be waited; a moment where the time is up, so that what is there already is taken."""
    return None if until is None else max(until - time.monotonic(), 0.001)
