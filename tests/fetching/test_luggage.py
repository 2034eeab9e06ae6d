"""What a request carries: one record, which is enough to ask again, and the keys that Scrapy and its parts look for."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest
from scrapy import Request

from crawler.fetching.luggage import (
    Answer,
    Luggage,
    Original,
    Purpose,
    Rendering,
    address_of,
    assign_slot,
    luggage_of,
    note,
    slot_of,
)
from crawler.portals.notation import load
from crawler.records.capture import Capture, Step
from crawler.records.problems import Problem
from crawler.records.ways import Next, Position
from tests import ROOT

PROFILE = load(ROOT / "data" / "portals" / "shenyang.toml")
URL = "http://www.shenyang.gov.cn:8080/nb/"
WAY = Next(URL, "年报", Position((Step("首页", PROFILE.home), Step("年报", URL))), "step", 20)


def luggage() -> Luggage:
    """One that has been on its way."""
    return Luggage(
        PROFILE,
        WAY,
        redirects=2,
        retries=1,
        lacks_rules=True,
        host_problem=Problem("host_resting", URL, "it failed"),
        answer=Answer("2026-01-01T00:00:00Z", ()),
        rendering=Rendering("Chromium/1", (), ()),
    )


def request(carried: Luggage, method: str = "GET", url: str = URL) -> Request:
    return Request(url, method=method, meta=carried.meta())


def test_what_is_asked_afresh_keeps_its_place_and_forgets_its_journey() -> None:
    again = luggage().afresh(None)
    assert again == Luggage(PROFILE, WAY, redirects=2)
    shown = luggage().to_be_shown(Original(Capture(URL, 200, [], b"", ""), "<html>"), None)
    assert replace(shown, original=None, purpose="page") == again
    assert shown.purpose == "rendering"


def test_what_is_asked_in_anothers_time_has_its_portal_and_its_place() -> None:
    assert luggage().aside("robots") == Luggage(PROFILE, WAY, purpose="robots")


@pytest.mark.parametrize(
    ("purpose", "keys", "repeatable", "slot"),
    [
        ("page", {"dont_redirect": True}, True, "www.shenyang.gov.cn:8080"),
        ("rendering", {"playwright": True}, False, "browser"),
        ("script", {}, False, "www.shenyang.gov.cn:8080"),
        ("robots", {}, False, "www.shenyang.gov.cn:8080"),
    ],
)
def test_the_purpose_says_what_others_see_of_a_request(
    purpose: Purpose, keys: dict[str, bool], repeatable: bool, slot: str
) -> None:
    asked = request(Luggage(PROFILE, WAY, purpose=purpose))
    assert {name: value for name, value in asked.meta.items() if not isinstance(value, Luggage)} == keys
    assert luggage_of(asked).is_repeatable is repeatable
    assert slot_of(asked) == ""
    assert assign_slot(asked) == slot_of(asked) == asked.meta["download_slot"] == slot


def test_what_happens_to_a_repeated_request_is_not_noted_on_the_first() -> None:
    first = request(Luggage(PROFILE, WAY))
    second = first.copy()
    note(second, retries=1)
    assert (luggage_of(first).retries, luggage_of(second).retries) == (0, 1)


def test_a_post_is_known_by_the_address_of_its_way() -> None:
    assert address_of(request(luggage(), "POST", "http://www.shenyang.gov.cn/query"), "http://b.cn/") == URL
    assert address_of(request(luggage()), "http://b.cn/") == "http://b.cn/"


def test_no_other_module_has_keys_of_its_own_in_a_requests_meta() -> None:
    """What scrapy-playwright looks for, with the objects of its own that it takes, stands in browser.py; what Scrapy
    asks of a response that is cut short, in handler.py."""
    allowed = {"playwright_context", "download_fail_on_dataloss"}
    for top in ("crawler/fetching", "crawler/runs", "spiders", "pipelines"):
        for path in (ROOT / top).rglob("*.py"):
            if path.name == "luggage.py":
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
                    if node.value.attr == "meta":
                        assert isinstance(node.slice, ast.Constant), path
                        assert node.slice.value in allowed, f"{path}: {node.slice.value}"
                elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                    assert (node.value.attr, node.attr) != ("meta", "get"), path
                elif isinstance(node, ast.keyword) and node.arg == "meta":
                    assert isinstance(node.value, ast.Call), path
                    assert ast.unparse(node.value).endswith(".meta()"), path
