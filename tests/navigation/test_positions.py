"""How a link changes the position: what a label says, what a step replaces, and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.navigation.positions import Facts, entered, facts_of, stepped, to_item
from crawler.records.capture import Step
from crawler.records.ways import Position

CITY = "210100"
HOST = "http://www.shenyang.gov.cn"
NEXT_PAGE: dict[str, Any] = {"list_url": HOST + "/nb/", "page_no": 3}
COLUMN = entered(Position((Step("首页", HOST + "/"),)), "政府信息公开年报", HOST + "/nb/", CITY)


def walk(*labels: str, start: Position = COLUMN) -> Position:
    """The position after steps with these labels, one below another on the column's host."""
    position = start
    for label in labels:
        position = stepped(position, label, f"{position.trail[-1].url}{len(position.trail)}/", CITY)
    return position


def said(position: Position) -> tuple[int | None, str | None, str | None, str | None]:
    return position.year, position.region, position.group, position.organ_kind


def labels(position: Position) -> list[str]:
    return [step.label for step in position.trail]


@pytest.mark.parametrize(
    ("label", "facts"),
    [
        ("2018年", Facts(2018)),
        ("2018", Facts(2018)),
        ("2018年政府信息公开年报", Facts(2018)),
        ("2015-2018年", Facts()),  # several years are none
        ("历年", Facts()),
        ("各区县市", Facts(None, None, "districts", "government")),
        ("市直部门", Facts(None, None, "departments", "department")),
        ("市政府办公室", Facts(None, None, "departments", "government_office")),
        ("大东区", Facts(None, "210104")),
        ("大东区人民政府", Facts(None, "210104")),
        # the region's own name is the city
        ("沈阳市", Facts(None, None, "city", "government")),
        ("沈阳市人民政府", Facts(None, None, "city", "government")),
        ("市政府", Facts(None, None, "city", "government")),
        ("鼓楼区", Facts()),  # another city's
        ("市教育局", Facts()),
        ("", Facts()),
    ],
)
def test_what_a_label_says_of_where_it_leads(label: str, facts: Facts) -> None:
    assert facts_of(label, CITY) == facts


def test_the_column_is_entered_with_what_was_known() -> None:
    home = Position((Step("首页", HOST + "/"),), year=2018, region="210104", **NEXT_PAGE)
    inside = entered(home, "政府信息公开年报", HOST + "/nb/", CITY)
    assert (inside.in_column, inside.column_url, inside.list_url, inside.page_no) == (True, HOST + "/nb/", None, 1)
    assert (inside.year, inside.region) == (2018, "210104")
    assert entered(home, "2020年", HOST + "/nb/", CITY).year == 2020
    assert entered(replace(home, organ_kind="township"), "年报", HOST + "/nb/", CITY).organ_kind == "township"
    assert entered(replace(home, group="districts"), "年报", HOST + "/nb/", CITY).group == "districts"
    assert said(entered(home, "大东区", HOST + "/nb/", CITY))[1] == "210104"


def test_steps_of_other_kinds_add_up() -> None:
    position = walk("2018年", "各区县市", "大东区")
    assert said(position) == (2018, "210104", "districts", "government")
    assert labels(position) == ["首页", "政府信息公开年报", "2018年", "各区县市", "大东区"]


@pytest.mark.parametrize(
    ("steps", "trail", "facts"),
    [
        # a year replaces the year, and all that came after it
        (("2018年", "2019年"), ["2019年"], (2019, None, None, None)),
        (("2018年", "各区县市", "大东区", "2019年"), ["2019年"], (2019, None, None, None)),
        # and leaves what came before it
        (("各区县市", "2018年", "2019年"), ["各区县市", "2019年"], (2019, None, "districts", "government")),
        (("大东区", "2018年", "2019年"), ["大东区", "2019年"], (2019, "210104", None, None)),
        # so does a group, so does a region
        (("2018年", "各区县市", "市直部门"), ["2018年", "市直部门"], (2018, None, "departments", "department")),
        (("2018年", "大东区", "和平区"), ["2018年", "和平区"], (2018, "210102", None, None)),
        (("各区县市", "大东区", "市直部门"), ["市直部门"], (None, None, "departments", "department")),
        # the first step of a kind that both have is where it begins anew
        (("各区县市", "2018年", "大东区", "沈阳市"), ["沈阳市"], (None, None, "city", "government")),
        # a step that says nothing replaces nothing
        (("2018年", "历年"), ["2018年", "历年"], (2018, None, None, None)),
        (("2018年", "历年", "2019年"), ["2019年"], (2019, None, None, None)),
    ],
)
def test_a_step_of_a_kind_that_the_trail_has_replaces_it(
    steps: tuple[str, ...], trail: list[str], facts: tuple[Any, ...]
) -> None:
    position = walk(*steps)
    assert labels(position) == ["首页", "政府信息公开年报", *trail]
    assert said(position) == facts


def test_what_the_column_itself_says_is_kept_when_a_step_is_replaced() -> None:
    column = entered(Position((Step("首页", HOST + "/"),)), "2018年", HOST + "/2018/", CITY)
    position = walk("各区县市", "市直部门", start=column)
    assert said(position) == (2018, None, "departments", "department")
    assert labels(position) == ["首页", "2018年", "市直部门"]


def test_a_year_of_the_columns_own_name_is_replaced_without_losing_the_column() -> None:
    column = entered(Position((Step("首页", HOST + "/"),)), "2018年", HOST + "/2018/", CITY)
    assert said(walk("2019年", start=column))[0] == 2019
    assert labels(walk("2019年", start=column)) == ["首页", "2018年", "2019年"]


def test_a_step_leaves_the_pages_of_a_list() -> None:
    position = Position(COLUMN.trail, True, column_url=COLUMN.column_url, **NEXT_PAGE)
    for moved in (stepped(position, "大东区", HOST + "/dd/", CITY), to_item(position, "大东区", HOST + "/dd/", CITY)):
        assert (moved.list_url, moved.page_no) == (None, 1)


def test_a_district_on_a_host_of_its_own_has_all_years() -> None:
    position = stepped(walk("2018年"), "大东区", "http://www.sydd.gov.cn/nb/", CITY)
    assert said(position)[:2] == (None, "210104")
    assert position.column_url == "http://www.sydd.gov.cn/nb/"
    assert labels(position)[-2:] == ["2018年", "大东区"]
    here = stepped(walk("2018年"), "大东区", HOST + "/dd/nb/", CITY)
    assert (here.year, here.column_url) == (2018, HOST + "/nb/")
    dated = stepped(walk("2018年"), "2019年", "http://www.sydd.gov.cn/nb/2019/", CITY)
    assert dated.year == 2019


def test_steps_before_the_column_are_never_replaced() -> None:
    """A year on the way to the column is not the year of the column's step."""
    home = Position((Step("首页", HOST + "/"), Step("2015年", HOST + "/2015/")), year=2015)
    column = entered(home, "政府信息公开年报", HOST + "/nb/", CITY)
    position = walk("2019年", start=column)
    assert labels(position) == ["首页", "2015年", "政府信息公开年报", "2019年"]
    assert position.year == 2019


@pytest.mark.parametrize(
    ("entrance", "facts"),
    [
        ("政府信息公开年报", (None, None, "departments", "department")),
        ("2018年政府信息公开年报", (2018, None, "departments", "department")),
    ],
)
def test_where_a_step_is_replaced_the_trail_is_walked_anew_from_the_column_on(
    entrance: str, facts: tuple[Any, ...]
) -> None:
    """The column's own step speaks again, and none before it."""
    home = Position((Step("首页", HOST + "/"), Step("2015年", HOST + "/2015/"), Step("大东区", HOST + "/dd/")))
    column = entered(home, entrance, HOST + "/nb/", CITY)
    assert said(walk("各区县市", "市直部门", start=column)) == facts


@pytest.mark.parametrize(
    ("entrance", "kept"),
    [
        ("政府信息公开年报", ["首页", "政府信息公开年报"]),  # the column is known by its label
        ("栏目", ["首页", "栏目", "2018年", "大东区"]),  # it is not: nothing of the way there is given up
    ],
)
def test_where_the_address_of_the_column_is_not_known_its_label_tells_it(entrance: str, kept: list[str]) -> None:
    trail = tuple(Step(label, f"{HOST}/{at}/") for at, label in enumerate(("首页", entrance, "2018年", "大东区")))
    position = stepped(Position(trail, True, year=2018, region="210104"), "2019年", HOST + "/2019/", CITY)
    assert labels(position) == [*kept, "2019年"]
    assert said(position)[:2] == (2019, None if len(kept) == 2 else "210104")


@pytest.mark.parametrize(
    ("label", "region"),
    [
        ("大东区", "210104"),  # a title that is only a place's name tells the region
        ("沈阳市", "210102"),  # the region's own name does not
        ("大东区2018年政府信息公开工作年度报告", "210102"),
        ("市教育局2019年年报", "210102"),
    ],
)
def test_an_entry_tells_a_region_at_most(label: str, region: str) -> None:
    position = to_item(walk("2018年", "和平区"), label, HOST + "/a.html", CITY)
    assert (position.year, position.region) == (2018, region)
    assert labels(position)[-1] == label


STEPS = ("2018年", "2019年", "历年", "各区县市", "市直部门", "大东区", "和平区", "沈阳市", "栏目", "政府信息公开年报")


@given(st.lists(st.sampled_from(STEPS), max_size=8))
def test_a_trail_never_holds_two_of_a_kind(steps: list[str]) -> None:
    position = walk(*steps)
    inside = [facts_of(step.label, CITY) for step in position.trail[2:]]
    for kind in ("year", "region", "group"):
        stated = [getattr(facts, kind) for facts in inside if getattr(facts, kind) is not None]
        assert len(stated) <= 1
        assert getattr(position, kind) == (stated[0] if stated else None)
    assert labels(position)[:2] == ["首页", "政府信息公开年报"]
