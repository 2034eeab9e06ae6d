"""A real pywb over WARCs of lost generations; NIANBAO_WAYBACK may name its program."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.servers.mementos import Held
from tests.support.generations import LOST, backfill, rows

WAYBACK = os.environ.get("NIANBAO_WAYBACK") or shutil.which("wayback")
pytestmark = [
    pytest.mark.crawl,
    pytest.mark.slow,
    pytest.mark.skipif(WAYBACK is None, reason="no pywb here: NIANBAO_WAYBACK may name its program `wayback`"),
]


@contextmanager
def pywb(folder: Path, held: list[Held]) -> Iterator[str]:
    """A collection of these captures, served; its address."""
    assert WAYBACK is not None
    (folder / "all.warc.gz").write_bytes(b"".join(one.record for one in held))
    for arguments in (["init", "lost"], ["add", "lost", "all.warc.gz"]):
        subprocess.run([Path(WAYBACK).with_name("wb-manager"), *arguments], cwd=folder, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [WAYBACK, "-b", "127.0.0.1", "-p", str(port)]
    log = folder / "pywb.log"
    with log.open("w") as file, subprocess.Popen(line, cwd=folder, stderr=file, stdout=file) as server:
        try:
            while "Starting Gevent Server" not in log.read_text("utf-8"):
                assert server.poll() is None
            yield f"http://127.0.0.1:{port}/lost"
        finally:
            server.terminate()


def test_a_real_pywb_gives_every_report_once(lost: tuple[list[Held], list[dict[str, Any]]], tmp_path: Path) -> None:
    held, truth = lost
    (tmp_path / "portal.toml").write_text(LOST, "utf-8")
    with pywb(tmp_path, held) as address:
        source = (
            f'name = "university"\ndialect = "pywb"\nindex = "{address}/cdx"\ndelay = 0\nterms = "none"\n'
            f'replay = "{address}/{{timestamp}}id_/{{url}}"\nverified = false\n'
        )
        done = backfill(tmp_path, source, "--years", "2008-2024")
        assert done.returncode == 0, done.stderr
    fields = ("url", "organ", "report_year", "region_code", "published_on")
    wanted = sorted(tuple(made[name] for name in fields) for made in truth)
    assert sorted(rows(tmp_path / "archive.db", f"select {', '.join(fields)} from reports")) == wanted
    assert rows(tmp_path / "archive.db", "select distinct source from captures") == [("university",)]
    headers = rows(tmp_path / "archive.db", "select headers from captures")
    assert not any(re.search("(?i)memento|timegate|content-location", row[0]) for row in headers)
