"""The evaluation keeps its floors, where the gold is here; the floors themselves always hold together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate import Score, gold_folder
from tests.evaluate.__main__ import parts
from tests.evaluate.floors import below, floors, key
from tests.evaluate.tables import evaluate_tables
from tests.evaluate.variants import BOXES, HIDDEN, decoyed, without_meta


def test_floors_hold_together() -> None:
    assert len(floors()) > 40
    score = Score("pages: title (3 wrong)", 1, 67)
    assert key(score.name) == "pages: title"
    assert any(one.startswith("pages: title: 1 of 67") for one in below([score]))
    assert below([Score("a line without")])[0].endswith("has no floor in floors.toml")


def test_decoys_are_put_where_they_say() -> None:
    page = "<html><head><meta name=a content=b></head><body class=x><p>y</p></body></html>"
    assert without_meta(page) == page.replace("<meta name=a content=b>", "")
    for number in range(max(len(HIDDEN), len(BOXES))):
        assert decoyed(page, number, hidden=True).index("2032") < page.index("<p>y") + 200
        behind = decoyed(page, number, hidden=False, behind=True)
        assert behind.endswith("</body></html>")
        assert behind.index("<p>y") < behind.index("2032")


def test_awkward_tables_keep_their_floor_without_gold() -> None:
    (score,) = evaluate_tables(Path())
    assert score.misses == []
    assert [line for line in below([score]) if key(score.name) in line] == []


def test_the_evaluation_keeps_its_floors() -> None:
    folder = gold_folder()
    if folder is None:
        pytest.skip("no gold on this machine (make evaluate says where it is looked for)")
    assert below([score for part in parts() for score in part(folder)]) == []
