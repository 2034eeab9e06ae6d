"""Times as WARC files write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_WEB_BEGAN = datetime(1990, 1, 1, tzinfo=UTC)
_CLOCKS = timedelta(days=1)
"""How far the clock of another machine may be ahead of this one's."""


def time_of(text: str) -> str | None:
    """WARC-Date as the archive writes times: UTC, whole seconds or finer, a trailing Z.

    None for what is no time, names no day (WARC 1.1 allows it), or can be none: before the web, or still to come.
    """
    try:
        at = datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        if not _WEB_BEGAN <= at <= datetime.now(UTC) + _CLOCKS:
            return None
    except (ValueError, OverflowError):
        return None
    return at.isoformat(timespec="microseconds" if at.microsecond else "seconds").replace("+00:00", "Z")
