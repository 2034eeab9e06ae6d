"""Addresses of files: spelled as they are asked for, and taken out of the viewers that show them.

An archive joins a file to its report by the address of its capture, which is the address as requested: what a page
writes with raw Chinese, blanks or brackets must be spelled the same way before it is compared
(sources/pages#attachments).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from w3lib.url import safe_url_string

from crawler.words.addresses import join

DOCUMENT = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|pptx?|ofd|rtf|ceb|zip|rar|7z)$", re.I)
"""How the name of a document ends."""
_PAIR = re.compile(r"[?&#]([\w.-]{1,30})=([^&#]{1,1000})")
_NAME_KEY = re.compile(r"(?:file|attach|down|doc)?_?-?(?:name|title|label)", re.I)
"""Keys whose value is what a file is called, and not where it is."""
_DELIVERS = re.compile(r"down|dload|attach|export|getfile", re.I)
"""Programs that deliver a file: their own address is the file's."""
_STATIC = re.compile(r"\.s?html?$|/$", re.I)


@lru_cache(maxsize=8192)
def spelled(url: str) -> str:
    """An absolute address as a request for it spells it: Chinese, blanks and brackets escaped, the fragment off.

    An address that cannot be spelled so stays as it is. Never raises.
    """
    try:
        return str(safe_url_string(url.partition("#")[0]))
    except ValueError:
        return url


def located(base: str, written: str, charset: str | None = None) -> str | None:
    """The address, as requested, of what a page at `base` writes as the address of a file; None for none.

    `charset`: the page's, in which Chinese of a query is sent (addresses.join).
    """
    address, mark, fragment = written.partition("#")
    url = join(base, address, charset)
    if url is None:
        return None
    return spelled(shown_file(url + mark + fragment) or url)


def shown_file(url: str) -> str | None:
    """The address of the document that a viewer at `url` shows: viewer.html?file=/a/x.pdf, view?pdfurl=…; else None.

    The general form: a page that delivers no files itself and is given the address of a document under any key, escaped
    once or twice, relative to the viewer. The name of a file under a key such as filename is no address, and a program
    that delivers files (download.jsp?file=…) is asked as it is.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    program = parts.path.rpartition("/")[2]
    if not (parts.query or parts.fragment) or _DELIVERS.search(parts.path) or DOCUMENT.search(parts.path):
        return None
    for key, value in _PAIR.findall(url):
        for _ in range(2):
            value = unquote(value) if "%" in value else value
        plain = value.partition("#")[0].partition("?")[0].strip()
        if not DOCUMENT.search(plain) or (_NAME_KEY.fullmatch(key) and "/" not in plain):
            continue
        if "/" in plain or "\\" in plain or _STATIC.search(program or "/"):
            return join(url, value.partition("#")[0])
    return None
