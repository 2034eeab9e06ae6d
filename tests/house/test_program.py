"""A run that is a copy of a process standing ready is the program as `python -m crawler` starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from signal import SIGKILL

import pytest

from tests import ROOT
from tests.servers.living import living
from tests.support.program import run


@pytest.mark.parametrize(
    "line", [("--version",), ("no-such-command",), ("crawl", "--profile", "none.toml"), ("coverage",)]
)
def test_it_says_and_ends_as_the_program_does(line: tuple[str, ...], tmp_path: Path) -> None:
    environment = os.environ | {"NIANBAO_ARCHIVE": "there is none.db", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "crawler", *line]
    started = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    copied = run(*line, cwd=tmp_path, env=environment)
    assert (copied.returncode, copied.stdout) == (started.returncode, started.stdout)
    assert copied.stderr == started.stderr
    assert copied.stdout or "there is none.db" in copied.stderr or copied.returncode == 2


def test_its_environment_is_the_one_that_is_given(tmp_path: Path) -> None:
    told = [run("coverage", env=os.environ | {"NIANBAO_ARCHIVE": f"{name}.db"}).stderr for name in ("one", "other")]
    assert "one.db" in told[0]
    assert "other.db" in told[1]


def test_it_is_killed_as_any_process(tmp_path: Path) -> None:
    with living(tmp_path) as portal:
        portal.kill = (3, None)
        code, _, _ = portal.run()
    assert code == -SIGKILL
