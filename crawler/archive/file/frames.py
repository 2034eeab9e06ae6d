"""A body as it is stored: a frame of zstd, packed against two pages or none, or its bytes where that is no longer."""

from __future__ import annotations

import sqlite3
import zlib

import zstandard

LEVEL = 3
"""Of zstd, in a run; measured in crawler.archive.file.blobs."""


def raw_dictionary(first: bytes, second: bytes) -> zstandard.ZstdCompressionDict:
    """Two pages as a dictionary; the second, nearer to what is compressed, is the one more alike.

    A page that is named twice makes it alone.
    """
    content = second if first == second else first + second
    return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def compressor(level: int, pages: tuple[bytes, bytes] | None = None) -> zstandard.ZstdCompressor:
    """What packs bodies at a level of zstd, against a dictionary of two pages or against none."""
    if pages is None:
        return zstandard.ZstdCompressor(level=level)
    dictionary = raw_dictionary(*pages)
    dictionary.precompute_compress(level=level)
    # No dictionary id in the frame: a raw one has none, and the row says which it was.
    return zstandard.ZstdCompressor(level=level, dict_data=dictionary, write_dict_id=False)


def write(
    connection: sqlite3.Connection,
    sha256: str,
    body: bytes,
    packed: bytes,
    dictionary_id: int | None,
    level: int | None = None,
) -> bool:
    """Write a body's row, new or there already: packed where that is shorter, else as it is; whether it is packed.

    `level`: that of zstd, where `nianbao compact` packed it.
    """
    coding = "zstd"
    if len(packed) >= len(body):
        coding, packed, dictionary_id = "raw", body, None
    connection.execute(
        "insert into blobs (sha256, length, coding, dictionary_id, body, packed_crc32, level)"
        " values (?, ?, ?, ?, ?, ?, ?) on conflict (sha256) do update set coding = excluded.coding,"
        " dictionary_id = excluded.dictionary_id, body = excluded.body, packed_crc32 = excluded.packed_crc32,"
        " level = excluded.level",
        (sha256, len(body), coding, dictionary_id, packed, zlib.crc32(packed), level),
    )
    return coding == "zstd"
