"""Nobody outside the archive holds its connection or writes SQL; the newest capture of an address is told once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.archive.file.captures import newest, newest_first
from tests.house.test_floors import modules

ROOM = "crawler.archive"
FLEET = "crawler.fleet"
"""Its tables are PostgreSQL's, and its alone; it opens no archive but by the archive's face."""
SQL = re.compile(
    r"\bselect\s.*\sfrom\s|\binsert\s+(or\s+\w+\s+)?into\s|\bdelete\s+from\s|\bupdate\s+\w+\s+set\s|\bwith\s+\w+\s+as\s*\("
    r"|^\s*pragma\s|\b(create|drop|alter)\s+(unique\s+)?(table|view|index|trigger)\s|^\s*order\s+by\s"
    r"|\bwhere\s+[\w.]+\s*(=|<|>|\bin\b|\blike\b|\bis\b)",
    re.I | re.S,
)
RUNS_IT = {"execute", "executemany", "executescript"}
OPENS_IT = {"crawler.site.database"}
"""Where a connection is opened because Datasette asks for one."""


def docstrings(tree: ast.AST) -> set[int]:
    """The string nodes that are documentation: a statement that is nothing but a string."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def breaches(source: str, may_open: bool = False) -> Iterator[str]:
    """What of a module is the archive's business: line and words."""
    tree = ast.parse(source)
    told = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            words = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
            if SQL.search(words):
                yield f"{node.lineno}: SQL {words[:60]!r}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            if SQL.search(node.value):
                yield f"{node.lineno}: SQL {node.value[:60]!r}"
        elif isinstance(node, ast.Attribute) and node.attr == "connection":
            yield f"{node.lineno}: .connection"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in RUNS_IT:
                yield f"{node.lineno}: .{node.func.attr}()"
            if ast.unparse(node.func) == "sqlite3.connect" and not may_open:
                yield f"{node.lineno}: sqlite3.connect()"


def outside() -> dict[str, Path]:
    """The modules that are in no room of the archive."""
    rooms = (ROOM, FLEET)
    return {
        name: path for name, path in modules().items() if not any(f"{name}.".startswith(f"{room}.") for room in rooms)
    }


def test_nobody_outside_the_archive_holds_its_connection_or_writes_sql() -> None:
    assert len(outside()) > 100
    found = {name: list(breaches(path.read_text("utf-8"), name in OPENS_IT)) for name, path in outside().items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        'rows = ask("select url from captures")',
        'rows = ask(f"select {names} from captures")',
        'QUERY = """\nselect a,\n b from c\n"""',
        'ask("pragma user_version")',
        'ask("insert or replace into ways values (1)")',
        'ask("update captures set kind = 1")',
        'ask("delete from runs")',
        'ask("with last as (" + more)',
        'ask("where url = ? limit 1")',
        "anything.execute(query)",
        "look(archive.connection)",
        "sqlite3.connect(path)",
    ],
)
def test_each_way_of_it_is_seen(source: str) -> None:
    assert list(breaches(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Select one from the list."""',
        'say("update the program to use it")',
        'say("a page with its files; nothing was taken from it")',
        'HEADERS = ["connection"]',
        "except_ = sqlite3.Error",
    ],
)
def test_words_that_only_sound_like_it_are_not(source: str) -> None:
    assert list(breaches(source)) == []


def test_the_newest_capture_of_an_address_is_told_in_one_place() -> None:
    """The order stands in one module; whoever writes it out again has another opinion sooner or later."""
    order = re.compile(r"last_run_id\s+desc")
    holding = [name for name, path in modules().items() if order.search(path.read_text("utf-8").replace("\n", " "))]
    assert holding == [newest_first.__module__]
    assert "last_run_id desc, " in newest_first("x").replace("x.", "")
    assert newest("sha256").startswith("select sha256 from captures as stood where stood.url = ? order by")
