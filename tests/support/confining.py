"""Runs a few lines of Python in a process that confines itself first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests import ROOT

CONFINE = """
import json, sys
from dataclasses import asdict
from pathlib import Path
{before}
from crawler.reading.sandbox import confine
folder = Path(sys.argv[1])
confinement = confine(folder)
print(json.dumps(asdict(confinement) | {{"writing": confinement.writing}}, default=list), flush=True)
"""


def confined(
    folder: Path, lines: str, before: str = "", layers: str = "landlock,seccomp", given: bytes = b""
) -> tuple[dict[str, Any], bytes, int]:
    """What holds, what `lines` printed, the exit code; `before`: lines before the confinement; `given`: standard input.

    The lines know the folder in which the process may write as `folder`.
    """
    done = subprocess.run(
        [sys.executable, "-c", CONFINE.format(before=before) + lines, os.fspath(folder)],
        cwd=ROOT,
        env=os.environ | {"NIANBAO_SANDBOX": layers},
        input=given,
        capture_output=True,
        check=False,
    )
    head, _, said = done.stdout.partition(b"\n")
    assert head, done.stderr.decode()
    assert not done.stderr, done.stderr.decode()
    return json.loads(head), said, done.returncode
