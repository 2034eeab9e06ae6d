"""Digests as crawlers write them into WARC heads (WARC 1.1, 5.8 and 5.9: any algorithm, any encoding of RFC 4648)."""

from __future__ import annotations

import binascii
import hashlib
from base64 import b16decode, b32decode, b64decode
from collections.abc import Iterable
from typing import IO, Literal

from crawler.words.text import unspaced

Verdict = Literal["holds", "fails", "unreadable", "unknown", "none"]
"""What digests say of bytes. `unreadable`: the value is no digest of its algorithm. `unknown`: no such algorithm here.
`none`: nothing was said."""

_CHUNK = 1 << 16
_ALGORITHMS = {
    name.replace("_", ""): name for name in sorted(hashlib.algorithms_guaranteed) if not name.startswith("shake")
}
_UNLABELLED = ("sha1", "md5", "sha256", "sha512")
"""What a value without a label is tried as, where its length fits."""


def expected(text: str) -> dict[str, bytes] | None:
    """Digests that a header's value may mean, by algorithm; none for an unknown algorithm, None for what is no digest.

    The value may be in base 16, 32 or 64 (also the alphabet for URLs), with or without padding, in any case.
    """
    label, colon, value = text.partition(":")
    value = unspaced(value) if colon else label.strip()
    if not colon:
        means = {name: decoded for name in _UNLABELLED if (decoded := _decoded(value, name)) is not None}
        return means or None
    label = label.strip().lower().replace("-", "").replace("_", "")
    if label not in _ALGORITHMS:
        return {} if label.isalnum() and value else None
    decoded = _decoded(value, _ALGORITHMS[label])
    return None if decoded is None else {_ALGORITHMS[label]: decoded}


def _decoded(value: str, algorithm: str) -> bytes | None:
    """The bytes of a digest; its length tells the encoding, since no two of them are as long for one algorithm."""
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size
    value = value.rstrip("=")
    try:
        if len(value) == 2 * size:
            return b16decode(value, casefold=True)
        if len(value) == -(-8 * size // 5):
            return b32decode(value + "=" * (-len(value) % 8), casefold=True)
        if len(value) == -(-4 * size // 3):
            return b64decode(value.replace("-", "+").replace("_", "/") + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        pass
    return None


def key(text: str) -> str:
    """One spelling of a digest, for comparing; empty for what is no digest."""
    means = expected(text)
    if means is None or not text.strip():
        return ""
    return next((f"{name}:{value.hex()}" for name, value in means.items()), text.strip().lower())


def digest_of(body: bytes) -> str:
    """The `key` of the payload digest that most crawlers write."""
    return f"sha1:{hashlib.sha1(body, usedforsecurity=False).hexdigest()}"


def holds(text: str, body: bytes) -> bool:
    """Whether a digest is that of `body`."""
    return _verdict(
        [text], {name: hashlib.new(name, body, usedforsecurity=False) for name in expected(text) or {}}
    ) == ("holds")


def judged(
    file: IO[bytes], places: tuple[int, int, int], block: list[str], payload: list[str]
) -> tuple[Verdict, Verdict]:
    """What the digests of a block and of its payload say, read in one pass.

    `places`: where in the file the block begins, where the payload begins in it, and where both end.
    """
    begin, middle, end = places
    hashes = [_hashes(texts) for texts in (block, payload)]
    if any(hashes):
        file.seek(begin)
        for part, stop in ((hashes[:1], middle), (hashes, end)):
            while (rest := stop - file.tell()) > 0 and (chunk := file.read(min(_CHUNK, rest))):
                for digests in part:
                    for running in digests.values():
                        running.update(chunk)
    return _verdict(block, hashes[0]), _verdict(payload, hashes[1])


def _hashes(texts: Iterable[str]) -> dict[str, hashlib._Hash]:
    names = {name for text in texts for name in expected(text) or {}}
    return {name: hashlib.new(name, usedforsecurity=False) for name in names}


def _verdict(texts: list[str], hashes: dict[str, hashlib._Hash]) -> Verdict:
    """Of several digests one that fails decides, then one that holds."""
    verdicts: set[Verdict] = set()
    for text in texts:
        means = expected(text)
        if not means:
            verdicts.add("unreadable" if means is None else "unknown")
        else:
            verdicts.add("holds" if any(hashes[name].digest() == value for name, value in means.items()) else "fails")
    order: tuple[Verdict, ...] = ("fails", "holds", "unreadable", "unknown")
    return next((verdict for verdict in order if verdict in verdicts), "none")
