"""Pages broken as transport, editors and bad luck do it: cut, spliced, flipped, nested, declared as something else.

The same seed gives the same mutants.
"""

from __future__ import annotations

import encodings
import pkgutil
import random
import re
from collections.abc import Callable, Sequence

_CODECS = [*sorted(module.name for module in pkgutil.iter_modules(encodings.__path__)), "utf-16-le", "x-user-defined"]
_INSERTED = (
    b"\x00",
    b"&#xD800;",
    b"&#xFDD1;",
    b"&#1114112;",
    b"&" + b"a" * 3000 + b";",
    b"&nbsp;" * 500,
    b"\xe3\x80\x80" * 200,
    b"<table>",
    b"</table>",
    b"</html>",
    b"<pre>",
    b"<select>",
    b"<!--",
    b"<![CDATA[",
    b"<td colspan=99999 rowspan=-1>",
    b"<td rowspan=400 colspan=60>",
    b"<p style='display:none'>",
    b"<a href='http://[/x.pdf'>",
    b"<base href='//['>",
    b"<meta name=ArticleTitle content=''>",
    "２０１９".encode(),
    "〇〇〇〇年".encode(),
    ("收到" + "9" * 400 + "件").encode(),
    ("收到" + "①²½" + "件").encode(),
    b"\xff\xfe\xfd",
)
_TAG = re.compile(rb"<[a-zA-Z][^<>]{0,200}>")


def _cut(page: bytes, other: bytes, chance: random.Random) -> bytes:
    return page[: len(page) * chance.randrange(1, 10) // 10 + chance.randrange(8)]


def _tail(page: bytes, other: bytes, chance: random.Random) -> bytes:
    return page[chance.randrange(len(page)) :]


def _splice(page: bytes, other: bytes, chance: random.Random) -> bytes:
    at, from_ = chance.randrange(len(page)), chance.randrange(len(other))
    return page[:at] + other[from_ : from_ + chance.randrange(1, 20_000)] + page[at + chance.randrange(2000) :]


def _flip(page: bytes, other: bytes, chance: random.Random) -> bytes:
    broken = bytearray(page)
    for _ in range(chance.choice((1, 10, 100, 1000))):
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def _insert(page: bytes, other: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(page))
        page = page[:at] + chance.choice(_INSERTED) + page[at:]
    return page


def _drop(page: bytes, other: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 5, 50))):
        at = chance.randrange(len(page))
        page = page[:at] + page[at + chance.randrange(1, 100) :] or page
    return page


def _nest(page: bytes, other: bytes, chance: random.Random) -> bytes:
    tags: list[bytes] = _TAG.findall(page) or [b"<div>"]
    at = chance.randrange(len(page))
    return page[:at] + chance.choice(tags) * chance.choice((3, 300, 3000)) + page[at:]


def _shuffle(page: bytes, other: bytes, chance: random.Random) -> bytes:
    """Tags in the place of other tags."""
    tags = _TAG.findall(page) or [b"<div>"]
    return _TAG.sub(lambda tag: chance.choice(tags) if chance.random() < 0.03 else tag[0], page)


def _attributes(page: bytes, other: bytes, chance: random.Random) -> bytes:
    """Attributes doubled, and some where none was."""
    more = chance.choice(
        (b" class=a class=b", b" style='display:none'", b" id=zoom", b" colspan=2 rowspan=2", b" x" * 999)
    )
    return _TAG.sub(lambda tag: tag[0][:-1] + more + b">" if chance.random() < 0.05 else tag[0], page)


def _declare(page: bytes, other: bytes, chance: random.Random) -> bytes:
    """Another charset declared, in bytes that are not UTF-8."""
    text = re.sub(rb"charset\s*=\s*[\"']?[\w-]+", b"charset=" + chance.choice(_CODECS).encode(), page)
    return text.decode("utf-8", "replace").encode("gb18030") if chance.random() < 0.5 else text + b"\xff"


MUTATIONS: tuple[Callable[[bytes, bytes, random.Random], bytes], ...] = (
    _cut, _tail, _splice, _flip, _insert, _drop, _nest, _shuffle, _attributes, _declare,
)  # fmt: skip
"""Each makes a mutant of a page, another page and chance."""


def mutant(pages: Sequence[bytes], seed: int) -> bytes:
    """The mutant of this number: one of the pages, broken in one to three ways."""
    chance = random.Random(seed)
    page = chance.choice(pages)
    for _ in range(chance.randint(1, 3)):
        page = chance.choice(MUTATIONS)(page, chance.choice(pages), chance) or b"<p>"
    return page
