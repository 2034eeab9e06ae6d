"""Broken pages through a real crawl: the run comes to its end, each page is archived, the sound ones as reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.mutants_served import ONE_SOUND, crawled

pytestmark = [pytest.mark.slow, pytest.mark.crawl]


def test_no_broken_page_costs_more_than_its_row(tmp_path: Path) -> None:
    outcome = crawled(300, None, tmp_path)
    assert outcome.code in (0, 1), outcome.said
    assert "Traceback" not in outcome.said
    assert (outcome.uncaptured, outcome.lost) == ([], [])
    assert outcome.kinds["report"] >= 300 // ONE_SOUND
    assert not outcome.problems["stage_failed"]
