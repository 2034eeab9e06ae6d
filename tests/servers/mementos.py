"""A web archive on loopback: an index in each dialect, and captures raw, rewritten or as ranges of a WARC file.

Everything it may do wrong is in `faults`, by name: see WebArchive.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from base64 import b32encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from crawler.sample.serving import Asked, Reply, serving
from crawler.words.mementos import key

COLLECTION = "CC-MAIN-2013-20"
PAGE = 4
"""Rows of a page, where a dialect has pages."""


@dataclass(frozen=True, slots=True)
class Held:
    """A capture of an address at a time (14 digits)."""

    url: str
    stamp: str
    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)

    @property
    def digest(self) -> str:
        """SHA-1 in base 32, as indexes have it."""
        return b32encode(hashlib.sha1(self.body, usedforsecurity=False).digest()).decode()

    @property
    def media_type(self) -> str:
        """Without its parameters; a hyphen where there is none."""
        return dict(self.headers).get("Content-Type", "-").partition(";")[0]

    @property
    def at(self) -> datetime:
        """UTC."""
        return datetime.strptime(self.stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    @property
    def record(self) -> bytes:
        """Its WARC record as a gzip member."""
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        http = ("\r\n".join(lines) + f"\r\nContent-Length: {len(self.body)}\r\n\r\n").encode() + self.body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {self.url}\r\n"
            f"WARC-Date: {self.at.strftime('%Y-%m-%dT%H:%M:%SZ')}\r\nWARC-Record-ID: <urn:uuid:{self.digest}>\r\n"
            f"WARC-Payload-Digest: sha1:{self.digest}\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http)}\r\n\r\n"
        )
        return gzip.compress(head.encode() + http + b"\r\n\r\n", mtime=0)


@dataclass
class WebArchive:
    """Holds captures and answers in `dialect`; `toml` says where, while it is served. `asked`: targets, in order.

    `faults`: "busy": so many 503 first, with Retry-After 0; "resting": Retry-After of an hour for everything; "cut": so
    many pages of an index end in the middle of a row; "bad_rows": rows that are none, after the first; "rewritten",
    "wrong_digest", "other_time": for addresses with these words in them; "again": the key to resume never changes;
    "leads": words in addresses to what a replay of them leads to, a timestamp or the rest of an address of this server;
    "no_range": whole files come in place of ranges; "bare": redirects that were captured come without the time of their
    capture. `on_asked`: called with each target before it is answered.
    """

    dialect: str
    held: list[Held]
    faults: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    address: str = ""
    on_asked: Callable[[str], None] = lambda target: None

    @property
    def toml(self) -> str:
        """The file of this web archive."""
        index = {"commoncrawl": "/collinfo.json", "timemap": "/timemap/link/"}.get(self.dialect, "/cdx")
        replay = "/data/{file}" if self.dialect == "commoncrawl" else "/replay/{timestamp}id_/{url}"
        return (
            f'name = "{self.dialect}"\ndialect = "{self.dialect}"\nindex = "http://{self.address}{index}"\n'
            f'replay = "http://{self.address}{replay}"\ndelay = 0\nterms = "made up"\nverified = false\n'
        )

    @contextmanager
    def serve(self) -> Iterator[Self]:
        """Serve on a free port of 127.0.0.1 until the block ends."""
        self.held.sort(key=lambda one: (key(one.url), one.stamp))
        with serving(self._reply) as port:
            self.address = f"127.0.0.1:{port}"
            yield self

    def of(self, path: str) -> list[str]:
        """The targets that were asked for below a path."""
        return [target for target in self.asked if target.startswith(path)]

    def _reply(self, asked: Asked) -> Reply:
        self.on_asked(asked.target)
        self.asked.append(asked.target)
        self.agents.add(asked.headers.get("user-agent", ""))
        if self.faults.get("resting"):
            return Reply(b"slow down", 429, headers={"Retry-After": "3600"})
        if self.faults.get("busy", 0) > 0:
            self.faults["busy"] -= 1
            return Reply(b"busy", 503, headers={"Retry-After": "0"})
        parts = urlsplit(asked.target)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.path.startswith("/replay/"):
            return self._replay(asked.target.removeprefix("/replay/"))
        if parts.path.startswith("/data/"):
            return self._range(asked.headers.get("range", ""))
        if parts.path == "/collinfo.json":
            api = f"http://{self.address}/index/{COLLECTION}"
            return Reply(json.dumps([{"id": COLLECTION, "name": "made up", "cdx-api": api}]).encode())
        if parts.path.startswith("/timemap/link/"):
            return self._timemap(asked.target.removeprefix("/timemap/link/"))
        if self.dialect == "wayback":
            return self._wayback(query)
        return self._json(query)

    def _fitting(self, query: dict[str, str]) -> list[Held]:
        url = query["url"]
        wanted, match = key(url if "://" in url else f"http://{url}"), query.get("matchType", "exact")
        since, until = query.get("from", "0"), query.get("to", "9999")
        return [
            one for one in self.held if _fits(key(one.url), wanted, match) and since <= one.stamp[: len(since)] <= until
        ]

    def _digest(self, one: Held) -> str:
        return "A" * 32 if self._is("wrong_digest", one.url) else one.digest

    def _is(self, fault: str, url: str) -> bool:
        return fault in self.faults and self.faults[fault] in url

    def _wayback(self, query: dict[str, str]) -> Reply:
        begin = int(query.get("resumeKey", "0"))
        rows = self._fitting(query)
        lines = [
            f"{one.url} {one.stamp} {one.media_type} {one.status} {self._digest(one)} {len(one.record)}"
            for one in rows[begin : begin + PAGE]
        ]
        lines[1:1] = self.faults.get("bad_rows", [])
        text = "".join(f"{line}\n" for line in lines)
        if begin + PAGE < len(rows):
            text += f"\n{0 if self.faults.get('again') else begin + PAGE}\n"
        return self._page(text)

    def _json(self, query: dict[str, str]) -> Reply:
        rows = self._fitting(query)
        if not rows:
            return Reply(b'{"message": "No Captures found"}', 404)
        if self.dialect == "commoncrawl":
            pages = -(-len(rows) // PAGE)
            if query.get("showNumPages") == "true":
                return Reply(json.dumps({"pages": pages, "pageSize": PAGE, "blocks": pages}).encode())
            number = int(query.get("page", "0"))
            if number >= pages:
                return Reply(b"page beyond the last", 400)
            rows = rows[number * PAGE : (number + 1) * PAGE]
        lines = [self._line(one) for one in rows]
        lines[1:1] = self.faults.get("bad_rows", [])
        return self._page("".join(f"{line}\n" for line in lines))

    def _line(self, one: Held) -> str:
        row = {"urlkey": key(one.url), "timestamp": one.stamp, "url": one.url, "mime": one.media_type,
               "status": str(one.status), "digest": self._digest(one), "length": str(len(one.record))}  # fmt: skip
        if self.dialect == "commoncrawl":
            place = self.held.index(one)
            before = sum(len(other.record) for other in self.held[:place])
            row |= {"offset": str(before), "filename": "crawl/segment/made-up.warc.gz"}
        return json.dumps(row)

    def _page(self, text: str) -> Reply:
        if self.faults.get("cut", 0) > 0:
            self.faults["cut"] -= 1
            text = text[: len(text) * 2 // 3]
        return Reply(text.encode(), content_type="text/plain")

    def _timemap(self, url: str) -> Reply:
        rows = [one for one in self.held if key(one.url) == key(url)]
        if not rows:
            return Reply(b"", 404)
        links = [f'<{url}>; rel="original"', f'<http://{self.address}/timemap/link/{url}>; rel="self timemap"']
        for one in rows:
            when = format_datetime(one.at, usegmt=True)
            links.append(f'<http://{self.address}/replay/{one.stamp}/{one.url}>; rel="memento"; datetime="{when}"')
        return Reply(",\n".join(links).encode(), content_type="application/link-format")

    def _range(self, said: str) -> Reply:
        whole = b"".join(one.record for one in self.held)
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", said)
        if match is None or self.faults.get("no_range"):
            return Reply(whole)
        return Reply(whole[int(match[1]) : int(match[2]) + 1], 206, "application/octet-stream")

    def _replay(self, target: str) -> Reply:
        stamp, _, url = target.partition("id_/")
        place = next((place for part, place in self.faults.get("leads", {}).items() if part in url), stamp)
        if place != stamp:
            target = f"{place}/{url}" if place.isdigit() else place
            return Reply(b"", 302, headers={"Location": f"http://{self.address}/replay/{target}"})
        one = next((one for one in self.held if one.stamp == stamp and one.url == url), None)
        if one is None:
            return Reply(b"not in archive", 404)
        body = one.body
        if self._is("rewritten", url):
            tool = f'<!-- BEGIN WAYBACK TOOLBAR INSERT --><a href="/web/{stamp}/{url}">'.encode()
            body = body.replace(b"<body>", b"<body>" + tool, 1)
        at = format_datetime(one.at.replace(year=one.at.year + (1 if self._is("other_time", url) else 0)), usegmt=True)
        headers = dict(one.headers) | {"Memento-Datetime": at}
        if "Location" in headers:
            headers["Location"] = f"/replay/{stamp}id_/{headers['Location']}"
            if self.faults.get("bare"):
                del headers["Memento-Datetime"]
        kind = headers.pop("Content-Type", "application/octet-stream")
        return Reply(body, one.status, kind, headers=headers, etag=False)


def _fits(url: str, wanted: str, match: str) -> bool:
    if match == "host":
        return url.partition("/")[0].partition("?")[0] == wanted.partition("/")[0]
    return url == wanted if match == "exact" else url.startswith(wanted)
