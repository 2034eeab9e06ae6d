"""What stands around the whole site where `nianbao serve` runs it: headers, robots.txt, and what the public may not."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import unquote

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Send], Awaitable[None]]

_INLINE = re.compile(r"<script>(.*?)</script>", re.S)
_MARK = re.compile(r"{{.*?}}")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN = ("static", "static-plugins", "databases", "metadata", "plugins", "settings", "versions")
"""What of Datasette's `/-/…` the public may see. The rest logs in and out, tells of permissions, threads and actors, or
sets messages: nothing for one without an account, and nobody has one."""
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"}


@cache
def datasette_policy() -> str:
    """The Content-Security-Policy of Datasette's pages.

    Scripts are Datasette's files and the inline ones of its templates, by their hashes: what a page quotes cannot run.
    """
    hashes = {_hash(script) for script in _scripts()}
    return (
        f"default-src 'none'; script-src 'self' {' '.join(sorted(hashes))}; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def _scripts() -> list[str]:
    """The inline scripts of Datasette's templates; one with a mark in it (a truth value) in both its forms."""
    scripts: list[str] = []
    for template in resources.files("datasette").joinpath("templates").iterdir():
        if template.name.endswith(".html"):
            for script in _INLINE.findall(template.read_text("utf-8")):
                scripts += {_MARK.sub(value, script) for value in ("true", "false")}
    return scripts


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


_NUMBERED = range(1, 10)
_PAGES = {
    "report": tuple(f"report/{digit}" for digit in _NUMBERED),
    "region": tuple(f"region/{digit}" for digit in _NUMBERED),
    "province": tuple(f"province/{digit}" for digit in _NUMBERED),
    "feed": ("feed.atom",),
    "tables": ("tables$",),
    "timemap": ("timemap/link/", "timemap/json/"),
    "timegate": ("timegate/http",),
}
"""By the name of a database that would shut them out: our pages that a search engine may have."""


def robots(base: str, name: str = "archive") -> str:
    """robots.txt: reports and regions may be found by a search engine; pages of portals as served, which would compete
    with the portals' own, and endless combinations of filters may not.

    `base`: the path before the site, as /x/. `name`: of the database. A rule means all that begins with it, so the
    database's pages are told from ours of a longer name (r and /report/1) by what may follow the name; where ours have
    that very name, a longer rule lets them in again (RFC 9309 2.2.2).
    """
    from datasette.utils import tilde_encode  # type: ignore[import-untyped]

    database = tilde_encode(name)
    closed = ("capture/", *(database + end for end in ("$", "/", ".", "?")), "search", "compare", "-/")
    lines = [f"Disallow: {base}{path}" for path in (*closed, "*?sql=", "*&sql=")]
    lines += [f"Allow: {base}{path}" for path in (*_PAGES.get(name, ()), "")]
    return "\n".join(["User-agent: *", *lines, ""])


class Guard:
    """An ASGI application around the site. `public`: for strangers, who may only read, and not of the server itself."""

    def __init__(self, application: Application, *, public: bool, base: str = "/", name: str = "archive") -> None:
        self._application = application
        self._public = public
        self._base = base
        self._robots = robots(base, name).encode()

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
        if self._base != "/" and path.startswith(self._base):
            path = "/" + path[len(self._base) :]
            # Whether the proxy takes the base away or not: Datasette would put it twice into some of its links.
            scope = {**scope, "raw_path": path.encode("latin-1"), "path": unquote(path)}
        if path == "/robots.txt":
            await _answer(send, 200, self._robots)
        elif self._public and scope["method"] not in _READING:
            await _answer(send, 405, b"This site is read-only; expected GET.\n", ("allow", ", ".join(sorted(_READING))))
        elif self._public and _closed(path):
            await _answer(send, 404, b"There is no such page here.\n")
        else:
            await self._application(scope, receive, _with_headers(send))


def _closed(path: str) -> bool:
    """Whether a path is one of Datasette's that the public may not see."""
    parts = path.split("/")
    return len(parts) > 2 and parts[1] == "-" and re.sub(r"\.json$", "", parts[2]) not in OPEN


def _with_headers(send: Send) -> Send:
    """`send` with our headers, but for those that a page has set itself."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", []))
            has = {name.lower() for name, _ in headers}
            has_policy = b"content-security-policy" in has
            added = _HEADERS if has_policy else _HEADERS | {"Content-Security-Policy": datasette_policy()}
            for name, value in added.items():
                if name.lower().encode() not in has and not (has_policy and name == "X-Frame-Options"):
                    headers.append((name.lower().encode(), value.encode()))
            message = {**message, "headers": headers}
        await send(message)

    return sending


async def _answer(send: Send, status: int, body: bytes, *headers: tuple[str, str]) -> None:
    fields = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(body)), **dict(headers)}
    fields |= {name.lower(): value for name, value in _HEADERS.items()} | {
        "content-security-policy": "default-src 'none'"
    }
    raw = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
