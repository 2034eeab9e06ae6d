"""Of which year a row counts, by the words before its numbers: this year's, another's, or how it changed."""

from __future__ import annotations

import re
from typing import Literal

from crawler.words.text import years_in

Count = Literal["now", "other year", "change", ""]
_CHANGE = re.compile(r"增减|增长|增幅|变化|同比|环比|[比较](?:上|去|前|20)")
_NOW = re.compile("本(?:年|期)|今年|当年")
_OTHER = re.compile("上(?:一)?(?:年|期)|去年|前年|往年|历年|累计")


def years_of(stub: str) -> list[int]:
    """The years that a stub names; one that is a number and nothing else is a year as well."""
    return years_in(f"{stub}年" if stub.isdecimal() else stub)


def count_of(stub: str, year: int | None) -> Count:
    """Of which year a row counts in a report about `year` (None: not known); empty where its stub does not say.

    «2021—2022年» is no row of 2022, and «2022年比2021年增减» no count at all."""
    if _CHANGE.search(stub):
        return "change"
    years = years_of(stub)
    if years and year is not None:
        return "now" if years == [year] else "other year"
    if _OTHER.search(stub):
        return "other year"
    return "now" if _NOW.search(stub) else ""
