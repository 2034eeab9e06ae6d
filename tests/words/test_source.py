"""The signs of a source: those asked for together are those that stand in it, however they overlap."""

from __future__ import annotations

import pytest

from crawler.words.source import PAGERS, Source


@pytest.mark.parametrize("sign", PAGERS)
def test_each_sign_of_a_pager_is_seen(sign: str) -> None:
    assert Source(f"<script>x.{sign}3)</script>".lower().encode()).may_count_pages


def test_a_source_without_any_counts_no_pages() -> None:
    assert not Source(b"<p>one page, and a count of pages</p>").may_count_pages


def test_signs_that_overlap_are_all_seen() -> None:
    source = Source(b"<li data-url='a' data-link=b onclick=go()>")
    assert all(sign in source for sign in (b"onclick", b"url", b"link", b"data-url", b"data-link"))
    assert b"itemprop" not in source
    assert source.data_names == {b"data-url", b"data-link"}


def test_a_source_without_data_has_no_names() -> None:
    assert Source("<p>数据</p>".encode()).data_names == frozenset()
