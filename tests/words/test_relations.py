"""Which address the header Link of an answer calls the next page's."""

from __future__ import annotations

import pytest

from crawler.words.relations import next_in_header


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ('</nb/index_2.html>; rel="next"', "/nb/index_2.html"),
        ("<index_2.html>;rel=next", "index_2.html"),
        ('<a.html>; rel="prev", <b.html>; title="2, 3"; rel="next"', "b.html"),
        ('<?page=2,x>; REL="nofollow Next"', "?page=2,x"),
        ('</a.css>; rel=preload; as=style, </nb/>; rel="last"', None),
        ('<a.html>; title="rel=next"', None),
        ("next", None),
        ("<>; rel=next", None),
    ],
)
def test_the_next_page_by_a_header(value: str, address: str | None) -> None:
    assert next_in_header([("Date", "x"), ("LINK", value)]) == address
    assert next_in_header([("Link", "<x.css>; rel=preload"), ("link", value)]) == address
    assert next_in_header([("X-Link", value)]) is None
