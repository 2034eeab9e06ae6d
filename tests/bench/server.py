"""Serves the bench's portal from a process of its own: `python -m tests.bench.server PAGES SHAPE` prints its port.

Answers are ready in memory but for one concatenation, so that the server takes as little of the second core as can be.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import zlib
from typing import cast

from tests.bench.portal import Shape, Site, build

NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"


class Answering(asyncio.Protocol):
    """HTTP/1.1 with keep-alive for clients that send whole, bodiless requests."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that has arrived whole."""
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            path = self.received.split(b" ", 2)[1].decode("latin-1")
            etag = self.received[:end].partition(b"If-None-Match: ")[2].partition(b"\r\n")[0]
            self.received = self.received[end + 4 :]
            self.transport.write(answer(self.site, path, etag.decode("latin-1")))


def answer(site: Site, path: str, known: str = "") -> bytes:
    """Headers and body; headers alone where the client knows the page by its ETag."""
    if path not in site.own:
        return NOT_FOUND
    etag = f'"{zlib.crc32(site.own[path]):x}"'
    if known == etag:
        return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
    body = site.body(path)
    head = (
        f"HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html\r\nETag: {etag}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def main(pages: int, shape: Shape) -> None:
    """Serve until the standard input closes, that is until whoever started this ends."""
    site = build(pages, shape)
    gc.freeze()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Answering(site), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), cast(Shape, sys.argv[2])))
