"""The two languages of the site: its words, the choice in the address (`?lang=en`), and links that keep it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl

from markupsafe import Markup, escape

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LANGUAGES: Mapping[str, str] = {"zh": "zh-CN", "en": "en"}
"""By the value of the parameter the tag that HTML has (BCP 47); the first where none is asked for."""
DEFAULT = next(iter(LANGUAGES))
PARAMETER = "lang"

language: ContextVar[str] = ContextVar("language", default=DEFAULT)
"""The language of the request at hand."""

_LINK = re.compile(r'(?<=\s)(href|action)="([^"]*)"')
_FORM = re.compile(r"<form\b[^>]*>")
_DATA = re.compile(r"\.(?:json|csv|db|atom|css|js|blob|txt)$|/-/static|/raw$")
"""Addresses that have no words: data, files, and pages of portals as served."""


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The table of words: key, then language to the words in it. `{name}` in them stands for a value."""
    lines = resources.files("crawler.site").joinpath("words.tsv").read_text("utf-8").splitlines()
    names, *rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {key: dict(zip(names[1:], cells, strict=True)) for key, *cells in rows}


def word(key: str, **values: object) -> str:
    """What the table has under a key in the language at hand, its values put in. KeyError for a key it has not.

    Values are escaped as in any template, so that the words may hold markup of ours.
    """
    return Markup(words()[key][language.get()]).format(**{name: escape(value) for name, value in values.items()})


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Speak a language for a while, whichever the request at hand asks for: a citation stands in both."""
    token = language.set(code)
    try:
        yield
    finally:
        language.reset(token)


def label(kind: str, value: object) -> str:
    """The words for a value of the archive, as (status, gone); the value itself where the table has none for it."""
    key = f"{kind}.{value}"
    return word(key) if key in words() else str(value)


def chosen(address: str) -> str:
    """An address within the site with the language at hand; one of another site, of data, or that has a language
    already stays as it is. Ampersands as in HTML or plain."""
    plain, mark, fragment = address.partition("#")
    path, _, query = plain.partition("?")
    if (
        language.get() == DEFAULT
        or not plain.startswith(("/", "?"))
        or plain.startswith("//")
        or _DATA.search(path)
        or re.search(rf"(?:^|&|;){PARAMETER}=", query)
    ):
        return address
    return f"{plain}{'&amp;' if query else '' if '?' in plain else '?'}{PARAMETER}={language.get()}{mark}{fragment}"


def kept(page: str) -> str:
    """A page of ours or Datasette's with the language in every link and form of it.

    Both are drawn by templates that escape what they quote: `"` ends an attribute and nothing else.
    """
    if language.get() == DEFAULT:
        return page
    page = _LINK.sub(lambda link: f'{link[1]}="{chosen(link[2])}"', page)
    field = f'<input type="hidden" name="{PARAMETER}" value="{language.get()}">'
    # A form that is sent in the address loses the query of its action: the language goes along as a field.
    return _FORM.sub(lambda form: form[0] if 'method="post"' in form[0].lower() else form[0] + field, page)


def without(query: str) -> str:
    """A query string without the language, the rest as it was written."""
    return "&".join(part for part in query.split("&") if part.partition("=")[0] != PARAMETER)


def asked(query: str) -> list[str]:
    """The languages that a query string asks for."""
    return [value for name, value in parse_qsl(query, keep_blank_values=True) if name == PARAMETER and value]


class Languages:
    """An ASGI application around Datasette: takes the language from the address, and puts it into what is answered.

    Datasette would take `lang` for a filter of a column. A query of a visitor's own that has `:lang` keeps it.
    """

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        query = scope.get("query_string", b"").decode("latin-1")
        wanted = asked(query)
        is_known = len(wanted) < 2 and set(wanted) <= set(LANGUAGES)
        language.set(wanted[0] if wanted and is_known else DEFAULT)
        if is_known and not re.search(rf"(?:%3A|:){PARAMETER}\b", query, re.I):
            scope = {**scope, "query_string": without(query).encode("latin-1")}
        await self._application(scope, receive, _Page(send).send if language.get() != DEFAULT else send)


class _Page:
    """What is answered, held back until it is whole where it is a page with links of ours."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """Send on, or keep."""
        if message["type"] == "http.response.start":
            headers = [
                (name, _location(value) if name.lower() == b"location" else value) for name, value in message["headers"]
            ]
            message = {**message, "headers": headers}
            if _drawn({name.lower(): value for name, value in headers}):
                self._start = message
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            body = kept(self._body.decode("utf-8")).encode("utf-8")
            headers = [
                (name, str(len(body)).encode() if name.lower() == b"content-length" else value)
                for name, value in self._start["headers"]
            ]
            await self._send({**self._start, "headers": headers})
            message = {**message, "body": body}
        await self._send(message)


def _drawn(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a page was drawn by a template: a page of a portal, as served, is told by its sandbox."""
    sandboxed = headers.get(b"content-security-policy", b"").startswith(b"sandbox")
    return headers.get(b"content-type", b"").startswith(b"text/html") and not sandboxed


def _location(value: bytes) -> bytes:
    address = value.decode("latin-1")
    return chosen(address).replace("&amp;", "&").encode("latin-1")
