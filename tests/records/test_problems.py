"""The table of problem kinds, held against the code that notes them: a kind that a pure stage notes is derived."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.records.problemkinds import HANDFUL, PROBLEM_KINDS
from crawler.records.problems import ATTENTION_ABOVE, BLOCKING_KINDS, DERIVED_KINDS, attention_kinds
from tests import ROOT

IMPURE = {"store.py"}
"""Where pages meet Scrapy: what is noted there was met on the walk."""


def noted(path: Path) -> Iterator[str]:
    """The kinds that a file notes by name: page.problem("kind", …) and Problem("kind", …)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("problem", "Problem"):
            yield str(node.args[0].value)


PURE = sorted(path for path in (ROOT / "pipelines").rglob("*.py") if path.name not in IMPURE)
OF_STAGES = {kind for path in PURE for kind in noted(path)}


@pytest.mark.parametrize("kind", sorted(OF_STAGES))
def test_what_a_stage_notes_follows_from_the_capture_alone(kind: str) -> None:
    assert kind in DERIVED_KINDS


def test_the_stages_note_what_they_say_they_do() -> None:
    assert {"document_unread", "document_no_text", "charset", "page_cut", "table_unread", "hijacked"} <= OF_STAGES


def test_what_is_derived_is_noted_by_a_stage_or_by_the_archive_while_it_places_a_page() -> None:
    elsewhere = {"identity_conflict", "reader_died", "reader_limit"}
    assert OF_STAGES | elsewhere == DERIVED_KINDS


def test_every_kind_that_is_noted_by_name_is_in_the_table() -> None:
    named = {kind for room in ("crawler", "pipelines", "spiders") for path in (ROOT / room).rglob("*.py")
             for kind in noted(path)}  # fmt: skip
    assert named <= set(PROBLEM_KINDS)


@pytest.mark.parametrize(
    ("counts", "wants"),
    [
        ({}, []),
        ({"trail_broken": 0}, []),
        ({"trail_broken": 1}, ["trail_broken"]),
        ({"identity_conflict": HANDFUL}, []),  # a few may well be
        ({"identity_conflict": HANDFUL + 1}, ["identity_conflict"]),
        ({"several_reports": HANDFUL}, []),
        ({"several_reports": HANDFUL + 1}, ["several_reports"]),
        ({"paging_not_understood": 1, "paging_doubtful": 9, "list_short": 9}, ["paging_not_understood"]),
        ({"expectation_above": 1000, "robots": 1000, "document_unread": 1000}, []),
        ({"year_emptied": 2, "challenge": 1, "charset": 3}, ["challenge", "year_emptied"]),
    ],
)
def test_what_wants_a_person_and_from_how_many_on(counts: dict[str, int], wants: list[str]) -> None:
    assert attention_kinds(counts) == wants


def test_a_host_that_blocks_wants_a_person() -> None:
    assert set(ATTENTION_ABOVE) >= BLOCKING_KINDS
