"""Addresses: joined, cleaned of session marks, brought to one form for comparing, and what their shape gives away."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

from crawler.words.folders import is_nested

_ENDS = "".join(map(chr, range(0x21))) + "\u3000\u00a0\ufeff"
"""What stands around an address and is not part of it: controls and blanks, also those of Chinese input methods."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_HTTP = re.compile(r"https?:", re.I)
_NOT_HTTP = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.I)
_ABSOLUTE = re.compile(r"https?://(?:[^\s/?#@]*@)?(?:[^\s/?#@:\[\]]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?=[/?#]|$)", re.I)
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|%>|\[%|\{\$")
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.I)
_SESSION_KEY = re.compile(
    r"(?:jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|sessionid|session_id|sid(?==[0-9a-f]{16,}(?:&|$))"
    r"|cfid|cftoken|utm_\w+|spm|_t(?==\d{9,})|timestamp|rnd|random|nocache)(?:=|$)",
    re.I,
)
"""Query keys that name the visitor or the moment and never the page. `sid` is a site's number too (gkmlpt, Hanweb), so
it counts only with a long hexadecimal value."""

_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|zip|rar|7z|jpe?g|png|gif|txt|rtf|ceb)$", re.I)
_SEARCH = re.compile(
    r"/(?:j?search|so|sousuo|query)(?:/|\.|$)|/search\w*\.|[?&](?:keywords?|searchword|q|wd|kw)=[^&]", re.I
)
_TAGS = re.compile(r"/tags?/|[?&]tags?=|/calendar|/rili", re.I)
_DATE_KEY = re.compile(r"[?&](?:date|day|month|rq|riqi|ymd|yearmonth)=", re.I)
_SAFE = "!$&'()*+,;=:@/~-._%"
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PORTS = {"http": "80", "https": "443"}


def join(base: str, href: str, charset: str | None = None) -> str | None:
    """The absolute http(s) address that `href` means on a page at `base`, or None where it leads nowhere by itself.

    As browsers read it (WHATWG, URL Standard 4.4): blanks around it are dropped and those inside are %20, tabs and ends
    of lines are dropped, a backslash outside the query is a slash. Chinese in a query is in the page's `charset`, a
    codec's name, None for UTF-8; in a path it is UTF-8 (sources/obstacles#addresses). The fragment is dropped, as are
    session marks. Never raises.
    """
    origin, folder = _parts(base)
    if "?" not in href:
        return _resolved(origin, folder, href)
    # What begins with a plain character begins with it still when it is tidied.
    own = "" if "!" <= href[0] <= "~" and href[0] != "?" else base.partition("#")[0].partition("?")[0]
    return _resolved(origin, folder, href, own, charset)


def _tidy(href: str) -> str:
    """An address as written, without what browsers drop and with slashes for backslashes."""
    href = href.strip(_ENDS)
    if not href.isprintable():
        href = _CONTROL.sub("", href)
    if "\\" in href:
        path, mark, rest = href.partition("?")
        href = path.replace("\\", "/") + mark + rest.replace("\\", "%5C")
    return href.replace(" ", "%20") if " " in href else href


def _in_charset(href: str, charset: str) -> str:
    """An address with its query in a charset, percent-encoded; a character that this has not is &#N;, as browsers send
    it."""
    path, mark, rest = href.partition("?")
    query, fragment, anchor = rest.partition("#")
    try:
        raw = query.encode(charset, "xmlcharrefreplace")
    except LookupError:
        return href
    if b"&#" in raw and "&#" not in query:
        raw = re.sub(rb"&#(\d+);", rb"%26%23\1%3B", raw)
    return path + mark + quote(raw, safe=_SAFE + "?") + fragment + anchor


@lru_cache(maxsize=8192)
def _resolved(origin: str, folder: str, href: str, own: str = "", charset: str | None = None) -> str | None:
    """What `join` says of any page in a folder, whose menus are the same. `own`: the page without its query."""
    href = _tidy(href)
    if charset is not None and "?" in href and not href.isascii():
        href = _in_charset(href, charset)
    if href[:1] == "?":
        href = own + href
    if not href or href[0] == "#" or _TEMPLATE.search(href) or _NOT_HTTP.match(href):
        return None
    while href[:2] == "./":
        href = href[2:]
    while href[:3] == "../" and folder:
        href = href[3:]
        folder = folder[: folder.rindex("/", 0, -1) + 1] if len(folder) > len(origin) + 1 else folder
    if "./" in href or href[-1:] == "." or not origin:
        url = _joined(folder, href)
        if url is None:
            return None
    elif href[:1] == "/":
        url = (origin.partition("/")[0] if href[1:2] == "/" else origin) + href
    elif _HTTP.match(href):
        url = href
    else:
        url = folder + href
    if not _ABSOLUTE.match(url):
        return None
    url = url.partition("#")[0]
    return without_session(url) if ";" in url or "?" in url else url


@lru_cache(maxsize=256)
def _parts(base: str) -> tuple[str, str]:
    """Scheme and host of a page's address, and its folder; empty where it is none."""
    return (host_of(base), directory(base.partition("#")[0])) if _ABSOLUTE.match(base) else ("", "")


def _joined(base: str, href: str) -> str | None:
    """The slow and exact way, for addresses with dots in them."""
    try:
        return urljoin(base, href)
    except ValueError:
        return None


def without_session(url: str) -> str:
    """The address without session ids and other keys that never name a page."""
    url = _SESSION_PATH.sub("", url)
    path, mark, query = url.partition("?")
    if not mark:
        return url
    kept = [pair for pair in query.split("&") if not _SESSION_KEY.match(pair)]
    return f"{path}?{'&'.join(kept)}" if kept else path


@lru_cache(maxsize=8192)
def canonical(url: str) -> str:
    """The form of an address that decides whether two links lead to the same page.

    Scheme and host in lower case, no default port, no fragment, no session mark, one spelling of percent escapes. Kept
    apart: http and https, `/dir/` and `/dir/index.html`, upper and lower case in paths; they are often the same page,
    but each redirects to the other on some portal, and a redirect must not look like a loop. Never raises.
    """
    try:
        parts = urlsplit(without_session(url.strip().partition("#")[0]))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url
    if ":" in host:
        host = f"[{host}]"
    if port is not None and str(port) != _PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    query = f"?{_escaped(parts.query)}" if parts.query else ""
    return f"{parts.scheme}://{host}{_escaped(parts.path) or '/'}{query}"


def _escaped(text: str) -> str:
    """One spelling: unreserved characters plain, all else that needs it escaped in upper case."""
    if "%" in text:
        text = _ESCAPE.sub(_plain, _LOOSE_PERCENT.sub("%25", text))
    return text if text.isascii() and " " not in text else quote(text, safe=_SAFE + "?", errors="replace")


def _plain(match: re.Match[str]) -> str:
    character = chr(int(match.group(1), 16))
    return character if character in _UNRESERVED else match.group().upper()


def host_of(url: str) -> str:
    """Scheme, host and port as written: what stands before the path."""
    return "/".join(url.partition("?")[0].split("/", 3)[:3])


def path_of(url: str) -> str:
    """The path without query, at least "/"."""
    return "/" + "".join(url.partition("?")[0].split("/", 3)[3:])


def directory(url: str) -> str:
    """The address up to the last slash of its path."""
    plain = url.partition("?")[0]
    return plain[: plain.rindex("/") + 1] if plain.count("/") > 2 else plain + "/"


_INDEX = re.compile(r"(?:index|default|main|list|\w*_list|zfxxgk\w*)(?:_?\d+)?\.\w+", re.I)


def column_prefix(url: str) -> str | None:
    """What the addresses inside a column begin with, or None where its address does not say.

    A directory or its index page: the directory (/zwgk/nb/index.html); a page: the directory of its own name
    (/zwgk/nb.htm holds /zwgk/nb/3.htm, VSB). None for the root of a host and for scripts with a query.
    """
    if "?" in url:
        return None
    folder = directory(url)
    name = url[len(folder) :]
    if name and not _INDEX.fullmatch(name):
        return folder + name.rpartition(".")[0] + "/" if "." in name else url + "/"
    return folder if path_of(folder) != "/" else None


_NUMBERED_FOLDER = re.compile(r"(.*/)[a-z]{0,12}_?\d+/", re.I | re.S)


def is_beside(url: str, column: str) -> bool:
    """Whether a page may stand beside a column's: in its folder, or in one that like the column's own is only a number.

    Hanweb numbers all columns in one folder (/col/col282/, /col/col283/), others do as well (/chnzj/c133076/). A column
    at the front door of its own host (hdzfxxgk.hd.gov.cn) has all of that host.
    """
    folder, own = directory(url), directory(column)
    if folder == own or (folder.startswith(own) and (path_of(own) != "/" or is_root(column))):
        return True
    its, mine = _NUMBERED_FOLDER.fullmatch(folder), _NUMBERED_FOLDER.fullmatch(own)
    return its is not None and mine is not None and its.group(1) == mine.group(1)


_FRONT_DOOR = re.compile(r"/(?:(?:index|default|main)\.\w+)?", re.I)


@lru_cache(maxsize=8192)
def is_root(url: str) -> bool:
    """True for a host's front door: no path or an index page, no query."""
    return "?" not in url and bool(_FRONT_DOOR.fullmatch(path_of(url)))


def is_file(url: str) -> bool:
    """True where the name ends as documents and pictures do."""
    return bool(_FILE.search(path_of(url)))


@lru_cache(maxsize=8192)
def trap(url: str) -> str | None:
    """Why an address is one of endlessly many: `search_form`, `trap` (tag cloud, calendar, nested folders), or None."""
    endless = _TAGS.search(url) or _DATE_KEY.search(url) or is_nested(url)
    return "search_form" if _SEARCH.search(url) else "trap" if endless else None


def location(url: str, header: str | None) -> str | None:
    """The address that a Location header means on a page at `url`; None for nothing.

    Headers come as latin-1: bytes beyond ASCII are sent back as they came, in whatever charset the server has.
    """
    if header is None:
        return None
    try:
        return join(url, quote(header.encode("latin-1"), safe="".join(map(chr, range(0x80)))))
    except UnicodeEncodeError:
        return join(url, header)
