"""A bucket of a server that speaks S3, on this machine: moto's, a program of its own.

It wants an older python-dateutil than the program has, so it is installed elsewhere, and MOTO_SERVER names it:

    python -m venv ELSEWHERE && ELSEWHERE/bin/pip install 'moto[server]'
    MOTO_SERVER=ELSEWHERE/bin/moto_server pytest tests/store tests/fleet
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def bucket() -> Iterator[str]:
    """The URL of an empty bucket, which the environment says how to enter meanwhile; skips without a server."""
    program = os.environ.get("MOTO_SERVER") or shutil.which("moto_server")
    if program is None:
        pytest.skip("moto_server is not installed, and MOTO_SERVER names none: S3 is not tried")
    server = subprocess.Popen([program, "-H", "127.0.0.1", "-p", "0"], stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        found, said = None, []
        while found is None:
            said.append(server.stderr.readline())
            assert said[-1], said
            found = re.search(r"http://127\.0\.0\.1:\d+", said[-1])
        threading.Thread(target=server.stderr.read, daemon=True).start()
        endpoint = found[0]
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/corpus", method="PUT")).close()
        with pytest.MonkeyPatch.context() as patch:
            names = {"ENDPOINT": endpoint, "REGION": "us-east-1", "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b"}
            for name, value in names.items():
                patch.setenv(f"AWS_{name}", value)
            yield "s3://corpus"
    finally:
        server.terminate()
        server.wait()
