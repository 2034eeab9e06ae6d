"""A page as it looked: the styles, pictures and fonts that the archive has of it, put into it.

All stands in the page itself then, as `data:` or within `<style>`: the frame that shows it asks for nothing, and the
policy under which any page of a stranger is served holds as it is. What the archive has not is left as it was written.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from html import unescape

from crawler.archive.queries.reader import Reader
from crawler.navigation.requisites import NAMED, as_text
from crawler.records.capture import Capture
from crawler.records.ways import MAX_REDIRECTS
from crawler.words.addresses import join, location

MOST_BYTES = 16 << 20
"""Of all that is put into a page; what comes after is left out."""
_TAG = re.compile(r"<(link|img|input|body|table|tr|td|th|source|video)\b[^<>]*>", re.I)
_STYLES = re.compile(r"(<style\b[^<>]*>)(.*?)(</style)", re.I | re.S)
_BASE = re.compile(r"<base\b[^<>]*>", re.I)
_ATTRIBUTE = re.compile(r"""\b(href|src|background|poster|style)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_SET = re.compile(r"""\bsrcset\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""", re.I)
_SHEET = re.compile(r"""\brel\s*=\s*["']?[^"'>]*stylesheet""", re.I)
_MEDIA = re.compile(r"""\bmedia\s*=\s*["']?([\w\s(),:.-]*)""", re.I)
_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")

Find = Callable[[str], tuple[bytes, str] | None]
"""Body and media type of what the archive has at an address; None: nothing."""


def finder(archive: Reader) -> Find:
    """What finds requisites in an archive, through redirects, until MOST_BYTES of them were found."""
    room = MOST_BYTES

    def find(url: str) -> tuple[bytes, str] | None:
        nonlocal room
        twin = archive.addresses.last_seen(url)
        for _ in range(MAX_REDIRECTS):
            if twin is None or not 300 <= twin.status < 400:
                break
            said = Capture(twin.url, twin.status, twin.headers, b"", "").header("location")
            twin = archive.addresses.last_seen(location(twin.url, said or "") or "")
        if twin is None or twin.kind not in ("requisite", "attachment"):
            return None
        facts = archive.captures.facts(twin.capture_id)
        if twin.status != 200 or facts is None or facts["length"] > room:
            return None
        body = archive.captures.body(twin.sha256)
        if body is None:
            return None
        room -= len(body)
        return body, (facts["media_type"] or "")

    return find


def dressed(page: bytes, charset: str | None, url: str, find: Find) -> bytes:
    """The page at `url` with what `find` has of its requisites put into it. A page in a charset whose marks are not
    those of ASCII comes back as it is."""
    if (charset or "").startswith(("utf-16", "utf-32")):
        return page
    text = page.decode("latin-1")
    base = url
    if (match := _BASE.search(text)) and (named := _ATTRIBUTE.search(match[0])):
        base = join(url, _value(named, charset)) or url

    def tag(match: re.Match[str]) -> str:
        if match[1].lower() == "link":
            return _sheet(match[0], base, charset, find)
        return _ATTRIBUTE.sub(lambda named: _attribute(named, base, charset, find), _SET.sub("", match[0]))

    text = _STYLES.sub(lambda style: style[1] + _inlined(style[2], base, find) + style[3], text)
    return _TAG.sub(tag, text).encode("latin-1")


def _value(named: re.Match[str], charset: str | None) -> str:
    value = next((part for part in named.groups()[1:] if part is not None), "")
    try:
        return unescape(value.encode("latin-1").decode(charset or "utf-8", "replace")).strip()
    except LookupError:
        return unescape(value).strip()


def _attribute(named: re.Match[str], base: str, charset: str | None, find: Find) -> str:
    if named[1].lower() == "style":
        if "url(" not in named[0].lower():
            return named[0]
        return f'{named[1]}="{_inlined(_value(named, charset), base, find).replace(chr(34), "&quot;")}"'
    piece = None if (address := join(base, _value(named, charset))) is None else find(address.partition("#")[0])
    return named[0] if piece is None else f'{named[1]}="{_data(*piece)}"'


def _sheet(link: str, base: str, charset: str | None, find: Find) -> str:
    """A link to a style as the style itself, with what it names."""
    named = next((attribute for attribute in _ATTRIBUTE.finditer(link) if attribute[1].lower() == "href"), None)
    address = join(base, _value(named, charset)) if named is not None and _SHEET.search(link) else None
    piece = None if address is None else find(address.partition("#")[0])
    if piece is None or address is None:
        return link
    media = _MEDIA.search(link)
    within = f' media="{media[1]}"' if media is not None else ""
    return f"<style{within}>{_inlined(_plain(as_text(piece[0])), address, find)}</style>"


def _inlined(style: str, base: str, find: Find, deeper: bool = True) -> str:
    """A style with what it names put into it, and the styles that it imports with theirs."""

    def named(match: re.Match[str]) -> str:
        address = join(base, next((part for part in match.groups() if part), "#"))
        piece = None if address is None or match[0].startswith("url(data:") else find(address.partition("#")[0])
        if piece is None or address is None:
            return match[0]
        body, kind = piece
        if match[0].startswith("@") or kind == "text/css":
            if not deeper:
                return match[0]
            body, kind = _inlined(_plain(as_text(body)), address, find, deeper=False).encode(), "text/css"
            return f'{"@import " if match[0].startswith("@") else ""}url("{_data(body, kind)}")'
        return f'url("{_data(body, kind)}")'

    return NAMED.sub(named, style)


def _plain(style: str) -> str:
    """A style in ASCII (CSS Syntax 3, 4.3.7) that cannot end the element it stands in."""
    escaped = re.sub(r"[^\x00-\x7f]", lambda match: f"\\{ord(match[0]):x} ", style)
    return escaped.replace("</", "<\\/")


def _data(body: bytes, kind: str) -> str:
    kind = kind if _TYPE.fullmatch(kind) else "application/octet-stream"
    return f"data:{kind};base64,{b64encode(body).decode()}"
