"""The bench measures what it says: a portal of the size asked for, that a plain walk reaches whole."""

from __future__ import annotations

import gzip
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.bench.__main__ import summary, table
from tests.bench.measure import Sizes, Taken, bare, served, warc_record
from tests.bench.portal import build


@pytest.mark.parametrize("pages", [300, 2_500])
def test_the_site_has_the_pages_asked_for_and_their_size(pages: int) -> None:
    site = build(pages)
    assert len(site.own) == pages
    reports = [len(site.body(path)) for path in site.own if "/t2" in path]
    assert len(reports) == site.leaves
    assert 75_000 < sum(reports) / len(reports) < 95_000


def test_two_sites_are_the_same() -> None:
    assert build(100) == build(100)


def test_the_bare_spider_sees_every_page_that_is_served(tmp_path: Path) -> None:
    with served(120) as home:
        with urlopen(home, timeout=10) as answer:
            assert answer.read() == build(120).body("/")
        taken = bare(home, 1, tmp_path)
    assert taken.pages == len(build(120).own)
    assert taken.cpu > 0
    assert taken.memory > 1


def test_a_warc_record_is_one_gzip_member_with_the_body() -> None:
    packed = warc_record("http://example.test/", b"<html>" * 100)
    record = gzip.decompress(packed)
    assert record.startswith(b"WARC/1.1\r\nWARC-Type: response")
    assert record.endswith(b"<html>" * 100 + b"\r\n\r\n")


def test_ratios_are_medians_of_pairs() -> None:
    bares = [Taken(wall=1, cpu=1, memory=100, pages=100)] * 3
    ours = [Taken(wall=wall, cpu=1.4, memory=110, pages=100) for wall in (1.25, 2, 10)]
    found = summary(list(zip(bares, ours, strict=True)), Sizes(raw=900, warc=100, bodies=30, file=60), None)
    assert (found["rate"], found["memory"], found["bodies"]) == (0.5, 1.1, 0.3)
    assert "| bodies to .warc.gz | 0.30 | at most 0.45 |" in table(found)
