"""Names of modules and classes in comments, docstrings and pages of the docs are those of today."""

from __future__ import annotations

import ast
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from crawler.commands.reference import reference
from tests.house.test_floors import ROOT, modules

DOTTED = re.compile(r"\b(?:crawler|pipelines|spiders)(?:\.[a-z_]+)+")
CLASS = re.compile(r"(?<![\w`])([a-z_]+)\.([A-Z]\w+)")
DATA = "crawler.data"
SCRAPYS = re.compile(r"crawler\.(engine|spider|stats|settings|signals)\b")
"""Attributes of Scrapy's own `crawler`."""


def words() -> Iterator[tuple[Path, str]]:
    """What is no code: comments and strings of each module, and the docs."""
    for path in modules().values():
        with path.open("rb") as file:
            for token in tokenize.tokenize(file.readline):
                if token.type in (tokenize.COMMENT, tokenize.STRING):
                    yield path, token.string
    for path in (*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "pyproject.toml", ROOT / "scrapy.cfg"):
        yield path, path.read_text("utf-8")


def names() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """What each module defines at its top; and by class the modules that define it."""
    defined: dict[str, set[str]] = {}
    classes: dict[str, set[str]] = defaultdict(set)
    for module, path in modules().items():
        tree = ast.parse(path.read_text("utf-8"))
        defined[module] = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                defined[module].add(node.name)
            if isinstance(node, ast.ClassDef):
                classes[node.name].add(module.rpartition(".")[2])
    return defined, classes


def test_what_is_named_is_there() -> None:
    defined, classes = names()
    wrong = []
    for path, told in words():
        for match in DOTTED.finditer(told):
            name = match[0]
            parent, _, last = name.rpartition(".")
            known = name in defined or last in defined.get(parent, ()) or name.startswith(DATA) or SCRAPYS.match(name)
            if not known:
                wrong.append(f"{path.relative_to(ROOT)}: {name}")
        for module, name in CLASS.findall(told):
            if name in classes and module not in classes[name]:
                wrong.append(f"{path.relative_to(ROOT)}: {module}.{name}")
    assert wrong == []


def test_a_setting_has_its_own_reason_and_no_other() -> None:
    rows = {line.split("|")[1].strip(" `"): line for line in reference().splitlines() if line.startswith("| `")}
    assert rows["NIANBAO_MAX_WAIT"].split("|")[-2].strip().startswith("Seconds. The longest Retry-After")
    assert "A host holds one place" in rows["DOWNLOADER"]
    assert "A host holds one place" not in rows["ROBOTSTXT_OBEY"]
