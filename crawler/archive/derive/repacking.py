"""Packs the bodies of an archive anew, each host's against the pages of it that are the best dictionaries for all.

In batches, each a transaction: whoever kills it between or within them leaves a sound archive, and the next one goes on
with the bodies that have no `level` yet. A host is planned anew where most of its pages are such; its plan follows from
its pages alone, so a plan half carried out is met again. A page of an older dictionary stays plain until nothing is
packed against it any more, and is packed in the second round.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field

import zstandard

from crawler.archive.file.blobs import LARGEST, SMALLEST, BlobReader
from crawler.archive.file.dictionaries import SAMPLE, choose
from crawler.archive.file.frames import LEVEL, compressor, write
from crawler.archive.write.captures import host_of
from crawler.records.errors import ArchiveError

SLOW_LEVEL = 19
"""Of zstd: 14 to 27 % less than a run's level, and 1 to 6 % less than level 15 for half as much time again."""
BATCH_BODIES, BATCH_BYTES = 100, 16 << 20
"""Bodies, and their bytes before packing, after which is committed."""

_LIST = f"""create temp table bodies as
select nianbao_host(coalesce(
    (select url from captures where captures.sha256 = blobs.sha256 order by id limit 1),
    (select url from arrivals where arrivals.sha256 = blobs.sha256), ''
)) as host, rowid as number, length between {SMALLEST} and {LARGEST} and exists (
    select 1 from captures where captures.sha256 = blobs.sha256 and status = 200 and media_type = 'text/html'
) as is_page
from blobs where length(body) > 0"""
_DUE = "select distinct host from temp.bodies join blobs on blobs.rowid = number where level is null order by host"
_COUNT = """select count(*), count(level) from temp.bodies join blobs on blobs.rowid = number
    where host = ? and is_page"""
_SAMPLE = """select sha256 from (
    select sha256, row_number() over (order by number) - 1 as place
    from temp.bodies join blobs on blobs.rowid = number where host = ?1 and is_page
) where place * ?2 / ?3 <> (place - 1) * ?2 / ?3 or place = 0 order by place"""
_IN_USE = """select id, first_sha256, second_sha256 from dictionaries where host = ?1 and id in (
    select dictionary_id from temp.bodies join blobs on blobs.rowid = number where host = ?1 and level is not null
) order by id"""
_BATCH = """select number, sha256, length from temp.bodies join blobs on blobs.rowid = number
    where host = ? and number > ? and level is null order by number limit ?"""
_NEEDLESS = """select id, first_sha256, second_sha256 from dictionaries
    where id not in (select dictionary_id from blobs where dictionary_id is not null)"""


@dataclass(slots=True)
class Repacking:
    """What was done: bodies packed anew, dictionaries made and dropped, and the SHA-256 of bodies that are damaged and
    were left as they are."""

    packed: int = 0
    made: int = 0
    dropped: int = 0
    damaged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Packer:
    """A dictionary, or none, with what tells how well it fits a body and what packs against it."""

    dictionary_id: int | None
    quick: zstandard.ZstdCompressor
    slow: zstandard.ZstdCompressor

    @classmethod
    def of(cls, dictionary_id: int | None, pages: tuple[bytes, bytes] | None = None) -> _Packer:
        return cls(dictionary_id, compressor(LEVEL, pages), compressor(SLOW_LEVEL, pages))


def repack(connection: sqlite3.Connection) -> Repacking:
    """Pack what is not packed well yet. The lock must be held. Raises ArchiveError where the file cannot be written."""
    connection.execute("pragma secure_delete = on")
    try:
        return _Repacker(connection).run()
    except sqlite3.OperationalError as error:
        raise ArchiveError(
            f"the archive cannot be written: {error}; what was done is kept, and `nianbao compact` goes on from there"
        ) from error


class _Repacker:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute
        self._done = Repacking()
        self._planned: set[int] = set()
        self._plain = _Packer.of(None)
        # How many dictionaries each page is a part of.
        self._parts: Counter[str] = Counter()
        for row in self._execute("select first_sha256, second_sha256 from dictionaries"):
            self._parts.update(set(row))

    def run(self) -> Repacking:
        self._connection.create_function("nianbao_host", 1, host_of, deterministic=True)
        self._execute("drop table if exists temp.bodies")
        self._execute(_LIST)
        self._execute("create index temp.bodies_host on bodies (host, number)")
        for is_last in (False, True):
            for (host,) in self._execute(_DUE).fetchall():
                self._host(host)
            self._drop(frozenset() if is_last else self._planned)
        self._execute("drop table temp.bodies")
        return self._done

    def _host(self, host: str) -> None:
        reader = BlobReader(self._connection)
        count, done = self._execute(_COUNT, (host,)).fetchone()
        packers = self._in_use(host, reader) if count - done <= done else []
        if not packers:
            packers = self._plan(host, reader, count)
        self._planned.update(packer.dictionary_id for packer in packers if packer.dictionary_id is not None)
        last = 0
        while batch := self._execute(_BATCH, (host, last, BATCH_BODIES)).fetchall():
            with self._transaction():
                size = 0
                for number, sha256, length in batch:
                    last = number
                    if not self._parts[sha256]:
                        self._pack(sha256, reader, packers)
                        size += length
                    if size >= BATCH_BYTES:
                        break

    def _pack(self, sha256: str, reader: BlobReader, packers: list[_Packer]) -> None:
        body = self._read(sha256, reader)
        if body is None:
            return
        best = self._plain
        if packers:
            best = min((*packers, self._plain), key=lambda packer: len(packer.quick.compress(body)))
        self._write(sha256, body, best)

    def _write(self, sha256: str, body: bytes, packer: _Packer) -> None:
        write(self._connection, sha256, body, packer.slow.compress(body), packer.dictionary_id, SLOW_LEVEL)
        self._done.packed += 1

    def _read(self, sha256: str, reader: BlobReader) -> bytes | None:
        try:
            return reader.get(sha256)
        except ArchiveError:
            if sha256 not in self._done.damaged:
                self._done.damaged.append(sha256)
            return None

    def _in_use(self, host: str, reader: BlobReader) -> list[_Packer]:
        """The dictionaries of the plan that most of a host's pages are packed by."""
        packers = []
        for number, *pages in self._execute(_IN_USE, (host,)).fetchall():
            first, second = (self._read(sha256, reader) for sha256 in pages)
            if first is not None and second is not None:
                packers.append(_Packer.of(number, (first, second)))
        return packers

    def _plan(self, host: str, reader: BlobReader, count: int) -> list[_Packer]:
        """Choose a host's dictionaries and make them, unless they are there; all its bodies are to be packed by them
        then."""
        sample = {
            sha256: body
            for (sha256,) in self._execute(_SAMPLE, (host, min(SAMPLE, count), max(count, 1))).fetchall()
            if (body := self._read(sha256, reader)) is not None
        }
        choice = choose(sample, count)
        numbers = {
            (first, second): number
            for number, first, second in self._execute(
                "select id, first_sha256, second_sha256 from dictionaries where host = ? order by id", (host,)
            )
        }
        with self._transaction():
            if not numbers.keys() >= set(choice.pairs):
                self._execute(
                    "update blobs set level = null where level is not null and rowid in"
                    " (select number from temp.bodies where host = ?)",
                    (host,),
                )
            for sha256 in choice.pages:
                query = "select 1 from blobs where sha256 = ? and level is not null and dictionary_id is null"
                if self._execute(query, (sha256,)).fetchone() is None:
                    self._write(sha256, sample[sha256], self._plain)
            for pair in choice.pairs:
                if pair not in numbers:
                    cursor = self._execute(
                        "insert into dictionaries (host, first_sha256, second_sha256) values (?, ?, ?)", (host, *pair)
                    )
                    assert cursor.lastrowid is not None
                    numbers[pair] = cursor.lastrowid
                    self._parts.update(set(pair))
                    self._done.made += 1
        return [_Packer.of(numbers[pair], (sample[pair[0]], sample[pair[1]])) for pair in choice.pairs]

    def _drop(self, kept: Set[int]) -> None:
        """Drop dictionaries that nothing is packed against, but those `kept`: their time may be yet to come."""
        needless = [row for row in self._execute(_NEEDLESS).fetchall() if row[0] not in kept]
        with self._transaction():
            for number, *pages in needless:
                self._execute("delete from dictionaries where id = ?", (number,))
                self._parts.subtract(set(pages))
        self._done.dropped += len(needless)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._execute("begin immediate")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:  # a full disk ends it by itself
                self._execute("rollback")
            raise
        self._execute("commit")
