"""A server that misbehaves on demand: raw bytes by address, sent as they are, and the connection closed or kept."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Act = Callable[[socket.socket, threading.Event], None]
"""What is done with a connection once the request has come; the event is set when the server ends."""


@dataclass(slots=True)
class FaultyServer:
    """`acts` by address without query. `asked`: the addresses in order, with the second and how many were under way."""

    acts: Mapping[str, Act]
    port: int = 0
    asked: list[tuple[str, float, int]] = field(default_factory=list)
    _under_way: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _end: threading.Event = field(default_factory=threading.Event)

    def paths(self) -> list[str]:
        """The addresses asked for, in order."""
        return [path for path, _, _ in self.asked]

    @contextmanager
    def serve(self) -> Iterator[FaultyServer]:
        """Listen on a free port of 127.0.0.1 until the block ends."""
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
            self.port = listener.getsockname()[1]
            listener.settimeout(0.05)
            thread = threading.Thread(target=self._accept, args=(listener,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                self._end.set()
                thread.join()

    def _accept(self, listener: socket.socket) -> None:
        while not self._end.is_set():
            with suppress(TimeoutError):
                connection, _ = listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(600)
            head = b""
            while b"\r\n\r\n" not in head:
                if not (part := connection.recv(65536)):
                    return
                head += part
            path = head.split(b" ")[1].decode("latin-1").partition("?")[0]
            with self._lock:
                self._under_way += 1
                self.asked.append((path, time.monotonic(), self._under_way))
            try:
                self.acts.get(path, reply(404, b"<title>404 Not Found</title>"))(connection, self._end)
            finally:
                with self._lock:
                    self._under_way -= 1


def reply(status: int, body: bytes, *headers: str, length: int | None = None) -> Act:
    """A reply; `length` is the Content-Length that it states, its own by default."""

    def act(connection: socket.socket, end: threading.Event) -> None:
        stated = [f"Content-Length: {len(body) if length is None else length}", "Connection: close", *headers]
        if not any(header.lower().startswith("content-type") for header in headers):
            stated.append("Content-Type: text/html; charset=utf-8")
        connection.sendall(f"HTTP/1.1 {status} X\r\n".encode() + "\r\n".join([*stated, "", ""]).encode() + body)

    return act


def raw(data: bytes) -> Act:
    """These bytes and the end of the connection."""
    return lambda connection, end: connection.sendall(data)


def in_turn(*acts: Act) -> Act:
    """Another answer each time, the last for ever."""
    left = list(acts)

    def act(connection: socket.socket, end: threading.Event) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(connection, end)

    return act


def reset(connection: socket.socket, end: threading.Event) -> None:
    """The connection is reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def drip(connection: socket.socket, end: threading.Event) -> None:
    """A byte now and then, for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n")
    while not end.wait(0.2):
        connection.sendall(b" ")


def endless(connection: socket.socket, end: threading.Event) -> None:
    """A body without end, as fast as it is taken."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while not end.is_set():
        connection.sendall(b" " * 65536)
