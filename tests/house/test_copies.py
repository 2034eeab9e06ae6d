"""A thing that several rooms need stands once: white space, formats of files, marked tables, profiles, trails."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest

from tests.house.test_floors import modules

_ENOUGH = 14
"""Nodes of a body from which on two equal ones are a copy and no coincidence."""
_WHITE = re.compile(r"\[?(?:\\s|\s|\\u3000|\\xa0|\\u200b|\\t|\\n|\\r|\u3000|\xa0|\u200b)+\]?(?:[+*]\+?|\{\d+,?\})?")
_MEDIA = re.compile(r"application/(?:pdf|msword|ofd|rtf|zip|vnd\.|x-7z|x-ole).*|image/(?:png|jpeg|gif|bmp|tiff|webp)")
_KEY = re.compile(r"(?:home|region|trail|hosts|delay|allow_private_addresses) = ")

Rule = Callable[[ast.AST], bool]


def _is_join(node: ast.AST) -> bool:
    """`"".join(words.split())` or `" ".join(words.split())`."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"):
        return False
    glue, given = node.func.value, node.args[0] if node.args else None
    return (
        isinstance(glue, ast.Constant)
        and glue.value in ("", " ")
        and isinstance(given, ast.Call)
        and isinstance(given.func, ast.Attribute)
        and given.func.attr == "split"
        and not given.args
    )


def _is_white_pattern(node: ast.AST) -> bool:
    """`re.sub` or `re.compile` of white space and nothing else, the latter where it is not to split or search by."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
        return False
    first = node.args[0]
    return (
        node.func.attr == "compile"
        and isinstance(first, ast.Constant)
        and isinstance(first.value, str)
        and _WHITE.fullmatch(first.value) is not None
    )


def _is_media_type(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and _MEDIA.fullmatch(node.value) is not None


def _is_marks(node: ast.AST) -> bool:
    names = {"ROW", "CELL", "CELL_END"}
    return (
        isinstance(node, ast.ImportFrom)
        and node.module == "pipelines.marked.marks"
        and any(alias.name in names for alias in node.names)
    )


def _is_profile_key(node: ast.AST) -> bool:
    """A line of a profile put together by hand, as `home = "…"`."""
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
    return isinstance(first, ast.Constant) and isinstance(first.value, str) and _KEY.match(first.value) is not None


def _is_step(node: ast.AST) -> bool:
    """A step out of JSON, or JSON out of a step."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Step":
        return any(isinstance(one, ast.Subscript | ast.Starred) for one in node.args) or any(
            one.arg is None for one in node.keywords
        )
    if isinstance(node, ast.Dict):
        keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
        values = {
            value.value.id
            for value in node.values
            if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name)
        }
        return keys == ["label", "url"] and values == {"step"}
    return False


ONCE: dict[str, tuple[Rule, set[str], str]] = {
    "white space is joined away": (_is_join, {"crawler.words.text"}, "''.join(words.split())"),
    # marked.flatten asks what stands beside a line's end, cellvalue tells pieces of a cell apart.
    "white space is matched": (
        _is_white_pattern,
        {"crawler.words.text", "pipelines.marked.flatten", "pipelines.statistics.cellvalue"},
        "re.compile('[ \\t\\u3000]+')",
    ),
    "a format's media type is written": (_is_media_type, {"crawler.records.media"}, "kind = 'application/pdf'"),
    "rows and cells of marked words are read or written": (
        _is_marks,
        {"pipelines.marked.tables", "pipelines.marked.document"},
        "from pipelines.marked.marks import ROW",
    ),
    "a profile's line is written": (_is_profile_key, {"crawler.portals.notation"}, "line = f'home = {url}'"),
    "a trail becomes JSON, or JSON a trail": (_is_step, {"crawler.records.capture"}, "Step(one['label'], one['url'])"),
}


@pytest.mark.parametrize("thing", ONCE)
def test_stands_once(thing: str) -> None:
    rule, rooms, copy = ONCE[thing]
    assert any(map(rule, ast.walk(ast.parse(copy))))
    found = {
        name: node.lineno  # type: ignore[attr-defined]
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if rule(node)
    }
    assert {name: line for name, line in found.items() if name not in rooms} == {}


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name}.{node.name}", node


def shape(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """The body without its docstring and the names of its arguments; None where it is too short to be a copy."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    size = sum(1 for statement in body for _ in ast.walk(statement))
    if size < _ENOUGH:
        return None
    places = {one.arg: f"argument {place}" for place, one in enumerate(function.args.args)}
    module = ast.parse(ast.unparse(ast.Module(body, [])))
    for node in ast.walk(module):
        if isinstance(node, ast.Name):
            node.id = places.get(node.id, node.id)
    return ast.dump(module)


def test_no_function_is_written_twice() -> None:
    bodies: dict[str, list[str]] = defaultdict(list)
    for name, function in functions():
        if (body := shape(function)) is not None:
            bodies[body].append(name)
    assert [names for names in bodies.values() if len(names) > 1] == []


def test_words_of_white_space_have_one_home() -> None:
    names = {"squeeze", "clean", "one_line", "unspaced"}
    homes = {name for name, function in functions() if function.name in names}
    assert homes == {f"crawler.words.text.{name}" for name in names}
