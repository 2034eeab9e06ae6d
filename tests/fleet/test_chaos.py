"""Chaos, bounded: whatever is killed or frozen, each round is done once, and no host is asked by two at a time.

`python -m tests.fleet.chaos` is the same with more portals and for longer, and has the control.
"""

from __future__ import annotations

import pytest

from tests.fleet.chaos import Chaos, overlapping


@pytest.mark.slow
@pytest.mark.crawl
def test_each_round_is_done_once_and_no_host_is_asked_by_two() -> None:
    outcome = Chaos(count=4, workers=2, pace=0.1, delay=0.1).run(seconds=20, most=400)
    assert set(outcome["rounds"].values()) == {"done"}, outcome
    assert len(outcome["rounds"]) == 4
    assert outcome["commits"] == outcome["slices"], outcome
    assert len(outcome["sound"]) == 4, outcome
    assert outcome["overlaps"] == [], outcome


def test_an_overlap_is_seen() -> None:
    assert overlapping([(1, "a"), (2, "a"), (3, "b"), (4, "b")]) == []
    assert overlapping([(1, "a"), (2, "b"), (3, "a"), (4, "b")]) == [("a", "b", 1)]
    assert overlapping([(1, "a"), (2, "b"), (3, "b"), (4, "a")]) == [("a", "b", 1)]
