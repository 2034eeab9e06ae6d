"""Values of a page's scripts, and what operators, members and calls make of them, as far as literals settle it.

Nothing is run: what depends on more than its words is `UNKNOWN`, and whatever is made with it is unknown as well
(sources/pages#scripts).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote


class Unknown:
    """What an expression is that is not settled by its words."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class Thing(dict[str, str]):
    """An element that a script is handed (`this`): its attributes, names in lower case."""


def written(value: Any) -> str | None:
    """A value as a script would write it into a text; None for one that is unknown, an array or an object."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None or not isinstance(value, int | float):
        return None
    return str(int(value)) if value == int(value) else str(value)


def number(value: Any) -> int | float | None:
    """The number that a value is, or that its text writes; None for none and for one of more than fifteen digits."""
    if isinstance(value, str):
        try:
            value = float(value) if "." in value else int(value)
        except ValueError:
            return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15 else None


_SAME = frozenset({"String", "Number", "parseInt", "unescape", "decodeURI", "decodeURIComponent", "$", "jQuery"})
_ROUNDED: dict[str, Callable[[float], int]] = {"ceil": math.ceil, "floor": math.floor}
"""Of Math."""
_QUOTED = {"encodeURI": ";,/?:@&=+$-_.!~*'()#%", "encodeURIComponent": "-_.!~*'()", "escape": "@*_+-./"}


def operation(mark: str, first: Any, second: Any) -> Any:
    """What two values give with a mark between them."""
    if first is UNKNOWN or second is UNKNOWN:
        return UNKNOWN
    if mark in ("||", "&&"):
        return (first or second) if mark == "||" else (first and second)
    if mark in ("==", "===", "!=", "!=="):
        same = written(first) == written(second) if written(first) is not None else first == second
        return same == (mark[0] == "=")
    if mark == "+" and (isinstance(first, str) or isinstance(second, str)):
        before, behind = written(first), written(second)
        return UNKNOWN if before is None or behind is None else before + behind
    first_number, second_number = number(first), number(second)
    if first_number is None or second_number is None or (mark in "/%" and not second_number):
        return UNKNOWN
    match mark:
        case "+":
            return first_number + second_number
        case "-":
            return first_number - second_number
        case "*":
            return first_number * second_number
        case "/":
            return first_number / second_number
        case "%":
            return first_number % second_number
        case "<":
            return first_number < second_number
        case ">":
            return first_number > second_number
        case "<=":
            return first_number <= second_number
        case _:
            return first_number >= second_number


def member(value: Any, name: str) -> Any:
    """What stands under a name in a value: an attribute of an element, an entry of an object, a length."""
    if isinstance(value, Thing):
        if name in ("dataset", "options", "currentTarget", "target"):
            return value
        dashed = re.sub(r"([A-Z])", r"-\1", name).lower()
        return value.get(f"data-{dashed}", value.get(name.lower(), UNKNOWN))
    if isinstance(value, dict):
        return value.get(name, UNKNOWN)
    if name == "length" and isinstance(value, str | list):
        return len(value)
    return UNKNOWN


def item(value: Any, key: Any) -> Any:
    """What stands at a key or an index in a value."""
    if isinstance(value, Thing):
        return value  # this.options[this.selectedIndex]: the option itself
    if isinstance(value, dict):
        return value.get(written(key) or "", UNKNOWN)
    if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
        return value[key]
    return UNKNOWN


def method(value: Any, name: str, arguments: list[Any]) -> Any:
    """What a method of a text, an array or an element gives, of the few that are read.

    The moment and a number drawn, which only keep a browser from its store, are 1.
    """
    if value is UNKNOWN and name in _ROUNDED and arguments and (whole := number(arguments[0])) is not None:
        return _ROUNDED[name](whole)
    if value is UNKNOWN and not arguments and name in ("random", "getTime", "now"):
        return 1
    first = written(arguments[0]) if arguments else None
    if isinstance(value, Thing):
        if name in ("attr", "getAttribute", "prop") and len(arguments) == 1 and first is not None:
            return value.get(first.lower(), UNKNOWN)
        if name == "data" and first is not None:
            return value.get(f"data-{first.lower()}", UNKNOWN)
        if name == "val":
            return value.get("value", UNKNOWN)
        return value if name in ("find", "children") else UNKNOWN
    if isinstance(value, str | int | float) and name in ("toString", "trim"):
        return (written(value) or "").strip() if name == "trim" else written(value)
    if isinstance(value, str) and name == "concat":
        parts = [written(part) for part in arguments]
        return UNKNOWN if None in parts else value + "".join(part for part in parts if part is not None)
    if (
        isinstance(value, str)
        and name == "replace"
        and len(arguments) == 2
        and all(isinstance(x, str) for x in arguments)
    ):
        return value.replace(arguments[0], arguments[1], 1)
    if isinstance(value, list) and name == "join":
        parts = [written(part) for part in value]
        glue = "," if first is None else first
        return UNKNOWN if None in parts else glue.join(part for part in parts if part is not None)
    return UNKNOWN


def call(way: str, arguments: list[Any]) -> Any:
    """What a function of the language gives, of the few that are read."""
    if not arguments:
        return UNKNOWN
    if way in _SAME:
        return arguments[0]
    text = written(arguments[0])
    return quote(text, safe=_QUOTED[way]) if way in _QUOTED and text is not None else UNKNOWN
