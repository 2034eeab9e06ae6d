"""Whether a visitor has a page already: a weak ETag of what a page can depend on, and the answer 304."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeVar

from crawler import __version__
from crawler.site.database import ArchiveDatabase
from crawler.site.language import language

Outcome = TypeVar("Outcome")

_STATE: ContextVar[tuple[object, ...] | None] = ContextVar("state", default=None)
"""File, version and day of what the request at hand is answered from."""
_KEPT: dict[tuple[str, object], tuple[tuple[object, ...], Any]] = {}
"""By name and file the last answer of `kept`, and the state that it is of."""
_TAG = re.compile(r'"[^"]*"')


def tag(database: ArchiveDatabase, request: Any) -> str:
    """The ETag (RFC 9110 8.8.3) of a page: of the archive's state, the table of people, the address, the language, the
    program and the day, since coverage knows what is due by the day."""
    day = datetime.now(UTC).date().isoformat()
    version = database.version()
    _STATE.set((database.path, version, day))
    facts = (
        version,
        database.population.digest,
        request.path,
        request.query_string,
        language.get(),
        __version__,
        day,
    )
    return f'W/"{hashlib.sha256(repr(facts).encode()).hexdigest()[:24]}"'


def is_fresh(request: Any, current: str) -> bool:
    """Whether If-None-Match names the tag; compared weakly, as RFC 9110 13.1.2 has it."""
    return current.removeprefix("W/") in _TAG.findall(request.headers.get("if-none-match", ""))


def kept(name: str, ask: Callable[[], Outcome]) -> Outcome:
    """What `ask` answers, or what it answered last under this name, where neither archive nor day have changed since;
    for what is asked of the whole archive, by a request whose `tag` was made."""
    state = _STATE.get()
    if state is None:
        return ask()
    last = _KEPT.get((name, state[0]))
    if last is None or last[0] != state:
        last = (state, ask())
        _KEPT[name, state[0]] = last
    answer: Outcome = last[1]
    return answer
