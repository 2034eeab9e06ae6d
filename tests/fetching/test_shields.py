"""When a challenge is a page's own trouble and when it is the host's."""

from __future__ import annotations

import pytest

from crawler.fetching.luggage import Luggage
from crawler.fetching.shields import Shields
from crawler.portals.profile import Profile
from crawler.records.capture import Step
from crawler.records.ways import Next, Position, Why

PROFILE = Profile("a", "甲", "http://www.a.gov.cn/", "210100")
HOST = "www.a.gov.cn"
IN_COLUMN = Position((Step("首页", PROFILE.home), Step("年报", PROFILE.home + "nb/"), Step("x", "x")), in_column=True)


def luggage(why: Why = "item", position: Position = IN_COLUMN, is_last: bool = False) -> Luggage:
    return Luggage(PROFILE, Next("http://www.a.gov.cn/1", "x", position, why, 0), is_last=is_last)


def test_one_is_set_aside_and_told_when_it_comes_again_at_the_end() -> None:
    shields = Shields()
    assert shields.met(luggage(), "http://www.a.gov.cn/1", "status 521") is None
    shields.answered("http://www.a.gov.cn/2")
    assert [aside.url for aside in shields.take("a")] == ["http://www.a.gov.cn/1"]
    assert shields.take("a") == []
    detail = shields.met(luggage(is_last=True), "http://www.a.gov.cn/1", "status 521")
    assert detail is not None
    assert "asked twice" in detail
    assert shields.blocked == set()


def test_a_second_in_a_row_is_the_hosts() -> None:
    shields = Shields()
    assert shields.met(luggage(), "http://www.a.gov.cn/1", "") is None
    assert "in a row" in (shields.met(luggage(), "http://www.a.gov.cn/2", "") or "")
    assert shields.blocked == {HOST}


def test_pages_of_other_hosts_are_no_row() -> None:
    shields = Shields()
    assert shields.met(luggage(), "http://www.a.gov.cn/1", "") is None
    assert shields.met(luggage(), "http://b.a.gov.cn/1", "") is None
    assert shields.blocked == set()


@pytest.mark.parametrize(
    ("why", "position", "blocks"),
    [
        ("step", Position(), True),
        ("step", IN_COLUMN, True),
        ("paging", IN_COLUMN, True),
        ("redirect", Position(), True),
        ("redirect", IN_COLUMN, False),
        ("attachment", IN_COLUMN, False),
        ("recheck", IN_COLUMN, False),
    ],
)
def test_one_in_place_of_a_page_that_leads_on_is_the_hosts(why: Why, position: Position, blocks: bool) -> None:
    shields = Shields()
    assert (shields.met(luggage(why, position), "http://www.a.gov.cn/1", "") is not None) == blocks
    assert (shields.blocked == {HOST}) == blocks
