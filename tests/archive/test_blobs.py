"""Bodies come back byte for byte, whatever they are and however they were compressed."""

from __future__ import annotations

import random
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.archive.derive.verify import verify
from crawler.archive.file.blobs import BlobReader, Blobs, digest
from crawler.archive.file.connection import open_for_writing
from crawler.archive.file.frames import write
from crawler.records.errors import ArchiveError


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = open_for_writing(tmp_path / "a.db")
    yield opened
    opened.close()


def put(blobs: Blobs, body: bytes, host: str = "a.gov.cn", *, page: bool = True, leaf: bool = False) -> str:
    blobs.put(host, body, sha256=digest(body), page=page, leaf=leaf)
    return digest(body)


def site(count: int, seed: int = 1) -> list[bytes]:
    """Pages of one template: 20 KB that are alike, 2 KB that are not."""
    dice = random.Random(seed)
    head, foot = (dice.randbytes(7_500).hex().encode() for _ in range(2))
    return [head + dice.randbytes(1_000).hex().encode() + foot for _ in range(count)]


_BODIES = st.lists(
    st.tuples(
        st.one_of(
            st.binary(max_size=300),
            st.binary(min_size=1, max_size=50).map(lambda part: part * 200),
            st.sampled_from([b"", b"\0", b"\0" * 5_000, b"<html>" * 1_000]),
        ),
        st.sampled_from(["a.gov.cn", "b.gov.cn:8080", ""]),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
)


@given(_BODIES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_come_back_exactly(
    connection: sqlite3.Connection, bodies: list[tuple[bytes, str, bool, bool, bool]]
) -> None:
    connection.execute("begin")
    blobs = Blobs(connection)
    kept = []
    for body, host, page, leaf, reopen in bodies:
        blobs = Blobs(connection) if reopen else blobs
        kept.append((put(blobs, body, host, page=page, leaf=leaf), body))
    reader = BlobReader(connection)
    for sha256, body in kept:
        assert reader.get(sha256) == body
    connection.execute("rollback")


def test_large_and_incompressible_bodies(connection: sqlite3.Connection) -> None:
    blobs = Blobs(connection)
    for body in (random.Random(1).randbytes(20_000_000), "年报".encode() * 4_000_000):
        assert BlobReader(connection).get(put(blobs, body, page=False)) == body
    codings = connection.execute("select coding, length(body) > 1000000 from blobs order by rowid").fetchall()
    assert [tuple(row) for row in codings] == [("raw", 1), ("zstd", 0)]


def test_pages_of_one_template_cost_little_more_than_what_differs(connection: sqlite3.Connection) -> None:
    pages = site(40)
    blobs = Blobs(connection)
    for body in pages:
        put(blobs, body)
    (size,) = connection.execute("select sum(length(body)) from blobs").fetchone()
    assert size < 0.3 * sum(len(zlib.compress(body, 9)) for body in pages)
    dictionaries = connection.execute("select host, first_sha256, second_sha256 from dictionaries").fetchall()
    assert [tuple(row) for row in dictionaries] == [("a.gov.cn", digest(pages[0]), digest(pages[1]))]


def test_the_first_leaf_takes_the_place_of_the_first_page(connection: sqlite3.Connection) -> None:
    inner, leaves = site(3, seed=1), site(5, seed=2)
    blobs = Blobs(connection)
    for body in inner:
        put(blobs, body)
    for body in leaves:
        put(blobs, body, leaf=True)
    rows = connection.execute("select first_sha256, second_sha256 from dictionaries order by id").fetchall()
    assert [tuple(row) for row in rows] == [
        (digest(inner[0]), digest(inner[1])), (digest(inner[1]), digest(leaves[0])),
    ]  # fmt: skip
    used = connection.execute("select dictionary_id from blobs order by rowid").fetchall()
    assert [row[0] for row in used] == [None, None, 1, None, 2, 2, 2, 2]


def test_a_dictionary_is_found_again_by_a_later_run(connection: sqlite3.Connection) -> None:
    pages = site(4)
    for body in pages[:3]:
        put(Blobs(connection), body)
    assert connection.execute("select count(*) from dictionaries").fetchone()[0] == 0
    blobs = Blobs(connection)
    more = site(3, seed=3)
    for body in more[:2]:
        put(blobs, body)
    put(Blobs(connection), more[2])
    last = connection.execute("select dictionary_id from blobs order by rowid desc").fetchone()
    assert last[0] == 1
    assert BlobReader(connection).get(digest(more[2])) == more[2]


def test_hosts_do_not_share_dictionaries_and_small_or_odd_pages_make_none(connection: sqlite3.Connection) -> None:
    pages = site(4)
    blobs = Blobs(connection)
    put(blobs, pages[0], "a.gov.cn")
    put(blobs, pages[1], "b.gov.cn")
    put(blobs, pages[2], "a.gov.cn", page=False)
    put(blobs, b"<p>404</p>", "a.gov.cn")
    put(blobs, b"<p>404 again</p>", "a.gov.cn")
    assert connection.execute("select count(*) from dictionaries").fetchone()[0] == 0


def test_pages_that_nothing_packs_make_no_dictionary(connection: sqlite3.Connection) -> None:
    """Bytes that a server says are HTML are stored as they are, and nothing could be unpacked against them."""
    dice = random.Random(1)
    blobs = Blobs(connection)
    kept = [put(blobs, body) for body in (*(dice.randbytes(5_000) for _ in range(3)), *site(3))]
    assert connection.execute("select coding from blobs order by rowid").fetchone()[0] == "raw"
    assert None not in [BlobReader(connection).get(sha256) for sha256 in kept]
    made = (
        "select count(*) from dictionaries join blobs on sha256 in (first_sha256, second_sha256) where coding = 'raw'"
    )
    assert connection.execute(made).fetchone()[0] == 0


def test_a_dictionary_of_such_pages_from_an_earlier_version_is_read(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.archive.file.blobs.write", lambda *values: write(*values) or True)
    dice = random.Random(1)
    blobs = Blobs(connection)
    kept = [put(blobs, dice.randbytes(5_000)) for _ in range(2)]
    kept += [put(blobs, body) for body in site(2)]
    kept += [put(Blobs(connection), body) for body in site(2, seed=2)]
    assert connection.execute("select count(dictionary_id) from blobs").fetchone()[0] == 4
    assert None not in [BlobReader(connection).get(sha256) for sha256 in kept]
    assert list(verify(connection)) == []


def test_a_rollback_takes_the_dictionary_with_it(connection: sqlite3.Connection) -> None:
    pages = site(4)
    blobs = Blobs(connection)
    put(blobs, pages[0])
    connection.execute("begin")
    put(blobs, pages[1])
    connection.execute("rollback")
    blobs.forget()
    for body in pages:
        assert BlobReader(connection).get(put(blobs, body)) == body


@pytest.mark.parametrize(
    "harm",
    [
        "update blobs set body = zeroblob(10)",
        "update blobs set length = 1",
        "update blobs set coding = 'raw'",
        "update blobs set body = (select body from blobs order by rowid limit 1) where rowid = 2",
    ],
)
def test_damage_is_told_not_returned(connection: sqlite3.Connection, harm: str) -> None:
    blobs = Blobs(connection)
    put(blobs, b"another" * 100, page=False)
    sha256 = put(blobs, b"body" * 100, page=False)
    connection.execute(harm)
    with pytest.raises(ArchiveError, match=f"{sha256} is damaged"):
        BlobReader(connection).get(sha256)


def test_a_lost_dictionary_is_told(connection: sqlite3.Connection) -> None:
    blobs = Blobs(connection)
    sha256 = [put(blobs, body) for body in site(3)][2]
    connection.execute("pragma foreign_keys = off")
    connection.execute("delete from dictionaries")
    with pytest.raises(ArchiveError, match="dictionary 1 is missing"):
        BlobReader(connection).get(sha256)
    assert BlobReader(connection).get("0" * 64) is None
