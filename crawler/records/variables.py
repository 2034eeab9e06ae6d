"""Numbers that variables of the environment give."""

from __future__ import annotations

import math
import os

from crawler.records.errors import NianbaoError


def number_of(name: str, usual: float, least: float = 0) -> float:
    """The number that a variable gives; `usual` where it is not set, or empty. Raises NianbaoError for anything else,
    and for less than `least`."""
    said = os.environ.get(name) or str(usual)
    value = _number(said)
    if not least <= value < math.inf:
        raise NianbaoError(f"{name} is {said!r}; expected a number, at least {least:g}")
    return value


def numbers_of(name: str, usual: str) -> list[float]:
    """Numbers with commas between them, none below 0; as `number_of`."""
    said = os.environ.get(name) or usual
    values = list(map(_number, said.split(",")))
    if not all(0 <= value < math.inf for value in values):
        raise NianbaoError(f"{name} is {said!r}; expected numbers with commas between them, as {usual}")
    return values


def count_of(name: str, usual: int, least: int = 0) -> int:
    """The whole number that a variable gives, as `number_of`."""
    said = os.environ.get(name) or str(usual)
    try:
        value = int(said)
    except ValueError:
        value = least - 1
    if value < least:
        raise NianbaoError(f"{name} is {said!r}; expected a whole number, at least {least}")
    return value


def _number(said: str) -> float:
    try:
        return float(said)
    except ValueError:
        return math.nan
