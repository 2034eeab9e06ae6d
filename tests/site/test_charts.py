"""Charts: ticks, gaps and dashes at breaks, quantiles, and texts cut into lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reference import breaks
from crawler.site import charts, quantiles, sheets, ticks
from crawler.site.charts import NARROW, SMALL, WIDE, Entry, Scale, Trace

FORMS = {2017: "f2014", 2018: "f2014", 2019: "f2019", 2020: "f2019", 2021: "f2021"}


def entries(*years: int) -> list[Entry]:
    return [Entry(year, float(year - 2000), FORMS[year], "table", str(year)) for year in years]


def drawn(series: list[str], *years: int) -> charts.Line:
    trace = Trace("a", 0, entries(*years), lambda before, after: breaks.goes_on(series, before, after))
    scale = Scale.over(years, [21.0], whole=True)
    assert scale is not None
    return charts.draw(scale, [trace], WIDE).lines[0]


def test_a_line_breaks_where_a_year_has_no_number() -> None:
    line = drawn(["received"], 2017, 2019, 2020)
    assert [(points.count(","), dashed) for points, dashed in line.stretches] == [(2, False)]
    assert len(line.points) == 3


def test_a_line_is_dashed_over_a_change_of_form_that_asks_the_same_and_breaks_at_another() -> None:
    counts = {
        name: [(points.count(","), dashed) for points, dashed in drawn([name], *FORMS).stretches]
        for name in ("received", "denied")
    }
    assert counts["received"] == [(2, False), (2, True), (2, False), (2, True)]
    assert counts["denied"] == [(2, False), (2, False), (2, True)]


def test_rules_stand_between_the_years_at_which_the_form_changes() -> None:
    scale = Scale.over([2012, 2024], [5.0], whole=True)
    assert scale is not None
    chart = charts.draw(scale, [], WIDE)
    assert [words for _, words in chart.rules] == ["2014", "2019", "2021"]
    frame = charts.Frame(scale, WIDE)
    assert all(frame.x(int(words) - 1) < x < frame.x(int(words)) for x, words in chart.rules)
    narrow = Scale.over([2021, 2024], [5.0], whole=True)
    assert narrow is not None
    assert charts.draw(narrow, [], WIDE).rules == []


@given(
    st.lists(st.tuples(st.integers(2008, 2030), st.floats(-1e6, 1e9)), min_size=1, unique_by=lambda pair: pair[0]),
    st.sampled_from([WIDE, NARROW, SMALL]),
    st.booleans(),
)
def test_every_number_is_drawn_once_within_the_picture(
    numbers: list[tuple[int, float]], size: charts.Size, whole: bool
) -> None:
    scale = Scale.over([year for year, _ in numbers], [value for _, value in numbers], whole=whole)
    assert scale is not None
    found = [Entry(year, value, "f2021", "table", f"{year}: {value}") for year, value in numbers]
    chart = charts.draw(scale, [Trace("a", 9, found, lambda before, after: True)], size)
    points = chart.lines[0].points
    assert sorted(point.entry.year for point in points) == sorted(year for year, _ in numbers)
    assert all(chart.left <= point.x <= chart.right for point in points)
    assert all(chart.top - 0.01 <= point.y <= chart.bottom + 0.01 for point in points)
    assert len(chart.years) <= size.years
    assert chart.lines[0].colour < charts.COLOURS


def test_nothing_to_draw_is_no_scale() -> None:
    assert Scale.over([], [], whole=True) is None
    assert Scale.over([2018], [], whole=True) is None


@pytest.mark.parametrize(
    ("least", "most", "whole", "expected"),
    [
        (0, 7, True, [0, 2, 4, 6, 8]),
        (0, 0, True, [0, 1]),
        (0, 1, True, [0, 1]),
        (0, 100, False, [0, 50, 100]),
        (0, 0.3, False, [0, 0.1, 0.2, 0.3]),
        (12, 257, True, [0, 100, 200, 300]),
        (-30, 60, True, [-50, 0, 50, 100]),
    ],
)
def test_levels_are_round(least: float, most: float, whole: bool, expected: list[float]) -> None:
    assert ticks.levels(least, most, whole=whole) == expected


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.booleans())
def test_levels_hold_the_numbers_and_0(least: float, above: float, whole: bool) -> None:
    levels = ticks.levels(least, least + above, whole=whole)
    assert levels == sorted(levels)
    assert levels[0] <= least + abs(least) * 1e-6 + 1e-6
    assert levels[0] <= 0 <= levels[-1]
    assert levels[-1] >= (least + above) * (1 - 1e-6) - 1e-6
    assert 2 <= len(levels) <= 8
    assert not whole or all(level == round(level) for level in levels)


def test_years_are_named_up_to_the_last() -> None:
    assert ticks.years(2014, 2024, 6) == [2014, 2016, 2018, 2020, 2022, 2024]
    assert ticks.years(2014, 2014, 6) == [2014]
    assert ticks.years(2008, 2025, 7)[-1] == 2025


def test_quantiles_lie_between_the_numbers_and_forms_are_counted() -> None:
    numbers = [(2021, "f2021", float(value)) for value in range(11)] + [(2018, "narrative", 4.0), (2018, "f2014", 4.0)]
    first, second = quantiles.spreads(numbers)
    assert (first.year, first.number, first.forms) == (2018, 2, (("f2014", 1), ("narrative", 1)))
    assert (first.least, first.median, first.most) == (4, 4, 4)
    assert (second.tenth, second.quarter, second.median, second.three_quarters, second.nine_tenths) == (
        1, 2.5, 5, 7.5, 9,
    )  # fmt: skip
    alone = quantiles.spreads([(2021, "f2021", 3.0)])[0]
    assert (alone.least, alone.tenth, alone.most, alone.number) == (3, 3, 3, 1)


def test_boxes_stand_upright() -> None:
    boxes = quantiles.draw(quantiles.spreads([(2021, "f2021", float(n)) for n in (1, 2, 8, 9, 900)]), WIDE, whole=True)
    assert boxes is not None
    (box,) = boxes.boxes
    assert box.nine_tenths <= box.three_quarters <= box.median <= box.quarter <= box.tenth
    assert quantiles.draw([], WIDE, whole=True) is None


@given(st.text(alphabet="年报 ab（，x", max_size=80), st.integers(4, 40))
def test_texts_are_cut_into_lines_that_fit_and_nothing_is_lost(text: str, most: int) -> None:
    lines = sheets.wrapped(text, most)
    assert all(sheets.breadth(line) <= most for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
