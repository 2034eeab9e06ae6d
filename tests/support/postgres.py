"""A PostgreSQL of the tests' own: a cluster in a folder, reached by a socket in it, that can be killed and started."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

_DEBIAN = Path("/usr/lib/postgresql")
_USER = "nianbao"


def binaries() -> Path | None:
    """The folder of initdb and postgres: the newest of Debian's, else where initdb is found; None for none."""
    debian = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def nobody() -> dict[str, Any]:
    """What starts a process as a user other than root, as whom PostgreSQL refuses to run; nothing for anybody else."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Cluster:
    """A cluster in a folder. It is not synced to disk: it outlives kills of the server, not of the machine."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self._programs = folder, programs
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0
        user = nobody()
        if user:
            os.chown(folder, user["user"], user["group"])
        subprocess.run(
            [
                programs / "initdb", "--pgdata", folder / "data", "--username", _USER, "--auth", "trust",
                "--no-sync", "--encoding", "UTF8", "--locale", "C",
            ],
            check=True, capture_output=True, cwd="/", **user,
        )  # fmt: skip

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = {
            "unix_socket_directories": str(self.folder), "listen_addresses": "", "fsync": "off",
            "shared_buffers": "16MB", "max_connections": "60", "autovacuum": "off", "jit": "off",
        }  # fmt: skip
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        # What a killed server left: the next one would take a process that has its number by now for it.
        (self.folder / "data/postmaster.pid").unlink(missing_ok=True)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", *settings],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, **nobody(),
            )  # fmt: skip
        subprocess.run(
            [self._programs / "pg_isready", "--host", self.folder, "--timeout", "60", "--quiet"], check=False
        )
        while self._process.poll() is None:
            with suppress(psycopg.OperationalError), psycopg.connect(self.dsn("postgres")):
                return
        raise RuntimeError((self.folder / "log").read_text("utf-8")[-2000:])

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End the server with all its processes, by default without a warning."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)
        self._process.wait()

    def dsn(self, database: str) -> str:
        """How a database is reached."""
        return f"host={self.folder} user={_USER} dbname={database}"

    def database(self, template: str = "template1") -> str:
        """A new database, as it stands in `template`; how it is reached."""
        self._databases += 1
        name = f"fleet{self._databases}"
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"create database {name} template {template}".encode())
        return self.dsn(name)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster that runs until the block ends. Skips the test where PostgreSQL is not installed."""
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL here: the fleet was not tested")
    folder = Path(tempfile.mkdtemp(prefix="nianbao-"))
    try:
        made = Cluster(folder, programs)
        made.start()
        try:
            yield made
        finally:
            made.kill(signal.SIGINT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
