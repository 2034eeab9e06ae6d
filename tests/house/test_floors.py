"""The house keeps its floors: who may import whom, and that nothing imports in a circle."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests import ROOT

TIERS = (
    ("crawler.records",),
    ("crawler.words", "crawler.reference"),
    ("crawler.conventions",),
    ("crawler.navigation", "pipelines"),
    ("crawler.archive",),
    ("crawler.portals", "crawler.reading", "crawler.fetching", "crawler.store"),
    ("crawler.runs", "crawler.mementos"),
    ("spiders", "pipelines.store"),
    ("crawler.sample", "crawler.manual", "crawler.fleet"),
    ("crawler.commands", "crawler.site"),
)
"""Rooms, lowest first; one module of pipelines is where the stages meet Scrapy, and stands with the spiders."""
ARCHIVE = (
    "schema", "file", "write", "derive", "merge", "queries", "sandbox", "exchange", "release", "corpus", "catalogue",
    "archive",
)  # fmt: skip
"""Rooms of the archive, lowest first; the last two are its face, to read and to write."""
DOORS = {"crawler", "crawler.__main__", "crawler.data"}
"""What stands before the rooms: the version, the entry for `python -m`, and the data."""


@cache
def modules() -> dict[str, Path]:
    found = {}
    for top in ("crawler", "spiders", "pipelines"):
        for path in (ROOT / top).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = path
    return found


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    known = modules()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in known else node.module


def room(module: str) -> tuple[int, str] | None:
    """Height and name of the room that a module is in, the most particular first; None for none."""
    fits = [
        (len(name), height, name)
        for height, names in enumerate(TIERS)
        for name in names
        if module == name or module.startswith(name + ".")
    ]
    return max(fits)[1:] if fits else None


def between_rooms() -> Iterator[tuple[str, tuple[int, str], str, tuple[int, str]]]:
    """Every import from one room into another: module and its room, module and its room."""
    for name, path in modules().items():
        home = room(name)
        for wanted in imports(path):
            there = room(wanted)
            if home is not None and there is not None and home != there:
                yield name, home, wanted, there


def test_no_module_is_outside_a_room() -> None:
    assert {name for name in modules() if room(name) is None} <= DOORS
    inside = {name.split(".")[2] for name in modules() if name.startswith("crawler.archive.")}
    assert inside == set(ARCHIVE)


def test_no_lower_room_imports_a_higher() -> None:
    crossings = list(between_rooms())
    assert len(crossings) > 100
    assert [f"{name} imports {wanted}" for name, home, wanted, there in crossings if there[0] > home[0]] == []


def test_no_two_rooms_import_each_other() -> None:
    pairs = {(home[1], there[1]) for _, home, _, there in between_rooms()}
    assert sorted((one, other) for one, other in pairs if (other, one) in pairs and one < other) == []


def test_the_archive_is_built_from_the_file_up_and_knows_no_stage() -> None:
    wrong = []
    for name, path in modules().items():
        if not name.startswith("crawler.archive."):
            continue
        height = ARCHIVE.index(name.split(".")[2])
        for wanted in imports(path):
            if wanted.startswith("crawler.archive.") and ARCHIVE.index(wanted.split(".")[2]) > height:
                wrong.append(f"{name} imports {wanted}")
            if wanted.split(".")[0] == "pipelines":
                wrong.append(f"{name} imports {wanted}")
    assert wrong == []


def test_pure_rooms_know_no_scrapy() -> None:
    fetching = next(height for height, names in enumerate(TIERS) if "crawler.fetching" in names)
    pure = {name: path for name, path in modules().items() if (home := room(name)) is not None and home[0] < fetching}
    for name, path in pure.items():
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
