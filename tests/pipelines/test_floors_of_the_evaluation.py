"""The evaluation keeps its floors, where the gold is here; the floors themselves always hold together."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.evaluate import Score, gold_folder
from tests.evaluate.__main__ import parts
from tests.evaluate.floors import SENTENCES, below, floors, key
from tests.evaluate.sentences import REPORTS, stated
from tests.evaluate.tables import evaluate_tables
from tests.evaluate.variants import BOXES, HIDDEN, decoyed, without_meta


def test_floors_hold_together() -> None:
    assert len(floors()) > 40
    score = Score("pages: title (3 wrong)", 1, 67)
    assert key(score.name) == "pages: title"
    assert any(one.startswith("pages: title: 1 of 67") for one in below([score]))
    assert below([Score("a line without")])[0].endswith("has no floor in floors.toml")


def test_the_labelled_sentences_have_floors_of_19_in_20_and_none_wrong() -> None:
    pinned = {name: floor for name, floor in floors().items() if name.startswith(SENTENCES)}
    totals = {f"{SENTENCES}{part}, {name}: exact": count for (part, name), count in stated().items()}
    assert {name: total for name, (_, total) in pinned.items()} == totals
    assert all(floor[0] == floor[1] for name, floor in pinned.items() if REPORTS in name)
    eras = [floor for name, floor in pinned.items() if re.search(r"\d{4}: exact$", name)]
    assert sum(least for least, _ in eras) >= 0.95 * sum(total for _, total in eras)


def test_lines_of_sentences_are_asked_for_only_where_their_texts_are() -> None:
    scores = [Score(name, *floor) for name, floor in floors().items()]
    without = [score for score in scores if not score.name.startswith(SENTENCES)]
    assert below(scores) == below(without) == []
    low = [replace(score, right=score.right - 1) for score in scores if score.name.startswith(SENTENCES)]
    assert len(below([*without, *low])) == len(low) > 40
    assert len(below([*without, *low[1:]])) == len(low)  # one line is not there at all


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
