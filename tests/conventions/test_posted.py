"""A POST is known by its address and its body: two bodies to one address are two pages, asked and archived as such."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qsl

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.navigation.serialization import packed, unpacked
from crawler.records.ways import Next, Position, Ways
from crawler.sample.serving import Asked, Reply
from crawler.words.addresses import canonical
from crawler.words.posts import posted_form, posted_json, posted_value, sent, target_of
from tests.conventions.test_makes import rows
from tests.servers import MAKES
from tests.servers.base import Answer
from tests.support.crawling import crawl

SERVICE = "http://x.gov.cn/rest/list?a=1"
KEYS = "delay = 0\nallow_private_addresses = true\n"


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=8), st.text(max_size=12), max_size=4), st.sampled_from([SERVICE, SERVICE[:-4]]))
def test_a_form_comes_out_as_it_went_in(fields: dict[str, str], url: str) -> None:
    post = sent(posted_form(url, fields))
    assert post is not None
    assert (post.url, dict(parse_qsl(post.body.decode(), keep_blank_values=True))) == (url, fields)
    assert target_of(posted_form(url, fields)) == url


@settings(max_examples=60, deadline=None)
@given(st.recursive(st.none() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3)))
def test_json_comes_out_as_it_went_in(value: object) -> None:
    address = posted_json(SERVICE, value)
    post = sent(address)
    assert post is not None
    assert (post.url, json.loads(post.body), posted_value(address)) == (SERVICE, value, value)
    assert post.content_type.startswith("application/json")


def test_hidden_state_goes_along_and_names_nothing() -> None:
    address = posted_form(SERVICE, {"target": "pager", "state": "5f"})
    post = sent(address, {"state": "dDwtMTA7Oz4=", "check": "/wE"})
    assert post is not None
    assert dict(parse_qsl(post.body.decode())) == {"target": "pager", "state": "dDwtMTA7Oz4=", "check": "/wE"}
    assert "dDwt" not in address


def test_hidden_state_is_remembered_once_for_all_the_pages_it_leads_to() -> None:
    state, other = {"state": "".join(str(number) for number in range(20_000))}, {"state": "x"}
    ways = Ways(next=[Next(f"{SERVICE}&p={number}", "", Position(), "paging", 30, state) for number in range(50)])
    ways.next += [Next(SERVICE, "", Position(), "step", 20), Next(SERVICE, "", Position(), "paging", 30, other)]
    told = packed(ways)
    assert [way.form for way in unpacked(told).next] == [state] * 50 + [None, other]
    assert len(told) < 2 * len(packed(Ways(next=ways.next[:1])))


def test_other_addresses_are_no_posts() -> None:
    assert sent(SERVICE) is None
    assert target_of(SERVICE) == SERVICE
    assert posted_value(SERVICE) is None
    assert posted_value(SERVICE + "&__wb_method=POST&__wb_post_data=%7B") is None


def test_bodies_make_addresses_that_stay_apart() -> None:
    addresses = {canonical(posted_json(SERVICE, {"page": number})) for number in range(3)}
    addresses |= {canonical(posted_form(SERVICE, {"page": str(number)})) for number in range(3)}
    assert len(addresses | {canonical(SERVICE)}) == 7


def test_every_body_is_asked_once_and_archived_under_its_own_address(tmp_path: Path) -> None:
    with MAKES["epoint"]().serve() as portal:
        assert crawl(tmp_path, [portal.home], KEYS).code == 0
        asked = Counter(one.form for one in portal.requests if one.method == "POST")
        found = rows(tmp_path, "select url, sha256 from captures where url like '%__wb_method=POST%'")
        assert Counter(post.body.decode() for url, _ in found if (post := sent(url)) is not None) == asked
        assert set(asked.values()) == {1}
        # Three columns have nothing yet: one answer, to the byte, and three captures.
        assert Counter(sha256 for _, sha256 in found).most_common(1)[0][1] == 3


def test_a_service_is_asked_again_for_the_first_page_of_a_list_that_rests(tmp_path: Path) -> None:
    with MAKES["epoint"]().serve() as portal:
        crawl(tmp_path, [portal.home], KEYS)
        before = len(portal.requests)
        crawl(tmp_path, [portal.home], KEYS)
        asked = [json.loads(one.form) for one in portal.requests[before:] if one.method == "POST"]
        assert sorted((one["categorynum"], one["pageIndex"]) for one in asked) == [
            (number, 0) for number in ("001004", "001004001", "001004002", "001004003", "001004004")
        ]


def test_a_service_that_fails_on_a_page_is_told_under_that_page(tmp_path: Path) -> None:
    with MAKES["epoint"]().serve() as portal:
        path = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
        listed: Answer = portal.pages[path]
        assert callable(listed)

        def failing(asked: Asked) -> Reply | bytes | str:
            given = json.loads(asked.form)
            broken = given["categorynum"] == "001004002" and given["pageIndex"] == 1
            return Reply(b"", 500) if broken else listed(asked)

        portal.pages[path] = failing
        crawled = crawl(tmp_path, [portal.home], KEYS)
        assert crawled.code == 1
        told = [(kind, posted_value(url)["pageIndex"]) for _, kind, url, _ in crawled.problems if kind == "http_error"]
        assert told == [("http_error", 1)]
        walked = [url for (url,) in rows(tmp_path, "select url from lists")]
        assert any(url.endswith("001004001") for url in walked)
        assert not any(url.endswith("001004002") for url in walked)
