"""Records of WARC files by their range, as Common Crawl gives them out: what stands there is what the index says."""

from __future__ import annotations

import gzip
import tomllib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from crawler.mementos.archives import parse
from crawler.mementos.client import Client
from crawler.mementos.replay import RefusedError, fetch
from crawler.records.mementos import Memento
from crawler.words.mementos import key, time_of
from tests.servers.mementos import Held, WebArchive

URL, OTHER = "http://www.dadong.gov.cn/a/2011.html", "http://www.dadong.gov.cn/a/2012.html"


class Revisit(Held):
    """A capture whose body stands in another record."""

    __slots__ = ()

    @property
    def record(self) -> bytes:
        """Its WARC record."""
        plain = gzip.decompress(Held.record.fget(self))  # type: ignore[attr-defined]
        return gzip.compress(plain.replace(b"WARC-Type: response", b"WARC-Type: revisit", 1), mtime=0)


@pytest.fixture(scope="module")
def web() -> Iterator[WebArchive]:
    held = [
        Held(URL, "20130615080000", "一".encode()),
        Held(OTHER, "20130615080000", "二".encode()),
        Revisit("http://www.dadong.gov.cn/a/2013.html", "20130615080000", b""),
    ]
    with WebArchive("commoncrawl", held).serve() as served:
        yield served


def memento(web: WebArchive, number: int) -> Memento:
    """What the index says of a record."""
    one, before = web.held[number], web.held[:number]
    offset = sum(len(other.record) for other in before)
    at = str(time_of(one.stamp))
    return Memento(
        "cc", "p", one.url, key(one.url), at, 200, None, one.digest, len(one.record), "crawl/made-up.warc.gz", offset
    )


def client(web: WebArchive) -> Client:
    return Client(parse(tomllib.loads(web.toml), "made up"), "")


def test_a_record_is_taken_by_its_range(web: WebArchive) -> None:
    capture = fetch(client(web), memento(web, 1))
    assert (capture.url, capture.body.decode(), capture.fetched_at) == (OTHER, "二", "2013-06-15T08:00:00Z")
    assert capture.source == "cc"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": OTHER, "key": key(OTHER)}, "another capture stands at that place: " + URL),
        ({"at": "2013-06-15T08:00:01Z"}, "another capture stands at that place"),
        ({"digest": "A" * 32}, "the digest of the record is another than the index says"),
        ({"offset": 3}, "no record of a WARC begins at that place of the file"),
        ({"length": 20}, "no record of a WARC begins at that place|no capture stands|ends|cut"),
        ({"length": None}, "does not say where its record stands"),
        ({"length": 1 << 40}, "a record of more than"),
    ],
)
def test_what_is_not_as_the_index_says_is_refused(change: dict[str, object], words: str, web: WebArchive) -> None:
    with pytest.raises(RefusedError, match=words):
        fetch(client(web), replace(memento(web, 0), **change))  # type: ignore[arg-type]


def test_a_revisit_has_no_body(web: WebArchive) -> None:
    with pytest.raises(RefusedError, match="a revisit: it refers to a body that is not in the record"):
        fetch(client(web), memento(web, 2))


def test_whole_files_are_not_taken_for_ranges(web: WebArchive) -> None:
    web.faults["no_range"] = True
    with pytest.raises(RefusedError, match=r"an answer of more than|in place of a range"):
        fetch(client(web), memento(web, 0))
    web.faults.clear()
