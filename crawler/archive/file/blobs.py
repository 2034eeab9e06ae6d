"""Bodies, under the SHA-256 of their bytes, compressed by zstd, against two pages of the same host where that pays.

Measured on real pages grouped by site (4 to 18 pages each) and on 40 made-up ones of 67 KB with one template; sizes
over those of one gzip a page, as a .warc.gz has it: zstd -3 alone 1.05 to 1.10, zstd -9 0.99 to 1.00; with two pages of
the site as raw dictionary at -3 0.21 to 0.63 (0.06 to 0.20 ms a page), at -6 0.16 to 0.58 (0.12 to 0.50 ms), at
-9 0.15 to 0.57 (up to 0.55 ms). So level 3: the dictionary is what pays, not the level. Counting the plain pages
at the start, a third plain page (the first report or article, in the place of the first page) took two sites of 16
and 18 pages from 0.54 and 0.59 to 0.51 and 0.54; four or eight pages cost more at the start than they saved.

A dictionary holds no bytes of its own: it names two blobs that were stored without one, so it costs nothing. Which
pages of a host are best is seen only when many are there: `nianbao compact` chooses them anew
(crawler.archive.derive.repacking).
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections import OrderedDict
from dataclasses import dataclass, field

import zstandard

from crawler.archive.file.frames import LEVEL, compressor, raw_dictionary, write
from crawler.records.errors import ArchiveError

SMALLEST, LARGEST = 2_000, 400_000
"""Bytes of a page fit for a dictionary: an error page teaches nothing, one of pictures in data URLs the wrong thing."""
HOSTS_KEPT = 64
"""Hosts whose dictionary is kept ready; about half a megabyte each."""


def digest(body: bytes) -> str:
    """The SHA-256 of a body in hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()


@dataclass(slots=True)
class _Host:
    """What is known of one host: its plain pages as far as they may still become a dictionary, and the dictionary."""

    plain: list[tuple[str, bytes]] = field(default_factory=list)
    has_leaf: bool = False
    dictionary_id: int | None = None
    compressor: zstandard.ZstdCompressor | None = None


class Blobs:
    """Writes bodies. One connection, one writer; `forget` after a rollback.

    `without`: dictionaries that no body is packed against any more.
    """

    def __init__(self, connection: sqlite3.Connection, without: frozenset[int] = frozenset()) -> None:
        self._connection = connection
        self._without = without
        self._plain = compressor(LEVEL)
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    def put(self, host: str, body: bytes, *, sha256: str, page: bool, leaf: bool) -> None:
        """Store `body` unless it is there. `page`: an HTML page answered with 200; `leaf`: a report or article.

        A row without its bytes, which a redaction left and which no redaction keeps empty any more, is filled.
        """
        row = self._connection.execute(
            "select length > 0 and length(body) = 0 from blobs where sha256 = ?", (sha256,)
        ).fetchone()
        if row is not None and not row[0]:
            return
        self.pack(host, body, sha256=sha256, page=page, leaf=leaf)

    def keep_empty(self, sha256: str, length: int) -> None:
        """A row for a body whose bytes are not stored, unless there is one."""
        self._connection.execute(
            "insert or ignore into blobs (sha256, length, coding, body, packed_crc32) values (?, ?, 'raw', x'', 0)",
            (sha256, length),
        )

    def pack(self, host: str, body: bytes, *, sha256: str, page: bool, leaf: bool) -> None:
        """Write `body` into its row, new or there already, in the best form of today."""
        fit = page and SMALLEST <= len(body) <= LARGEST
        state = self._host(host)
        keep_plain = fit and (state.dictionary_id is None or (leaf and not state.has_leaf))
        packer, dictionary_id = self._plain, None
        if state.compressor is not None and not keep_plain:
            packer, dictionary_id = state.compressor, state.dictionary_id
        is_packed = write(self._connection, sha256, body, packer.compress(body), dictionary_id)
        if keep_plain and is_packed:
            self._learn(host, state, sha256, body, leaf)

    def forget(self) -> None:
        """Drop what was learnt of hosts: a rollback may have undone the rows it stands on."""
        self._hosts.clear()

    def _host(self, host: str) -> _Host:
        state = self._hosts.get(host)
        if state is None:
            state = self._hosts[host] = self._load(host)
            if len(self._hosts) > HOSTS_KEPT:
                self._hosts.popitem(last=False)
        else:
            self._hosts.move_to_end(host)
        return state

    def _load(self, host: str) -> _Host:
        made = [
            row
            for row in self._connection.execute(
                "select id, first_sha256, second_sha256 from dictionaries where host = ? order by id", (host,)
            )
            if row[0] not in self._without
        ]
        if not made:
            return _Host()
        row = made[-1]
        pages = [self._connection.execute(_PLAIN, (sha256,)).fetchone() for sha256 in (row[1], row[2])]
        bodies = [(sha256, _unpack_plain(*page[:2])) for sha256, page in zip(row[1:], pages, strict=True)]
        # A host's second dictionary is the one made with a leaf; of the first it is not known, so it may be made anew,
        # unless it was chosen among all pages.
        return self._ready(_Host(bodies, len(made) > 1 or pages[1]["level"] is not None, row[0]))

    def _ready(self, state: _Host) -> _Host:
        state.compressor = compressor(LEVEL, (state.plain[0][1], state.plain[1][1]))
        if state.has_leaf:
            state.plain = []
        return state

    def _learn(self, host: str, state: _Host, sha256: str, body: bytes, leaf: bool) -> None:
        state.plain = [*state.plain[-1:], (sha256, body)]
        if len(state.plain) < 2:
            state.has_leaf = leaf
            return
        cursor = self._connection.execute(
            "insert into dictionaries (host, first_sha256, second_sha256) values (?, ?, ?)",
            (host, state.plain[0][0], state.plain[1][0]),
        )
        state.dictionary_id = cursor.lastrowid
        state.has_leaf = state.has_leaf or leaf
        self._ready(state)


_PLAIN = "select coding, body, level from blobs where sha256 = ? and dictionary_id is null"
_REDACTED = "select 1 from redactions where sha256 = ?"
_PACKED = "select coding, dictionary_id, length, body, packed_crc32 from blobs where sha256 = ?"


def _unpack_plain(coding: str, stored: bytes) -> bytes:
    """A page of a dictionary. One that nothing packs is none any more, but was until version 0.2."""
    return stored if coding == "raw" else zstandard.ZstdDecompressor().decompress(stored)


def _is_damaged(packed: object, crc32: int | None) -> bool:
    """Told before unpacking: the damaged head of a frame may ask for gigabytes."""
    return not isinstance(packed, bytes) or (crc32 is not None and zlib.crc32(packed) != crc32)


class BlobReader:
    """Reads bodies over one connection; keeps the dictionaries it has met."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._decompressors: OrderedDict[int | None, zstandard.ZstdDecompressor] = OrderedDict()

    def get(self, sha256: str) -> bytes | None:
        """The body, exactly as it was stored; None where there is none, or where it was redacted.

        Raises ArchiveError where it is damaged.
        """
        row = self._connection.execute(_PACKED, (sha256,)).fetchone()
        if row is None:
            return None
        coding, dictionary_id, length, packed, crc32 = row
        if packed == b"" and length and self._connection.execute(_REDACTED, (sha256,)).fetchone():
            return None
        if _is_damaged(packed, crc32):
            raise ArchiveError(f"the body {sha256} is damaged: its stored bytes have another checksum")
        try:
            body = packed if coding == "raw" else self._decompressor(dictionary_id).decompress(packed)
        except (zstandard.ZstdError, ArchiveError) as error:
            raise ArchiveError(f"the body {sha256} is damaged: {error}") from error
        if len(body) != length or digest(body) != sha256:
            raise ArchiveError(f"the body {sha256} is damaged: its bytes have the SHA-256 {digest(body)}")
        return body

    def _decompressor(self, dictionary_id: int | None) -> zstandard.ZstdDecompressor:
        decompressor = self._decompressors.get(dictionary_id)
        if decompressor is None:
            decompressor = self._make(dictionary_id)
            self._decompressors[dictionary_id] = decompressor
            if len(self._decompressors) > HOSTS_KEPT:
                self._decompressors.popitem(last=False)
        return decompressor

    def _make(self, dictionary_id: int | None) -> zstandard.ZstdDecompressor:
        if dictionary_id is None:
            return zstandard.ZstdDecompressor()
        rows = self._connection.execute(
            "select first.coding, first.body, second.coding, second.body, first.packed_crc32, second.packed_crc32"
            " from dictionaries"
            " join blobs as first on first.sha256 = first_sha256 join blobs as second on second.sha256 = second_sha256"
            " where dictionaries.id = ?",
            (dictionary_id,),
        ).fetchone()
        if rows is None:
            raise ArchiveError(f"dictionary {dictionary_id} is missing")
        first_coding, first, second_coding, second, first_crc32, second_crc32 = rows
        if _is_damaged(first, first_crc32) or _is_damaged(second, second_crc32):
            raise ArchiveError(f"a page of dictionary {dictionary_id} is damaged")
        pages = _unpack_plain(first_coding, first), _unpack_plain(second_coding, second)
        return zstandard.ZstdDecompressor(dict_data=raw_dictionary(*pages))
