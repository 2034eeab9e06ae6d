"""`nianbao serve` as a test's server, and requests to it."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def served(archive: Path, *options: str, before: tuple[str, ...] = ()) -> Iterator[str]:
    """`nianbao serve` over an archive, its command behind `before`; its address without the last slash."""
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "crawler", "serve", "--port", "0", "--archive", str(archive), *options],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        found = None
        said = []
        while found is None:
            said.append(process.stderr.readline())
            assert said[-1], said
            found = re.search(r"http://\S+:\d+", said[-1])
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield found[0]
    finally:
        process.terminate()
        process.wait()


def get(address: str, method: str = "GET", data: bytes | None = None) -> tuple[int, str, Any]:
    """Status, body and headers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data, method=method)) as answer:
            return answer.status, answer.read().decode("utf-8", "replace"), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace"), error.headers


def report_path(archive: Path, number: int) -> str:
    """The path of a report's page, by the report's number in this archive: its address, to which `/report/NUMBER`
    leads."""
    with closing(sqlite3.connect(archive)) as connection:
        (key,) = connection.execute("select key from reports where id = ?", (number,)).fetchone()
    return f"/report/{key}"
