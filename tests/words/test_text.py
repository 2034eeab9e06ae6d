"""White space, years and dates as real pages print them."""

from __future__ import annotations

import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.words.numerals import chinese_number
from crawler.words.text import clean, dates_in, parse_date, squeeze, years_in


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2019-03-27", "2019-03-27"),
        ("2019年03月27日来源:大东区", "2019-03-27"),
        ("发布时间：2021-03-2918:26", "2021-03-29"),
        ("2016年7月1日10:00", "2016-07-01"),
        ("2019.3.7", "2019-03-07"),
        ("2013/2/8 10:00", "2013-02-08"),
        ("2024-06-25 10∶08", "2024-06-25"),
        ("二〇一九年三月二十七日", "2019-03-27"),
        ("二○○八年九月二十八日", "2008-09-28"),
        ("２０１９年３月７日", "2019-03-07"),
        ("2019 年 3 月 6 日", "2019-03-06"),
        ("2017210日", None),
        ("201911日至1231日", None),
        ("2019年2月30日", None),
        ("2015年12月", None),
        ("20190327", None),
        ("138-2019-0327", None),
        ("", None),
    ],
)
def test_dates(printed: str, iso: str | None) -> None:
    assert parse_date(printed) == iso


def test_every_date_with_its_place() -> None:
    assert dates_in("自2018年1月1日起至2018年12月31日止") == [("2018-01-01", 1, 10), ("2018-12-31", 12, 23)]


@pytest.mark.parametrize(
    ("label", "years"),
    [
        ("2018年", [2018]),
        ("二〇一八年度", [2018]),
        ("２０１８", [2018]),
        ("2 0 1 8 年", [2018]),
        ("(2016年)", [2016]),
        ("2016-2018", [2016, 2018]),
        ("沈政办发〔2018〕99号", []),
        ("13812018123", []),
        ("年报", []),
    ],
)
def test_years(label: str, years: list[int]) -> None:
    assert years_in(label) == years


def test_squeeze_and_clean() -> None:
    assert squeeze("\ufeff政 府\u3000信\u200b息\xa0２０１８年（一）") == "政府信息2018年（一）"
    assert clean("  大东区\u200b \n 2019 ") == "大东区 2019"


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        *(("七", 7), ("十", 10), ("二十七", 27), ("卅一", 31), ("廿三", 23), ("个", None), ("", None)),
        *(("百", 100), ("千", 1000), ("两百零六", 206), ("九百七十四", 974), ("三千零二十", 3020), ("一千零五", 1005)),
        *(
            ("二万零六百", 20600),
            ("十三万", 130000),
            ("三万五千", 35000),
            ("一亿零五万", 100050000),
            ("二〇一八", 2018),
        ),
        *(("三百五", None), ("三万五", None), ("十十", None), ("百千", None), ("二三十", None), ("一百二百", None)),
    ],
)
def test_numerals(numeral: str, value: int | None) -> None:
    assert chinese_number(numeral) == value


@given(st.text())
def test_wild_text_never_raises(text: str) -> None:
    squeeze(text), clean(text), years_in(text), parse_date(text), dates_in(text), chinese_number(text)
    assert squeeze(squeeze(text)) == squeeze(text)


@pytest.mark.parametrize("filler", ["", "\u200b", "\u034f", "\u3000 ", "\x1f", "\ufdd0", "\n\t"])
def test_a_long_text_is_squeezed_as_a_label_is(filler: str) -> None:
    words = filler.join("政府信息公开２０１８年")
    assert squeeze(words * 40) == squeeze(words) * 40 == "政府信息公开2018年" * 40


def test_a_string_that_holds_on_to_a_tree_is_not_kept() -> None:
    class Held(str):
        """As lxml's own, which have their element."""

    label = Held("某 年 报")
    kept = weakref.ref(label)
    assert squeeze(label) == "某年报"
    del label
    assert kept() is None
