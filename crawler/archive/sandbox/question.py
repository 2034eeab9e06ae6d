"""What goes to a worker process and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crawler.archive.sandbox.limits import HEAP, MIB


@dataclass(frozen=True, slots=True)
class Question:
    """A query. `address`: of the file, as SQLite's URI; `state`: another one asks for the file to be opened anew.

    `rows`: at most so many, None for all. `seconds`: the time it may take.
    """

    address: str
    state: tuple[int, ...]
    sql: str
    parameters: dict[str, Any] | list[Any]
    rows: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """`error`: one sentence, for a query that has no answer; `late`: it took its time and was ended."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    truncated: bool = False
    error: str | None = None
    late: bool = False


def refusal(error: str, *, late: bool = False) -> Answer:
    """The answer to a query that has none."""
    return Answer([], [], error=error, late=late)


TOO_MUCH_MEMORY = f"the query wants more memory than it may have ({HEAP // MIB} MB); ask for fewer or shorter values"
