"""`python -m tests.mutants [MODULE [TESTS…]] [--most N]`: see `tests.mutants.faults` for what is put into a module.

Without MODULE the modules of `tests.mutants.measured`, one after the other; without TESTS those that stand there.
Printed: every fault that the tests did not notice, and how many of those drawn they are. Which faults are drawn is
settled by a fixed seed.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests import ROOT
from tests.mutants.faults import faults
from tests.mutants.measured import MEASURED

_FOLDERS = ("crawler", "pipelines", "spiders", "tests", "data")
_LEAST_SECONDS, _PATIENCE = 60.0, 10
"""A fault counts as noticed when the tests take so many times as long as without one: it made them go on for ever."""


def main() -> int:
    """Run it; 1 where the tests fail without any fault, 2 where a module is named that has no tests."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("module", nargs="?")
    parser.add_argument("tests", nargs="*")
    parser.add_argument("--most", type=int, default=25, help="faults drawn of a module")
    given = parser.parse_args()
    if given.module and not given.tests and given.module not in MEASURED:
        print(f"which tests hold {given.module}? Name them, or add it to tests/mutants/measured.py", file=sys.stderr)
        return 2
    modules = {given.module: given.tests or MEASURED[given.module]} if given.module else MEASURED
    return max(_measure(module, tests, given.most) for module, tests in modules.items())


def _measure(module: str, tests: Sequence[str], most: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in _FOLDERS:
            shutil.copytree(ROOT / name, place / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", place)
        target = place / module
        source = target.read_text("utf-8")
        begin = time.monotonic()
        if not _pass(place, tests, None):
            print(f"{module}: the tests fail without any fault", file=sys.stderr)
            return 1
        seconds = max(_LEAST_SECONDS, _PATIENCE * (time.monotonic() - begin))
        drawable = list(faults(ast.parse(source)))
        drawn = random.Random(0).sample(drawable, min(most, len(drawable)))
        survivors = 0
        for words, tree in drawn:
            target.write_text(ast.unparse(tree), "utf-8")
            if _pass(place, tests, seconds):
                survivors += 1
                print(f"{module}, {words}", flush=True)
        print(f"{module}: {survivors} of {len(drawn)} survive ({len(drawable)} in all)", flush=True)
    return 0


def _pass(place: Path, tests: Sequence[str], seconds: float | None) -> bool:
    line = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", *tests]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        run = subprocess.run(line, cwd=place, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
