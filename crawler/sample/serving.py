"""A small HTTP server on loopback for pages held in memory: keep-alive, Content-Length, conditional GET."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from crawler.records.errors import NianbaoError

HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `target` is path and query as sent, `form` the body of a POST."""

    method: str
    target: str
    headers: dict[str, str]
    form: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered. `modified`: an HTTP date for Last-Modified; `etag`: whether a reply with status 200 has one."""

    body: bytes
    status: int = 200
    content_type: str = HTML
    modified: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    etag: bool = True


Respond = Callable[[Asked], Reply]


class PortTakenError(NianbaoError):
    """The port that was asked for, and no other, is another program's."""


@contextmanager
def serving(respond: Respond, port: int = 0, *, exact: bool = False, address: str = "127.0.0.1") -> Iterator[int]:
    """Serve on `port` of an `address` of this machine until the block ends, on a free one for 0 or where it is taken;
    yields the port.

    `exact`: on no other port; raises PortTakenError. `respond` runs in several threads.
    """
    try:
        server = _Server((address, port), _handler(respond))
    except OSError as error:
        if exact:
            raise PortTakenError(f"port {port} of this machine cannot be had ({error.strerror or error})") from None
        server = _Server((address, 0), _handler(respond))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A crawler may open many connections at once; the default backlog of five drops some.
    request_queue_size = 128


def _handler(respond: Respond) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Without this a reply's headers and body wait for each other's acknowledgement, 40 ms a page.
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            self._answer(b"")

        def do_HEAD(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def _answer(self, form: bytes) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = respond(Asked(self.command, self.path, headers, form))
            etag = f'"{hashlib.sha256(reply.body).hexdigest()[:20]}"' if reply.status == 200 and reply.etag else None
            fresh = reply.status == 200 and self.command != "POST" and _is_fresh(headers, etag, reply.modified)
            body = b"" if fresh else reply.body
            self.send_response_only(304 if fresh else reply.status)
            self.send_header("Date", self.date_time_string())
            if etag is not None:
                self.send_header("ETag", etag)
            # RFC 9110 15.4.5: a 304 says no more than it must, and the ETag is enough.
            if reply.modified is not None and not (fresh and etag):
                self.send_header("Last-Modified", reply.modified)
            if not fresh:
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(len(body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Silent: what was asked is the crawler's to log."""

    return Handler


def _is_fresh(headers: dict[str, str], etag: str | None, modified: str | None) -> bool:
    """RFC 9110 13.2.2: If-None-Match decides where it is given, else If-Modified-Since."""
    if "if-none-match" in headers:
        return etag in [tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")]
    return modified is not None and headers.get("if-modified-since") == modified
