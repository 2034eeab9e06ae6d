"""`python -m tests.mutants MODULE TESTS… [--most N]`: faults by the tree of one module, one at a time, in a copy.

A comparison is turned, `and` and `or` change places, a condition is denied, a number is one more, a `return` gives
None. Printed: every fault that the tests did not notice, and the share that survives. Which faults are drawn
is settled by a fixed seed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import ROOT

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_AT_A_TIME = 600
"""Seconds after which a fault counts as noticed: it made the tests go on for ever."""


def faults(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Every fault: where and what, and the tree with it."""
    for place, node in enumerate(ast.walk(tree)):
        changed = copy.deepcopy(tree)
        twin = next(one for number, one in enumerate(ast.walk(changed)) if number == place)
        before = ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""
        if not _spoil(twin):
            continue
        yield (
            f"line {getattr(node, 'lineno', 0)}: {before.splitlines()[0]} -> {ast.unparse(twin).splitlines()[0]}",
            changed,
        )


def _spoil(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _TURNED:
        node.ops[0] = _TURNED[type(node.ops[0])]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
    elif isinstance(node, ast.If | ast.IfExp | ast.While) and not isinstance(node.test, ast.Compare | ast.BoolOp):
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        node.value += 1
    elif isinstance(node, ast.Return) and not (node.value is None or isinstance(node.value, ast.Compare | ast.BoolOp)):
        node.value = ast.Constant(None)
    else:
        return False
    ast.fix_missing_locations(node)
    return True


def main() -> int:
    """Run it; 1 where the tests fail without any fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("module", type=Path)
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--most", type=int, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in ("crawler", "pipelines", "spiders", "tests", "data"):
            shutil.copytree(ROOT / name, place / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", place)
        target = place / given.module
        source = target.read_text("utf-8")
        if not _pass(place, given.tests):
            print("the tests fail without any fault", file=sys.stderr)
            return 1
        found = list(faults(ast.parse(source)))
        drawn = random.Random(0).sample(found, min(given.most, len(found)))
        alive = []
        for words, tree in drawn:
            target.write_text(ast.unparse(tree), "utf-8")
            if _pass(place, given.tests):
                alive.append(words)
        print(*alive, sep="\n")
        print(f"{given.module}: {len(alive)} of {len(drawn)} survive ({len(found)} in all)")
    return 0


def _pass(place: Path, tests: list[str]) -> bool:
    line = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", *tests]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(line, cwd=place, env=environment, capture_output=True, timeout=_AT_A_TIME, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
