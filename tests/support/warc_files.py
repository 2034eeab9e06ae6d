"""WARC files built byte by byte, for tests of what other crawlers write and of what damage leaves."""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import b32encode
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import zstandard
from click.testing import CliRunner, Result

from crawler.commands.cli import cli
from tests.pipelines.test_figures import SITE, capture

HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
DICTIONARY_FRAME = 0x184D2A5D


def address(year: int) -> str:
    return f"{SITE}/zwgk/{year}.html"


def page(year: int) -> bytes:
    """A report of a year."""
    return capture(year, {0: 40, 23: 35, 24: 5}, "").body


def sha1(body: bytes) -> str:
    return "sha1:" + b32encode(hashlib.sha1(body).digest()).decode()


def record(
    url: str,
    body: bytes,
    *more: str,
    kind: str = "response",
    http: bytes = HTTP,
    says: str = "application/http; msgtype=response",
    at: str = "2023-02-01T00:00:00Z",
    end: bytes = b"\r\n",
    without: Iterable[str] = (),
) -> bytes:
    """One record; `more`: further lines of its head, `without`: names of those left out, `end`: its line ends."""
    block = http + body
    head = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{hashlib.md5(url.encode() + block).hexdigest()}>",
        f"WARC-Date: {at}",
        f"WARC-Target-URI: {url}",
        f"Content-Type: {says}",
        f"Content-Length: {len(block)}",
        *more,
    ]
    lines = [line.encode() for line in head if line.partition(":")[0] not in without]
    return end.join(lines) + end * 2 + block + end * 2


def report(year: int, *more: str, **options: Any) -> bytes:
    """A record of the report of a year, with the digests of its block and its body."""
    body = page(year)
    digests = (f"WARC-Block-Digest: {sha1(HTTP + body)}", f"WARC-Payload-Digest: {sha1(body)}")
    return record(address(year), body, *digests, *more, **options)


def dictionary() -> bytes:
    samples: list[bytes | bytearray | memoryview] = [
        report(year) + bytes([number]) for year in range(2015, 2023) for number in range(20)
    ]
    return zstandard.train_dictionary(8192, samples).as_bytes()


def skippable(content: bytes, magic: int = DICTIONARY_FRAME) -> bytes:
    return magic.to_bytes(4, "little") + len(content).to_bytes(4, "little") + content


def nianbao(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def imported(archive: Path, *contents: bytes, name: str = "a.warc.gz") -> dict[str, Any]:
    """What `import --json` says of files with these bytes, and its exit code as `code`."""
    paths = [archive.with_name(f"{number}-{name}") for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    done = nianbao("import", *map(str, paths), "--archive", str(archive), "--json")
    assert done.exit_code in (0, 1), done.output + repr(done.exception)
    told: dict[str, Any] = json.loads(done.output.splitlines()[-1])
    return told | {"code": done.exit_code}


def gzipped(*records: bytes) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) for one in records)
