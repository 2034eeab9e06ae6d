"""What a visitor writes into the address of our pages, read strictly: what cannot be meant is said, not passed over."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from crawler.site.language import LANGUAGES, PARAMETER, word


class ParameterError(Exception):
    """A parameter that cannot be meant. The sentence names it and says what was expected."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(word("refused.parameter", name=name, value=value[:60], expected=expected))


def single(request: Any, name: str) -> str:
    """The value of a parameter, without the blanks around it; empty without one. Raises ParameterError for several."""
    values = request.args.getlist(name)
    if len(values) > 1:
        raise ParameterError(name, ", ".join(values), word("expected.once"))
    return values[0].strip() if values else ""


def only(request: Any, *names: str) -> None:
    """Raises ParameterError for a parameter that the page does not have: a name written wrong filters nothing."""
    for name in request.args:
        if name not in (*names, PARAMETER):
            raise ParameterError(name, request.args[name], word("expected.names", names=", ".join(names)))


def whole(name: str, value: str, least: int, most: int) -> int | None:
    """A whole number between two; None for an empty value. Raises ParameterError."""
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise ParameterError(name, value, word("expected.number", least=least, most=most))
    return int(value)


def division(name: str, value: str) -> str | None:
    """A code of GB/T 2260; None for an empty value. Raises ParameterError."""
    if value and not re.fullmatch(r"[0-9]{6}", value):
        raise ParameterError(name, value, word("expected.division"))
    return value or None


def choice(name: str, value: str, values: Collection[str]) -> str | None:
    """One of some values; None for an empty one. Raises ParameterError."""
    if value and value not in values:
        raise ParameterError(name, value, word("expected.choice", values=", ".join(values)))
    return value or None


def milliseconds(name: str, value: str) -> int | None:
    """A time; None for an empty value. Raises ParameterError."""
    if value and not re.fullmatch(r"[0-9]{1,9}", value):
        raise ParameterError(name, value, word("expected.milliseconds"))
    return int(value) if value else None


def tongue(values: list[str]) -> None:
    """Raises ParameterError where the languages asked for are not one that the site has."""
    if len(values) > 1:
        raise ParameterError(PARAMETER, ", ".join(values), word("expected.once"))
    for value in values:
        choice(PARAMETER, value, LANGUAGES)
