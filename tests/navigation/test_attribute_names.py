"""Attributes whose names no XML may have, as broken pages bear them."""

from __future__ import annotations

from lxml import html

from crawler.conventions.functions import Functions
from crawler.navigation.clicks import _options

PAGE = "<select onchange='location.href=this.value' b\x01ad=1><option value='2018'>2018年</option></select>"


def test_they_cost_nothing() -> None:
    tree = html.fromstring(f"<html><body>{PAGE}</body></html>")
    (select,) = tree.iter("select")
    assert len(select.attrib) == 2
    list(_options(select, Functions("", "http://www.a.gov.cn/")))
