"""Whether a visitor has a page already: a weak ETag of what a page can depend on, and the answer 304."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

from crawler import __version__
from crawler.site.database import ArchiveDatabase
from crawler.site.language import language

_TAG = re.compile(r'"[^"]*"')


def tag(database: ArchiveDatabase, request: Any) -> str:
    """The ETag (RFC 9110 8.8.3) of a page: of the archive's state, the table of people, the address, the language, the
    program and the day, since coverage knows what is due by the day."""
    day = datetime.now(UTC).date().isoformat()
    facts = (
        database.version(),
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
