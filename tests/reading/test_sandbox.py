"""A confined process breaks out of nothing, whichever of the layers holds it; an unconfined one would."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests import ROOT
from tests.support.breakouts import FILE_TRIES, TRIES, World

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no layer but limits on this system")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a process said of its confinement, and of each try; what became of the world outside."""

    confinement: dict[str, Any]
    errors: dict[str, str | None]
    changed: bool
    alive: bool


@contextmanager
def world(folder: Path) -> Iterator[tuple[World, subprocess.Popen[bytes]]]:
    """A folder with files, a process that waits, and sockets that listen."""
    outside = folder / "outside"
    for made in (folder / "own", outside, outside / "empty"):
        made.mkdir()
    (outside / "kept").write_text("kept")
    with sqlite3.connect(outside / "archive.db") as archive:
        archive.execute("create table pages (id)")
    archive.close()
    abstract = uuid4().hex
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        for address in (os.fspath(outside / "socket"), "\0" + abstract):
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(address)
            listener.listen()
        victim = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        stack.enter_context(victim)
        stack.callback(victim.kill)
        yield (
            World(os.fspath(folder / "own"), os.fspath(outside), victim.pid, server.getsockname()[1], abstract),
            victim,
        )


def snapshot(folder: str) -> dict[str, object]:
    """By name: mode, links, content, and when any of it was changed."""
    found: dict[str, object] = {}
    for path in Path(folder).rglob("*"):
        state = path.lstat()
        found[path.name] = state.st_mode, state.st_nlink, state.st_ctime_ns, path.is_file() and path.read_bytes()
    return found


def outcome(folder: Path, layers: str, names: list[str]) -> Outcome:
    with world(folder) as (there, victim):
        before = snapshot(there.outside)
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.breakouts", layers, json.dumps(asdict(there)), *names],
            cwd=ROOT,
            env=os.environ | {"NIANBAO_SANDBOX": layers},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        confinement, *errors = map(json.loads, done.stdout.decode().splitlines())
        if layers == "none" and names[0].startswith("kill"):
            victim.wait(60)
        return Outcome(confinement, dict(errors), snapshot(there.outside) != before, victim.poll() is None)


CASES = {
    "landlock,seccomp": [name for name, there in TRIES.items() if there.landlock or there.seccomp],
    "landlock": [name for name, there in TRIES.items() if there.landlock and not there.together],
    "seccomp": [name for name, there in TRIES.items() if there.seccomp and not there.together],
    "": [name for name, there in TRIES.items() if there.limits],
}
"""By the layers asked for, what they should deny; limits are always there."""


@pytest.fixture(scope="module")
def confined(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return {layers: outcome(tmp_path_factory.mktemp("world"), layers, names) for layers, names in CASES.items()}


def denied_here(name: str, confinement: dict[str, Any]) -> bool:
    """Whether the layers that hold on this machine are enough for it."""
    there = TRIES[name]
    rules = 0 < there.landlock <= (confinement["landlock"] or 0)
    listed = there.seccomp and confinement["seccomp"]
    return there.limits or (rules and listed if there.together else rules or listed)


@pytest.mark.parametrize(("layers", "name"), [(layers, name) for layers, names in CASES.items() for name in names])
def test_a_confined_process_is_denied(confined: dict[str, Outcome], layers: str, name: str) -> None:
    seen = confined[layers]
    if not denied_here(name, seen.confinement):
        pytest.skip(
            f"Landlock {seen.confinement['landlock']} here, wanted {TRIES[name].landlock}; {seen.confinement['lacks']}"
        )
    assert seen.errors[name] is not None


@pytest.mark.parametrize("layers", CASES)
def test_the_world_outside_is_as_it_was(confined: dict[str, Outcome], layers: str) -> None:
    seen = confined[layers]
    if lacks := {
        layer: seen.confinement["lacks"][layer] for layer in layers.split(",") if layer in seen.confinement["lacks"]
    }:
        pytest.skip(f"not here: {lacks}")
    assert seen.alive
    assert not seen.changed


@pytest.mark.parametrize("name", TRIES)
def test_without_confinement_it_succeeds(tmp_path: Path, name: str) -> None:
    seen = outcome(tmp_path, "none", [name])
    if seen.errors.get(name) is not None and "Seccomp:\t0" not in Path("/proc/self/status").read_text():
        pytest.skip(f"denied to the tests, too: {seen.errors[name]}")
    # A program that takes the process's place says nothing.
    assert seen.errors.get(name) is None
    assert seen.alive is not name.startswith("kill")
    assert seen.changed is (name in FILE_TRIES and TRIES[name].seccomp and name != "stay when memory ends")
