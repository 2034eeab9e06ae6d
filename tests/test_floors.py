"""The house keeps its floors: who may import whom, and that nothing imports in a circle."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent

FLOORS = [
    (
        "crawler.records.page",
        "crawler.records.problems",
        "crawler.records.errors",
        "crawler.words.text",
        "crawler.words.display",
        "crawler.reference",
        "crawler.words.difference",
        "crawler.archive.file.zstd",
        "crawler.archive",
        "crawler.data",
    ),
    ("crawler.navigation", "pipelines"),
    (
        "crawler.portals.profile",
        "crawler.fetching.challenges",
        "crawler.fetching.codings",
        "crawler.fetching.downloader",
        "crawler.words.hosts",
        "crawler.fetching.guards",
        "crawler.fetching.pace",
        "crawler.fetching.resolver",
        "crawler.fetching.retries",
        "crawler.fetching.robots",
        "crawler.reference.deadlines",
        "crawler.runs.health",
        "crawler.runs.recheck",
        "spiders",
    ),
    (
        "crawler.commands.cli",
        "crawler.commands",
        "crawler.runs.run",
        "crawler.runs.feed",
        "crawler.runs.logs",
        "crawler.runs.progress",
        "crawler.site",
        "crawler.commands.reference",
        "crawler.sample",
    ),
]
ADAPTERS = {"pipelines.adapters", "pipelines.store"}
"""Where a pure stage meets Scrapy; they stand with the spiders."""


def modules() -> dict[str, Path]:
    found = {}
    for top in ("crawler", "spiders", "pipelines"):
        for path in (ROOT / top).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = path
    return found


def imports(path: Path) -> Iterator[str]:
    known = modules()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in known else node.module


def floor(module: str) -> int | None:
    if module in ADAPTERS:
        return 2
    for height, names in enumerate(FLOORS):
        if any(module == name or module.startswith(name + ".") for name in names):
            return height
    return None


def test_no_lower_floor_imports_a_higher() -> None:
    wrong = []
    for name, path in modules().items():
        own = floor(name)
        for wanted in imports(path):
            its = floor(wanted)
            if own is not None and its is not None and its > own:
                wrong.append(f"{name} imports {wanted}")
    assert wrong == []


def test_pure_stages_and_navigation_know_no_scrapy() -> None:
    for name, path in modules().items():
        if floor(name) in (0, 1):
            assert not any(wanted.split(".")[0] == "scrapy" for wanted in imports(path)), name


def test_no_two_modules_import_each_other_in_a_circle() -> None:
    known = modules()
    graph = {name: {wanted for wanted in imports(path) if wanted in known} - {name} for name, path in known.items()}
    done: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        if name not in done:
            for wanted in graph[name]:
                walk(wanted, (*path, name))
            done.add(name)

    for name in graph:
        walk(name, ())


def test_every_module_says_what_it_is_for() -> None:
    for name, path in modules().items():
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), name


def test_every_package_is_in_the_wheel() -> None:
    """The editable install of `make` finds a package that pyproject.toml leaves out; a user's would not."""
    named = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"])
    there = {
        ".".join(init.parent.relative_to(ROOT).parts)
        for top in ("crawler", "spiders", "pipelines")
        for init in (ROOT / top).rglob("__init__.py")
    }
    assert there <= named
    assert "pipelines.documents" in there
