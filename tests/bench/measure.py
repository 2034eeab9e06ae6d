"""Runs one crawl as a process of its own and says what it took."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.portal import Site

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Taken:
    """What a crawl took: wall and CPU seconds, peak memory in MB, and how many pages it got."""

    wall: float
    cpu: float
    memory: float
    pages: int

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.pages / self.wall


@contextmanager
def served(pages: int) -> Iterator[str]:
    """The bench's portal in another process; yields its home page's address."""
    command = [sys.executable, "-m", "tests.bench.server", str(pages)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/"
        finally:
            server.communicate()


def run_process(command: list[str], log: Path) -> tuple[float, float, float, int]:
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    memory = usage.ru_maxrss / (1 if sys.platform == "linux" else 1024) / 1024
    return wall, usage.ru_utime + usage.ru_stime, memory, process.returncode


def bare(home: str, concurrency: int, folder: Path) -> Taken:
    """One crawl of the bare spider."""
    log = folder / "bare.log"
    wall, cpu, memory, code = run_process([sys.executable, "-m", "tests.bench.bare", home, str(concurrency)], log)
    words = log.read_text("utf-8").split()
    if code or not words or not words[-1].isdigit():
        raise SystemExit(f"the bare spider failed, see {log}")
    return Taken(wall, cpu, memory, int(words[-1]))


def archived(home: str, archive: Path, folder: Path) -> Taken:
    """One crawl of `nianbao crawl` into a new archive."""
    for path in archive.parent.glob(archive.name + "*"):
        path.unlink()
    return crawled(profile_of(home), archive, folder)


def profile_of(home: str) -> str:
    """The profile of the bench's portal."""
    return (
        f'id = "bench"\nname = "沈阳市人民政府"\nhome = "{home}"\nregion = "210100"\n'
        "delay = 0\nallow_private_addresses = true\n"
    )


def crawled(profile_toml: str, archive: Path, folder: Path, *options: str) -> Taken:
    """One crawl of `nianbao crawl` into an archive, new or not."""
    profile = folder / "bench.toml"
    profile.write_text(profile_toml, "utf-8")
    log = folder / "archive.log"
    command = [sys.executable, "-m", "crawler", "crawl", "--profile", str(profile), "--archive", str(archive), *options]
    wall, cpu, memory, code = run_process(command, log)
    if code not in (0, 1):
        raise SystemExit(f"nianbao crawl failed with exit code {code}, see {log}")
    with sqlite3.connect(archive) as reading:
        (pages,) = reading.execute("select count(*) from captures where status = 200 and kind <> 'other'").fetchone()
    reading.close()
    return Taken(wall, cpu, memory, pages)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes: the pages as served, each in a record of .warc.gz, the archive's bodies, and its whole file."""

    raw: int
    warc: int
    bodies: int
    file: int


def sizes(site: Site, home: str, archive: Path) -> Sizes:
    """Compare an archive with the same responses in .warc.gz."""
    with sqlite3.connect(archive) as reading:
        reading.execute("pragma wal_checkpoint(truncate)")
        (bodies,) = reading.execute("select sum(length(body)) from blobs").fetchone()
    reading.close()
    warc = sum(len(warc_record(home.rstrip("/") + path, site.body(path))) for path in site.own)
    raw = sum(len(site.body(path)) for path in site.own)
    return Sizes(raw, warc, bodies, archive.stat().st_size)


def warc_record(url: str, body: bytes) -> bytes:
    """A response record of WARC 1.1 in a gzip member of its own, at level 9 as warcio writes it."""
    http = (
        f"HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    )
    digest = "sha1:" + "A" * 32
    fields = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: 2025-01-02T03:04:05Z\r\nWARC-Payload-Digest: {digest}\r\n"
        f"WARC-Block-Digest: {digest}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http) + len(body)}\r\n\r\n"
    )
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(fields.encode() + http + body + b"\r\n\r\n") + packer.flush()
