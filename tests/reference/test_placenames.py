"""Which place a name means in a context, at the edges of the rules of crawler/reference/placenames.py."""

from __future__ import annotations

import pytest

from crawler.reference import placenames


@pytest.mark.parametrize(
    ("text", "within", "code"),
    [
        ("沈阳市2018年", "210100", "210100"),  # the context itself, where no other place has the name
        ("沈阳2018年", "210100", "210100"),
        ("吉林市2018年", "220000", "220200"),
        ("吉林2018年", "220000", "220200"),  # the province was named by the context
        ("大东区教育局", "210100", "210104"),
        ("大东教育局", "210100", "210104"),
        ("大东教育局", None, None),  # a bare name without a context
        ("大东镇", "210100", None),  # part of another name
        ("鼓楼区", None, None),  # several places
        ("鼓楼区", "320100", "320106"),
        ("南京市鼓楼区", None, "320106"),  # a chain narrows
        ("沈阳市鼓楼区", None, "210100"),  # and ends where the next name lies elsewhere
        ("市", "210100", None),
        ("", "210100", None),
    ],
)
def test_a_name_is_believed_in_its_context(text: str, within: str | None, code: str | None) -> None:
    region = placenames.find(text, 2018, within)
    assert (region.code if region else None) == code


@pytest.mark.parametrize(
    ("text", "within", "place"),
    [
        ("关于沈阳市大东区的", None, (2, 8, "大东区")),  # from where the chain begins
        ("关于大东的", "210100", (2, 4, "大东区")),  # in full, though printed bare
        ("恩施州2018年", None, (0, 3, "恩施州")),  # a usual short form is kept as printed
    ],
)
def test_a_name_is_told_with_its_place(text: str, within: str | None, place: tuple[int, int, str]) -> None:
    found = placenames.locate(text, 2018, within)
    assert found is not None
    assert (found.start, found.end, found.name) == place


def test_the_names_of_every_year_are_looked_through() -> None:
    """沈阳市东陵区 became 浑南区 in 2014."""
    assert placenames.find("东陵区", 2018, "210100") is None
    found = placenames.locate_ever("东陵区", "210100")
    assert found is not None
    assert (found.region.code, found.region.name) == ("210112", "东陵区")
    assert placenames.locate_ever("鼓楼区", "210100") is None
