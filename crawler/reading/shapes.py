"""Whether plain values are of the types that records have: what comes from a reader may have been made up.

Looked at column by column, so that the rows of a table cost little more than one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import chain
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

WHOLE = 1 << 63
"""What MessagePack, and SQLite, hold as an integer is less."""
_ATOMS = frozenset({str, bytes, bool, int, float, NoneType})

Fits = Callable[[Collection[Any]], bool]


@cache
def fits(kind: Any) -> Fits:
    """What says of values whether all of them are of a type: atoms, Literal, unions, list, tuple and dict of such, and
    records, each a tuple of its fields. A list is a tuple; whole numbers are below WHOLE, and do for a float.

    Raises TypeError for a type that is none of these.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return lambda values: True
    if kind in _ATOMS:
        return _atoms((kind,))
    if origin is Literal:
        return lambda values: set(map(type, values)) <= {str} and set(values) <= set(arguments)
    if origin in (Union, UnionType):
        return _union(arguments)
    if origin is list or (origin is tuple and arguments[-1] is Ellipsis):
        return _all_of(fits(arguments[0]))
    if origin is tuple:
        return row(*arguments)
    if origin in (dict, Mapping):
        return _dicts(*map(fits, arguments))
    if isinstance(kind, type) and issubclass(kind, tuple):  # a NamedTuple
        return row(*get_type_hints(kind).values())
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return row(*(hints[field.name] for field in fields(kind)))
    raise TypeError(f"no plain type: {kind}")


def row(*kinds: Any) -> Fits:
    """What says of tuples whether each has as many values as there are `kinds`, of these types."""
    return _rows(tuple(map(fits, kinds)))


def _atoms(kinds: Collection[type]) -> Fits:
    allowed = frozenset(kinds) | ({int} if float in kinds else frozenset())

    def fit(values: Collection[Any]) -> bool:
        types = set(map(type, values))
        return types <= allowed and (int not in types or all(map(_is_whole, values)))

    return fit


def _is_whole(value: Any) -> bool:
    return type(value) is not int or -WHOLE <= value < WHOLE


def _union(kinds: tuple[Any, ...]) -> Fits:
    if _ATOMS.issuperset(kinds):
        return _atoms(kinds)
    (kind,) = (kind for kind in kinds if kind is not NoneType)
    inner = fits(kind)
    return lambda values: inner([value for value in values if value is not None])


def _all_of(inner: Fits) -> Fits:
    return lambda values: set(map(type, values)) <= {tuple} and inner(list(chain.from_iterable(values)))


def _rows(columns: tuple[Fits, ...]) -> Fits:
    def fit(values: Collection[Any]) -> bool:
        if not set(map(type, values)) <= {tuple} or not set(map(len, values)) <= {len(columns)}:
            return False
        return all(inner(column) for inner, column in zip(columns, zip(*values, strict=True), strict=False))

    return fit


def _dicts(keys: Fits, contents: Fits) -> Fits:
    return lambda values: (
        set(map(type, values)) <= {dict}
        and keys(list(chain.from_iterable(values)))
        and contents(list(chain.from_iterable(value.values() for value in values)))
    )
