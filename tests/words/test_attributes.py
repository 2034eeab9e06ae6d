"""Elements by their attributes: the source, asked first, leaves none of them out."""

from __future__ import annotations

import pytest
from lxml import etree

from crawler.words.attributes import may_have_stamps, pressed_elements
from crawler.words.display import Seen
from crawler.words.source import Source

MARKUP = (
    "<p onclick='go(1)'>x</p><a onclick='go(2)'>x</a>",
    "<P ONCLICK='go(1)'>x</P>",
    "<li data-href='/a.html'>x</li><li data-id='7'>x</li>",
    "<li DATA-Href='/a.html'>x</li>",
    "<li data-href=/a.html>x</li><b>data-url</b>",
    "<li url='/a.html'>x</li><div link='b.html'>x</div><area link='c.html'>",
    "<p><i data-x='a/b' onclick='go()'>x</i></p><p data-y='?b'>x</p>",
    "".join(f"<p data-n{number}='/{number}'>x</p>" for number in range(12)),
    "<p data-a:b='/a'>x</p><p data-中='/b'>x</p>",
    "<p>nothing of that kind: onclick, url</p>",
)


@pytest.mark.parametrize("markup", MARKUP)
def test_what_may_be_clicked_is_the_same_with_the_source_and_without(markup: str) -> None:
    tree = etree.HTML(f"<html><body>{markup}</body></html>")
    source = Source(markup.encode().lower())
    assert pressed_elements(tree, source) == pressed_elements(tree, None)
    assert Seen(tree, source).pressed == Seen(tree).pressed


def test_links_and_numbers_are_not_among_what_may_be_clicked() -> None:
    tree = etree.HTML(MARKUP[0] + MARKUP[2])
    assert [one.tag for one in pressed_elements(tree, Source((MARKUP[0] + MARKUP[2]).encode()))] == ["p", "li"]


@pytest.mark.parametrize(
    ("markup", "dated"),
    [
        ("<time datetime='2020-01-02'>x</time>", True),
        ("<span itemprop='datePublished' content='2020-01-02'></span>", True),
        ("<span data-publish-at='2020-01-02'></span>", True),
        ("<span data-id='1'>the time, the date</span>", False),
        ("<p>2020-01-02</p>", False),
    ],
)
def test_dates_in_the_mark_up_are_looked_for_where_the_source_names_them(markup: str, dated: bool) -> None:
    assert may_have_stamps(Source(markup.encode().lower())) == dated
    assert may_have_stamps(None)
    tree = etree.HTML(f"<html><body>{markup}</body></html>")
    assert Seen(tree, Source(markup.encode().lower())).stamps == Seen(tree).stamps
    assert bool(Seen(tree).stamps) == dated
