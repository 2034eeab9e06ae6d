"""The charset of a source, found by a ladder that read 10 of 11 wild pages right: byte order mark, strict UTF-8, what
is declared, strict GB18030, fewest replacement characters (sources/obstacles#charset).

Strict UTF-8 comes before the declaration because Chinese UTF-8 is often valid GB18030, but GB18030 is practically never
valid UTF-8.
"""

from __future__ import annotations

import codecs
import re

from crawler.records.capture import Capture

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.I)
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.I)
_GB = re.compile(r"gb[\d_ -]|gbk|gb2312|cp936|x-gbk|hz-gb|chinese$", re.I)
_LATIN = re.compile(r"iso-?8859-?1$|latin-?1$|windows-1252$|cp1252$|(?:us-)?ascii$", re.I)
_WIDER = {"big5": "big5hkscs"}
"""What browsers read a charset as (WHATWG, Encoding Standard): Python's own Big5 has fewer characters."""
_OURS, _THEIRS = ("的", "政府", "公开", "信息", "年"), ("的", "政府", "公開", "報告", "資訊", "信息", "年")
_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e]){2,}~\}")
"""HZ writes Chinese in seven bits between these marks (RFC 1843): valid UTF-8, and not one word of it."""
_CHARSETS = frozenset(
    {"utf-8", "gb18030", "big5", "big5hkscs", "euc_jp", "shift_jis", "cp932", "iso2022_jp", "euc_kr", "cp949"}
    | {"koi8-r", "koi8-u", "cp866", "cp874", "mac-roman", "mac-cyrillic"}
    | {f"cp{number}" for number in range(1250, 1259)}
    | {f"iso8859-{number}" for number in range(2, 17)}
)
"""The charsets of the web (WHATWG, Encoding Standard) that a page may declare, by the names of Python's codecs."""


def declared_charset(capture: Capture) -> str | None:
    """The charset the server declares, as written but lower-case: in the HTTP header, else in the page's meta."""
    found = _CHARSET.search(capture.header("content-type") or "")
    if found:
        return found.group(1).lower()
    meta = _META_CHARSET.search(capture.body[:8192].replace(b"\0", b""))
    return meta.group(1).decode("ascii").lower() if meta else None


def read_text(body: bytes, declared: str | None) -> tuple[str, str, bool]:
    """Decode by the ladder: (text without NUL, charset used, True if nothing was replaced).

    A last character that is cut in the middle is dropped silently: truncation is told by the length, not here.
    """
    text, charset, whole = _ladder(body, declared)
    if "\0" in text:
        text = text.replace("\0", "")
    return text, charset, whole


def is_all_of(body: bytes) -> bool:
    """Whether what `read_text` gives for a body of whole UTF-8 is all of it, so that it need not be encoded again: no
    byte order mark, no NUL, no last character that may be cut."""
    return not body.startswith(codecs.BOM_UTF8) and b"\0" not in body and body[-1:] < b"\x80"


def _ladder(body: bytes, declared: str | None) -> tuple[str, str, bool]:
    for bom, charset in _BOMS:
        if body.startswith(bom):
            text = _strict(body[len(bom) :], charset)
            return (text, charset, True) if text is not None else (body.decode(charset, "replace"), charset, False)
    if (wide := _wide(body)) is not None:
        return body.decode(wide, "replace"), wide, True
    text = _strict(body, "utf-8")
    if text is not None:
        if _HZ.search(body) and (told := _strict(body, "hz")) is not None:
            return told, "hz", True
        return text, "utf-8", True
    wanted = _usable(declared)
    for name in (wanted, _WIDER.get(wanted or "")):
        if name and name != "utf-8" and (text := _strict(body, name)) is not None:
            return _not_big5(body, text, name)
    # A stray byte in a UTF-8 page costs one character in thousands; GBK read as UTF-8 costs nearly all of them.
    lossy = body.decode("utf-8", "replace")
    if lossy.count("\ufffd") * 500 < len(lossy):
        return lossy, "utf-8", False
    text = _strict(body, "gb18030")
    if text is not None:
        return _not_big5(body, text, "gb18030")
    rest = [body.decode(charset, "replace") for charset in (wanted or "gb18030", "gb18030")]
    candidates = [(lossy, "utf-8"), (rest[0], wanted or "gb18030"), (rest[1], "gb18030")]
    best = min(candidates, key=lambda candidate: candidate[0].count("\ufffd"))
    return best[0], best[1], False


def _not_big5(body: bytes, text: str, charset: str) -> tuple[str, str, bool]:
    """The text that GB18030 gives, or that of Big5: most of its bytes are valid GB18030, and come to words of which no
    page of a government consists."""
    if charset == "gb18030" and not any(word in text for word in _OURS):
        other = _strict(body, "big5hkscs")
        if other is not None and sum(word in other for word in _THEIRS) >= 2:
            return other, "big5hkscs", True
    return text, charset, True


def _wide(body: bytes) -> str | None:
    """UTF-16 without a byte order mark: mark-up whose every other byte is NUL, from the first tag on."""
    return next((order for order, tag in _WIDE_TAGS if tag.match(body[:64])), None)


_WIDE_TAGS = (
    ("utf-16le", re.compile(rb"(?:[ \t\r\n]\0)*<\0[!?A-Za-z]\0[!-~]\0")),
    ("utf-16be", re.compile(rb"(?:\0[ \t\r\n])*\0<\0[!?A-Za-z]\0[!-~]")),
)


def _strict(body: bytes, charset: str) -> str | None:
    """Decoded text, the cut end of a last character dropped; None if any byte does not fit."""
    try:
        return codecs.getincrementaldecoder(charset)().decode(body, False)
    except (UnicodeError, LookupError):
        return None


def _usable(declared: str | None) -> str | None:
    """The codec for a declared charset: gb* is read as its superset GB18030; Latin-1 fits any bytes, so ignored.

    Nothing but the charsets of the web: Python's other codecs raise on any bytes (idna, undefined), fit any (EBCDIC,
    unicode_escape) or are none of text (base64). UTF-16 is told by its byte order mark alone.
    """
    if not declared or _LATIN.match(declared):
        return None
    if _GB.match(declared):
        return "gb18030"
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return None
    return name if name in _CHARSETS else None
