"""A stage that fails costs neither the page nor what the other stages make of it."""

from __future__ import annotations

import pytest

import pipelines.describe.stage
from crawler.records.page import Capture, Page
from pipelines import derive
from pipelines.guard import decoded, guarded

CAPTURE = Capture("http://www.x.gov.cn/a.html", 200, [], b"<html><body><p>words</p></body></html>", "")


def broken(page: Page) -> None:
    raise RecursionError("too deep")


def test_a_failing_stage_is_a_problem_of_the_page() -> None:
    page = decoded(CAPTURE, Page(CAPTURE).context)
    guarded(broken, page)
    assert [(problem.kind, problem.detail) for problem in page.problems] == [
        ("stage_failed", "broken: RecursionError: too deep")
    ]
    assert page.tree is not None


def test_derive_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipelines.describe.stage, "describe", broken)
    page = derive(CAPTURE)
    assert [problem.kind for problem in page.problems] == ["stage_failed"]
    assert page.html is not None


def test_what_cannot_be_decoded_is_still_a_page() -> None:
    page = decoded(Capture("http://x.gov.cn/", 200, [], None, ""), Page(CAPTURE).context)  # type: ignore[arg-type]
    assert page.problems[0].kind == "stage_failed"
    assert page.kind == "other"
