"""What a walk asks of a page's source: where that cannot be told, the page is kept, and it is said."""

from __future__ import annotations

import pytest
from lxml import html

from crawler.navigation import survey
from crawler.navigation.headings import _tab_at
from crawler.navigation.walk import Walk
from crawler.records.capture import Capture, Step
from crawler.records.ways import Plan, Position
from pipelines import derive

HOME = "http://www.x.gov.cn/"
PLAN = Plan(HOME, "210100", None, range(2008, 2027), lambda url: True)
COLUMN = Position((Step("首页", HOME), Step("年报", HOME + "nb/")), in_column=True, column_url=HOME + "nb/")


def test_a_fault_in_looking_for_ways_is_the_page_s_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise ValueError("no ways")

    monkeypatch.setattr(survey, "ways_on", fail)
    walk = Walk(PLAN)
    walk.first()
    page = derive(Capture(HOME + "nb/", 200, [("Content-Type", "text/html")], b"<p>x</p>", "", trail=COLUMN.trail))
    assert walk.arrive(page, COLUMN, "step") == []
    assert ("ways_unread", "ValueError: no ways") in [(problem.kind, problem.detail) for problem in page.problems]
    assert list(walk.itinerary.lists.walked()) == []


def test_memory_that_ends_is_not_the_page_s_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def grow(*arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(survey, "ways_on", grow)
    page = derive(Capture(HOME, 200, [("Content-Type", "text/html")], b"<p>x</p>", ""))
    with pytest.raises(MemoryError):
        survey.survey_of(page, Position(), "step", PLAN)


def test_panels_of_tabs_may_have_a_name_that_no_xml_may_have() -> None:
    row = "<ul><li>2018</li><li>2019</li></ul>"
    tree = html.fromstring(f"<html><body>{row}<a\x01b>甲</a\x01b><a\x01b>乙</a\x01b></body></html>")
    panels = [element for element in tree.iter() if "\x01" in str(element.tag)]
    assert panels
    for panel in panels:
        list(_tab_at(panel))


@pytest.mark.parametrize(
    ("words", "empty"),
    [
        ("暂无", True),
        ("没有找到", True),
        ("没有符合条件的", True),
        ("无障碍，无数据", True),
        ("无相关信息", True),
        ("共建共享，共 0 条", True),
        ("没有人，无障碍，共 10 条，暂时", False),
        ("无关的信息", False),
    ],
)
def test_a_page_says_that_it_is_empty(words: str, empty: bool) -> None:
    body = f"<html><body><p>{words}</p></body></html>".encode()
    page = derive(Capture(HOME + "nb/", 200, [("Content-Type", "text/html")], body, "", trail=COLUMN.trail))
    assert survey.says_empty(page) == empty
