"""The table that a person watches: there in a terminal, silent in a pipe."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.living import living


@pytest.mark.parametrize("options", [(), ("--log-json",)])
def test_a_person_sees_the_hosts_and_a_pipe_does_not(tmp_path: Path, options: tuple[str, ...]) -> None:
    with living(tmp_path) as portal:
        _, _, piped = portal.run()
        assert "\x1b" not in piped
        assert "waiting" not in piped
        near, far = pty.openpty()
        command = [sys.executable, "-m", "crawler", "crawl", "--profile", str(tmp_path / "living.toml"), *options]
        environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"}
        with subprocess.Popen(
            [*command, "--recheck", "all", "--archive", str(portal.archive)],
            stdout=subprocess.DEVNULL,
            stderr=far,
            env=environment,
        ) as process:
            os.close(far)
            shown = b""
            while True:
                try:
                    piece = os.read(near, 65536)
                except OSError:
                    break
                if not piece:
                    break
                shown += piece
            assert process.wait() == 0
        os.close(near)
        drawn = b"waiting" in shown or b"asking" in shown
        assert drawn is not bool(options)
        if not options:
            assert b"pages" in shown
            assert "第2页".encode() in shown or "年政府信息公开".encode() in shown
        assert shown.decode().rstrip().endswith(("in the archive", "}"))
