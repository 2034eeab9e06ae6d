"""The stages in their order: each fills what it says and nothing else, and one that fails costs neither the page nor
what the others make of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from lxml import etree

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.sample import SamplePortal
from pipelines import derive, stages
from pipelines.stages import STAGES, Stage, advance
from tests.servers import MAKES
from tests.support import documents_made

CAPTURE = Capture("http://www.x.gov.cn/a.html", 200, [], b"<html><body><p>words</p></body></html>", "")
SHARED = frozenset({"capture", "context", "problems", "seen", "files"})
"""What stages may add to, or never touch."""


def broken(page: Page) -> None:
    raise RecursionError("too deep")


def test_a_failing_stage_is_a_problem_of_the_page() -> None:
    page = derive(CAPTURE, until="decode")
    advance(page, Stage("broken", broken, (), ()))
    assert [(problem.kind, problem.detail) for problem in page.problems] == [
        ("stage_failed", "broken: RecursionError: too deep")
    ]
    assert page.tree is not None


def test_derive_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = tuple(replace(entry, run=broken) if entry.name == "describe" else entry for entry in STAGES)
    monkeypatch.setattr(stages, "STAGES", failing)
    page = derive(CAPTURE)
    assert [problem.kind for problem in page.problems] == ["stage_failed"]
    assert page.html is not None


def test_what_cannot_be_decoded_is_still_a_page() -> None:
    page = derive(Capture("http://x.gov.cn/", 200, [], None, ""), until="decode")  # type: ignore[arg-type]
    assert page.problems[0].kind == "stage_failed"
    assert page.kind == "other"


def test_derive_stops_where_it_is_told() -> None:
    page = derive(CAPTURE, until="recognise")
    assert page.kind != "home"
    assert (page.text, page.report) == (None, None)


def test_a_stage_is_a_function_of_what_it_needs() -> None:
    names = {field.name for field in fields(Page)}
    for entry in STAGES:
        assert set(entry.needs) | set(entry.fills) <= names, entry.name
    assert len({entry.name for entry in STAGES}) == len(STAGES)
    filled: set[str] = {"capture", "context", "files"}
    for entry in STAGES:
        assert set(entry.needs) <= filled, f"{entry.name} needs what no stage before it fills"
        filled |= set(entry.fills)


def state(page: Page) -> dict[str, Any]:
    """What each field holds, so that a change shows; a tree by its source."""
    return {
        field.name: etree.tostring(value) if isinstance(value, etree._Element) else repr(value)
        for field in fields(Page)
        if field.name not in SHARED
        for value in (getattr(page, field.name),)
    }


def captures() -> Iterator[tuple[Capture, Context]]:
    """Pages of every make, of the sample, documents, and shapes of real pages that were once read wrong."""
    for make in ("trs", "vsb", "hanweb", "jpaas", "gkmlpt", "epoint"):
        with MAKES[make]().serve() as portal:
            for path, answer in list(portal.pages.items())[:12]:
                if isinstance(answer, str):
                    yield Capture(f"http://{portal.address}{path}", 200, [], answer.encode(), ""), Context(True)
    for (_, path), (body, _) in list(SamplePortal().pages.items())[::6]:
        yield Capture(f"http://www.shenyang.gov.cn{path}", 200, [], body, ""), Context(True)
    yield Capture("http://www.x.gov.cn/a.docx", 200, [], documents_made.docx(), ""), Context(True)
    yield Capture("http://www.x.gov.cn/b.docx", 200, [], documents_made.docx(), ""), Context(True, attached=True)


def test_a_stage_fills_only_what_it_says() -> None:
    looked_at, changed = 0, set()
    for capture, context in captures():
        page = Page(capture, context)
        for entry in STAGES:
            before = state(page)
            advance(page, entry)
            after = state(page)
            touched = {name for name in after if after[name] != before[name]}
            assert touched <= set(entry.fills), f"{entry.name} on {capture.url}"
            changed |= {(entry.name, name) for name in touched}
        looked_at += 1
    assert looked_at > 50
    assert len(changed) > 20
