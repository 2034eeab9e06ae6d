"""Attributes whose names no XML may have, as broken pages bear them."""

from __future__ import annotations

from crawler.conventions.functions import Functions
from crawler.navigation.clicks import clickable
from crawler.records.capture import Capture
from pipelines import derive

PAGE = (
    "<html><body><script>function go(a){location.href=a}</script>"
    "<select onchange='go(this.value)' b\x01ad=1><option value='/a.html'>2018年</option></select>"
    "<a onclick=\"go('/b.html')\" b\x01ad=1>2019年</a></body></html>"
)


def test_they_cost_nothing() -> None:
    page = derive(Capture("http://www.a.gov.cn/", 200, [("Content-Type", "text/html")], PAGE.encode(), ""))
    assert not [problem for problem in page.problems if problem.kind == "stage_failed"]
    functions = Functions(page.html or "", page.capture.url)
    assert list(clickable(page.tree, functions, page.seen.pressed))
