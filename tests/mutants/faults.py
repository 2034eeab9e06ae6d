"""The faults that can be put into a module, one at a time.

A comparison is turned, `and` and `or` change places, a condition is denied, a whole number is one more, a `return`
gives None, or False for True. In a statement of SQL `is null`, `and`, `in`, `min` and the order change into their
opposites.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from functools import partial

_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
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
_STATEMENT = re.compile(r" ?(select|insert|update|delete|where|order by|from|on) ")
_SQL_OPPOSITES = {
    " is not ": " is ",
    " is ": " is not ",
    " not in ": " in ",
    " in ": " not in ",
    " and ": " or ",
    " or ": " and ",
    "min(": "max(",
    "max(": "min(",
    " desc": " asc",
}
_SQL_WORD = re.compile(r" is not | is (?!not )| not in | in | and (?!\d)| or | desc\b|\b(?:min|max)\(")
_LONGEST = 90


def faults(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Every fault: where and what, and the tree with it."""
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in documentation:
            continue
        for number in range(len(_changes(node))):
            changed = copy.deepcopy(tree)
            twin = next(other for position, other in enumerate(ast.walk(changed)) if position == place)
            _changes(twin)[number]()
            ast.fix_missing_locations(twin)
            yield f"line {getattr(node, 'lineno', 0)}: {_difference(ast.unparse(node), ast.unparse(twin))}", changed


def _changes(node: ast.AST) -> list[Callable[[], None]]:
    """What makes a fault of a node, each as a call that changes it."""
    match node:
        case ast.Compare(ops=[first, *others]) if type(first) in _OPPOSITES:
            return [partial(setattr, node, "ops", [_OPPOSITES[type(first)](), *others])]
        case ast.BoolOp(op=operator):
            return [partial(setattr, node, "op", ast.And() if isinstance(operator, ast.Or) else ast.Or())]
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            # The others are turned where they stand.
            plain = not isinstance(test, ast.Compare | ast.BoolOp)
            return [partial(setattr, node, "test", ast.UnaryOp(ast.Not(), test))] if plain else []
        case ast.Constant(value=value) if type(value) is int:
            return [partial(setattr, node, "value", value + 1)]
        case ast.Constant(value=str(value)) if _STATEMENT.match(value):
            return [
                partial(setattr, node, "value", value[: word.start()] + _SQL_OPPOSITES[word[0]] + value[word.end() :])
                for word in _SQL_WORD.finditer(value)
            ]
        case ast.Return(value=ast.Constant(value=bool(value))):
            return [partial(setattr, node, "value", ast.Constant(not value))]
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Compare | ast.BoolOp):
            empty = isinstance(value, ast.Constant) and value.value is None
            return [] if empty else [partial(setattr, node, "value", ast.Constant(None))]
    return []


def _difference(before: str, after: str) -> str:
    """The first line in which two texts differ, from a little before the place, in both forms."""
    for first, second in zip(before.splitlines(), after.splitlines(), strict=False):
        if first != second:
            same = next((at for at, pair in enumerate(zip(first, second, strict=False)) if len(set(pair)) > 1), 0)
            begin = max(0, same - _LONGEST // 2)
            return f"{first[begin : begin + _LONGEST]} -> {second[begin : begin + _LONGEST]}"
    return f"{before.splitlines()[0][:_LONGEST]} -> {after.splitlines()[0][:_LONGEST]}"
