"""The address of a record of another crawler, as a crawl of our own would have it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_.:-]+")


def address(text: str) -> str:
    """The address that a WARC-Target-URI means. Raises ValueError, in words, for what is no http(s) address.

    Scheme and host in small letters, the host in ASCII (IDNA), blanks and other characters escaped: the same request,
    spelled as Scrapy spells it. Left out are the default port, a fragment, and a user name with its password, which are
    not part of what was asked for, and would be published with the archive.
    """
    text = text.strip()
    if "\\" in text.partition("?")[0] or any(ord(sign) < 32 for sign in text):
        raise ValueError("it has a backslash or a control character, which programs read differently")
    url = safe_url_string(text.partition("#")[0])
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host):
        raise ValueError("it is no http or https address with a host")
    host = f"[{host}]" if ":" in host else host
    host = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    return f"{parts.scheme}://{host}{url.partition('://')[2][len(parts.netloc) :]}"
