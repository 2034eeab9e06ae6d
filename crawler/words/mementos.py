"""How web archives write addresses and times: keys, one for all spellings of a page, and timestamps of 14 digits."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from crawler.words.addresses import canonical

_FRONT = re.compile(r"https?://(?:www\d?\.)?", re.I)
_PORT = re.compile(r"^([^/?]+):(?:80|443)(?=[/?]|$)")


def key(url: str) -> str:
    """One key for the spellings of an address that indexes hold apart or together (SURT): without scheme, www., the
    ports 80 and 443, and a slash at the end."""
    plain = _FRONT.sub("", canonical(url), count=1)
    return _PORT.sub(r"\1", plain).rstrip("/")


def spellings(url: str) -> list[str]:
    """The spellings of an address that its key stands for, itself first."""
    plain = key(url)
    variants = [
        f"{scheme}://{front}{plain}{tail}"
        for scheme in ("http", "https")
        for front in ("", "www.")
        for tail in ("", "/")
    ]
    return list(dict.fromkeys([url, canonical(url), *variants]))


def time_of(stamp: str) -> str | None:
    """A timestamp (4 to 14 digits, YYYYMMDDhhmmss) as the archive writes times; None for what is none."""
    if not re.fullmatch(r"\d{4}(?:\d\d){0,5}", stamp):
        return None
    whole = stamp + "00000101000000"[len(stamp) :]
    try:
        at = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return at.isoformat().replace("+00:00", "Z")


def stamp_of(at: str) -> str:
    """The timestamp of a time that `time_of` gave."""
    return re.sub(r"\D", "", at)[:14]
